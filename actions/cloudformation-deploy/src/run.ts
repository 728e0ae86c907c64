import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { ChangeSet } from './change-set.js';
import { conclude } from './conclusion.js';
import type { Context } from './context.js';
import { change } from './deploy.js';
import { detectDrift } from './drift.js';
import { emptyEnding } from './empty.js';
import { execute } from './execute.js';
import { guardedEnding } from './guard.js';
import { attach, currentToken, waitForIdle } from './idle.js';
import type { Journal } from './journal.js';
import { followThrough, type Launch, launch, untilShown } from './launch.js';
import { continueRollbackOrder, deleteOrder, rollBackOrder } from './recovery.js';
import { circleText, foreignText, protectedText, refusalText } from './refusal-text.js';
import type { DeleteRequest, ExecuteRequest, Recovery, Request } from './request.js';
import type { Ending, Lost, Turn } from './result.js';
import { noteResumption, retry } from './resume.js';
import { RootCauses } from './root-cause.js';
import { decide, factsOf, goodEnds, type Step } from './situation.js';
import { findStack, type Stack } from './stack.js';

/** What a look at the stack showed. */
interface Look {
  readonly stack: Stack | undefined;
  readonly step: Step;
  /** Of the operation under way. */
  readonly token: string | undefined;
  readonly isOwn: boolean;
}

const look = async (context: Context): Promise<Look> => {
  const { request, tokens } = context;
  const stack = await findStack(context.cloudFormation, request.stack);
  const isBusy = stack !== undefined && factsOf(stack.status).situation === 'busy';
  const token = isBusy ? await currentToken(context, stack) : undefined;
  const isOwn = tokens.isOwn(token);
  const policies = { ...request.policies, ...(isOwn ? { 'on-conflict': 'own' as const } : {}) };
  return { stack, step: decide(stack?.status, request.mode, policies), token, isOwn };
};

/** How often somebody else may take a change set away, or come first, before that is a failure. */
const MOST_LOSSES = 5;
const PAUSE_AFTER_LOSS = 2000;

const isLost = (turn: Turn): turn is Lost => turn !== 'again' && turn.kind === 'lost';

/** The ways that a run has gone: each way of recovering is gone once, or it would go round for ever. */
class Ways {
  private readonly gone = new Set<string>();
  private losses = 0;
  /** A replacement has been refused while rollback was disabled. */
  mustRollBack = false;

  isGone({ step, stack }: Look): boolean {
    return step !== 'wait-for-idle' && this.gone.has(`${step} ${stack?.status}`);
  }

  /** A change that was taken back is a new beginning. */
  leave({ step, stack }: Look, { causes }: Journal): void {
    this.gone.add(`${step} ${stack?.status}`);
    if (step !== 'update' && step !== 'resume') return;
    this.gone.clear();
    this.mustRollBack ||= causes.some(({ kind }) => kind === 'replacement');
  }

  /** Throws the error itself when it has come to too many. */
  lose({ error }: Lost): void {
    this.losses += 1;
    if (this.losses === MOST_LOSSES) throw error;
  }
}

/** Looks at the stack and does the next step, until the run has an end. */
export const deliver = async (context: Context): Promise<Ending> => {
  const { journal, request, waiting, log } = context;
  const ways = new Ways();
  for (;;) {
    const seen = await look(context);
    journal.stack = seen.stack;
    if (ways.isGone(seen)) return { kind: 'refused', reason: circleText(seen.step, seen.stack, request.stack) };
    const turn = await perform(context, seen, ways.mustRollBack);
    if (turn === 'again') {
      ways.leave(seen, journal);
    } else if (isLost(turn)) {
      ways.lose(turn);
      log.info(`somebody else came first, looking again: ${textOf(turn.error)}`);
      await waiting.clock.sleep(PAUSE_AFTER_LOSS, waiting.signal);
    } else {
      return turn;
    }
  }
};

type Do = (context: Context, seen: Look & { readonly mustRollBack: boolean }) => Promise<Turn>;

const present = ({ stack }: Look): Stack => {
  if (stack !== undefined) return stack;
  throw new DeliveryError('unexpected', 'a step that needs a stack was chosen for none');
};

const unfit = (step: Step, { mode }: Request): DeliveryError =>
  new DeliveryError('unexpected', `step ${step} was chosen for mode ${mode}`);

const changeBy: (way: 'create' | 'update' | 'resume') => Do =
  (way) =>
  async (context, { stack, mustRollBack }) => {
    const { request } = context;
    if (!('changeSet' in request)) throw unfit(way, request);
    return change({ ...context, request }, { stack, way, mustRollBack });
  };

/** Does an order of recovery; in the mode of that name it is the end, in a deploy the way to go on. */
const recover = async (context: Context, order: Launch): Promise<Turn> => {
  const isGoal = context.request.mode === 'rollback' || context.request.mode === 'delete';
  const operation = await launch(context, order);
  if (isGoal && !context.request.isWaiting) {
    await untilShown(context, operation);
    return { kind: 'started', what: order.title };
  }
  const end = await followThrough(context, operation);
  if (end.isGood) return isGoal ? { kind: 'done', what: order.title } : 'again';
  context.journal.causes = await new RootCauses(context.cloudFormation).find(end);
  return { kind: 'failed', end, aftermath: 'the stack needs a hand: see the root cause' };
};

const remove = async (context: Context, stack: Stack, leftovers = {}): Promise<Turn> =>
  stack.isProtected
    ? { kind: 'refused', reason: protectedText(stack) }
    : recover(context, deleteOrder(context, stack, leftovers));

const leftoversOf = ({ retained, isForcedDelete }: DeleteRequest) => {
  if (isForcedDelete) return { DeletionMode: 'FORCE_DELETE_STACK' as const };
  return retained.length > 0 ? { RetainResources: [...retained] } : {};
};

/** Where CloudFormation does not delete a stack that could not be created, it must stop there: a rollback is no deletion. */
const wantsPreserve = ({ onFailure, attempts }: Recovery, changeSet: ChangeSet, { status }: Stack): boolean =>
  onFailure === 'preserve' ||
  attempts > 0 ||
  (onFailure === 'delete' && factsOf(status).isCreation && !changeSet.deletesOnFailure);

const executeExisting = async (context: Context<ExecuteRequest>, stack: Stack): Promise<Turn> => {
  const { request, changeSets, journal } = context;
  const reference = { id: request.changeSetId, stackName: stack.name };
  const changeSet = await changeSets.load(reference, request.isShowingValues);
  journal.changeSet = changeSet;
  // An ARN finds a change set whatever stack is named.
  if (changeSet.stackId !== stack.id) return { kind: 'refused', reason: foreignText(changeSet, stack) };
  if (changeSet.state === 'empty') return emptyEnding(stack, request.isFailingOnEmpty);
  if (changeSet.state === 'failed') return { kind: 'change-set-failed', reason: changeSet.reason, findings: [] };
  const guarded = guardedEnding(request.protection, changeSet);
  if (guarded !== undefined) return guarded;
  const { recovery, settings, retainExceptOnCreate } = request;
  const isResuming = factsOf(stack.status).situation === 'preserved';
  if (isResuming) await noteResumption(context, stack);
  const replaces = changeSet.changes.some(({ fate }) => fate === 'replaced');
  const end = await execute(context, {
    changeSet,
    stack,
    title: 'execution of the change set',
    disableRollback: isResuming || (wantsPreserve(recovery, changeSet, stack) && !replaces),
    deletesOnFailure: changeSet.deletesOnFailure,
    retainExceptOnCreate,
  });
  if (end === 'started') return { kind: 'started', what: changeSet.name };
  return conclude(context, end, { recovery, settings, isRepeatable: false });
};

const watch: Do = async (context, seen) => {
  const { token, isOwn } = seen;
  const { waiting, request, interruptions } = context;
  const stack = present(seen);
  if (!isOwn || token === undefined) {
    const deadline = Math.min(waiting.deadline, waiting.clock.now() + request.conflictTimeout);
    await waitForIdle(context, { stack, token, deadline });
    return 'again';
  }
  // What an earlier attempt started is this run's own: on-cancel and on-timeout are about it as well.
  interruptions.expect({ kind: 'operation', stack: stack.id, token, leftover: undefined });
  await waitForIdle(context, { stack, token, deadline: waiting.deadline });
  interruptions.settle();
  return 'again';
};

const attachTo: Do = async (context, seen) => {
  const { deadline } = context.waiting;
  const { token } = seen;
  if (token === undefined) {
    await waitForIdle(context, { stack: present(seen), token, deadline });
    return 'again';
  }
  const end = await attach(context, { stack: present(seen), token, deadline });
  const recovery = { onFailure: 'preserve' as const, attempts: 0, pause: 0 };
  const settings = { isProtected: undefined, stackPolicy: undefined };
  return conclude(context, end, { recovery, settings, isRepeatable: false });
};

const finish: Do = async ({ request }, { stack }) => {
  const { end, situation } = factsOf(stack?.status);
  if (goodEnds[request.mode].includes(end)) return { kind: 'unchanged', isFailure: false };
  return { kind: 'refused', reason: refusalText({ mode: request.mode, given: request.stack, situation }, stack) };
};

const steps: Readonly<Record<Step, Do>> = {
  create: changeBy('create'),
  update: changeBy('update'),
  resume: changeBy('resume'),
  recreate: async (context, seen) => remove(context, present(seen)),
  execute: async (context, seen) => {
    const { request } = context;
    if (request.mode !== 'execute') throw unfit('execute', request);
    return executeExisting({ ...context, request }, present(seen));
  },
  retry: async (context, seen) => {
    const { request } = context;
    if (request.mode !== 'retry') throw unfit('retry', request);
    return retry({ ...context, request }, present(seen));
  },
  'roll-back': async (context, seen) => recover(context, rollBackOrder(context, present(seen))),
  'continue-rollback': async (context, seen) => recover(context, continueRollbackOrder(context, present(seen))),
  delete: async (context, seen) => remove(context, present(seen)),
  'delete-forcibly': async (context, seen) => {
    const { request } = context;
    if (request.mode !== 'delete') throw unfit('delete-forcibly', request);
    return remove(context, present(seen), leftoversOf(request));
  },
  'detect-drift': async (context, seen) => {
    const { request, cloudFormation, waiting } = context;
    if (request.mode !== 'drift') throw unfit('detect-drift', request);
    const wantValues = request.isShowingValues;
    const drift = await detectDrift({ cloudFormation, waiting, stackId: present(seen).id, wantValues });
    const isFailure = request.isFailingOnDrift && drift.status !== 'IN_SYNC';
    return { kind: 'drift', drift, isFailure };
  },
  'wait-for-idle': watch,
  attach: attachTo,
  finish,
  refuse: async ({ request }, { stack }) => {
    const { situation } = factsOf(stack?.status);
    return { kind: 'refused', reason: refusalText({ mode: request.mode, given: request.stack, situation }, stack) };
  },
};

const perform = (context: Context, seen: Look, mustRollBack: boolean): Promise<Turn> =>
  steps[seen.step](context, { ...seen, mustRollBack });
