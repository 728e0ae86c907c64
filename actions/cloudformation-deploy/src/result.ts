import type { Finding } from './change-set/validation-findings.js';
import type { Request } from './inputs/request.js';
import type { OperationResult } from './operation/follow-operation.js';
import type { RunRecord } from './run-record.js';
import type { Drift } from './stack/drift-exceptions.js';
import type { ValidationIssue } from './template/input-loader.js';

/** Outcome of a run. */
export type Outcome =
  /** The requested operation succeeded. */
  | { readonly kind: 'done'; readonly label: string }
  /** There was nothing to do. */
  | { readonly kind: 'unchanged'; readonly isFailure: boolean }
  | { readonly kind: 'previewed' }
  | { readonly kind: 'started'; readonly label: string }
  | { readonly kind: 'drift'; readonly drift: Drift; readonly isFailure: boolean }
  /** Template, parameters or capabilities are invalid; nothing was started. */
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] }
  /** A rule or a policy forbids the operation; nothing was started. */
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'change-set-failed'; readonly reason: string; readonly findings: readonly Finding[] }
  /** The operation failed; `stateAfterFailure` describes the stack after failure handling. */
  | { readonly kind: 'failed'; readonly operationResult: OperationResult; readonly stateAfterFailure: string }
  /** The run ended before the operation did; its result is not known. */
  | { readonly kind: 'unknown'; readonly error: unknown };

/** A concurrent operation changed the stack or deleted the change set of this run. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly error: unknown;
}

/** A step is complete; the next one depends on the stack's new state. */
export interface Continue {
  readonly kind: 'continue';
}

/** Result of one step: the outcome of the run, or a reason to read the stack again. */
export type StepResult = Outcome | Continue | Conflict;

/** Request, record and outcome of a run. */
export interface Result {
  readonly kind: 'stack';
  readonly request: Request;
  readonly outcome: Outcome;
  readonly record: RunRecord;
}
