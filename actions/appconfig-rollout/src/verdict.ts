import { countText } from '@aws-delivery/action-kit/count-text';
import { textOf } from '@aws-delivery/action-kit/error';
import { failed, passed, type Verdict } from '@aws-delivery/action-kit/run';
import { countsOf } from './narration.js';
import type { Result } from './result.js';

const outcomeText = ({ journal }: Result): string => {
  const { changed, skipped, failed: wrong, 'rolled-back': back } = countsOf(journal.outcomes);
  const parts = [
    `${changed} changed`,
    `${skipped} unchanged`,
    ...(wrong > 0 ? [`${wrong} failed`] : []),
    ...(back > 0 ? [`${back} rolled back`] : []),
  ];
  return parts.join(', ');
};

const removalText = (result: Result): string => {
  if (result.ending.kind !== 'cleaned') return '';
  const { removals } = result.ending;
  const count = (state: string) => removals.filter((removal) => removal.state === state).length;
  const planned = count('planned');
  return planned > 0
    ? `${countText(planned, 'thing')} would be removed`
    : `${count('removed')} removed, ${count('kept') + count('spared')} kept`;
};

/** What happened, in one line. */
export const headlineOf = (result: Result): string => {
  const { ending, request, journal } = result;
  if (ending.kind === 'faulty')
    return `AppConfig rollout: ${countText(ending.faults.length, 'fault')} in the files, nothing was begun`;
  if (ending.kind === 'interrupted' && journal.outcomes.length === 0) return `AppConfig ${request.mode}: not done`;
  if (ending.kind === 'cleaned') return `AppConfig cleanup: ${removalText(result)}`;
  return `AppConfig ${request.mode}: ${outcomeText(result)}`;
};

const wrongOutcome = (result: Result): string | undefined => {
  const { journal, request } = result;
  const bad = journal.outcomes.filter(({ state }) => {
    const isBack = state === 'rolled-back' || (state === 'reverted' && request.mode !== 'revert');
    return isBack || ['failed', 'unfinished', 'not-started', 'waiting', 'deploying'].includes(state);
  });
  const first = bad.find(({ state }) => state !== 'not-started') ?? bad[0];
  if (first === undefined) return undefined;
  const more = bad.length > 1 ? `, and ${bad.length - 1} more` : '';
  const { tenant, environment, profile, state, reason } = first;
  return `${tenant}/${environment} ${profile}: ${reason ?? state}${more}`;
};

const wrongRemoval = ({ ending, request }: Result): string | undefined => {
  if (ending.kind !== 'cleaned' || request.mode !== 'cleanup') return undefined;
  const planned = ending.removals.filter(({ state }) => state === 'planned');
  if (planned.length > 0) {
    return `${countText(planned.length, 'thing')} would be removed: add 'confirm: ${request.what}' to do it`;
  }
  const stuck = ending.removals.find(({ state }) => state === 'kept');
  return stuck === undefined ? undefined : `${stuck.what} was kept: ${stuck.reason}`;
};

/** Why it failed; undefined where it did not. */
export const reasonOf = (result: Result): string | undefined => {
  const { ending } = result;
  if (ending.kind === 'faulty') return ending.reason;
  if (ending.kind === 'interrupted') return textOf(ending.error);
  return wrongRemoval(result) ?? wrongOutcome(result) ?? result.journal.trouble;
};

export const verdictOf = (result: Result): Verdict => {
  const reason = reasonOf(result);
  return reason === undefined ? passed : failed(reason);
};
