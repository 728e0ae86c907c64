import { pluralize } from '@aws-delivery/action-kit/util/format';
import type { DeploymentDetail } from '../appconfig/deployments.js';
import { formatProfileName } from '../desired/desired-profile.js';
import { type ProfileResult, RESULT_CATEGORIES } from '../run-record.js';

/** The state of a deployment as a log line. */
export const formatProgress = (
  name: string,
  { number, version, label, state, percentage }: DeploymentDetail,
): string => {
  const progress = state === 'DEPLOYING' ? `, ${percentage}%` : '';
  return `${name}: ${state}${progress} (deployment ${number}, version ${label ?? version})`;
};

/** The progress of all deployments as a heartbeat line. */
export const formatOverallProgress = (results: readonly ProfileResult[]): string => {
  const deploying = results.filter(({ state }) => state === 'deploying');
  const waiting = results.filter(({ state }) => state === 'waiting').length;
  const done = results.length - deploying.length - waiting;
  const shown = deploying.slice(0, 5).map((result) => `${formatProfileName(result)} ${result.percentage ?? 0}%`);
  const more = deploying.length > shown.length ? ` (${deploying.length - shown.length} more)` : '';
  return `${done} of ${pluralize(results.length, 'configuration')} done, ${waiting} waiting${shown.length === 0 ? '' : `, in progress: ${shown.join(', ')}${more}`}`;
};

/** Counts results by output. */
export const countResults = (results: readonly ProfileResult[]) => {
  const count = (category: string) => results.filter(({ state }) => RESULT_CATEGORIES[state] === category).length;
  return {
    changed: count('changed'),
    skipped: count('skipped'),
    failed: count('failed'),
    'rolled-back': count('rolled-back'),
  };
};
