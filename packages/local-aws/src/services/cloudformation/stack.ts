import type { Resource } from '@aws-delivery/template/resource';
import type { Mapping } from '@aws-delivery/template/value';
import type { Document } from '../../call.js';
import { Timeline } from '../../timeline.js';
import type { Blueprint } from './blueprint.js';
import type { Place } from './place.js';
import type { DeployInput } from './request.js';

export type OperationType =
  | 'CREATE_STACK'
  | 'UPDATE_STACK'
  | 'DELETE_STACK'
  | 'CREATE_CHANGESET'
  | 'ROLLBACK'
  | 'CONTINUE_ROLLBACK';

/** One operation on a stack: what events carry, and who it is done for. */
export interface Operation {
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
export interface ResourceFact {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** Undefined while nothing physical exists. */
  readonly version: ResourceVersion | undefined;
}

/** A resource that is no longer, or never came to be, the stack's. */
export const isGone = ({ status }: ResourceFact): boolean =>
  status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED';

/** The physical resource to go on from: what failed to be made is none. */
export const standing = (fact: ResourceFact | undefined): ResourceVersion | undefined =>
  fact === undefined || isGone(fact) || fact.status === 'CREATE_FAILED' ? undefined : fact.version;

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

/** What was asked for: everything of a stack that a deploy can change. */
export interface Deployed {
  /** The template as it was given, and as it was read. */
  readonly text: string;
  readonly blueprint: Blueprint;
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
export interface Stable {
  readonly deployed: Deployed;
  readonly resources: ReadonlyMap<string, ResourceVersion>;
}

/** What is true of a stack since some moment. */
export interface StackFact {
  readonly status: string;
  readonly reason?: string | undefined;
  readonly deployed: Deployed;
  readonly stable?: Stable;
  readonly disableRollback: boolean;
  /** `DO_NOTHING` stacks cannot be updated from a failure (aws-facts §1.2). */
  readonly onFailure?: string | undefined;
  readonly mode: string;
  readonly retainExceptOnCreate: boolean;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
  readonly changeSetId?: string | undefined;
  /** Newest first. */
  readonly operations: readonly Operation[];
}

/** What is true of a stack before anything was done to it. */
export const newFact = (deployed: Deployed): StackFact => ({
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
  readonly operation: Operation;
  readonly members: Document;
}

export interface StackIdentity extends Place {
  readonly createdAt: number;
  /** The stack that has it as a resource. */
  readonly parent?: Stack | undefined;
}

/** One stack: its past and its planned future. */
export class Stack {
  readonly facts = new Timeline<StackFact>();
  readonly events = new Timeline<StackEvent>();
  readonly resources = new Map<string, Timeline<ResourceFact>>();
  readonly protection = new Timeline<boolean>();
  readonly policy = new Timeline<string>();
  readonly drift = new Timeline<Document>();

  constructor(readonly identity: StackIdentity) {}

  get root(): Stack {
    return this.identity.parent?.root ?? this;
  }

  newResource(logicalId: string): Timeline<ResourceFact> {
    const timeline = new Timeline<ResourceFact>();
    this.resources.set(logicalId, timeline);
    return timeline;
  }

  /** What is true at `at`; before the first fact there is no stack to speak of. */
  at(at: number): StackFact | undefined {
    return this.facts.latest(at)?.fact;
  }

  /** What will be true when everything planned has happened. */
  final(): StackFact {
    const fact = this.at(Number.POSITIVE_INFINITY);
    if (fact === undefined) throw new Error(`stack ${this.identity.name} has no state: plan its first fact`);
    return fact;
  }

  resourcesAt(at: number): readonly { readonly at: number; readonly fact: ResourceFact }[] {
    return [...this.resources.values()].flatMap((timeline) => timeline.latest(at) ?? []);
  }

  resourceFinally(logicalId: string): ResourceFact | undefined {
    return this.resources.get(logicalId)?.latest(Number.POSITIVE_INFINITY)?.fact;
  }

  /** Everything physical that exists when the plan is through. */
  versions(): ReadonlyMap<string, ResourceVersion> {
    const facts = this.resourcesAt(Number.POSITIVE_INFINITY).map(({ fact }) => fact);
    return new Map(
      facts.flatMap((fact) =>
        fact.version === undefined || isGone(fact) ? [] : [[fact.logicalId, fact.version] as const],
      ),
    );
  }

  /** Forgets what was planned after `at`. */
  cut(at: number): void {
    this.facts.cut(at);
    this.events.cut(at);
    for (const timeline of this.resources.values()) timeline.cut(at);
  }
}
