import type { StackSet as AwsStackSet } from '@aws-sdk/client-cloudformation';
import type { Services } from '../services.js';
import type { ValidationIssue } from '../template/input-loader.js';
import type { OperationContext, OperationRun } from './operation.js';
import type { PlannedOperation } from './plan.js';
import type { StackSetRequest } from './request.js';
import type { SetComparison } from './set-change.js';
import type { Instance } from './stack-set.js';

/** Equal failures of several instances. */
export interface FailureGroup {
  readonly reason: string;
  readonly hint: string;
  readonly isTransient: boolean;
  /** `account/Region`. */
  readonly places: readonly string[];
  /** Root causes that the failed stacks' own events show; empty if they were not read. */
  readonly causes: readonly string[];
}

export type StackSetOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'unchanged'; readonly isFailure: boolean }
  | { readonly kind: 'previewed' }
  | { readonly kind: 'started' }
  | { readonly kind: 'drift'; readonly isFailure: boolean }
  /** Operations succeeded, but some instances failed within the tolerance or are inoperable. */
  | { readonly kind: 'partial'; readonly isFailure: boolean }
  | { readonly kind: 'failed' }
  | { readonly kind: 'invalid'; readonly issues: readonly ValidationIssue[] }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly error: unknown };

/** State of a run so far. It is complete for the report even when the run ends with an error. */
export class StackSetRecord {
  stackSet: AwsStackSet | undefined;
  comparison: SetComparison | undefined;
  /** Operations of the latest plan. */
  planned: readonly PlannedOperation[] = [];
  /** The targeted instances when they were last read. */
  instances: readonly Instance[] = [];
  readonly operations: OperationRun[] = [];
  failures: readonly FailureGroup[] = [];
  retries = 0;
  wasCreated = false;
  /** The set itself has the desired state, whatever a comparison says. */
  wasSetUpdated = false;
  readonly notes: string[] = [];
}

export interface StackSetResult {
  readonly kind: 'stack-set';
  readonly request: StackSetRequest;
  readonly region: string;
  readonly outcome: StackSetOutcome;
  readonly record: StackSetRecord;
}

/** Services and state of a run on a stack set. */
export interface StackSetContext extends OperationContext {
  readonly services: Services;
  readonly record: StackSetRecord;
  /** The operation that may have started and has not ended. */
  readonly getPendingOperation: () => string | undefined;
}
