import { randomUUID } from 'node:crypto';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { type CleanupContext, deleteChangeSetAndStack } from '../change-set/review-stack.js';
import type { CloudFormation } from '../cloudformation-client.js';
import { stopOperation } from '../operation/stop-operation.js';
import { type CleanupTarget, type PostStepState, readPostState } from './post-state.js';

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

/** Applies `on-cancel` if the main step was killed or cancelled; does nothing after a completed run. */
export const runPostCleanup = async (host: Host, createClient: (region: string) => CloudFormation): Promise<void> => {
  const state = readPostState(host);
  if (state === undefined) return;
  const { clock, signal, log } = host;
  const waitContext = { clock, signal, random: Math.random, deadline: clock.now() + MAX_CLEANUP_MS };
  const message = await cleanUpState(
    { cloudFormation: createClient(state.region), waitContext, log, token: randomUUID() },
    state,
  );
  log.info(`Cleanup done: ${message}`);
};
