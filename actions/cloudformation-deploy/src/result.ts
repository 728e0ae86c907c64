import type { Finding } from './change-set/validation-findings.js';
import type { Request } from './inputs/request.js';
import type { OperationResult } from './operation/follow-operation.js';
import type { RunRecord } from './run-record.js';
import type { Drift } from './stack/drift.js';
import type { ValidationIssue } from './template/stack-inputs.js';

/** How a run ended. */
export type Outcome =
  /** The stack is where it should be. */
  | { readonly kind: 'done'; readonly label: string }
  /** There was nothing to do. */
  | { readonly kind: 'unchanged'; readonly isFailure: boolean }
  | { readonly kind: 'previewed' }
  | { readonly kind: 'started'; readonly label: string }
  | { readonly kind: 'drift'; readonly drift: Drift; readonly isFailure: boolean }
  /** Template, parameters or capabilities are at fault; nothing was begun. */
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] }
  /** Nothing was begun, by rule or policy. */
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'change-set-failed'; readonly reason: string; readonly findings: readonly Finding[] }
  /** CloudFormation could not do it; `aftermath` says what was done about it. */
  | { readonly kind: 'failed'; readonly operationResult: OperationResult; readonly stateAfterFailure: string }
  /** The run itself came to an end before the operation did: what becomes of the stack is not known. */
  | { readonly kind: 'interrupted'; readonly error: unknown };

/** Somebody else took away what a step had made, or came first. */
export interface Conflict {
  readonly kind: 'lost';
  readonly error: unknown;
}

/** How a step ended: with the run, or so that the stack must be looked at anew. */
export type StepResult = Outcome | 'again' | Conflict;

/** What a run was asked for, what happened, and how it ended. */
export interface Result {
  readonly request: Request;
  readonly outcome: Outcome;
  readonly record: RunRecord;
}
