import type { DeploymentDetail } from './deployment.js';
import { COUNTED, type Outcome } from './outcome.js';

const WORDS: Readonly<Record<string, string>> = {
  VALIDATING: 'is being validated',
  DEPLOYING: 'grows',
  BAKING: 'bakes',
  COMPLETE: 'complete',
  ROLLING_BACK: 'is being rolled back',
  ROLLED_BACK: 'rolled back',
  REVERTED: 'reverted',
};

/** One transition of a deployment on a line. */
export const progressLine = (name: string, { number, version, label, state, percentage }: DeploymentDetail): string => {
  const progress = state === 'DEPLOYING' ? `, ${percentage} %` : '';
  return `${name}: ${WORDS[state] ?? state}${progress} (deployment ${number}, version ${label ?? version})`;
};

/** How far all of it is, for the log when it has been quiet. */
export const progressText = (outcomes: readonly Outcome[]): string => {
  const growing = outcomes.filter(({ state }) => state === 'deploying');
  const waiting = outcomes.filter(({ state }) => state === 'waiting').length;
  const done = outcomes.length - growing.length - waiting;
  const shown = growing
    .slice(0, 5)
    .map(({ tenant, environment, profile, percentage = 0 }) => `${tenant}/${environment} ${profile} ${percentage} %`);
  const more = growing.length > shown.length ? `, and ${growing.length - shown.length} more` : '';
  return `${done} of ${outcomes.length} done, ${waiting} to begin${shown.length === 0 ? '' : `, under way: ${shown.join(', ')}${more}`}`;
};

/** How many of each. */
export const countsOf = (outcomes: readonly Outcome[]) => {
  const count = (what: string) => outcomes.filter(({ state }) => COUNTED[state] === what).length;
  return {
    changed: count('changed'),
    skipped: count('skipped'),
    failed: count('failed'),
    'rolled-back': count('rolled-back'),
  };
};
