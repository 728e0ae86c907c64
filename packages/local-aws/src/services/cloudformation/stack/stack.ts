import type { Resource } from '@aws-delivery/template/template';
import type { Mapping } from '@aws-delivery/template/value';
import type { Document } from '../../../api-call.js';
import { Timeline } from '../../../time/timeline.js';
import type { DeployInput } from '../operation-inputs.js';
import type { ResolvedTemplate, StackOutput } from '../template/resolved-template.js';
import type { StackRef } from './stack-ref.js';

export type OperationType =
  | 'CREATE_STACK'
  | 'UPDATE_STACK'
  | 'DELETE_STACK'
  | 'CREATE_CHANGESET'
  | 'ROLLBACK'
  | 'CONTINUE_ROLLBACK';

/** One operation on a stack: what events carry, and who it is done for. */
export interface OperationEntry {
  readonly id: string;
  readonly type: OperationType;
  readonly token: string | undefined;
}

/** A physical resource with the values it was made from. The same object means: untouched since. */
export interface ResourceVersion {
  readonly resource: Resource;
  readonly physicalId: string;
  /** `Name` and `Unique`: they last as long as the physical resource. */
  readonly names: ReadonlyMap<string, string>;
  /** Evaluated. */
  readonly properties: Mapping;
  readonly attributes: ReadonlyMap<string, string>;
  /** The stack behind a resource that is a stack. */
  readonly nested?: Stack | undefined;
}

/** What is true of a resource since some moment. */
export interface ResourceSnapshot {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** Undefined while nothing physical exists. */
  readonly version: ResourceVersion | undefined;
}

/** A resource that is no longer, or never came to be, the stack's. */
export const isGone = ({ status }: ResourceSnapshot): boolean =>
  status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED';

/** The physical resource to go on from: what failed to be made is none. */
export const findUsableVersion = (snapshot: ResourceSnapshot | undefined): ResourceVersion | undefined =>
  snapshot === undefined || isGone(snapshot) || snapshot.status === 'CREATE_FAILED' ? undefined : snapshot.version;

/** What was asked for: everything of a stack that a deploy can change. */
export interface DeployedStack {
  /** The template as it was given, and as it was read. */
  readonly templateBody: string;
  readonly resolvedTemplate: ResolvedTemplate;
  readonly tags: readonly Document[];
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly roleArn: string | undefined;
  readonly rollbackConfiguration: DeployInput['RollbackConfiguration'];
  readonly outputs: readonly StackOutput[];
  /** Names of other stacks' exports that it uses. */
  readonly imports: readonly string[];
}

/** What a stack goes back to: how it was when it last came to a good end. */
export interface StableState {
  readonly deployed: DeployedStack;
  readonly resources: ReadonlyMap<string, ResourceVersion>;
}

/** What is true of a stack since some moment. */
export interface StackSnapshot {
  readonly status: string;
  readonly reason?: string | undefined;
  readonly deployed: DeployedStack;
  readonly stable?: StableState;
  readonly disableRollback: boolean;
  /** `DO_NOTHING` stacks cannot be updated from a failure (aws-facts §1.2). */
  readonly onFailure?: string | undefined;
  readonly mode: string;
  readonly retainExceptOnCreate: boolean;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
  readonly changeSetId?: string | undefined;
  /** Newest first. */
  readonly operations: readonly OperationEntry[];
}

/** What is true of a stack before anything was done to it. */
export const createInitialSnapshot = (deployed: DeployedStack): StackSnapshot => ({
  status: 'REVIEW_IN_PROGRESS',
  deployed,
  disableRollback: false,
  mode: 'STANDARD',
  retainExceptOnCreate: false,
  operations: [],
});

/** A row of DescribeStackEvents and DescribeEvents. `members` are those of the wire besides time and ids. */
export interface StackEvent {
  readonly id: string;
  readonly operation: OperationEntry;
  readonly members: Document;
}

export interface StackIdentity extends StackRef {
  readonly createdAt: number;
  /** The stack that has it as a resource. */
  readonly parent?: Stack | undefined;
}

/** One stack: its past and its planned future. */
export class Stack {
  readonly snapshots = new Timeline<StackSnapshot>();
  readonly events = new Timeline<StackEvent>();
  readonly resources = new Map<string, Timeline<ResourceSnapshot>>();
  readonly protection = new Timeline<boolean>();
  readonly policy = new Timeline<string>();
  readonly drift = new Timeline<Document>();

  constructor(readonly identity: StackIdentity) {}

  get root(): Stack {
    return this.identity.parent?.root ?? this;
  }

  addResource(logicalId: string): Timeline<ResourceSnapshot> {
    const timeline = new Timeline<ResourceSnapshot>();
    this.resources.set(logicalId, timeline);
    return timeline;
  }

  /** What is true at `at`; before the first fact there is no stack to speak of. */
  getSnapshot(at: number): StackSnapshot | undefined {
    return this.snapshots.findLatest(at)?.value;
  }

  /** What will be true when everything planned has happened. */
  getFinalSnapshot(): StackSnapshot {
    const snapshot = this.getSnapshot(Number.POSITIVE_INFINITY);
    if (snapshot === undefined) throw new Error(`stack ${this.identity.name} has no state: plan its first fact`);
    return snapshot;
  }

  listResources(at: number): readonly { readonly at: number; readonly value: ResourceSnapshot }[] {
    return [...this.resources.values()].flatMap((timeline) => timeline.findLatest(at) ?? []);
  }

  getFinalResource(logicalId: string): ResourceSnapshot | undefined {
    return this.resources.get(logicalId)?.findLatest(Number.POSITIVE_INFINITY)?.value;
  }

  /** Everything physical that exists when the plan is through. */
  getFinalVersions(): ReadonlyMap<string, ResourceVersion> {
    const snapshots = this.listResources(Number.POSITIVE_INFINITY).map(({ value: snapshot }) => snapshot);
    return new Map(
      snapshots.flatMap((snapshot) =>
        snapshot.version === undefined || isGone(snapshot) ? [] : [[snapshot.logicalId, snapshot.version] as const],
      ),
    );
  }

  /** Forgets what was planned after `at`. */
  truncateAfter(at: number): void {
    this.snapshots.truncateAfter(at);
    this.events.truncateAfter(at);
    for (const timeline of this.resources.values()) timeline.truncateAfter(at);
  }
}
