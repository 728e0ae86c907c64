import { join } from 'node:path';
import type { Log } from '@aws-delivery/action-kit/host/log';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { writeSarif } from '@aws-delivery/findings/sarif/write-sarif';
import type { ReportFiles, Result } from '../result.js';
import { renderHtmlReport } from './html-report.js';
import { toRecommendations } from './recommendations-json.js';

export interface ReportFileServices {
  /** Creates the folders above a file as well. */
  readonly writeFile: (path: string, content: string) => Promise<void>;
  readonly log: Log;
  /** The text without secrets. */
  readonly redact: (content: string) => string;
}

/** All findings as SARIF. */
export const renderSarif = ({ evaluatedFindings, sourceResults, codeHost }: Result): string => {
  const reportedFindings = evaluatedFindings.map(({ finding, fingerprint, isNew, status }) => {
    const state = isNew ? ('new' as const) : ('unchanged' as const);
    return {
      finding,
      fingerprint,
      state: isNew === undefined ? undefined : state,
      ignored: status.kind === 'ignored' ? status.reason : undefined,
    };
  });
  const scanners = sourceResults.flatMap(({ scanners: names }) => names);
  return JSON.stringify(
    writeSarif(reportedFindings, scanners, { category: 'codeguru-review', commit: codeHost.commit }),
    null,
    1,
  );
};

/** Writes the files of a report. One that cannot be written is a warning: it changes no verdict. */
export const writeReportFiles = async (
  result: Result,
  { writeFile, log, redact }: ReportFileServices,
): Promise<ReportFiles> => {
  const write = async (name: string, render: () => string): Promise<string | undefined> => {
    const path = join(result.request.reportDirectory, name);
    try {
      await writeFile(path, redact(render()));
      return path;
    } catch (error) {
      log.warning(`the report file '${path}' could not be written: ${errorMessage(error)}`);
      return undefined;
    }
  };
  return {
    sarif: await write('findings.sarif', () => renderSarif(result)),
    json: await write(
      'recommendations.json',
      () => `${JSON.stringify(toRecommendations(result.evaluatedFindings), null, 2)}\n`,
    ),
    html: await write('report.html', () => renderHtmlReport(result)),
  };
};
