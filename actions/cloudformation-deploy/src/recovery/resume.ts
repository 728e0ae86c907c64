import type { RunContext } from '../context.js';
import type { DeployRequest, RetryRequest } from '../inputs/request.js';
import type { Continue, Outcome } from '../result.js';
import type { Stack } from '../stack/stack.js';
import { handleOutcome } from './failure-handling.js';
import { listCreatedResources } from './retained-resources.js';
import { retryOnce } from './retry.js';

/** Keeps in the journal that the run goes on from a preserved failure, and with what. */
export const recordResumption = async (
  { cloudFormation, record }: RunContext,
  stack: Stack | undefined,
): Promise<void> => {
  if (record.wasResumed || stack === undefined) return;
  record.wasResumed = true;
  record.createdBefore = await listCreatedResources(cloudFormation, stack.id);
};

/** Goes on from a preserved failure as it is: the cause lay outside the template. */
export const retryPreservedFailure = async (
  context: RunContext<DeployRequest | RetryRequest>,
  stack: Stack,
): Promise<Outcome | Continue> => {
  const { recovery, settings } = context.request;
  await recordResumption(context, stack);
  const outcome = await retryOnce(context, stack, 1);
  if (outcome.kind === 'impossible') {
    const hint = 'change the template or a parameter and deploy, or run mode rollback';
    return { kind: 'rejected', reason: `the preserved failure cannot be retried: ${outcome.reason}; ${hint}` };
  }
  return handleOutcome(context, outcome.result, { recovery, settings, canRedeploy: context.request.mode === 'deploy' });
};
