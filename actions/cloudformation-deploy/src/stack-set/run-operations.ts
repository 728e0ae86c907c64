import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { StackSet as AwsStackSet } from '@aws-sdk/client-cloudformation';
import { calculateRetryDelay } from '../recovery/retry.js';
import { groupFailures, listFailedResults } from './failures.js';
import { runOperation, type SetUpdate, StalePlanError } from './operation.js';
import type { ActualTargets, DesiredTargets, Overrides, PlannedOperation } from './plan.js';
import type { StackSetRequest } from './request.js';
import type { StackSetContext, StackSetOutcome } from './result.js';
import type { Instance } from './stack-set.js';
import { createTargetGroups, findTargetCell } from './targets.js';

const MAX_ROUNDS = 10;
const REPLAN_DELAY_MS = 5000;

export const toDesired = ({
  targets,
  regions,
  getOverrides,
  removeUntargeted,
  retainStacks,
}: StackSetRequest): DesiredTargets => ({
  groups: createTargetGroups(targets),
  isServiceManaged: targets.kind === 'units',
  regions,
  getOverrides,
  removeUntargeted,
  retainStacks,
});

export interface State extends ActualTargets<Instance> {
  readonly stackSet: AwsStackSet | undefined;
}

/** Reads the set and its instances. Overrides are read only if they are given. */
export const readState = async ({ reader, request, record, log }: StackSetContext): Promise<State> => {
  const stackSet = await reader.find();
  record.stackSet = stackSet ?? record.stackSet;
  const instances = stackSet === undefined ? [] : await reader.listInstances();
  const { groups } = toDesired(request);
  const targeted = instances.filter((instance) => findTargetCell(groups, request.regions, instance) !== undefined);
  record.instances = request.mode === 'wait' ? instances : targeted;
  const isServiceManaged = request.targets.kind === 'units';
  const warn = (reason: string): void =>
    log.warning(`Targets cannot be read, so units are known only by their instances: ${reason}`);
  const unitRegions = stackSet !== undefined && isServiceManaged ? await reader.listUnitRegions(warn) : new Map();
  const needsOverrides = request.getOverrides !== undefined && request.mode !== 'delete';
  const overrides = needsOverrides ? await reader.readOverrides(targeted) : new Map<Instance, Overrides>();
  return { stackSet, instances, unitRegions, getOverrides: (instance) => overrides.get(instance) ?? new Map() };
};

/** @throws DeliveryError for a set that has other permissions than the inputs */
export const assertPermissionModel = ({ settings }: StackSetRequest, { PermissionModel }: AwsStackSet): void => {
  if (PermissionModel === undefined || PermissionModel === settings.permissionModel) return;
  const hint = 'change the targets, or use another stack set';
  throw new DeliveryError('invalid-input', `the stack set has the permission model ${PermissionModel}: ${hint}`);
};

export type OperationsResult = 'succeeded' | 'started' | 'partial' | 'failed';

/** Runs operations one after the other, until one fails. */
export const runOperations = async (
  context: StackSetContext,
  operations: readonly PlannedOperation[],
  updates: Partial<Record<PlannedOperation['kind'], SetUpdate>> = {},
): Promise<OperationsResult> => {
  const { record } = context;
  let result: OperationsResult = 'succeeded';
  for (const operation of operations) {
    if (operation.kind === 'update-set') record.wasSetUpdated = true;
    const run = await runOperation(context, operation, updates[operation.kind]);
    if (run === undefined) return 'started';
    record.operations.push(run);
    if (run.status !== 'SUCCEEDED') return 'failed';
    if (run.results.some(({ status }) => status !== 'SUCCEEDED')) result = 'partial';
  }
  return result;
};

/** Whether all failures may pass by themselves. Cancelled instances follow from the failures of others. */
const hasOnlyTransientFailures = ({ record }: StackSetContext): boolean => {
  const causes = listFailedResults(record.operations).filter(({ status }) => status !== 'CANCELLED');
  return causes.length > 0 && groupFailures(causes, []).every(({ isTransient }) => isTransient);
};

/** Waits for the next attempt; false if none is left or a retry would not help. */
const prepareRetry = async (context: StackSetContext): Promise<boolean> => {
  const { request, record, waitContext, log } = context;
  if (record.retries >= request.retryAttempts || !hasOnlyTransientFailures(context)) return false;
  record.retries += 1;
  const options = { initialDelayMs: request.retryPauseMs, causes: [], random: waitContext.random };
  const delayMs = calculateRetryDelay(record.retries, options);
  log.info(`Retry ${record.retries} of ${request.retryAttempts} of the failed instances in ${formatDuration(delayMs)}`);
  await waitContext.clock.sleep(delayMs, waitContext.signal);
  return true;
};

/** The outcome of operations that have ended, including instances that no operation can repair. */
export const getRunOutcome = ({ record, request }: StackSetContext, result: OperationsResult): StackSetOutcome => {
  if (result === 'started') return { kind: 'started' };
  if (result === 'failed') return { kind: 'failed' };
  const isInoperable = request.mode !== 'delete' && record.instances.some(({ status }) => status === 'INOPERABLE');
  const hasFailures = listFailedResults(record.operations).length > 0;
  if (result === 'partial' || hasFailures || isInoperable) return { kind: 'partial', isFailure: request.failOnPartial };
  if (record.operations.length > 0 || record.wasCreated) return { kind: 'done' };
  return { kind: 'unchanged', isFailure: request.mode === 'deploy' && request.failOnEmpty };
};

type StepResult = OperationsResult | StackSetOutcome | 'incomplete';

/** The outcome of a step; undefined if the step has to be repeated. */
const handleStepResult = async (context: StackSetContext, result: StepResult): Promise<StackSetOutcome | undefined> => {
  if (typeof result !== 'string') return result;
  if (result === 'incomplete') return undefined;
  const isFailure = result === 'failed' || result === 'partial';
  if (isFailure && (await prepareRetry(context))) return undefined;
  if (result !== 'started') await readState(context);
  return getRunOutcome(context, result);
};

/** Repeats a step while the set changes concurrently, and retries transient failures. */
export const runWithRetries = async (
  context: StackSetContext,
  step: () => Promise<StepResult>,
): Promise<StackSetOutcome> => {
  const { log, waitContext, request } = context;
  for (let round = 0; round <= MAX_ROUNDS + request.retryAttempts; round += 1) {
    try {
      const outcome = await handleStepResult(context, await step());
      if (outcome !== undefined) return outcome;
    } catch (error) {
      if (!(error instanceof StalePlanError)) throw error;
      log.info('Stack set changed concurrently, reading it again');
      await waitContext.clock.sleep(REPLAN_DELAY_MS, waitContext.signal);
    }
  }
  throw new DeliveryError('conflict', 'the stack set keeps changing: wait for other deployments, then run again');
};
