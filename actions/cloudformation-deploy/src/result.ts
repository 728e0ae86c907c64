import type { Drift } from './drift.js';
import type { Finding } from './finding.js';
import type { Journal } from './journal.js';
import type { Fault } from './material.js';
import type { OperationEnd } from './operation.js';
import type { Request } from './request.js';

/** How a run ended. */
export type Ending =
  /** The stack is where it should be. */
  | { readonly kind: 'done'; readonly what: string }
  /** There was nothing to do. */
  | { readonly kind: 'unchanged'; readonly isFailure: boolean }
  | { readonly kind: 'previewed' }
  | { readonly kind: 'started'; readonly what: string }
  | { readonly kind: 'drift'; readonly drift: Drift; readonly isFailure: boolean }
  /** Template, parameters or capabilities are at fault; nothing was begun. */
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] }
  /** Nothing was begun, by rule or policy. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'change-set-failed'; readonly reason: string; readonly findings: readonly Finding[] }
  /** CloudFormation could not do it; `aftermath` says what was done about it. */
  | { readonly kind: 'failed'; readonly end: OperationEnd; readonly aftermath: string }
  /** The run itself came to an end before the operation did: what becomes of the stack is not known. */
  | { readonly kind: 'interrupted'; readonly error: unknown };

/** Somebody else took away what a step had made, or came first. */
export interface Lost {
  readonly kind: 'lost';
  readonly error: unknown;
}

/** How a step ended: with the run, or so that the stack must be looked at anew. */
export type Turn = Ending | 'again' | Lost;

/** What a run was asked for, what happened, and how it ended. */
export interface Result {
  readonly request: Request;
  readonly ending: Ending;
  readonly journal: Journal;
}
