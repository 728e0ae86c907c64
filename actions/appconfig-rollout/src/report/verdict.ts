import { failed, passed, type Verdict } from '@aws-delivery/action-kit/host/run-action';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { formatProfileName } from '../desired/desired-profile.js';
import type { Result } from '../result.js';
import { countResults } from '../rollout/progress.js';
import type { ProfileState, RunRecord } from '../run-record.js';

const formatPullCounts = ({ results }: RunRecord): string => {
  const count = (state: ProfileState) => results.filter((result) => result.state === state).length;
  const failedCount = count('failed');
  return `${count('pulled')} written, ${count('differs')} different, ${count('unchanged')} unchanged${failedCount > 0 ? `, ${failedCount} failed` : ''}`;
};

const formatCounts = ({ record, request }: Result): string => {
  const { changed, skipped, failed: failedCount, 'rolled-back': rolledBackCount } = countResults(record.results);
  if (request.mode === 'pull') return formatPullCounts(record);
  const isRevert = request.mode === 'revert';
  const parts = [
    ...(isRevert ? [] : [`${changed} ${request.mode === 'preview' ? 'to deploy' : 'changed'}`, `${skipped} unchanged`]),
    ...(isRevert ? [`${rolledBackCount} reverted`] : []),
    ...(failedCount > 0 ? [`${failedCount} failed`] : []),
    ...(!isRevert && rolledBackCount > 0 ? [`${rolledBackCount} rolled back`] : []),
  ];
  return parts.join(', ');
};

const formatDeletions = (result: Result): string => {
  if (result.outcome.kind !== 'cleaned-up') return '';
  const { deletions } = result.outcome;
  const count = (state: string) => deletions.filter((deletion) => deletion.state === state).length;
  const planned = count('planned');
  if (planned > 0) return `${pluralize(planned, 'resource')} to delete`;
  const failedCount = count('failed');
  return `${count('deleted')} deleted, ${count('skipped')} skipped${failedCount > 0 ? `, ${failedCount} failed` : ''}`;
};

/** The result in one line, for log and summary. */
export const formatHeadline = (result: Result): string => {
  const { outcome, request, record } = result;
  if (outcome.kind === 'invalid')
    return `AppConfig ${request.mode}: not started, ${pluralize(outcome.issues.length, 'error')} in the configuration files`;
  if (outcome.kind === 'interrupted' && record.results.length === 0) return `AppConfig ${request.mode}: failed`;
  if (outcome.kind === 'validated') return `AppConfig validate: ${pluralize(outcome.count, 'configuration')} valid`;
  if (outcome.kind === 'cleaned-up') return `AppConfig cleanup: ${formatDeletions(result)}`;
  return `AppConfig ${request.mode}: ${formatCounts(result)}`;
};

const findFailedResult = (result: Result): string | undefined => {
  const { record, request } = result;
  const failures = record.results.filter(({ state }) => {
    const isRolledBack = state === 'rolled-back' || (state === 'reverted' && request.mode !== 'revert');
    return isRolledBack || ['failed', 'unfinished', 'not-started', 'waiting', 'deploying'].includes(state);
  });
  // The others are consequences of a failure.
  const first = failures.find(({ state }) => state !== 'not-started' && state !== 'reverted') ?? failures[0];
  if (first === undefined) return undefined;
  const more = failures.length > 1 ? ` (${failures.length - 1} more)` : '';
  return `${formatProfileName(first)}: ${first.reason ?? first.state}${more}`;
};

const findFailedDeletion = ({ outcome, request }: Result): string | undefined => {
  if (outcome.kind !== 'cleaned-up' || request.mode !== 'cleanup') return undefined;
  const planned = outcome.deletions.filter(({ state }) => state === 'planned');
  if (planned.length > 0) {
    return `${pluralize(planned.length, 'resource')} to delete: set 'confirm: ${request.cleanup}' to delete them`;
  }
  const failure = outcome.deletions.find(({ state }) => state === 'failed');
  return failure === undefined ? undefined : `cannot delete ${failure.label}: ${failure.reason}`;
};

/** Why the step fails; undefined if it passes. */
export const getFailureReason = (result: Result): string | undefined => {
  const { outcome } = result;
  if (outcome.kind === 'invalid') return outcome.reason;
  if (outcome.kind === 'interrupted') return errorMessage(outcome.error);
  return findFailedDeletion(result) ?? findFailedResult(result) ?? result.record.failure;
};

export const getVerdict = (result: Result): Verdict => {
  const reason = getFailureReason(result);
  return reason === undefined ? passed : failed(reason);
};

/** Whether there is more to report than that everything is as it should be. */
export const hasChanges = (result: Result): boolean => {
  const { outcome, record } = result;
  if (getFailureReason(result) !== undefined || record.notices.length > 0) return true;
  if (outcome.kind === 'cleaned-up') return outcome.deletions.length > 0;
  return record.results.some(({ state }) => state !== 'unchanged');
};
