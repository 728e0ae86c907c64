import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasServiceErrorCode } from '@aws-delivery/aws/error';
import { poll } from '@aws-delivery/aws/poll';
import {
  CreateStackInstancesCommand,
  DeleteStackInstancesCommand,
  DescribeStackSetOperationCommand,
  DetectStackSetDriftCommand,
  type StackSetOperation,
  StopStackSetOperationCommand,
  UpdateStackInstancesCommand,
  UpdateStackSetCommand,
  type UpdateStackSetInput,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import { limitPreferences } from '../inputs/operation-preferences.js';
import type { ClientTokens } from '../operation/client-token.js';
import { getCallMetadata, waitForStart } from '../operation/start-operation.js';
import type { WaitContext } from '../wait-context.js';
import type { Overrides, PlannedOperation } from './plan.js';
import type { StackSetRequest } from './request.js';
import { type CellResult, ResultMatrix } from './result-matrix.js';
import type { StackSetReader } from './stack-set.js';

/** An operation of this run and its result. */
export interface OperationRun {
  readonly id: string;
  readonly title: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  readonly reason: string;
  readonly results: readonly CellResult[];
}

export type OperationRequest =
  | PlannedOperation
  | { readonly kind: 'drift'; readonly targets: undefined; readonly cells: readonly string[] };

export interface OperationContext {
  readonly request: StackSetRequest;
  readonly cloudFormation: CloudFormation;
  readonly reader: StackSetReader;
  readonly waitContext: WaitContext;
  readonly tokens: ClientTokens;
  readonly log: Log;
  /** Saves what the post step may have to stop; undefined clears it. */
  readonly saveOperation: (operationId: string | undefined) => void;
}

/** Another operation or a newer state of the set: the plan has to be made again. */
export class StalePlanError extends Error {}

const OPERATION_TITLES: Readonly<Record<OperationRequest['kind'], string>> = {
  'managed-execution': 'Change of managed execution',
  'update-set': 'Update of the stack set',
  create: 'Creation of instances',
  update: 'Update of instances',
  delete: 'Deletion of instances',
  drift: 'Drift detection',
};

const formatOperationTitle = ({ kind, cells }: OperationRequest): string =>
  `${OPERATION_TITLES[kind]} (${cells.length})`;

const toParameters = (overrides: Overrides | undefined) =>
  overrides === undefined
    ? {}
    : {
        ParameterOverrides: [...overrides].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      };

/** Members of UpdateStackSet that change the set. */
export type SetUpdate = Omit<UpdateStackSetInput, 'StackSetName'>;

/** Returns the id of the operation, which is the requested one unless the service ignores it. */
const sendOperation = async (
  { cloudFormation, reader: { address }, request }: OperationContext,
  operation: OperationRequest,
  { id, setUpdate }: { readonly id: string; readonly setUpdate: SetUpdate },
): Promise<{ readonly OperationId?: string | undefined }> => {
  const regions = operation.targets?.Regions ?? [...new Set(operation.cells.map((cell) => cell.split('/')[1] ?? ''))];
  const common = { ...address, OperationId: id, OperationPreferences: limitPreferences(request.preferences, regions) };
  if (operation.kind === 'drift') return cloudFormation.send(new DetectStackSetDriftCommand(common));
  const instances = { ...common, Regions: [], ...operation.targets };
  switch (operation.kind) {
    case 'managed-execution':
    case 'update-set':
      return cloudFormation.send(new UpdateStackSetCommand({ ...common, ...setUpdate, ...operation.targets }));
    case 'create':
      return cloudFormation.send(
        new CreateStackInstancesCommand({ ...instances, ...toParameters(operation.overrides) }),
      );
    case 'update':
      return cloudFormation.send(
        new UpdateStackInstancesCommand({ ...instances, ...toParameters(operation.overrides) }),
      );
    case 'delete':
      return cloudFormation.send(
        new DeleteStackInstancesCommand({ ...instances, RetainStacks: operation.retainStacks ?? false }),
      );
  }
};

const POLL_BACKOFF = { initialDelayMs: 2000, maxDelayMs: 15_000, factor: 1.2 };

/** Whether an operation has not ended. */
export const isActive = ({ Status = '' }: { readonly Status?: string | undefined }): boolean =>
  ['RUNNING', 'QUEUED', 'STOPPING'].includes(Status);

export const readOperation = async (
  { cloudFormation, reader }: Pick<OperationContext, 'cloudFormation' | 'reader'>,
  OperationId: string,
): Promise<StackSetOperation | undefined> => {
  try {
    const input = { ...reader.address, OperationId };
    return (await cloudFormation.send(new DescribeStackSetOperationCommand(input))).StackSetOperation;
  } catch (error) {
    if (hasServiceErrorCode(error, 'OperationNotFoundException', 'OperationNotFound')) return undefined;
    throw error;
  }
};

export const stopStackSetOperation = async (
  { cloudFormation, reader }: Pick<OperationContext, 'cloudFormation' | 'reader'>,
  OperationId: string,
): Promise<void> => {
  try {
    await cloudFormation.send(new StopStackSetOperationCommand({ ...reader.address, OperationId }));
  } catch (error) {
    // It has ended in the meantime.
    if (!hasServiceErrorCode(error, 'InvalidOperationException')) throw error;
  }
};

/** Waits until no other operation is in progress. An operation of an earlier attempt of this job is always awaited. */
const waitForOtherOperations = async (context: OperationContext): Promise<void> => {
  const { reader, request, tokens, waitContext, log } = context;
  const stopped = new Set<string>();
  const read = async () => {
    const operations = await reader.listRecentOperations();
    const active = operations.filter(isActive);
    const [other] = active;
    if (other?.OperationId === undefined) return { state: 'done' as const, value: undefined };
    const others = active.filter(({ OperationId }) => !tokens.isOwn(OperationId));
    if (request.onConflict === 'fail' && others.length > 0) {
      const hint = 'wait for it with mode: wait, or set on-conflict: wait';
      throw new DeliveryError(
        'conflict',
        `operation ${others[0]?.OperationId} is in progress on the stack set: ${hint}`,
      );
    }
    for (const { OperationId = '', Status } of others) {
      if (request.onConflict !== 'stop' || Status === 'STOPPING' || stopped.has(OperationId)) continue;
      log.info(`Stopping operation ${OperationId}`);
      await stopStackSetOperation(context, OperationId);
      stopped.add(OperationId);
    }
    if (stopped.size === 0) log.debug(`Operation ${other.OperationId} is ${other.Status}`);
    return { state: 'pending' as const };
  };
  const deadline = Math.min(waitContext.deadline, waitContext.clock.now() + request.conflictTimeout);
  await poll({
    ...waitContext,
    label: 'another operation on the stack set to end',
    deadline,
    backoff: POLL_BACKOFF,
    read,
  });
};

/** Only a rejection of the first attempt proves that the operation did not start. */
const mayHaveStarted = (error: unknown): boolean => {
  const { status, attempts } = getCallMetadata(error);
  return status === undefined || status >= 500 || attempts > 1;
};

const hasStarted = (context: OperationContext, id: string): Promise<boolean> =>
  waitForStart(context.waitContext, `operation ${id}`, async () => (await readOperation(context, id)) !== undefined);

/** Starts an operation and follows it to its end. The token is the operation's id, which a lost reply cannot hide. */
export const runOperation = async (
  context: OperationContext,
  operation: OperationRequest,
  setUpdate: SetUpdate = {},
): Promise<OperationRun | undefined> => {
  const { tokens, saveOperation, log, request } = context;
  const title = formatOperationTitle(operation);
  await waitForOtherOperations(context);
  let id = tokens.create();
  saveOperation(id);
  try {
    const { OperationId: returned } = await sendOperation(context, operation, { id, setUpdate });
    if (returned !== undefined && returned !== id) {
      id = returned;
      saveOperation(id);
    }
  } catch (error) {
    if (mayHaveStarted(error) && (await hasStarted(context, id))) {
      log.info(`The response to ${title} was lost; operation ${id} has started`);
    } else {
      saveOperation(undefined);
      if (hasServiceErrorCode(error, 'OperationInProgressException', 'StaleRequestException'))
        throw new StalePlanError(title, { cause: error });
      throw error;
    }
  }
  if (!request.wait) {
    saveOperation(undefined);
    return undefined;
  }
  const run = await log.group(title, () => followOperation(context, id, title));
  saveOperation(undefined);
  return run;
};

/** Time until all results of an ended operation are final. */
const FINAL_RESULTS_TIMEOUT_MS = 30_000;

/** Lists of results may lag behind the status of their operation. Results that stay without an end are failures. */
const readFinalResults = async (
  { reader, waitContext, log }: OperationContext,
  id: string,
  matrix: ResultMatrix,
): Promise<void> => {
  if (matrix.isComplete) return;
  const read = async () => {
    const progressed = matrix.update(await reader.listResults(id));
    return matrix.isComplete ? { state: 'done' as const, value: true } : { state: 'pending' as const, progressed };
  };
  const deadline = Math.min(waitContext.deadline, waitContext.clock.now() + FINAL_RESULTS_TIMEOUT_MS);
  await poll({ ...waitContext, label: `final results of operation ${id}`, deadline, read }).catch((error: unknown) => {
    if (!(error instanceof DeliveryError && error.code === 'timeout')) throw error;
    log.warning(error.message);
  });
};

/** Follows an operation and its results; one line for each change of state. */
export const followOperation = async (context: OperationContext, id: string, title: string): Promise<OperationRun> => {
  const { reader, waitContext, log } = context;
  const matrix = new ResultMatrix(log);
  const operation = await poll<StackSetOperation>({
    ...waitContext,
    label: `operation ${id} of the stack set to end`,
    backoff: POLL_BACKOFF,
    read: async () => {
      const current = await readOperation(context, id);
      const progressed = matrix.update(await reader.listResults(id));
      const hasEnded = current?.Status !== undefined && !isActive(current);
      return hasEnded && current !== undefined ? { state: 'done', value: current } : { state: 'pending', progressed };
    },
  });
  await readFinalResults(context, id, matrix);
  const status = operation.Status === 'SUCCEEDED' || operation.Status === 'STOPPED' ? operation.Status : 'FAILED';
  return { id, title, status, reason: operation.StatusReason ?? '', results: matrix.results };
};
