import { countText } from '@aws-delivery/action-kit/count-text';
import { textOf } from '@aws-delivery/action-kit/error';
import { failed, passed, type Verdict } from '@aws-delivery/action-kit/run';
import { findingText } from './finding.js';
import type { Ending, Result } from './result.js';
import { causeText } from './root-cause.js';

const whatOf = ({ ending, journal }: Result): string => {
  switch (ending.kind) {
    case 'done':
      return `${ending.what} finished (${journal.stack?.status ?? 'the stack is gone'})`;
    case 'unchanged':
      return 'nothing to change';
    case 'previewed':
      return countText(journal.changeSet?.changes.length ?? 0, 'change');
    case 'started':
      return `${ending.what} started, not waited for`;
    case 'drift':
      return `${ending.drift.status}, ${countText(ending.drift.resources.length, 'drifted resource')}`;
    case 'refused':
      return 'refused';
    case 'invalid':
      return 'refused before any change';
    case 'change-set-failed':
      return 'the change set could not be made';
    case 'failed':
      return `${ending.end.operation.title} failed (${ending.end.status})`;
    case 'interrupted':
      return 'not known';
  }
};

/** How it ended, in a few words of our own. */
export const headlineOf = (result: Result): string =>
  `${result.journal.stack?.name ?? result.request.stack}: ${whatOf(result)}`;

/** Why a run failed, with what was done about it; undefined for a run that did not. */
export const reasonOf = ({ ending, journal }: Result): string | undefined => {
  switch (ending.kind) {
    case 'refused':
      return ending.reason;
    case 'invalid':
      return ending.faults.map(({ message }) => message).join('; ');
    case 'change-set-failed':
      return ending.findings.length === 0 ? ending.reason : ending.findings.map(findingText).join('; ');
    case 'failed': {
      const [cause] = journal.causes;
      const reason = cause === undefined ? (ending.end.stack?.reason ?? 'no reason given') : causeText(cause);
      return `${reason}; ${ending.aftermath}`;
    }
    case 'interrupted':
      return textOf(ending.error);
    case 'unchanged':
      return ending.isFailure ? 'fail-on-empty is set' : undefined;
    case 'drift':
      return ending.isFailure ? 'fail-on-drift is set' : undefined;
    case 'done':
    case 'previewed':
    case 'started':
      return undefined;
  }
};

const isOurOwn = ({ kind }: Ending): boolean => kind === 'interrupted' || kind === 'refused' || kind === 'invalid';

/** Whether the step passes: only what is known to be good does. */
export const verdictOf = (result: Result): Verdict => {
  const reason = reasonOf(result);
  if (reason === undefined) return passed;
  return failed(isOurOwn(result.ending) ? reason : `${headlineOf(result)}: ${reason}`);
};
