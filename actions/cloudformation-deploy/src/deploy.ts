import { blameOf } from './blame.js';
import { type ChangeSet, isGone } from './change-set.js';
import { isDeletedByAws, orderOf } from './change-set-order.js';
import { changeLines } from './change-view.js';
import { conclude } from './conclusion.js';
import type { Context } from './context.js';
import { emptyEnding } from './empty.js';
import { execute } from './execute.js';
import { findingsOf } from './finding.js';
import { guardedEnding } from './guard.js';
import type { Leftover } from './interruption.js';
import type { FaultyMaterial, Material } from './material.js';
import { rollBack } from './recovery.js';
import { refusalOf } from './refusal.js';
import type { DeployRequest, PreviewRequest, Recovery, Settings } from './request.js';
import type { Ending, Turn } from './result.js';
import { noteResumption, retry } from './resume.js';
import { findOthers, removeLeftover } from './review.js';
import { applySettings } from './settings.js';
import type { Stack } from './stack.js';

/** A way to change a stack by a change set. */
export type Way = 'create' | 'update' | 'resume';

const titles: Readonly<Record<Way, string>> = { create: 'creation', update: 'update', resume: 'resumed update' };

interface Plan {
  readonly stack: Stack | undefined;
  readonly way: Way;
  /** Roll back whatever the policies say: a replacement has been refused. */
  readonly mustRollBack: boolean;
}

/** With what becomes of the stack when the change set is not executed. */
interface OwnPlan extends Plan {
  readonly isOnlyReviewed: boolean;
}

type ChangeContext = Context<DeployRequest | PreviewRequest>;

const isDeploy = (context: ChangeContext): context is Context<DeployRequest> => context.request.mode === 'deploy';

/** A stack policy given as an input wins over one that came with a file of parameters. */
const settingsOf = ({ request: { settings }, journal }: Context<DeployRequest>): Settings => ({
  ...settings,
  stackPolicy: settings.stackPolicy ?? journal.stackPolicy,
});

/** EXPRESS allows no retry after a preserved failure, so that nothing is preserved for one. */
const recoveryOf = ({ request: { recovery, changeSet }, journal }: Context<DeployRequest>): Recovery => {
  if (!changeSet.isExpress || recovery.attempts === 0) return recovery;
  journal.notes.push('EXPRESS mode allows no retry from the point of failure: retry-attempts is not applied');
  return { ...recovery, attempts: 0 };
};

/** Creates a change set and does with it what the mode asks for. */
export const change = async (context: ChangeContext, given: Plan): Promise<Turn> => {
  const material = await prepare(context, given);
  if (material.kind === 'faulty') return { kind: 'invalid', faults: material.faults };
  // A deploy takes such a stack as it is: it is going to make something of it.
  const found = await findOthers(context, given.stack, !isDeploy(context));
  const plan = { ...given, ...found };
  const changeSet = await makeChangeSet(context, plan, material);
  return isTurn(changeSet) ? changeSet : decide(context, plan, changeSet);
};

const isTurn = (made: ChangeSet | Turn): made is Turn => made === 'again' || 'kind' in made;

const decide = async (context: ChangeContext, plan: OwnPlan, changeSet: ChangeSet): Promise<Ending | 'again'> => {
  context.journal.changeSet = changeSet;
  if (plan.way === 'resume') await noteResumption(context, plan.stack);
  if (changeSet.state === 'failed') return fail(context, plan, changeSet);
  if (changeSet.state === 'empty') return skip(context, plan, changeSet);
  const guarded = guardedEnding(context.request.protection, changeSet);
  if (!isDeploy(context)) {
    if (context.request.mode === 'preview') await clean(context, plan, changeSet);
    return guarded ?? { kind: 'previewed' };
  }
  if (guarded !== undefined) {
    await clean(context, plan, changeSet);
    return guarded;
  }
  return carryOut(context, plan, changeSet);
};

const prepare = async (context: ChangeContext, { stack, way }: Plan): Promise<Material | FaultyMaterial> => {
  const { request, journal, log } = context;
  // The parameters of a change set under review are nobody's previous values.
  const material = await context.material.prepare(request.material, way === 'create' ? undefined : stack);
  if (material.kind === 'faulty') return material;
  for (const text of material.notes) log.info(text);
  journal.templateFile = material.file;
  journal.lineOf = (path) => material.template.positionOf(path)?.line;
  journal.blameOf = (cause) => blameOf(material.template, cause);
  journal.stackPolicy = material.stackPolicy;
  return material;
};

/** Refusals that say that the stack is no longer as it was when it was looked at. */
const MOVED = ['wrong-state', 'no-stack', 'no-change-set'];

const makeChangeSet = async (
  context: ChangeContext,
  { stack, way, isOnlyReviewed }: OwnPlan,
  material: Material,
): Promise<ChangeSet | Turn> => {
  const { request, tokens, interruptions, log } = context;
  const order = orderOf({ request, material, stack, way, token: tokens.next() });
  const leftover = { stack: order.StackName, changeSet: order.ChangeSetName, isOnlyReviewed };
  interruptions.expect({ kind: 'change-set', leftover });
  try {
    return await log.group(`change set ${order.ChangeSetName}`, async () => {
      const changeSet = await context.changeSets.create(order, request.changeSet.isShowingValues);
      for (const line of changeLines(changeSet)) log.info(line);
      return changeSet;
    });
  } catch (error) {
    if (stack !== undefined && refusalOf(error) === 'do-nothing') {
      return rollBackFirst(context, stack, 'a stack that was created with on-failure DO_NOTHING cannot be resumed');
    }
    // Others work on the stack too: the last preview takes a stack under review with it, an execution all change sets.
    if (!isGone(error) && !MOVED.includes(refusalOf(error) ?? '')) throw error;
    await removeLeftover({ ...context, token: tokens.next() }, leftover);
    return { kind: 'lost', error };
  }
};

/** Whoever makes the first change set of a stack under review has made the stack. */
const leftoverOf = ({ stack, isOnlyReviewed }: OwnPlan, { id, stackId }: ChangeSet): Leftover => ({
  stack: stackId,
  changeSet: id,
  isOnlyReviewed: isOnlyReviewed || stackId !== stack?.id,
});

/** Removes the change set, and the stack too where it exists only for such. */
const clean = async (context: ChangeContext, plan: OwnPlan, changeSet: ChangeSet): Promise<void> => {
  await removeLeftover({ ...context, token: context.tokens.next() }, leftoverOf(plan, changeSet));
  context.interruptions.settle();
};

const fail = async (context: ChangeContext, plan: OwnPlan, changeSet: ChangeSet): Promise<Ending> => {
  const findings = await findingsOf(context.cloudFormation, changeSet.id);
  const { mode, changeSet: wish } = context.request;
  if (mode === 'preview' || !wish.isKeptOnFailure) await clean(context, plan, changeSet);
  return { kind: 'change-set-failed', reason: changeSet.reason, findings };
};

const skip = async (context: ChangeContext, plan: OwnPlan, changeSet: ChangeSet): Promise<Ending | 'again'> => {
  await clean(context, plan, changeSet);
  const { stack, way } = plan;
  const { isFailingOnEmpty } = context.request.changeSet;
  if (!isDeploy(context)) return { kind: 'unchanged', isFailure: isFailingOnEmpty };
  // A preserved failure that nothing was changed about is a retry, never a success.
  if (way === 'resume' && stack !== undefined) return retry(context, stack);
  if (way === 'update' && stack !== undefined) {
    context.journal.stack = await applySettings(context.cloudFormation, stack, settingsOf(context));
  }
  return emptyEnding(stack, isFailingOnEmpty);
};

/** What is done where CloudFormation does not go on from a preserved failure. */
const rollBackFirst = async (context: ChangeContext, stack: Stack, why: string): Promise<Ending | 'again'> => {
  const note = `${why}: rolling back first`;
  context.journal.notes.push(note);
  context.log.info(note);
  const back = await rollBack(context, stack);
  return back.isGood ? 'again' : { kind: 'failed', end: back, aftermath: 'the rollback failed' };
};

const carryOut = async (
  context: Context<DeployRequest>,
  plan: OwnPlan,
  changeSet: ChangeSet,
): Promise<Ending | 'again'> => {
  const { stack, way, mustRollBack } = plan;
  const { changeSet: wish } = context.request;
  const settings = settingsOf(context);
  const recovery = recoveryOf(context);
  const replaces = changeSet.changes.some(({ fate }) => fate === 'replaced');
  if (replaces && way === 'resume' && stack !== undefined) {
    return rollBackFirst(context, stack, 'a preserved failure cannot be resumed with a replacement');
  }
  const wantsPreserve = way === 'resume' || recovery.onFailure === 'preserve' || recovery.attempts > 0;
  if (wantsPreserve && replaces) {
    context.journal.notes.push('the change replaces a resource: rollback stays enabled, nothing can be preserved');
  }
  const end = await execute(context, {
    changeSet,
    stack,
    title: titles[way],
    disableRollback: wantsPreserve && !replaces && !mustRollBack,
    deletesOnFailure: isDeletedByAws(context.request, way),
    retainExceptOnCreate: wish.retainExceptOnCreate,
    own: { leftover: leftoverOf(plan, changeSet), abandon: () => clean(context, plan, changeSet) },
  });
  if (end === 'started') return { kind: 'started', what: changeSet.name };
  return conclude(context, end, { recovery, settings, isRepeatable: !mustRollBack });
};
