import type { Change } from '@aws-delivery/findings/change/change';
import type { Decision } from '@aws-delivery/findings/gate-decision';
import type { Severity } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from './gate/evaluate-findings.js';
import type { Request } from './inputs/parse-request.js';
import type { CodeHost } from './report/code-link.js';
import type { SourceResult } from './sources/source-result.js';

/** What came of a run. */
export interface Result {
  readonly request: Request;
  readonly change: Change;
  readonly sourceResults: readonly SourceResult[];
  /** Worst first. */
  readonly evaluatedFindings: readonly EvaluatedFinding[];
  readonly decision: Decision;
  /** How many findings were not there before; undefined where nothing was compared. */
  readonly newCount: number | undefined;
  readonly codeHost: CodeHost;
  /** `owner/name`, where it is known. */
  readonly repository: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The files of a report; undefined where one could not be written. */
export interface ReportFiles {
  readonly sarif: string | undefined;
  readonly json: string | undefined;
  readonly html: string | undefined;
}

/** A result whose files have been written, or could not be. */
export interface ResultWithFiles extends Result {
  readonly files: ReportFiles;
}

/** How many findings there are of each severity, by what they mean; severities without any are left out. */
export const countByStatus = (
  evaluatedFindings: readonly EvaluatedFinding[],
): Readonly<Record<string, Readonly<Partial<Record<Severity, number>>>>> => {
  const counts: Record<string, Partial<Record<Severity, number>>> = { all: {}, fails: {} };
  for (const { finding, status } of evaluatedFindings) {
    for (const name of ['all', status.kind]) {
      const group = counts[name] ?? {};
      group[finding.severity] = (group[finding.severity] ?? 0) + 1;
      counts[name] = group;
    }
  }
  return counts;
};
