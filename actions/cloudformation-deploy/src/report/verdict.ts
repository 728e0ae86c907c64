import { failed, passed, type Verdict } from '@aws-delivery/action-kit/host/run-action';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { formatFinding } from '../change-set/validation-findings.js';
import { formatCause } from '../operation/root-cause.js';
import type { Outcome, Result } from '../result.js';

const describeOutcome = ({ outcome, record }: Result): string => {
  switch (outcome.kind) {
    case 'done':
      return `${outcome.label} finished (${record.stack?.status ?? 'the stack is gone'})`;
    case 'unchanged':
      return 'nothing to change';
    case 'previewed':
      return pluralize(record.changeSet?.changes.length ?? 0, 'change');
    case 'started':
      return `${outcome.label} started, not waited for`;
    case 'drift':
      return `${outcome.drift.status}, ${pluralize(outcome.drift.resources.length, 'drifted resource')}`;
    case 'rejected':
      return 'refused';
    case 'invalid':
      return 'refused before any change';
    case 'change-set-failed':
      return 'the change set could not be made';
    case 'failed':
      return `${outcome.operationResult.operation.title} failed (${outcome.operationResult.status})`;
    case 'unknown':
      return 'not known';
  }
};

/** Stack name and outcome in a few words. */
export const formatHeadline = (result: Result): string =>
  `${result.record.stack?.name ?? result.request.stackName}: ${describeOutcome(result)}`;

/** Why a run failed, and the state after failure handling; undefined for a run that passed. */
export const getFailureReason = ({ outcome, record }: Result): string | undefined => {
  switch (outcome.kind) {
    case 'rejected':
      return outcome.reason;
    case 'invalid':
      return outcome.issues.map(({ message }) => message).join('; ');
    case 'change-set-failed':
      return outcome.findings.length === 0 ? outcome.reason : outcome.findings.map(formatFinding).join('; ');
    case 'failed': {
      const [cause] = record.causes;
      const reason =
        cause === undefined ? (outcome.operationResult.stack?.reason ?? 'no reason given') : formatCause(cause);
      return `${reason}; ${outcome.stateAfterFailure}`;
    }
    case 'unknown':
      return errorMessage(outcome.error);
    case 'unchanged':
      return outcome.isFailure ? 'fail-on-empty is set' : undefined;
    case 'drift':
      return outcome.isFailure ? 'fail-on-drift is set' : undefined;
    case 'done':
    case 'previewed':
    case 'started':
      return undefined;
  }
};

const isRejection = ({ kind }: Outcome): boolean => kind === 'unknown' || kind === 'rejected' || kind === 'invalid';

/** Whether the step passes. An unknown outcome fails. */
export const getVerdict = (result: Result): Verdict => {
  const reason = getFailureReason(result);
  if (reason === undefined) return passed;
  return failed(isRejection(result.outcome) ? reason : `${formatHeadline(result)}: ${reason}`);
};
