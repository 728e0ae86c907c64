import type { DeletionResult } from './cleanup/cleanup.js';
import type { ValidationIssue } from './desired/validation-issue.js';
import type { Request } from './inputs/parse-request.js';
import type { RunRecord } from './run-record.js';

/** How a run ended. */
export type Outcome =
  /** Everything was done; what came of each part is in the journal. */
  | { readonly kind: 'completed' }
  /** Files are at fault; nothing was begun. */
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[]; readonly reason: string }
  | { readonly kind: 'cleaned-up'; readonly deletions: readonly DeletionResult[] }
  /** The run itself came to an end before all was done. */
  | { readonly kind: 'interrupted'; readonly error: unknown };

/** What a run was asked for, what happened, and how it ended. */
export interface Result {
  readonly request: Request;
  readonly record: RunRecord;
  readonly outcome: Outcome;
}
