import type { Mapping } from '@aws-delivery/template/value';
import type { Document } from '../../../api-call.js';
import type { Random } from '../../../random.js';
import { listSecrets } from '../template/parameters.js';
import type { OperationEntry, ResourceSnapshot, Stack, StackSnapshot } from './stack.js';

export type SnapshotPatch = Partial<StackSnapshot>;

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Plans state and events of one stack for one operation. */
export class StackEventLog {
  constructor(
    readonly stack: Stack,
    readonly operation: OperationEntry,
    private readonly random: Random,
  ) {}

  /** The stack's operations including this one, newest first. */
  get operations(): readonly OperationEntry[] {
    return [this.operation, ...this.stack.getFinalSnapshot().operations];
  }

  logDeploymentStart(at: number, kind: 'CREATE' | 'UPDATE', patch: SnapshotPatch): void {
    const updated = kind === 'CREATE' ? {} : { updatedAt: at };
    const { operations } = this;
    this.logStackStatus(at, `${kind}_IN_PROGRESS`, 'User Initiated', { ...patch, ...updated, operations });
  }

  /** Plans a new state of the stack without an event. */
  updateStack(at: number, patch: SnapshotPatch): void {
    this.stack.snapshots.plan(at, { ...this.stack.getFinalSnapshot(), ...patch });
  }

  /** Plans a new status of the stack, with its event. */
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

  /** Plans a new status of a resource, with its event. `properties` are the values of the operation. */
  logResourceStatus(at: number, snapshot: ResourceSnapshot, properties?: Mapping): void {
    const { logicalId, status, reason } = snapshot;
    this.updateResource(at, snapshot);
    this.addEvent(at, `${logicalId}-${status}-${new Date(at).toISOString()}-${this.random.hex(4)}`, {
      ...describeResourceStatus(snapshot),
      ResourceStatusReason: this.maskSecrets(reason),
      ResourceProperties: this.maskSecrets(properties && JSON.stringify(properties)),
    });
  }

  /** Plans a new state of a resource without an event. */
  updateResource(at: number, snapshot: ResourceSnapshot): void {
    const timeline = this.stack.resources.get(snapshot.logicalId) ?? this.stack.addResource(snapshot.logicalId);
    timeline.plan(at, snapshot);
  }

  /** Plans the event of a hook invocation. */
  logHook(at: number, snapshot: ResourceSnapshot, hook: Document): void {
    this.addEvent(at, this.random.uuid(), { ...describeResourceStatus(snapshot), ...hook });
  }

  private addEvent(at: number, id: string, members: Document): void {
    this.stack.events.plan(at, { id, operation: this.operation, members });
  }

  /** Masks the values of NoEcho parameters, including those of the state that a rollback restores. */
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
