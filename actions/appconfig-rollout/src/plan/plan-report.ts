import type { Host } from '@aws-delivery/action-kit/host/host';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { checkCredentialExpiry } from '@aws-delivery/aws/credentials';
import { formatProfileName } from '../desired/desired-profile.js';
import { getExpectedDuration } from '../inputs/strategy.js';
import type { RunContext } from '../run-context.js';
import type { ProfileResult, RunRecord } from '../run-record.js';
import type { EnvironmentPlan, ProfilePlan } from './rollout-plan.js';

/** The result of a profile before anything is deployed. */
export const createPlannedResult = (
  { desired, deployed, decision, running, failure }: ProfilePlan,
  state: 'planned' | 'waiting',
): ProfileResult => ({
  tenant: desired.tenant,
  environment: desired.environment,
  profile: desired.profile,
  state: decision === 'deploy' ? state : decision,
  version: deployed?.version,
  label: deployed?.label,
  reason:
    running === undefined ? failure : `deployment ${running.number} of the profile is in progress (${running.state})`,
  ...(desired.source.kind === 'hosted' ? { file: desired.source.file, template: desired.source.template } : {}),
});

/** Records every profile, so that reports name those that an early end of the run leaves undone. */
export const recordPlans = (
  plans: readonly EnvironmentPlan[],
  state: 'planned' | 'waiting',
  record: RunRecord,
): void => {
  for (const { profiles } of plans)
    for (const profilePlan of profiles) record.set(createPlannedResult(profilePlan, state));
};

/** Logs the profiles whose deployed configuration could not be read: they fail, and the others are deployed. */
export const logFailedReads = ({ record, log }: RunContext): void => {
  for (const result of record.results)
    if (result.state === 'failed') log.error(`${formatProfileName(result)}: ${result.reason}`);
};

export const logUnchanged = ({ record, log }: RunContext): void => {
  for (const result of record.results)
    if (result.state === 'unchanged') log.info(`${formatProfileName(result)}: unchanged`);
};

/** Adds a notice for environments whose strategy bakes without an alarm that could roll back. */
export const warnAboutMissingMonitors = (plans: readonly EnvironmentPlan[], record: RunRecord): void => {
  const unmonitored = plans.filter(
    ({ entry, strategy }) => entry?.monitorCount === 0 && strategy.growth.bakeMinutes > 0,
  );
  if (unmonitored.length === 0) return;
  const shown = unmonitored.slice(0, 5).map(({ tenant, environment }) => `${tenant}/${environment}`);
  const more = unmonitored.length > shown.length ? ` (${unmonitored.length - shown.length} more)` : '';
  record.notices.push(
    `No CloudWatch alarm monitors ${shown.join(', ')}${more}: the bake time cannot trigger a rollback`,
  );
};

/** Logs the time that the longest environment needs, and a warning if the credentials expire before. */
export const warnAboutExpiry = (plans: readonly EnvironmentPlan[], { env, clock, log }: Host): void => {
  const durations = plans.map(({ profiles, strategy }) => {
    const count = profiles.filter(({ decision }) => decision === 'deploy').length;
    return count * getExpectedDuration(strategy.growth);
  });
  const maxDuration = Math.max(0, ...durations);
  if (maxDuration > 0) log.info(`Estimated duration: ${formatDuration(maxDuration)} (longest environment)`);
  const warning = checkCredentialExpiry(env, clock.now(), clock.now() + maxDuration);
  if (warning !== undefined) log.warning(warning);
};
