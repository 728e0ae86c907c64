import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Decision } from '@aws-delivery/findings/decision';
import { writeSarif } from '@aws-delivery/findings/sarif-writer';
import { countSeverities } from '@aws-delivery/findings/severity';
import type { ImageLook } from './image-look.js';
import type { ScanResult } from './scan-result.js';
import type { Judged } from './standing.js';

export interface Reported {
  readonly looks: readonly ImageLook[];
  readonly judged: readonly Judged[];
  readonly decision: Decision;
  /** That the run is about. */
  readonly commit: string | undefined;
}

const sarifOf = ({ looks, judged, commit }: Reported): object => {
  const written = judged.map(({ finding, fingerprint, standing }) => ({
    finding,
    fingerprint,
    state: undefined,
    ignored: standing.kind === 'ignored' ? standing.reason : undefined,
  }));
  const scanners = looks.flatMap(({ scanner }) => (scanner === '' ? [] : [scanner]));
  return writeSarif(written, scanners, { category: 'ecr-push', commit });
};

const nameIn = ({ place: { registry, repository, digest } }: ImageLook): string =>
  `${registry.login.host}/${repository}@${digest}`;

const documentOf = ({ looks, judged, decision }: Reported): object => ({
  verdict: decision.gate,
  reason: decision.reason,
  counts: countSeverities(judged.map(({ finding }) => finding.severity)),
  images: looks.map((look) => ({
    image: nameIn(look),
    scanner: look.scanner === '' ? undefined : look.scanner,
    platforms: look.targets.map(({ platform, digest }) => ({ platform: platform || undefined, digest })),
    counts: countSeverities(look.found.map(({ finding }) => finding.severity)),
    unanswered: look.troubles,
  })),
  findings: judged.map(({ finding, packages, fixable, platforms, image, fingerprint, standing }) => ({
    id: finding.rule.id,
    severity: finding.severity,
    image: nameIn(image),
    platforms: platforms.filter((platform) => platform !== ''),
    packages,
    fixable,
    help: finding.rule.help,
    description: finding.rule.description,
    arn: finding.id,
    fingerprint,
    standing: standing.kind,
    reason: standing.kind === 'ignored' ? standing.reason : undefined,
  })),
});

/** Writes the files of a report. One that cannot be written is a warning: it changes no verdict. */
export const writeFiles = async (
  reported: Reported,
  directory: string,
  { log, redactor }: Host,
): Promise<ScanResult['files']> => {
  const write = async (name: string, document: object): Promise<string | undefined> => {
    const path = join(directory, name);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, redactor.redact(`${JSON.stringify(document, null, 1)}\n`));
      return path;
    } catch (error) {
      log.warning(`the report file '${path}' could not be written: ${textOf(error)}`);
      return undefined;
    }
  };
  return {
    sarif: await write('findings.sarif', sarifOf(reported)),
    json: await write('findings.json', documentOf(reported)),
  };
};
