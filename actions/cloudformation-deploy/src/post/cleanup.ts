import { randomUUID } from 'node:crypto';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { withLabel } from '@aws-delivery/action-kit/host/log';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { tryParseArn } from '@aws-delivery/aws/arn';
import type { AssumedRole } from '@aws-delivery/aws/assume-role';
import { type CleanupContext, deleteChangeSetAndStack } from '../change-set/review-stack.js';
import type { CloudFormation } from '../cloudformation-client.js';
import { stopOperation } from '../operation/stop-operation.js';
import { type CleanupTarget, type PostStepState, readPostStates, STACK_SET_STATE } from './post-state.js';

/** Time limit of the post step: a runner allows five minutes for all post steps of a cancelled job. */
const MAX_CLEANUP_MS = 120_000;

const deleteTarget = async (context: CleanupContext, cleanupTarget: CleanupTarget): Promise<string> => {
  await deleteChangeSetAndStack(context, cleanupTarget);
  return `deleted change set ${cleanupTarget.changeSet}`;
};

const cleanUpState = async (
  context: CleanupContext,
  { pendingCleanup, policy, roleArn }: PostStepState,
): Promise<string> => {
  if (pendingCleanup.kind === 'change-set') return deleteTarget(context, pendingCleanup.cleanupTarget);
  const { stack: stackId, token, cleanupTarget } = pendingCleanup;
  const stopMessage = await stopOperation({ ...context, stackId, token, policy, roleArn });
  if (stopMessage !== undefined) return stopMessage;
  return cleanupTarget === undefined ? 'the operation was not started' : deleteTarget(context, cleanupTarget);
};

const getStackName = ({ pendingCleanup }: PostStepState): string => {
  const stack = pendingCleanup.kind === 'operation' ? pendingCleanup.stack : pendingCleanup.cleanupTarget.stack;
  return tryParseArn(stack)?.resource.split('/')[1] ?? stack;
};

/**
 * Applies `on-cancel` if the main step was killed or cancelled, to all stacks at once; does nothing after a completed
 * run.
 */
export const runPostCleanup = async (
  host: Host,
  createClient: (region: string, role: AssumedRole | undefined) => CloudFormation,
): Promise<void> => {
  const stackSetOperation = host.readState(STACK_SET_STATE);
  if (stackSetOperation) {
    const { runStackSetCleanup } = await import('./stack-set-cleanup.js');
    await runStackSetCleanup(host, stackSetOperation, (region) => createClient(region, undefined));
    return;
  }
  const states = readPostStates(host);
  const { clock, signal } = host;
  const waitContext = { clock, signal, random: Math.random, deadline: clock.now() + MAX_CLEANUP_MS };
  const cleanUp = async (state: PostStepState): Promise<void> => {
    const log = states.length === 1 ? host.log : withLabel(host.log, getStackName(state));
    const context = {
      cloudFormation: createClient(state.region, state.assumedRole),
      waitContext,
      log,
      token: randomUUID(),
    };
    try {
      log.info(`Cleanup done: ${await cleanUpState(context, state)}`);
    } catch (error) {
      log.warning(`Cleanup failed: ${errorMessage(error)}`);
    }
  };
  await Promise.all(states.map(cleanUp));
};
