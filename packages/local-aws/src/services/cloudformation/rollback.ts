import { attempt, type Course, countTry, type Job, type RollbackOptions } from './job.js';
import { Removal } from './removal.js';
import { isGone, type ResourceFact, type ResourceVersion, type Stable } from './stack.js';

/** Takes the resources of a stack back to its last good end, and plans nothing for the stack itself. */
export class Rollback {
  constructor(
    private readonly job: Job,
    private readonly options: RollbackOptions,
  ) {}

  /** Takes back what was changed or replaced. What was added is left for `clean`. */
  restore(stable: Stable, begin: number): Course {
    const ends = [begin];
    const failed: string[] = [];
    for (const [logicalId, version] of stable.resources) {
      const fact = this.job.journal.stack.resourceFinally(logicalId);
      if (fact === undefined || (fact.version === version && !fact.status.endsWith('_FAILED'))) continue;
      const { end, isBack } = this.#restore(fact, version, begin);
      ends.push(end);
      if (!isBack) failed.push(logicalId);
    }
    return { end: Math.max(...ends), created: [], updated: failed, deleted: [] };
  }

  /** Deletes what the operation added and what it put in the place of others. */
  clean(stable: Stable | undefined, added: ReadonlyMap<string, ResourceVersion>, begin: number): Course {
    const isNew = ({ resource }: ResourceVersion) => stable?.resources.has(resource.logicalId) !== true;
    const options = { obeyPolicies: !this.options.retainExceptOnCreate };
    const fresh = new Removal(this.job, options).plan(
      [...this.job.journal.stack.versions().values()].filter(
        (version) => isNew(version) && added.has(version.resource.logicalId),
      ),
      begin,
    );
    const replacing = [...added.values()].filter(
      ({ resource, physicalId }) =>
        (stable?.resources.get(resource.logicalId)?.physicalId ?? physicalId) !== physicalId,
    );
    const others = new Removal(this.job, { ...options, replaced: true }).plan(replacing, begin);
    this.#forget(stable, fresh.end);
    const deleted = [...fresh.deleted, ...others.deleted];
    return { end: Math.max(fresh.end, others.end), created: [], updated: [], deleted };
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

  #restore(
    fact: ResourceFact,
    version: ResourceVersion,
    begin: number,
  ): { readonly end: number; readonly isBack: boolean } {
    const { journal, nesting } = this.job;
    const back = { ...fact, type: version.resource.type, reason: undefined };
    if (this.options.skip.has(fact.logicalId)) {
      journal.resource(begin, { ...back, status: 'UPDATE_COMPLETE' });
      return { end: begin, isBack: true };
    }
    if (fact.version?.physicalId === version.physicalId && isSameDeclaration(fact, version)) {
      journal.silently(begin, { ...back, version, status: 'UPDATE_COMPLETE' });
      return { end: begin, isBack: true };
    }
    journal.resource(begin, { ...back, status: 'UPDATE_IN_PROGRESS' }, version.properties);
    const nested =
      version.nested === undefined
        ? undefined
        : nesting.revert(this.job, version.nested, begin, this.#inside(fact.logicalId));
    const { trial, outcome } = attempt(this.job, 'rollback', version, begin);
    countTry(this.job, trial);
    const end = nested?.end ?? begin + outcome.duration;
    const failure =
      nested !== undefined && nested.updated.length > 0
        ? 'Embedded stack was not rolled back'
        : outcome.failure?.reason;
    if (failure !== undefined && !this.options.force) {
      journal.resource(end, { ...back, status: 'UPDATE_FAILED', reason: failure });
      return { end, isBack: false };
    }
    journal.resource(end, { ...back, version, status: 'UPDATE_COMPLETE' }, version.properties);
    return { end, isBack: true };
  }
}

/** Kept by the operation with only another declaration around the same properties: nothing was done, nothing is undone. */
const isSameDeclaration = (fact: ResourceFact, version: ResourceVersion): boolean =>
  fact.version?.properties === version.properties && !fact.status.endsWith('_FAILED');
