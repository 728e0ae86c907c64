import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readSarif } from '@aws-delivery/findings/sarif-reader';
import { codeQualityReport } from './code-quality.js';
import { type ScanTimes, sastReport } from './sast-report.js';

/** Where reports of the review gate's findings go. */
export interface FindingsReports {
  readonly codeQuality: string | undefined;
  readonly sast: string | undefined;
}

const write = (path: string | undefined, report: () => object): void => {
  if (path === undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report(), null, 2)}\n`);
};

/**
 * Writes the reports that GitLab reads, from the SARIF file that the gate wrote. What is excused is in neither.
 * @param root the checkout
 */
export const writeFindingsReports = (sarif: string, root: string, reports: FindingsReports & ScanTimes): void => {
  const { findings } = readSarif(readFileSync(sarif, 'utf8'), { name: sarif, root });
  const open = findings.filter(({ suppression }) => suppression === undefined);
  write(reports.codeQuality, () => codeQualityReport(open));
  write(reports.sast, () => sastReport(open, reports));
};
