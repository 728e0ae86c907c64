import { logList } from '@aws-delivery/action-kit/host/log';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import type { AppConfig } from '../appconfig/client.js';
import { formatProfileName } from '../desired/desired-profile.js';
import type { RunContext } from '../run-context.js';
import { compareContents } from './content-difference.js';
import { readDeployedContent } from './deployed-content.js';
import { compareText, type Difference, formatDifference } from './difference.js';
import { createPlannedResult } from './plan-report.js';
import type { EnvironmentPlan, ProfilePlan } from './rollout-plan.js';

const DIFF_CONCURRENCY = 16;

/** Compares a desired profile with the deployed version, key by key; an external source by its version. */
const compareProfile = async (
  appConfig: AppConfig,
  { application }: EnvironmentPlan,
  { desired, deployed, decision, sourceVersion }: ProfilePlan,
): Promise<readonly Difference[]> => {
  if (decision !== 'deploy') return [];
  if (desired.source.kind === 'external') return compareText(deployed?.version, sourceVersion);
  const before =
    deployed === undefined || application === undefined
      ? undefined
      : await readDeployedContent(appConfig, application.id, deployed, desired.type);
  return compareContents(before, desired.source.content);
};

/** Records and logs what a rollout would change. */
export const previewDifferences = async (
  { appConfig, record, log }: RunContext,
  plans: readonly EnvironmentPlan[],
): Promise<void> => {
  const profiles = plans.flatMap((plan) => plan.profiles.map((profilePlan) => ({ plan, profilePlan })));
  await mapConcurrent(profiles, DIFF_CONCURRENCY, async ({ plan, profilePlan }) => {
    const differences = await compareProfile(appConfig, plan, profilePlan);
    record.set({ ...createPlannedResult(profilePlan, 'planned'), differences });
  });
  const lines = record.results.flatMap((result) => {
    if (result.state === 'failed') return [];
    const decision = result.state === 'unchanged' ? 'unchanged' : 'would be deployed';
    const differences = (result.differences ?? []).map((difference) => `  ${formatDifference(difference)}`);
    return [`${formatProfileName(result)}: ${decision}`, ...differences];
  });
  logList(log, lines);
};
