import type { Context } from './context.js';
import type { OperationEnd } from './operation.js';
import { deleteStack, rollBack } from './recovery.js';
import type { Recovery, Settings } from './request.js';
import type { Ending } from './result.js';
import { pause, reasonAgainstRetry, retryOnce } from './retry.js';
import { causeText, RootCauses } from './root-cause.js';
import { applySettings } from './settings.js';
import { factsOf, type Situation, statusFacts } from './situation.js';
import type { Stack } from './stack.js';

/** What follows the end of a change. `again`: look at the stack anew. */
export interface Course {
  readonly recovery: Recovery;
  readonly settings: Settings;
  /** Can the change be made again with rollback enabled, after a rollback? */
  readonly isRepeatable: boolean;
}

/** What is true of a stack after a failed change that nothing more was done about. */
const aftermaths: Readonly<Record<Situation, string>> = {
  absent: 'the stack was deleted',
  reviewing: 'nothing was changed',
  ready: 'the stack was rolled back to its last stable state',
  unusable: 'the creation was rolled back: the next deploy recreates the stack, unless on-rollback-complete is fail',
  preserved:
    'what succeeded is preserved: correct the cause and deploy again; mode retry goes on unchanged once a cause outside the template is gone',
  stuck: 'the rollback failed too: correct what it needs and run mode rollback, with resources-to-skip if need be',
  undeletable: 'the deletion failed too: run mode delete with retain-resources or force-delete',
  busy: 'the stack is still at work',
};

const isPreserved = ({ status }: OperationEnd): boolean => statusFacts[status].situation === 'preserved';

const arrived = async (
  { cloudFormation, journal }: Context,
  end: OperationEnd,
  settings: Settings,
): Promise<Ending> => {
  if (end.stack !== undefined) journal.stack = await applySettings(cloudFormation, end.stack, settings);
  return { kind: 'done', what: end.operation.title };
};

const note = ({ journal, log }: Context, text: string): void => {
  journal.notes.push(text);
  log.info(text);
};

/** Retries while that may help; gives back the last end. */
const retryWhileHopeful = async (
  context: Context,
  first: OperationEnd,
  { recovery }: Course,
): Promise<OperationEnd> => {
  const { journal, log, cloudFormation } = context;
  let end = first;
  for (let number = 1; !end.isGood; number += 1) {
    journal.causes = await new RootCauses(cloudFormation).find(end);
    for (const cause of journal.causes) log.info(`root cause: ${causeText(cause)}`);
    if (number > recovery.attempts || !isPreserved(end)) return end;
    const against = reasonAgainstRetry(journal.causes, end.stack);
    if (against !== undefined || end.stack === undefined) {
      note(context, `no retry: ${against}`);
      return end;
    }
    await pause(context, { number, recovery });
    const outcome = await retryOnce(context, end.stack, number);
    if (outcome.kind === 'impossible') {
      note(context, `no retry: ${outcome.reason}`);
      return end;
    }
    end = outcome.end;
  }
  return end;
};

const describeRollback = (end: OperationEnd): string =>
  end.isGood ? aftermaths[factsOf(end.stack?.status).situation] : aftermaths[statusFacts[end.status].situation];

/** Does what `on-failure` says about a preserved failure. */
const settleFailure = async (context: Context, stack: Stack, onFailure: Recovery['onFailure']): Promise<string> => {
  if (stack.isExpress) {
    return 'in EXPRESS mode a preserved failure is neither retried nor rolled back: deploy the last good configuration in EXPRESS mode';
  }
  if (onFailure === 'preserve') return aftermaths.preserved;
  if (onFailure === 'delete' && statusFacts[stack.status].isCreation) {
    if (stack.isProtected) return 'termination protection is on: the stack was not deleted';
    return describeRollback(await deleteStack(context, stack));
  }
  return describeRollback(await rollBack(context, stack));
};

/** Follows up the end of a change: retries, then what `on-failure` says. */
export const conclude = async (context: Context, first: OperationEnd, course: Course): Promise<Ending | 'again'> => {
  const end = await retryWhileHopeful(context, first, course);
  if (end.isGood) return arrived(context, end, course.settings);
  const failed = (aftermath: string): Ending => ({ kind: 'failed', end, aftermath });
  if (!isPreserved(end) || end.stack === undefined) return failed(aftermaths[statusFacts[end.status].situation]);
  if (course.isRepeatable && context.journal.causes.some(({ kind }) => kind === 'replacement')) {
    note(
      context,
      'a replacement is impossible while rollback is disabled: rolling back, then deploying with rollback enabled',
    );
    const back = await rollBack(context, end.stack);
    return back.isGood ? 'again' : failed(describeRollback(back));
  }
  return failed(await settleFailure(context, end.stack, course.recovery.onFailure));
};
