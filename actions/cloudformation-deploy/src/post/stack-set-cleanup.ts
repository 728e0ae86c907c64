import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { CloudFormation } from '../cloudformation-client.js';
import { readOperation, stopStackSetOperation } from '../stack-set/operation.js';
import { type StackSetAddress, StackSetReader } from '../stack-set/stack-set.js';
import { STACK_SET_STATE } from './post-state.js';

/** The operation that the post step stops if the main step ends before it. */
interface SavedOperation extends StackSetAddress {
  readonly operationId: string;
  readonly region: string;
}

/** Saves the operation before it starts, since the main step may be killed at any time; undefined clears the state. */
export const saveStackSetOperation = (
  { saveState }: Pick<Host, 'saveState'>,
  operation: SavedOperation | undefined,
): void => {
  saveState(STACK_SET_STATE, operation === undefined ? '' : JSON.stringify(operation));
};

const parseOperation = (json: string): SavedOperation => {
  const value: unknown = JSON.parse(json);
  if (isRecord(value)) {
    const { StackSetName, CallAs, operationId, region } = value;
    const isNamed = typeof StackSetName === 'string' && typeof operationId === 'string' && typeof region === 'string';
    if (isNamed) return { StackSetName, operationId, region, ...(CallAs === 'DELEGATED_ADMIN' ? { CallAs } : {}) };
  }
  throw new DeliveryError('unexpected', 'the state saved by the main step cannot be read');
};

/** Stops the operation that a cancelled or killed main step has started. */
export const runStackSetCleanup = async (
  { log }: Host,
  json: string,
  createClient: (region: string) => CloudFormation,
): Promise<void> => {
  const { operationId, region, ...address } = parseOperation(json);
  const cloudFormation = createClient(region);
  const context = { cloudFormation, reader: new StackSetReader(cloudFormation, address) };
  const operation = await readOperation(context, operationId);
  if (operation === undefined) {
    log.info('Cleanup done: the operation was not started');
    return;
  }
  if (operation.Status !== 'RUNNING' && operation.Status !== 'QUEUED') {
    log.info(`Cleanup done: the operation has ended (${operation.Status})`);
    return;
  }
  await stopStackSetOperation(context, operationId);
  log.info(`Cleanup done: operation ${operationId} is being stopped`);
};
