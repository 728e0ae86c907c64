import { textOf } from '@aws-delivery/action-kit/error';
import { failed, passed, type Verdict } from '@aws-delivery/action-kit/run';
import { findingText } from './finding.js';
import type { Ending, Result } from './result.js';
import { causeText } from './root-cause.js';

/** One line for people: how it ended. */
export const headlineOf = ({ request, ending, journal }: Result): string => {
  const name = journal.stack?.name ?? request.stack;
  switch (ending.kind) {
    case 'done':
      return `${name}: ${ending.what.toLowerCase()} finished (${journal.stack?.status ?? 'the stack is gone'})`;
    case 'unchanged':
      return `${name}: nothing to change`;
    case 'previewed':
      return `${name}: ${journal.changeSet?.changes.length ?? 0} resource changes`;
    case 'started':
      return `${name}: started, not waited for`;
    case 'drift':
      return `${name}: ${ending.drift.status}`;
    case 'refused':
    case 'change-set-failed':
    case 'failed':
    case 'interrupted':
      return reasonOf(name, ending, journal.causes.map(causeText));
  }
};

type Failed = Extract<Ending, { readonly kind: 'refused' | 'change-set-failed' | 'failed' | 'interrupted' }>;

const reasonOf = (name: string, ending: Failed, causes: readonly string[]): string => {
  switch (ending.kind) {
    case 'refused':
      return ending.reason;
    case 'change-set-failed': {
      const findings = ending.findings.map(findingText).join('; ');
      return `${name}: the change set could not be made: ${findings === '' ? ending.reason : findings}`;
    }
    case 'failed': {
      const cause = causes[0] ?? ending.end.stack?.reason ?? 'no reason given';
      return `${name}: ${ending.end.status}: ${cause}; ${ending.aftermath}`;
    }
    case 'interrupted':
      return textOf(ending.error);
  }
};

const isGood = (ending: Ending): boolean => {
  switch (ending.kind) {
    case 'done':
    case 'previewed':
    case 'started':
      return true;
    case 'unchanged':
    case 'drift':
      return !ending.isFailure;
    case 'refused':
    case 'change-set-failed':
    case 'failed':
    case 'interrupted':
      return false;
  }
};

/** Whether the step passes: only what is known to be good does. */
export const verdictOf = (result: Result): Verdict => {
  if (isGood(result.ending)) return passed;
  if (result.ending.kind === 'unchanged') {
    return failed(`${headlineOf(result)}, and fail-on-empty is set`);
  }
  return failed(headlineOf(result));
};
