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

/** An operation on a stack, as events refer to it. */
export interface OperationEntry {
  readonly id: string;
  readonly type: OperationType;
  readonly token: string | undefined;
}

/** A physical resource and the values it was created with. As long as it is unchanged, it is the same object. */
export interface ResourceVersion {
  readonly resource: Resource;
  readonly physicalId: string;
  /** `Name` and `Unique`, constant for the life of the physical resource. */
  readonly names: ReadonlyMap<string, string>;
  /** Properties with intrinsic functions evaluated. */
  readonly properties: Mapping;
  readonly attributes: ReadonlyMap<string, string>;
  /** The nested stack, for a resource of type AWS::CloudFormation::Stack. */
  readonly nested?: Stack | undefined;
}

/** State of a resource from a moment on. */
export interface ResourceSnapshot {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** Undefined while there is no physical resource. */
  readonly version: ResourceVersion | undefined;
}

/** Whether a resource no longer belongs to the stack. */
export const isGone = ({ status }: ResourceSnapshot): boolean =>
  status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED';

/** The physical resource that an update can use; undefined if its creation failed. */
export const findUsableVersion = (snapshot: ResourceSnapshot | undefined): ResourceVersion | undefined =>
  snapshot === undefined || isGone(snapshot) || snapshot.status === 'CREATE_FAILED' ? undefined : snapshot.version;

/** Everything of a stack that a deployment can change. */
export interface DeployedStack {
  /** The template's text, unchanged. */
  readonly templateBody: string;
  readonly resolvedTemplate: ResolvedTemplate;
  readonly tags: readonly Document[];
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly roleArn: string | undefined;
  readonly rollbackConfiguration: DeployInput['RollbackConfiguration'];
  readonly outputs: readonly StackOutput[];
  /** Names of the exports of other stacks that it imports. */
  readonly imports: readonly string[];
}

/** The state that a rollback restores: that of the last successful operation. */
export interface StableState {
  readonly deployed: DeployedStack;
  readonly resources: ReadonlyMap<string, ResourceVersion>;
}

/** State of a stack from a moment on. */
export interface StackSnapshot {
  readonly status: string;
  readonly reason?: string | undefined;
  readonly deployed: DeployedStack;
  readonly stable?: StableState;
  readonly disableRollback: boolean;
  /** A stack with `DO_NOTHING` cannot be updated after a failure (docs/aws-facts.md §1.2). */
  readonly onFailure?: string | undefined;
  readonly mode: string;
  readonly retainExceptOnCreate: boolean;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
  readonly changeSetId?: string | undefined;
  /** Newest first. */
  readonly operations: readonly OperationEntry[];
}

export const createInitialSnapshot = (deployed: DeployedStack): StackSnapshot => ({
  status: 'REVIEW_IN_PROGRESS',
  deployed,
  disableRollback: false,
  mode: 'STANDARD',
  retainExceptOnCreate: false,
  operations: [],
});

/** A stack event. `members` are its members in DescribeStackEvents and DescribeEvents, except times and ids. */
export interface StackEvent {
  readonly id: string;
  readonly operation: OperationEntry;
  readonly members: Document;
}

export interface StackIdentity extends StackRef {
  readonly createdAt: number;
  /** The parent of a nested stack. */
  readonly parent?: Stack | undefined;
}

/** A stack with its history and its planned future. */
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

  /** The state at `at`; undefined before the stack exists. */
  getSnapshot(at: number): StackSnapshot | undefined {
    return this.snapshots.findLatest(at)?.value;
  }

  /** The state after everything that is planned. */
  getFinalSnapshot(): StackSnapshot {
    const snapshot = this.getSnapshot(Number.POSITIVE_INFINITY);
    if (snapshot === undefined) throw new Error(`stack ${this.identity.name} has no state`);
    return snapshot;
  }

  listResources(at: number): readonly { readonly at: number; readonly value: ResourceSnapshot }[] {
    return [...this.resources.values()].flatMap((timeline) => timeline.findLatest(at) ?? []);
  }

  getFinalResource(logicalId: string): ResourceSnapshot | undefined {
    return this.resources.get(logicalId)?.findLatest(Number.POSITIVE_INFINITY)?.value;
  }

  /** The physical resources that exist after everything that is planned. */
  getFinalVersions(): ReadonlyMap<string, ResourceVersion> {
    const snapshots = this.listResources(Number.POSITIVE_INFINITY).map(({ value: snapshot }) => snapshot);
    return new Map(
      snapshots.flatMap((snapshot) =>
        snapshot.version === undefined || isGone(snapshot) ? [] : [[snapshot.logicalId, snapshot.version] as const],
      ),
    );
  }

  /** Discards everything planned after `at`. */
  truncateAfter(at: number): void {
    this.snapshots.truncateAfter(at);
    this.events.truncateAfter(at);
    for (const timeline of this.resources.values()) timeline.truncateAfter(at);
  }
}
