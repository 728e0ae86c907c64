import type { Mapping } from '@aws-delivery/template/value';
import type { Document } from '../../../api-call.js';
import type { Random } from '../../../random.js';
import { listSecrets } from '../template/parameters.js';
import type { OperationEntry, ResourceSnapshot, Stack, StackSnapshot } from './stack.js';

/** A change of what is true of a stack. */
export type SnapshotPatch = Partial<StackSnapshot>;

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Writes the future of one stack under one operation: facts, and the events that tell of them. */
export class StackEventLog {
  constructor(
    readonly stack: Stack,
    readonly operation: OperationEntry,
    private readonly random: Random,
  ) {}

  /** Those of the stack with this one as the newest. */
  get operations(): readonly OperationEntry[] {
    return [this.operation, ...this.stack.getFinalSnapshot().operations];
  }

  /** A deployment begins. */
  logDeploymentStart(at: number, kind: 'CREATE' | 'UPDATE', patch: SnapshotPatch): void {
    const updated = kind === 'CREATE' ? {} : { updatedAt: at };
    const { operations } = this;
    this.logStackStatus(at, `${kind}_IN_PROGRESS`, 'User Initiated', { ...patch, ...updated, operations });
  }

  /** Changes what is true, without an event. */
  updateStack(at: number, patch: SnapshotPatch): void {
    this.stack.snapshots.plan(at, { ...this.stack.getFinalSnapshot(), ...patch });
  }

  /** The stack comes to a new status. */
  logStackStatus(at: number, status: string, reason?: string, patch: SnapshotPatch = {}): void {
    this.updateStack(at, { ...patch, status, reason });
    const { id, name } = this.stack.identity;
    this.addEvent(at, this.random.uuid(), {
      LogicalResourceId: name,
      PhysicalResourceId: id,
      ResourceType: STACK_TYPE,
      ResourceStatus: status,
      ResourceStatusReason: reason,
    });
  }

  /** A resource comes to a new status. `properties` are those it is being made from. */
  logResourceStatus(at: number, snapshot: ResourceSnapshot, properties?: Mapping): void {
    const { logicalId, status, reason } = snapshot;
    this.updateResource(at, snapshot);
    this.addEvent(at, `${logicalId}-${status}-${new Date(at).toISOString()}-${this.random.hex(4)}`, {
      ...describeResourceStatus(snapshot),
      ResourceStatusReason: this.maskSecrets(reason),
      ResourceProperties: this.maskSecrets(properties && JSON.stringify(properties)),
    });
  }

  /** A resource that is other than before without anything having been done to it. */
  updateResource(at: number, snapshot: ResourceSnapshot): void {
    const timeline = this.stack.resources.get(snapshot.logicalId) ?? this.stack.addResource(snapshot.logicalId);
    timeline.plan(at, snapshot);
  }

  /** A hook's word on a resource that is about to be touched. */
  logHook(at: number, snapshot: ResourceSnapshot, hook: Document): void {
    this.addEvent(at, this.random.uuid(), { ...describeResourceStatus(snapshot), ...hook });
  }

  private addEvent(at: number, id: string, members: Document): void {
    this.stack.events.plan(at, { id, operation: this.operation, members });
  }

  /** No event shows the values of NoEcho parameters, those that a rollback goes back to included. */
  private maskSecrets(value: string | undefined): string | undefined {
    const { deployed, stable = { deployed } } = this.stack.getFinalSnapshot();
    const secrets = [...listSecrets(deployed.resolvedTemplate), ...listSecrets(stable.deployed.resolvedTemplate)];
    return secrets.reduce((value, secret) => value?.replaceAll(secret, '****'), value);
  }
}

const describeResourceStatus = ({ logicalId, type, status, version }: ResourceSnapshot): Document => ({
  LogicalResourceId: logicalId,
  PhysicalResourceId: version?.physicalId ?? '',
  ResourceType: type,
  ResourceStatus: status,
});
