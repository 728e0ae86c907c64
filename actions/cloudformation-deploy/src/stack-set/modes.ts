import { pluralize } from '@aws-delivery/action-kit/util/format';
import { DeleteStackSetCommand } from '@aws-sdk/client-cloudformation';
import { followOperation, isActive, runOperation } from './operation.js';
import { planRemoval, planRetry } from './plan.js';
import type { StackSetContext, StackSetOutcome } from './result.js';
import {
  assertPermissionModel,
  getRunOutcome,
  readState,
  runOperations,
  runWithRetries,
  type State,
  toDesired,
} from './run-operations.js';

/** Reads an existing set; an outcome if there is none. */
const readExisting = async (context: StackSetContext): Promise<State | StackSetOutcome> => {
  const { request } = context;
  const state = await readState(context);
  if (state.stackSet !== undefined) {
    if (request.mode !== 'wait') assertPermissionModel(request, state.stackSet);
    return state;
  }
  if (request.mode === 'delete') return { kind: 'unchanged', isFailure: false };
  return { kind: 'rejected', reason: `stack set ${request.name} does not exist: run mode: deploy first` };
};

export const retryStackSet = (context: StackSetContext): Promise<StackSetOutcome> =>
  runWithRetries(context, async () => {
    const state = await readExisting(context);
    if ('kind' in state) return state;
    const operations = planRetry(toDesired(context.request), state);
    context.record.planned = operations;
    return runOperations(context, operations);
  });

/** Deletes the instances, and the set once it has no instances. */
export const deleteStackSet = (context: StackSetContext): Promise<StackSetOutcome> =>
  runWithRetries(context, async () => {
    const { request, record, cloudFormation, reader, log } = context;
    const state = await readExisting(context);
    if ('kind' in state) return state;
    const operations = planRemoval(toDesired(request), state);
    record.planned = operations;
    const result = await runOperations(context, operations);
    if (result !== 'succeeded') return result;
    const remaining = await reader.listInstances();
    if (remaining.length > 0) {
      record.notes.push(`The stack set was kept: ${pluralize(remaining.length, 'instance')} remain.`);
      return result;
    }
    await cloudFormation.send(new DeleteStackSetCommand(reader.address));
    log.info(`Deleted stack set ${request.name}`);
    return { kind: 'done' };
  });

export const detectStackSetDrift = (context: StackSetContext): Promise<StackSetOutcome> =>
  runWithRetries(context, async () => {
    const { request, record } = context;
    const state = await readExisting(context);
    if ('kind' in state) return state;
    const cells = state.instances.map(({ account, region }) => `${account}/${region}`);
    const run = await runOperation(context, { kind: 'drift', targets: undefined, cells });
    if (run === undefined) return 'started';
    record.operations.push(run);
    if (run.status !== 'SUCCEEDED') return 'failed';
    await readState(context);
    const isFailure = request.failOnDrift && record.instances.some(({ driftStatus }) => driftStatus !== 'IN_SYNC');
    return { kind: 'drift', isFailure };
  });

/** Follows the operation in progress, or reports how the latest one ended. */
export const waitForStackSet = async (context: StackSetContext): Promise<StackSetOutcome> => {
  const { reader, record } = context;
  const state = await readExisting(context);
  if ('kind' in state) return state;
  const operations = await reader.listRecentOperations();
  const active = operations.findLast(isActive);
  const latest = active ?? operations[0];
  if (latest?.OperationId === undefined) return { kind: 'unchanged', isFailure: false };
  if (active === undefined && latest.Status === 'SUCCEEDED') return { kind: 'unchanged', isFailure: false };
  const run = await followOperation(context, latest.OperationId, `Operation ${latest.OperationId}`);
  record.operations.push(run);
  await readState(context);
  return getRunOutcome(context, run.status === 'SUCCEEDED' ? 'succeeded' : 'failed');
};
