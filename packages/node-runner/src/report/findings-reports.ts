import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readSarif } from '@aws-delivery/findings/sarif/read-sarif';
import { buildCodeQualityReport } from './code-quality.js';
import { buildSastReport, type ScanTimes } from './sast-report.js';

/** Where reports of the review gate's findings go. */
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
 * Writes the reports that GitLab reads, from the SARIF file that the gate wrote. What is excused is in neither.
 * @param root the checkout
 */
export const writeFindingsReports = (sarif: string, root: string, reports: FindingsReports & ScanTimes): void => {
  const { findings } = readSarif(readFileSync(sarif, 'utf8'), { name: sarif, root });
  const activeFindings = findings.filter(({ suppression }) => suppression === undefined);
  writeReport(reports.codeQuality, () => buildCodeQualityReport(activeFindings));
  writeReport(reports.sast, () => buildSastReport(activeFindings, reports));
};
