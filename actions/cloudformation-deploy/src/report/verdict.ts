import { failed, passed, type Verdict } from '@aws-delivery/action-kit/host/run-action';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { formatFinding } from '../change-set/validation-findings.js';
import { formatCause } from '../operation/root-cause.js';
import type { Mode } from '../recovery/recovery-table.js';
import type { Outcome, Result } from '../result.js';
import type { Drift } from '../stack/drift-exceptions.js';
import { deletedStatus } from '../stack/stack-state.js';
import { formatErrorKind } from './error-kind.js';

/** What each mode does, as a noun. */
const modeNouns: Readonly<Record<Mode, string>> = {
  deploy: 'deployment',
  preview: 'preview',
  'create-only': 'change set',
  execute: 'change set execution',
  retry: 'retry',
  rollback: 'rollback',
  delete: 'deletion',
  drift: 'drift detection',
  wait: 'wait',
};

/** Outcome of a run that ended with an error before an operation was started. */
const incompleteDescriptions: Readonly<Record<Mode, string>> = {
  deploy: 'deployment not started',
  preview: 'preview not completed',
  'create-only': 'change set not created',
  execute: 'change set not executed',
  retry: 'retry not started',
  rollback: 'rollback not started',
  delete: 'deletion not started',
  drift: 'drift detection not completed',
  wait: 'stack status unknown',
};

/** Outcome of modes without changes; undefined for modes with a change set. */
const unchangedDescriptions: Readonly<Partial<Record<Mode, string>>> = {
  retry: 'no failure to retry',
  rollback: 'no rollback needed',
  delete: 'stack not found, nothing to delete',
  wait: 'no operation in progress',
};

const describeChangeCount = ({ record }: Result): string => pluralize(record.changeSet?.changes.length ?? 0, 'change');

/** What was known of the operation when the run ended with an error. */
const describeUnknown = ({ request, record }: Result, error: unknown): string => {
  const { startedOperation: operation, operations } = record;
  const kind = formatErrorKind(error);
  const suffix = kind === undefined ? '' : ` (${kind})`;
  if (operation === undefined) return `${incompleteDescriptions[request.mode]}${suffix}`;
  const ended = operations.at(-1);
  if (ended?.operation.title !== operation) return `${operation} not finished${suffix}`;
  return `error after ${operation} (${ended.status})`;
};

const describeRejection = ({ request, record: { stack } }: Result): string => {
  if (request.mode !== 'wait') return `${modeNouns[request.mode]} rejected`;
  return stack === undefined ? 'stack not found' : `last operation did not succeed (${stack.status})`;
};

const describeDrift = ({ status, resources, ignored }: Drift): string => {
  const drifted = `${status}, ${pluralize(resources.length, 'drifted resource')}`;
  return ignored.length === 0 ? drifted : `${drifted}, ${pluralize(ignored.length, 'ignored difference')}`;
};

/** Outcome in a few words, without the name of the stack. */
export const describeOutcome = (result: Result): string => {
  const { outcome, record, request } = result;
  switch (outcome.kind) {
    case 'done':
      return `${outcome.label} complete (${record.stack?.status ?? deletedStatus})`;
    case 'unchanged':
      return unchangedDescriptions[request.mode] ?? 'no changes';
    case 'previewed':
      return request.mode === 'preview'
        ? `${describeChangeCount(result)} to deploy`
        : `change set created, ${describeChangeCount(result)} to execute`;
    case 'started':
      return `${outcome.label} started`;
    case 'drift':
      return describeDrift(outcome.drift);
    case 'rejected':
      return describeRejection(result);
    case 'invalid':
      return `${modeNouns[request.mode]} not started (${pluralize(outcome.issues.length, 'validation error')})`;
    case 'change-set-failed':
      return 'change set creation failed';
    case 'failed':
      return `${outcome.operationResult.operation.title} failed (${outcome.operationResult.status})`;
    case 'unknown':
      return describeUnknown(result, outcome.error);
  }
};

/** Stack name and outcome in a few words. A preview is marked as such: it has changed nothing. */
export const formatHeadline = (result: Result): string => {
  const name = result.record.stack?.name ?? result.request.stackName;
  const isPreview = result.request.mode === 'preview' && ['previewed', 'unchanged'].includes(result.outcome.kind);
  return `${name}${isPreview ? ' preview' : ''}: ${describeOutcome(result)}`;
};

/** Joins the parts to sentences. */
export const joinSentences = (...parts: readonly (string | undefined)[]): string =>
  parts
    .map((part = '') => part.trim())
    .filter((part) => part !== '')
    .map((part) => (/[.!?]$/u.test(part) ? part : `${part}.`))
    .join(' ');

/** Outcomes that runs on stacks and on stack sets share. */
type SharedOutcome =
  | Extract<Outcome, { readonly kind: 'rejected' | 'invalid' | 'unknown' | 'unchanged' | 'previewed' }>
  | { readonly kind: 'drift'; readonly isFailure: boolean }
  | { readonly kind: 'done' | 'started' };

/** Why a run failed whose outcome is one of both kinds of runs; undefined for a run that passed. */
export const getSharedFailureReason = (outcome: SharedOutcome): string | undefined => {
  switch (outcome.kind) {
    case 'rejected':
      return outcome.reason;
    case 'invalid':
      return outcome.issues.map(({ message }) => message).join('; ');
    case 'unknown':
      return errorMessage(outcome.error);
    case 'unchanged':
      return outcome.isFailure ? 'fail-on-empty is true' : undefined;
    case 'drift':
      return outcome.isFailure ? 'fail-on-drift is true' : undefined;
    case 'done':
    case 'previewed':
    case 'started':
      return undefined;
  }
};

/** Why a run failed, and the state after failure handling; undefined for a run that passed. */
export const getFailureReason = ({ outcome, record }: Result): string | undefined => {
  switch (outcome.kind) {
    case 'change-set-failed':
      return outcome.findings.length === 0 ? outcome.reason : outcome.findings.map(formatFinding).join('; ');
    case 'failed': {
      const [cause] = record.causes;
      const reason =
        cause === undefined ? (outcome.operationResult.stack?.reason ?? 'no reason given') : formatCause(cause);
      return joinSentences(reason, outcome.stateAfterFailure);
    }
    default:
      return getSharedFailureReason(outcome);
  }
};

/** Whether nothing was started, or the result is not known: the reason alone says so. */
export const isRejection = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'unknown' || kind === 'rejected' || kind === 'invalid';

/** Whether the step passes. An unknown outcome fails. */
export const getVerdict = (result: Result): Verdict => {
  const reason = getFailureReason(result);
  if (reason === undefined) return passed;
  return failed(isRejection(result.outcome) ? reason : `${formatHeadline(result)}: ${reason}`);
};
