import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRegularFileSync } from '@aws-delivery/action-kit/files/regular-file';
import { readSarif } from '@aws-delivery/findings/sarif/read-sarif';
import { buildCodeQualityReport } from './code-quality.js';
import { buildSastReport, type ScanTimes } from './sast-report.js';

/** Paths of the reports to write. */
export interface FindingsReports {
  readonly codeQuality: string | undefined;
  readonly sast: string | undefined;
}

const writeReport = (path: string | undefined, buildReport: () => object): void => {
  if (path === undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(buildReport(), null, 2)}\n`);
};

/**
 * Converts a SARIF file to the reports of GitLab, without suppressed findings.
 * @param root the checkout
 */
export const writeFindingsReports = (sarif: string, root: string, reports: FindingsReports, times: ScanTimes): void => {
  const exists = (file: string): boolean => existsSync(join(root, file));
  const options = { name: sarif, top: root, root, workspace: root, exists };
  const { findings } = readSarif(readRegularFileSync(sarif).toString('utf8'), options);
  const activeFindings = findings.filter(({ suppression }) => suppression === undefined);
  writeReport(reports.codeQuality, () => buildCodeQualityReport(activeFindings));
  writeReport(reports.sast, () => buildSastReport(activeFindings, times));
};
