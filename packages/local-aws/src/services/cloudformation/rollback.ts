import { act, type Course, type Ending, type Failure, failureOf, type Job } from './job.js';
import { Removal } from './removal.js';
import { isGone, type ResourceFact, type ResourceVersion, type Stable } from './stack.js';

export interface RollbackOptions {
  /** Logical ids that are called done as they are (`ResourcesToSkip`). */
  readonly skip: ReadonlySet<string>;
  /** Calls everything done that cannot be undone (`ForceRollback`). */
  readonly force: boolean;
  /** Deletes what the failed operation made, even where its policy says Retain. */
  readonly retainExceptOnCreate: boolean;
}

/** Takes the resources of a stack back to its last good end, and plans nothing for the stack itself. */
export class Rollback {
  constructor(
    private readonly job: Job,
    private readonly options: RollbackOptions,
  ) {}

  /** Takes back what was changed or replaced. What was added is left for `clean`. */
  restore(stable: Stable, begin: number): Course {
    const ends = [begin];
    const failures: Failure[] = [];
    for (const [logicalId, version] of stable.resources) {
      const fact = this.job.journal.stack.resourceFinally(logicalId);
      if (fact === undefined || (fact.version === version && !fact.status.endsWith('_FAILED'))) continue;
      const { end, reason } = this.#restore(fact, version, begin);
      ends.push(end);
      if (reason !== undefined) failures.push({ verb: 'update', logicalId });
    }
    return { end: Math.max(...ends), failures };
  }

  /** Deletes what the operation added and what it put in the place of others. */
  clean(stable: Stable | undefined, added: ReadonlyMap<string, ResourceVersion>, begin: number): Course {
    const options = { obeyPolicies: !this.options.retainExceptOnCreate };
    const current = [...this.job.journal.stack.versions().values()];
    const fresh = current.filter(
      ({ resource: { logicalId } }) => added.has(logicalId) && stable?.resources.has(logicalId) !== true,
    );
    const replacing = [...added.values()].filter(({ resource, physicalId }) => {
      const old = stable?.resources.get(resource.logicalId);
      return old !== undefined && old.physicalId !== physicalId;
    });
    const removed = new Removal(this.job, options).plan(fresh, begin);
    const others = new Removal(this.job, { ...options, replaced: true }).plan(replacing, begin);
    this.#forget(stable, removed.end);
    return { end: Math.max(removed.end, others.end), failures: [...removed.failures, ...others.failures] };
  }

  /** What never came to be physical is gone without ado. */
  #forget(stable: Stable | undefined, at: number): void {
    const { journal } = this.job;
    for (const { fact } of journal.stack.resourcesAt(Number.POSITIVE_INFINITY)) {
      const isLeft = fact.version === undefined && !isGone(fact);
      if (isLeft && stable?.resources.has(fact.logicalId) !== true) {
        journal.resource(at, { ...fact, status: 'DELETE_COMPLETE', reason: undefined });
      }
    }
  }

  /** The options for the stack behind a resource: `Nested.Queue` skips `Queue` in it. */
  #inside(logicalId: string): RollbackOptions {
    const prefix = `${logicalId}.`;
    const names = [...this.options.skip].filter((name) => name.startsWith(prefix));
    return { ...this.options, skip: new Set(names.map((name) => name.slice(prefix.length))) };
  }

  #restore(fact: ResourceFact, version: ResourceVersion, begin: number): Ending {
    const { journal } = this.job;
    const back = { ...fact, type: version.resource.type, reason: undefined };
    const done = { ...back, status: 'UPDATE_COMPLETE' };
    if (this.options.skip.has(fact.logicalId)) {
      journal.resource(begin, done);
      return { end: begin };
    }
    // Only the declaration around the same properties changed: nothing was done, nothing is undone.
    if (fact.version?.properties === version.properties && !fact.status.endsWith('_FAILED')) {
      journal.silently(begin, { ...done, version });
      return { end: begin };
    }
    journal.resource(begin, { ...back, status: 'UPDATE_IN_PROGRESS' }, version.properties);
    const { end, reason } = this.#undo(version, begin);
    if (reason === undefined || this.options.force) {
      journal.resource(end, { ...done, version }, version.properties);
      return { end };
    }
    journal.resource(end, { ...back, status: 'UPDATE_FAILED', reason });
    return { end, reason };
  }

  #undo(version: ResourceVersion, begin: number): Ending {
    const { nested, resource } = version;
    if (nested === undefined) return act(this.job, 'rollback', version, begin);
    const course = this.job.nesting.revert(this.job, nested, begin, this.#inside(resource.logicalId));
    return { end: course.end, reason: failureOf(course) && 'Embedded stack was not rolled back' };
  }
}
