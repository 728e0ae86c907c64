import type { Template } from '@aws-delivery/template/template';
import type { ChangeSet } from './change-set/change-set.js';
import type { OperationResult } from './operation/follow-operation.js';
import type { Cause } from './operation/root-cause.js';
import type { Stack } from './stack/stack.js';
import type { StackPolicy } from './stack/stack-settings.js';

/** A retry from the point of failure. */
export interface Retry {
  /** From 1. */
  readonly number: number;
  /** Delay before the retry. */
  readonly delayMs: number;
  readonly causes: readonly Cause[];
}

/** Exceptions by their names in inputs or files. */
export interface ExceptionRecord {
  readonly declared: readonly string[];
  readonly unused: readonly string[];
}

/** State and events of a run so far. It is complete for the report even when the run ends with an error. */
export class RunRecord {
  stack: Stack | undefined;
  changeSet: ChangeSet | undefined;
  /** Title of the latest operation that an attempt of this job started, or that mode wait follows. */
  startedOperation: string | undefined;
  wasResumed = false;
  /** Logical ids of resources that earlier runs created, when this run continues from a preserved failure. */
  createdBefore: readonly string[] = [];
  /** Causes of the latest failure. */
  causes: readonly Cause[] = [];
  /** Path of the template relative to the workspace; undefined if it is not a file. */
  templateFile: string | undefined;
  /** The deployed template; undefined in modes without one. */
  template: Template | undefined;
  /** From a template configuration among the parameter files. */
  stackPolicy: StackPolicy | undefined;
  /** Exceptions of the change guard or of drift; undefined while this run has judged neither. */
  exceptions: ExceptionRecord | undefined;
  readonly operations: OperationResult[] = [];
  readonly retries: Retry[] = [];
  /** Decisions for the summary, in order. */
  readonly notes: string[] = [];
}
