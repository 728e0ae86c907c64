import type { UnusedExceptions } from '@aws-delivery/action-kit/host/unused-exceptions';
import type { Change } from '@aws-delivery/findings/change/change';
import type { Decision } from '@aws-delivery/findings/gate-decision';
import type { Severity } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from './gate/evaluate-findings.js';
import type { Request } from './inputs/parse-request.js';
import type { CodeHost } from './report/code-link.js';
import type { SourceResult } from './sources/source-result.js';

/** Result of a run. */
export interface Result {
  readonly request: Request;
  readonly change: Change;
  readonly sourceResults: readonly SourceResult[];
  /** Worst first. */
  readonly evaluatedFindings: readonly EvaluatedFinding[];
  readonly decision: Decision;
  /** Whether all sources gave a complete result. */
  readonly isComplete: boolean;
  /** Number of new findings; undefined if nothing was compared. */
  readonly newCount: number | undefined;
  readonly unusedExceptions: UnusedExceptions;
  readonly codeHost: CodeHost;
  /** `owner/name`, if known. */
  readonly repository: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Paths of the report files; undefined if a file could not be written. */
export interface ReportFiles {
  readonly sarif: string | undefined;
  readonly json: string | undefined;
  readonly html: string | undefined;
}

export interface ResultWithFiles extends Result {
  readonly files: ReportFiles;
}

/** Counts per status and severity, without zeros. */
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
