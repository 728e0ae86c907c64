import type { Document } from '../../../api-call.js';
import { serviceError } from '../../../service-error.js';
import type { OverrideParameter, StackSetInputs } from './stack-set-inputs.js';
import { type Cell, getCellKey, type StackSetAction } from './stack-set-schedule.js';

/** An operation on a stack set; all times are planned when it starts. */
export interface Operation {
  readonly id: string;
  readonly action: StackSetAction;
  readonly createdAt: number;
  readonly startAt: number;
  readonly cells: readonly Cell[];
  readonly input: Document;
  finalStatus: 'SUCCEEDED' | 'FAILED' | 'STOPPED';
}

export const getOperationEnd = ({ cells, startAt }: Operation): number =>
  Math.max(startAt, ...cells.map(({ end }) => end));

export const getOperationStatus = (operation: Operation, at: number): string => {
  if (operation.finalStatus === 'STOPPED') return at < getOperationEnd(operation) ? 'STOPPING' : 'STOPPED';
  if (at < operation.startAt) return 'QUEUED';
  return at < getOperationEnd(operation) ? 'RUNNING' : operation.finalStatus;
};

export const getResultStatus = ({ begin, end, outcome }: Cell, at: number): string => {
  if (outcome === 'CANCELLED' && at >= end) return 'CANCELLED';
  if (at < begin) return 'PENDING';
  if (at < end) return 'RUNNING';
  return outcome === 'SKIPPED' ? 'SUCCEEDED' : outcome;
};

/** A stack instance; it exists from its first operation until a deletion succeeds. */
export interface Instance {
  readonly account: string;
  readonly region: string;
  readonly organizationalUnit: string | undefined;
  readonly stackId: string;
  overrides: readonly OverrideParameter[];
  /** Operations on this instance, oldest first. */
  readonly history: { readonly operation: Operation; readonly cell: Cell }[];
  /** Time of the latest change of the set that was not deployed to this instance. */
  outdatedAt: number | undefined;
}

const isDeleted = ({ history }: Instance, at: number): boolean => {
  const latest = history.at(-1);
  const isDeletion = latest?.operation.action === 'DELETE' && latest.cell.outcome === 'SUCCEEDED';
  return isDeletion && at >= latest.cell.end;
};

/** `Status`, detailed status and reason of an instance at a time. */
export const getInstanceStatus = ({ history, outdatedAt }: Instance, at: number) => {
  const latest = history.findLast(({ operation: { action } }) => action !== 'DETECT_DRIFT');
  if (latest === undefined) return { status: 'OUTDATED', detailed: 'PENDING', reason: undefined };
  const { cell, operation } = latest;
  const result = getResultStatus(cell, at);
  const isChangedLater = outdatedAt !== undefined && outdatedAt > operation.createdAt;
  const detailed =
    cell.outcome === 'SKIPPED' && at >= cell.end ? 'SKIPPED_SUSPENDED_ACCOUNT' : isChangedLater ? 'PENDING' : result;
  const isCurrent = detailed === 'SUCCEEDED' && cell.outcome === 'SUCCEEDED';
  return { status: isCurrent ? 'CURRENT' : 'OUTDATED', detailed, reason: at >= cell.end ? cell.reason : undefined };
};

type SetInput = StackSetInputs['CreateStackSet'];

/** The fields of a stack set that DescribeStackSet returns. */
export interface StackSetFields extends Pick<SetInput, 'Description' | 'Capabilities' | 'Tags'> {
  readonly template: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly secretNames: ReadonlySet<string>;
  readonly administrationRoleArn: string | undefined;
  readonly executionRoleName: string | undefined;
  readonly permissionModel: 'SERVICE_MANAGED' | 'SELF_MANAGED';
  readonly autoDeployment: SetInput['AutoDeployment'];
  readonly managedExecution: boolean;
}

export class StackSet {
  readonly instances = new Map<string, Instance>();
  readonly operations: Operation[] = [];
  /** Regions by organizational unit that an operation has targeted. */
  readonly unitTargets = new Map<string, Set<string>>();
  readonly attempts = new Map<string, number>();
  deletedAt = Number.POSITIVE_INFINITY;

  constructor(
    readonly name: string,
    readonly id: string,
    readonly arn: string,
    readonly token: string | undefined,
    public fields: StackSetFields,
  ) {}

  /** @throws ServiceError */
  getOperation(id: unknown): Operation {
    const operation = this.operations.find((candidate) => candidate.id === id);
    if (operation !== undefined) return operation;
    throw serviceError('OperationNotFoundException', `Operation ${String(id)} not found`, 404);
  }

  listInstances(at: number): readonly Instance[] {
    return [...this.instances.values()].filter((instance) => !isDeleted(instance, at));
  }

  findInstance(account: string, region: string, at: number): Instance | undefined {
    const instance = this.instances.get(getCellKey({ account, region }));
    return instance === undefined || isDeleted(instance, at) ? undefined : instance;
  }
}
