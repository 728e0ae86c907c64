import { TemplateError } from '@aws-delivery/template/error';
import type { Lookup } from './blueprint.js';
import { type Course, type Goal, hasFailed, type Job, type RollbackOptions, summaryOf } from './job.js';
import { Provision } from './provision.js';
import { Removal } from './removal.js';
import { Rollback } from './rollback.js';
import type { Deployed, ResourceVersion, StackOutput } from './stack.js';

/** The two ways a stack comes to new resources; statuses are named after them. */
export type Kind = 'CREATE' | 'UPDATE';

export interface Alarm {
  readonly at: number;
  readonly cause: string;
}

export const SIMPLE_ROLLBACK: RollbackOptions = { skip: new Set(), force: false, retainExceptOnCreate: false };

const outputsOf = (
  { blueprint }: Goal,
  versions: ReadonlyMap<string, ResourceVersion>,
): readonly StackOutput[] | string => {
  const lookup: Lookup = (logicalId) => versions.get(logicalId);
  try {
    return blueprint.outputs(lookup);
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
};

/** Makes the resources, then reads the outputs; leaves the stack in progress, or where resources failed. */
export const pursue = (job: Job, goal: Goal, begin: number, alarm?: Alarm): Course => {
  const course = new Provision(job, goal).plan(begin, alarm);
  if (hasFailed(course)) return course;
  const { stack } = job.journal;
  const outputs = outputsOf(goal, stack.versions());
  if (typeof outputs === 'string') return { ...course, cause: outputs };
  job.journal.note(course.end, {
    deployed: { ...stack.final().deployed, outputs, imports: [...goal.blueprint.imports] },
  });
  return course;
};

/** What an update no longer needs: resources that left the template, and those that were replaced. */
const leftovers = (job: Job, goal: Goal) => {
  const { stack } = job.journal;
  const old = [...(stack.final().stable?.resources.values() ?? [])];
  const replaced = old.filter(({ resource: { logicalId }, physicalId }) => {
    const now = stack.resourceFinally(logicalId)?.version;
    return goal.blueprint.resources.has(logicalId) && now !== undefined && now.physicalId !== physicalId;
  });
  const gone = [...stack.versions().values()].filter(
    ({ resource }) => !goal.blueprint.resources.has(resource.logicalId),
  );
  return { replaced, gone };
};

/** A cleanup that fails does not fail the update: what could not be deleted is no longer the stack's. */
const letGo = ({ journal }: Job, { end, deleted }: Course): number => {
  for (const logicalId of deleted) {
    const fact = journal.stack.resourceFinally(logicalId);
    if (fact !== undefined) journal.silently(end, { ...fact, status: 'DELETE_SKIPPED' });
  }
  return end;
};

/** The good end: cleans up, and what is now is what later rollbacks go back to. */
export const settle = (job: Job, goal: Goal, kind: Kind, begin: number): number => {
  const { journal, nesting } = job;
  const { stack } = journal;
  if (kind === 'UPDATE' && stack.final().status !== 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') {
    journal.status(begin, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  }
  const { replaced, gone } = leftovers(job, goal);
  const ends = [
    begin,
    new Removal(job, { obeyPolicies: true, replaced: true }).plan(replaced, begin).end,
    letGo(job, new Removal(job, { obeyPolicies: true }).plan(gone, begin)),
    ...[...stack.versions().values()].map(({ nested }) =>
      nested === undefined ? begin : nesting.settle(nested, begin),
    ),
  ];
  const end = Math.max(...ends);
  const { deployed } = stack.final();
  const resources = stack.versions();
  const done = `${kind}_COMPLETE`;
  // A nested stack is created before its root is: it has said so already.
  if (stack.final().status === done) journal.note(end, { stable: { deployed, resources } });
  else journal.status(end, done, undefined, { stable: { deployed, resources } });
  return end;
};

/** Back to before a creation: nothing is left, save what policies retain. */
export const undoCreation = (job: Job, begin: number, reason: string, options = SIMPLE_ROLLBACK): Course => {
  const { journal } = job;
  journal.status(begin, 'ROLLBACK_IN_PROGRESS', reason);
  const course = new Rollback(job, options).clean(undefined, journal.stack.versions(), begin);
  const failed = hasFailed(course);
  const patch = { deployed: { ...journal.stack.final().deployed, outputs: [] } };
  journal.status(
    course.end,
    failed ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE',
    failed ? summaryOf(course) : undefined,
    patch,
  );
  return course;
};

/** Back to how the stack was before an update. */
export const undoUpdate = (job: Job, begin: number, reason: string, options = SIMPLE_ROLLBACK): Course => {
  const { journal } = job;
  const { stable } = journal.stack.final();
  if (stable === undefined) throw new Error('an update without a last good end cannot be undone');
  journal.status(begin, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  const added = journal.stack.versions();
  const rollback = new Rollback(job, options);
  const course = rollback.restore(stable, begin);
  if (hasFailed(course)) {
    journal.status(course.end, 'UPDATE_ROLLBACK_FAILED', summaryOf(course));
    return course;
  }
  const deployed: Deployed = stable.deployed;
  journal.status(course.end, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, { deployed });
  const { end } = rollback.clean(stable, added, course.end);
  journal.status(end, 'UPDATE_ROLLBACK_COMPLETE', undefined, {
    deployed,
    stable: { deployed, resources: journal.stack.versions() },
  });
  return { ...course, end };
};

/** Deletes the whole stack. */
export const remove = (job: Job, begin: number, retain: ReadonlySet<string>, reason: string): Course => {
  const { journal } = job;
  journal.status(begin, 'DELETE_IN_PROGRESS', reason);
  const course = new Removal(job, { obeyPolicies: true, retain }).plan([...journal.stack.versions().values()], begin);
  const failed = hasFailed(course);
  const patch = failed ? {} : { deletedAt: course.end };
  journal.status(
    course.end,
    failed ? 'DELETE_FAILED' : 'DELETE_COMPLETE',
    failed ? summaryOf(course) : undefined,
    patch,
  );
  return course;
};
