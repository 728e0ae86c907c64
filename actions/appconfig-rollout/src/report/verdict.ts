import { failed, passed, type Verdict } from '@aws-delivery/action-kit/host/run-action';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { formatProfileName } from '../desired/desired-profile.js';
import type { Result } from '../result.js';
import { countResults } from '../rollout/progress.js';

const formatCounts = ({ record }: Result): string => {
  const { changed, skipped, failed: failedCount, 'rolled-back': rolledBackCount } = countResults(record.results);
  const parts = [
    `${changed} changed`,
    `${skipped} unchanged`,
    ...(failedCount > 0 ? [`${failedCount} failed`] : []),
    ...(rolledBackCount > 0 ? [`${rolledBackCount} rolled back`] : []),
  ];
  return parts.join(', ');
};

const formatDeletions = (result: Result): string => {
  if (result.outcome.kind !== 'cleaned-up') return '';
  const { deletions } = result.outcome;
  const count = (state: string) => deletions.filter((deletion) => deletion.state === state).length;
  const planned = count('planned');
  return planned > 0
    ? `${pluralize(planned, 'thing')} would be removed`
    : `${count('removed')} removed, ${count('kept') + count('spared')} kept`;
};

/** The result in one line, for log and summary. */
export const formatHeadline = (result: Result): string => {
  const { outcome, request, record } = result;
  if (outcome.kind === 'invalid')
    return `AppConfig rollout: ${pluralize(outcome.issues.length, 'fault')} in the files, nothing was begun`;
  if (outcome.kind === 'interrupted' && record.results.length === 0) return `AppConfig ${request.mode}: not done`;
  if (outcome.kind === 'cleaned-up') return `AppConfig cleanup: ${formatDeletions(result)}`;
  return `AppConfig ${request.mode}: ${formatCounts(result)}`;
};

const findFailedResult = (result: Result): string | undefined => {
  const { record, request } = result;
  const failures = record.results.filter(({ state }) => {
    const isRolledBack = state === 'rolled-back' || (state === 'reverted' && request.mode !== 'revert');
    return isRolledBack || ['failed', 'unfinished', 'not-started', 'waiting', 'deploying'].includes(state);
  });
  const first = failures.find(({ state }) => state !== 'not-started') ?? failures[0];
  if (first === undefined) return undefined;
  const more = failures.length > 1 ? `, and ${failures.length - 1} more` : '';
  return `${formatProfileName(first)}: ${first.reason ?? first.state}${more}`;
};

const findFailedDeletion = ({ outcome, request }: Result): string | undefined => {
  if (outcome.kind !== 'cleaned-up' || request.mode !== 'cleanup') return undefined;
  const planned = outcome.deletions.filter(({ state }) => state === 'planned');
  if (planned.length > 0) {
    return `${pluralize(planned.length, 'thing')} would be removed: add 'confirm: ${request.cleanup}' to do it`;
  }
  const retained = outcome.deletions.find(({ state }) => state === 'kept');
  return retained === undefined ? undefined : `${retained.label} was kept: ${retained.reason}`;
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
