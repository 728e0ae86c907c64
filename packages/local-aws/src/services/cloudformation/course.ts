import { TemplateError } from '@aws-delivery/template/error';
import { type Alarm, type Course, failureOf, type Job } from './job.js';
import { Provision } from './provision.js';
import { Removal } from './removal.js';
import { Rollback, type RollbackOptions } from './rollback.js';
import type { ResourceVersion, Stable, StackOutput } from './stack.js';

/** The two ways a stack comes to new resources; statuses are named after them. */
export type Kind = 'CREATE' | 'UPDATE';

export const SIMPLE_ROLLBACK: RollbackOptions = { skip: new Set(), force: false, retainExceptOnCreate: false };

const outputsOf = ({ journal: { stack } }: Job): readonly StackOutput[] | string => {
  const versions = stack.versions();
  try {
    return stack.final().deployed.blueprint.outputs((logicalId) => versions.get(logicalId));
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
};

/** Makes the resources, then reads the outputs; leaves the stack in progress, or where resources failed. */
export const pursue = (job: Job, begin: number, alarm?: Alarm): Course => {
  const course = new Provision(job).plan(begin, alarm);
  if (failureOf(course) !== undefined) return course;
  const outputs = outputsOf(job);
  if (typeof outputs === 'string') return { ...course, cause: outputs };
  const { deployed } = job.journal.stack.final();
  job.journal.note(course.end, { deployed: { ...deployed, outputs, imports: [...deployed.blueprint.imports] } });
  return course;
};

/** What an update no longer needs: resources that left the template, and those that were replaced. */
const leftovers = ({ journal: { stack } }: Job) => {
  const { stable, deployed } = stack.final();
  const isWanted = ({ resource }: ResourceVersion) => deployed.blueprint.resources.has(resource.logicalId);
  const versions = stack.versions();
  const replaced = [...(stable?.resources.values() ?? [])].filter((old) => {
    const now = versions.get(old.resource.logicalId);
    return isWanted(old) && now !== undefined && now.physicalId !== old.physicalId;
  });
  return { replaced, gone: [...versions.values()].filter((version) => !isWanted(version)) };
};

/** A cleanup that fails does not fail the update: what could not be deleted is no longer the stack's. */
const letGo = ({ journal }: Job, { end, failures }: Course): number => {
  for (const { logicalId } of failures) {
    const fact = journal.stack.resourceFinally(logicalId);
    if (fact !== undefined) journal.silently(end, { ...fact, status: 'DELETE_SKIPPED' });
  }
  return end;
};

/** The good end: cleans up, and what is now is what later rollbacks go back to. */
export const settle = (job: Job, kind: Kind, begin: number): number => {
  const { journal, nesting } = job;
  const { stack } = journal;
  if (kind === 'UPDATE' && stack.final().status !== 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') {
    journal.status(begin, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  }
  const { replaced, gone } = leftovers(job);
  const end = Math.max(
    begin,
    new Removal(job, { obeyPolicies: true, replaced: true }).plan(replaced, begin).end,
    letGo(job, new Removal(job, { obeyPolicies: true }).plan(gone, begin)),
    ...[...stack.versions().values()].flatMap(({ nested }) =>
      nested === undefined ? [] : [nesting.settle(nested, begin)],
    ),
  );
  const stable = { deployed: stack.final().deployed, resources: stack.versions() };
  // A nested stack is created before its root is: it has said so already.
  if (stack.final().status === `${kind}_COMPLETE`) journal.note(end, { stable });
  else journal.status(end, `${kind}_COMPLETE`, undefined, { stable });
  return end;
};

/** Back to before a creation: nothing is left, save what policies retain. */
const undoCreation = (job: Job, begin: number, reason: string, options: RollbackOptions): Course => {
  const { journal } = job;
  journal.status(begin, 'ROLLBACK_IN_PROGRESS', reason);
  const course = new Rollback(job, options).clean(undefined, journal.stack.versions(), begin);
  const failure = failureOf(course);
  const deployed = { ...journal.stack.final().deployed, outputs: [] };
  journal.status(course.end, failure === undefined ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED', failure, { deployed });
  return course;
};

/** Back to how the stack was before an update. */
const undoUpdate = (job: Job, begin: number, reason: string, stable: Stable, options: RollbackOptions): Course => {
  const { journal } = job;
  const { deployed } = stable;
  journal.status(begin, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  const added = journal.stack.versions();
  const rollback = new Rollback(job, options);
  const course = rollback.restore(stable, begin);
  const failure = failureOf(course);
  if (failure !== undefined) {
    journal.status(course.end, 'UPDATE_ROLLBACK_FAILED', failure);
    return course;
  }
  journal.status(course.end, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, { deployed });
  const { end } = rollback.clean(stable, added, course.end);
  const resources = journal.stack.versions();
  journal.status(end, 'UPDATE_ROLLBACK_COMPLETE', undefined, { stable: { deployed, resources } });
  return { ...course, end };
};

/** Takes back what was done since the last good end; everything, where there was none. */
export const undo = (job: Job, begin: number, reason: string, options = SIMPLE_ROLLBACK): Course => {
  const { stable } = job.journal.stack.final();
  if (stable !== undefined) return undoUpdate(job, begin, reason, stable, options);
  return undoCreation(job, begin, reason, options);
};

/** Deletes the whole stack, save the resources with the logical ids `retain`. */
export const remove = (job: Job, begin: number, reason: string, retain: ReadonlySet<string> = new Set()): Course => {
  const { journal } = job;
  journal.status(begin, 'DELETE_IN_PROGRESS', reason);
  const course = new Removal(job, { obeyPolicies: true, retain }).plan([...journal.stack.versions().values()], begin);
  const failure = failureOf(course);
  if (failure === undefined) journal.status(course.end, 'DELETE_COMPLETE', undefined, { deletedAt: course.end });
  else journal.status(course.end, 'DELETE_FAILED', failure);
  return course;
};
