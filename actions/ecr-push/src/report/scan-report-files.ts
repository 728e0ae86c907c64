import type { Host } from '@aws-delivery/action-kit/host/host';
import type { Decision } from '@aws-delivery/findings/gate-decision';
import { ReportWriter } from '@aws-delivery/findings/report/report-writer';
import { renderSarif } from '@aws-delivery/findings/sarif/write-sarif';
import { countSeverities } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from '../scan/evaluate-findings.js';
import type { ScanObservation } from '../scan/scan-image.js';
import type { ScanResult } from '../scan/scan-result.js';

export interface ScanReport {
  readonly observations: readonly ScanObservation[];
  readonly evaluated: readonly EvaluatedFinding[];
  readonly decision: Decision;
  /** The commit under review. */
  readonly commit: string | undefined;
}

const renderFindings = ({ observations, evaluated, commit }: ScanReport): Iterable<string> => {
  const scanners = observations.flatMap(({ scanner }) => (scanner === '' ? [] : [scanner]));
  return renderSarif(evaluated, scanners, {
    category: (source) => `ecr-push/${source}`,
    commit,
    writtenBy: 'ecr-push',
  });
};

const formatImageName = ({ imageRef: { registry, repository, digest } }: ScanObservation): string =>
  `${registry.login.host}/${repository}@${digest}`;

const buildDocument = ({ observations, evaluated, decision }: ScanReport): object => ({
  verdict: decision.verdict,
  reason: decision.reason,
  counts: countSeverities(evaluated.map(({ finding }) => finding.severity)),
  images: observations.map((observation) => ({
    image: formatImageName(observation),
    scanner: observation.scanner === '' ? undefined : observation.scanner,
    platforms: observation.targets.map(({ platform, digest }) => ({ platform: platform || undefined, digest })),
    counts: countSeverities(observation.findings.map(({ finding }) => finding.severity)),
    unanswered: observation.errors,
  })),
  findings: evaluated.map(({ finding, packages, fixable, platforms, image, fingerprint, status }) => ({
    id: finding.rule.id,
    severity: finding.severity,
    image: formatImageName(image),
    platforms: platforms.filter((platform) => platform !== ''),
    packages,
    fixable,
    help: finding.rule.help,
    description: finding.rule.description,
    arn: finding.id,
    fingerprint,
    standing: status.kind,
    reason: status.kind === 'ignored' ? status.reason : undefined,
  })),
});

/** Writes the report files. A file that cannot be written is logged as a warning and does not change the verdict. */
export const writeReportFiles = async (
  report: ScanReport,
  directory: string,
  host: Host,
): Promise<ScanResult['files']> => {
  const writer = new ReportWriter(directory, host);
  return {
    sarif: await writer.write('findings.sarif', () => renderFindings(report)),
    json: await writer.write('findings.json', () => [`${JSON.stringify(buildDocument(report), null, 1)}\n`]),
  };
};
