import { join } from 'node:path';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import { writeSarif } from '@aws-delivery/findings/sarif-writer';
import { pageOf } from './page.js';
import { recommendationsOf } from './recommendations.js';
import type { Files, Result } from './result.js';

export interface FileServices {
  /** Creates the folders above a file as well. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
  readonly log: Log;
  /** The text without secrets. */
  readonly redact: (text: string) => string;
}

/** All findings as SARIF. */
export const sarifOf = ({ judged, looks, code }: Result): string => {
  const written = judged.map(({ finding, fingerprint, isNew, standing }) => {
    const state = isNew ? ('new' as const) : ('unchanged' as const);
    return {
      finding,
      fingerprint,
      state: isNew === undefined ? undefined : state,
      ignored: standing.kind === 'ignored' ? standing.reason : undefined,
    };
  });
  const scanners = looks.flatMap(({ scanners: names }) => names);
  return JSON.stringify(writeSarif(written, scanners, { category: 'codeguru-review', commit: code.commit }), null, 1);
};

/** Writes the files of a report. One that cannot be written is a warning: it changes no verdict. */
export const writeFiles = async (result: Result, { writeFile, log, redact }: FileServices): Promise<Files> => {
  const write = async (name: string, make: () => string): Promise<string | undefined> => {
    const path = join(result.request.reportDirectory, name);
    try {
      await writeFile(path, redact(make()));
      return path;
    } catch (error) {
      log.warning(`the report file '${path}' could not be written: ${textOf(error)}`);
      return undefined;
    }
  };
  return {
    sarif: await write('findings.sarif', () => sarifOf(result)),
    json: await write('recommendations.json', () => `${JSON.stringify(recommendationsOf(result.judged), null, 2)}\n`),
    html: await write('report.html', () => pageOf(result)),
  };
};
