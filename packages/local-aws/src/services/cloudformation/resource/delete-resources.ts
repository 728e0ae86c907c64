import { buildDependencyGraph, sortTopologically } from '@aws-delivery/template/dependency-graph';
import {
  describeFailures,
  type OperationOutcome,
  performOperation,
  type ResourceFailure,
  type ResourceResult,
  type StackOperation,
} from '../operation/stack-operation.js';
import type { ResourceVersion } from '../stack/stack.js';

export interface DeletionOptions {
  /** Logical ids of resources to retain regardless of their policies. */
  readonly retain?: ReadonlySet<string>;
  /** Whether `DeletionPolicy: Retain` applies. */
  readonly obeyPolicies: boolean;
  /** Whether the versions were replaced: the state of the resource is then that of the new version. */
  readonly replaced?: boolean;
}

const NO_LOGICAL_IDS: ReadonlySet<string> = new Set();

/** Plans deletions in reverse dependency order. If one fails, the resources it depends on are not deleted. */
export class ResourceDeletion {
  constructor(
    private readonly stackOperation: StackOperation,
    private readonly options: DeletionOptions,
  ) {}

  plan(versions: readonly ResourceVersion[], startAt: number): OperationOutcome {
    const byId = new Map(versions.map((version) => [version.resource.logicalId, version]));
    const graph = buildDependencyGraph({ resources: new Map([...byId].map(([id, { resource }]) => [id, resource])) });
    const failures: ResourceFailure[] = [];
    const finished: number[] = [];
    const ends = new Map<string, number | undefined>();
    for (const logicalId of [...sortTopologically(graph)].reverse()) {
      const version = byId.get(logicalId);
      const dependentEnds = [...graph].filter(([, needs]) => needs.has(logicalId)).map(([user]) => ends.get(user));
      if (version === undefined || dependentEnds.includes(undefined)) continue;
      const start = Math.max(startAt, ...dependentEnds.filter((end) => end !== undefined));
      const { end, reason } = this.remove(version, start);
      ends.set(logicalId, reason === undefined ? end : undefined);
      finished.push(end);
      if (reason !== undefined) failures.push({ verb: 'delete', logicalId });
    }
    return { end: Math.max(startAt, ...finished), failures };
  }

  private remove(version: ResourceVersion, start: number): ResourceResult {
    const { logicalId, type } = version.resource;
    const { eventLog } = this.stackOperation;
    const snapshot = { logicalId, type, reason: undefined, version };
    const logStatus = (at: number, status: string, reason?: string) => {
      const before = eventLog.stack.getFinalResource(logicalId);
      eventLog.logResourceStatus(at, { ...snapshot, status, reason });
      // The events are about the old physical resource; the resource's state is that of the new one.
      if (this.options.replaced && before !== undefined) eventLog.updateResource(at, before);
    };
    if (this.isRetained(version)) {
      logStatus(start, 'DELETE_SKIPPED');
      return { end: start };
    }
    logStatus(start, 'DELETE_IN_PROGRESS');
    const result = this.delete(version, start);
    const { end, reason } = result;
    logStatus(end, reason === undefined ? 'DELETE_COMPLETE' : 'DELETE_FAILED', reason);
    return result;
  }

  private delete(version: ResourceVersion, start: number): ResourceResult {
    if (version.nested === undefined) return performOperation(this.stackOperation, 'delete', version, start);
    const outcome = this.stackOperation.nestedStacks.deleteStack(this.stackOperation, version.nested, start);
    return { end: outcome.end, reason: describeFailures(outcome) && 'Embedded stack was not deleted' };
  }

  private isRetained({ resource }: ResourceVersion): boolean {
    const { retain = NO_LOGICAL_IDS, obeyPolicies } = this.options;
    const policy = this.options.replaced ? resource.updateReplacePolicy : resource.deletionPolicy;
    return retain.has(resource.logicalId) || (obeyPolicies && (policy ?? 'Delete').startsWith('Retain'));
  }
}
