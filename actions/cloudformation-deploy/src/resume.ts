import { conclude } from './conclusion.js';
import type { Context } from './context.js';
import { madeSoFar } from './kept.js';
import type { DeployRequest, RetryRequest } from './request.js';
import type { Ending } from './result.js';
import { retryOnce } from './retry.js';
import type { Stack } from './stack.js';

/** Keeps in the journal that the run goes on from a preserved failure, and with what. */
export const noteResumption = async ({ cloudFormation, journal }: Context, stack: Stack | undefined): Promise<void> => {
  if (journal.wasResumed || stack === undefined) return;
  journal.wasResumed = true;
  journal.madeBefore = await madeSoFar(cloudFormation, stack.id);
};

/** Goes on from a preserved failure as it is: the cause lay outside the template. */
export const retry = async (
  context: Context<DeployRequest | RetryRequest>,
  stack: Stack,
): Promise<Ending | 'again'> => {
  const { recovery, settings } = context.request;
  await noteResumption(context, stack);
  const outcome = await retryOnce(context, stack, 1);
  if (outcome.kind === 'impossible') {
    const remedy = 'change the template or a parameter and deploy, or run mode rollback';
    return { kind: 'refused', reason: `the preserved failure cannot be retried: ${outcome.reason}; ${remedy}` };
  }
  return conclude(context, outcome.end, { recovery, settings, isRepeatable: context.request.mode === 'deploy' });
};
