import { textOf } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import type { AppConfig } from './appconfig.js';
import { type DeploymentDetail, isRunning, readDeployment, stopDeployment } from './deployment.js';
import { type Flight, type FlightTerms, flightsIn } from './flight.js';
import { groupBy } from './group.js';
import { inPool } from './pool.js';
import { isAbsent } from './refusal.js';

const AT_ONCE = 16;

/** The deployment of a flight, where it has begun: another one may have taken its number. */
const found = async (appConfig: AppConfig, flight: Flight): Promise<DeploymentDetail | undefined> => {
  try {
    const detail = await readDeployment(appConfig, flight, flight.number);
    return detail.description === flight.description ? detail : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};

/** Does what the policy says about one deployment. Gives back what was done, in words. */
const settle = async (appConfig: AppConfig, flight: Flight, policy: FlightTerms['policy']): Promise<string> => {
  const detail = await found(appConfig, flight);
  if (detail === undefined) return 'it did not begin';
  const { number, state } = detail;
  if (policy === 'leave') return `deployment ${number} is left as it is (${state})`;
  if (isRunning(detail) && state !== 'ROLLING_BACK') {
    // It may complete at any moment; then only a policy of reverting takes it back.
    await stopDeployment(appConfig, flight, { number, isRevert: policy === 'revert' });
    return `deployment ${number} was stopped and is rolled back`;
  }
  if (state !== 'COMPLETE' || policy !== 'revert') return `deployment ${number} is ${state}`;
  await stopDeployment(appConfig, flight, { number, isRevert: true });
  return `deployment ${number} was reverted`;
};

/** What the post step does: nothing after a run that came to its own end, else what `on-cancel` says. */
export const cleanUpAfter = async (host: Host, connect: (region: string) => AppConfig): Promise<void> => {
  const saved = flightsIn(host);
  if (saved === undefined) return;
  const { terms, flights } = saved;
  const appConfig = connect(terms.region);
  host.log.info(`the run did not come to its end; on-cancel is ${terms.policy}`);
  const environments = groupBy(flights, ({ environmentId }) => environmentId);
  await inPool([...environments.values()], AT_ONCE, async (own) => {
    // The newest first: an environment goes back the way it came.
    for (const flight of own.toReversed()) {
      const done = await settle(appConfig, flight, terms.policy).catch(
        (error: unknown) => `it could not be settled: ${textOf(error)}`,
      );
      host.log.info(`${flight.name}: ${done}`);
    }
  });
};
