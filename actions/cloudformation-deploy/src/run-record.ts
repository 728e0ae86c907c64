import type { ChangeSet } from './change-set/change-set.js';
import type { OperationResult } from './operation/follow-operation.js';
import type { Cause } from './operation/root-cause.js';
import type { Stack } from './stack/stack.js';
import type { StackPolicy } from './stack/stack-policy.js';

/** One retry from the point of failure. */
export interface Retry {
  readonly number: number;
  /** Milliseconds waited before it. */
  readonly delayMs: number;
  readonly causes: readonly Cause[];
}

/** What has happened so far in a run. It survives whatever ends the run, so that reports are never empty-handed. */
export class RunRecord {
  stack: Stack | undefined;
  changeSet: ChangeSet | undefined;
  wasResumed = false;
  /** What earlier tries have made, where this run goes on from a failure that was preserved. */
  createdBefore: readonly string[] = [];
  /** Causes of the latest failure. */
  causes: readonly Cause[] = [];
  /** Local file of the template, where it is one. */
  templateFile: string | undefined;
  /** Where the template declares something; counts from 1. */
  findTemplateLine: (path: readonly string[]) => number | undefined = () => undefined;
  /** The parameter behind a failure, in words. */
  findSourceParameter: (cause: Cause) => string | undefined = () => undefined;
  /** Where a file with parameters has one. */
  stackPolicy: StackPolicy | undefined;
  readonly operations: OperationResult[] = [];
  readonly retries: Retry[] = [];
  /** Decisions worth telling, in order. */
  readonly notes: string[] = [];
}
