import type { DeletionResult } from './cleanup/cleanup.js';
import type { ValidationIssue } from './desired/validation-issue.js';
import type { Request } from './inputs/parse-request.js';
import type { RunRecord } from './run-record.js';

export type Outcome =
  /** The run ended by itself; the record has the results of the profiles. */
  | { readonly kind: 'completed' }
  /** Files are invalid; nothing was started. */
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[]; readonly reason: string }
  /** `mode: validate`: the files are valid. */
  | { readonly kind: 'validated'; readonly count: number }
  | { readonly kind: 'cleaned-up'; readonly deletions: readonly DeletionResult[] }
  /** An error or a cancellation ended the run early. */
  | { readonly kind: 'interrupted'; readonly error: unknown };

export interface Result {
  readonly request: Request;
  readonly record: RunRecord;
  readonly outcome: Outcome;
}
