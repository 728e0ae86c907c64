import { ResourceDeletion } from '../resource/delete-resources.js';
import { isGone, type ResourceSnapshot, type ResourceVersion, type StableState } from '../stack/stack.js';
import {
  describeFailures,
  type OperationOutcome,
  performOperation,
  type ResourceFailure,
  type ResourceResult,
  type RollbackOptions,
  type StackOperation,
} from './stack-operation.js';

/** Rolls resources back to the stable state; does not change the stack's status. */
export class Rollback {
  constructor(
    private readonly stackOperation: StackOperation,
    private readonly options: RollbackOptions,
  ) {}

  /** Restores updated and replaced resources. `deleteAdded` deletes the added ones. */
  restoreStack(stable: StableState, startAt: number): OperationOutcome {
    const ends = [startAt];
    const failures: ResourceFailure[] = [];
    for (const [logicalId, version] of stable.resources) {
      const snapshot = this.stackOperation.eventLog.stack.getFinalResource(logicalId);
      if (snapshot === undefined || (snapshot.version === version && !snapshot.status.endsWith('_FAILED'))) continue;
      const { end, reason } = this.restoreResource(snapshot, version, startAt);
      ends.push(end);
      if (reason !== undefined) failures.push({ verb: 'update', logicalId });
    }
    return { end: Math.max(...ends), failures };
  }

  /** Deletes resources that the failed operation added, and replacements that it created. */
  deleteAdded(
    stable: StableState | undefined,
    added: ReadonlyMap<string, ResourceVersion>,
    startAt: number,
  ): OperationOutcome {
    const options = { obeyPolicies: !this.options.retainExceptOnCreate };
    const current = [...this.stackOperation.eventLog.stack.getFinalVersions().values()];
    const fresh = current.filter(
      ({ resource: { logicalId } }) => added.has(logicalId) && stable?.resources.has(logicalId) !== true,
    );
    const replacing = [...added.values()].filter(({ resource, physicalId }) => {
      const previous = stable?.resources.get(resource.logicalId);
      return previous !== undefined && previous.physicalId !== physicalId;
    });
    const removed = new ResourceDeletion(this.stackOperation, options).plan(fresh, startAt);
    const replaced = new ResourceDeletion(this.stackOperation, { ...options, replaced: true }).plan(replacing, startAt);
    this.forgetUnmade(stable, removed.end);
    return { end: Math.max(removed.end, replaced.end), failures: [...removed.failures, ...replaced.failures] };
  }

  /** Marks resources without a physical resource as deleted. */
  private forgetUnmade(stable: StableState | undefined, at: number): void {
    const { eventLog } = this.stackOperation;
    for (const { value: snapshot } of eventLog.stack.listResources(Number.POSITIVE_INFINITY)) {
      const isUnmade = snapshot.version === undefined && !isGone(snapshot);
      if (isUnmade && stable?.resources.has(snapshot.logicalId) !== true) {
        eventLog.logResourceStatus(at, { ...snapshot, status: 'DELETE_COMPLETE', reason: undefined });
      }
    }
  }

  /** The options for a nested stack: `Nested.Queue` skips its resource `Queue`. */
  private createNestedOptions(logicalId: string): RollbackOptions {
    const prefix = `${logicalId}.`;
    const names = [...this.options.skip].filter((name) => name.startsWith(prefix));
    return { ...this.options, skip: new Set(names.map((name) => name.slice(prefix.length))) };
  }

  private restoreResource(snapshot: ResourceSnapshot, version: ResourceVersion, startAt: number): ResourceResult {
    const { eventLog } = this.stackOperation;
    const inProgress = { ...snapshot, type: version.resource.type, reason: undefined };
    const completed = { ...inProgress, status: 'UPDATE_COMPLETE' };
    if (this.options.skip.has(snapshot.logicalId)) {
      eventLog.logResourceStatus(startAt, completed);
      return { end: startAt };
    }
    // Only the declaration changed, not the properties: there is nothing to roll back.
    if (snapshot.version?.properties === version.properties && !snapshot.status.endsWith('_FAILED')) {
      eventLog.updateResource(startAt, { ...completed, version });
      return { end: startAt };
    }
    eventLog.logResourceStatus(startAt, { ...inProgress, status: 'UPDATE_IN_PROGRESS' }, version.properties);
    const { end, reason } = this.rollBackResource(version, startAt);
    if (reason === undefined || this.options.force) {
      eventLog.logResourceStatus(end, { ...completed, version }, version.properties);
      return { end };
    }
    eventLog.logResourceStatus(end, { ...inProgress, status: 'UPDATE_FAILED', reason });
    return { end, reason };
  }

  private rollBackResource(version: ResourceVersion, startAt: number): ResourceResult {
    const { nested, resource } = version;
    if (nested === undefined) return performOperation(this.stackOperation, 'rollback', version, startAt);
    const outcome = this.stackOperation.nestedStacks.rollBack(
      this.stackOperation,
      nested,
      startAt,
      this.createNestedOptions(resource.logicalId),
    );
    return { end: outcome.end, reason: describeFailures(outcome) && 'Embedded stack was not rolled back' };
  }
}
