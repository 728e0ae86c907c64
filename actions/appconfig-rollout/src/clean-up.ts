import { textOf } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { poll } from '@aws-delivery/action-kit/poll';
import type { AppConfig } from './appconfig.js';
import { type DeploymentDetail, readDeployment, stopDeployment } from './deployment.js';
import { type Flight, type FlightTerms, flightsIn } from './flight.js';
import { groupBy } from './group.js';
import { inPool } from './pool.js';
import { isAbsent, isAnswer, isConflict } from './refusal.js';

const AT_ONCE = 16;

/**
 * For how long a deployment may not be seen yet, in milliseconds: the run may have been killed while the start was on
 * its way, and reads may be behind.
 */
const UNSEEN = 10_000;

/** How long to see to one deployment, in milliseconds: a host gives a post step minutes, not hours. */
const PATIENCE = 5 * 60_000;

type Policy = FlightTerms['policy'];

/** What a flight is found to be. */
type Sight =
  | { readonly kind: 'nothing' }
  /** Somebody else's deployment has its number. */
  | { readonly kind: 'another' }
  | { readonly kind: 'found'; readonly detail: DeploymentDetail };

const sightOf = async (appConfig: AppConfig, flight: Flight): Promise<Sight> => {
  try {
    const detail = await readDeployment(appConfig, flight, flight.number);
    return detail.description === flight.description ? { kind: 'found', detail } : { kind: 'another' };
  } catch (error) {
    if (isAbsent(error)) return { kind: 'nothing' };
    throw error;
  }
};

/** Whether a deployment is as the policy wants it. */
const isSettled = ({ state }: DeploymentDetail, policy: Policy): boolean => {
  if (policy === 'leave') return true;
  return state === 'COMPLETE' ? policy === 'stop' : state === 'ROLLED_BACK' || state === 'REVERTED';
};

/** Takes a deployment back that is not settled; what it was before. */
const takeBack = async (appConfig: AppConfig, flight: Flight, { state }: DeploymentDetail, policy: Policy) => {
  if (state === 'ROLLING_BACK') return;
  try {
    await stopDeployment(appConfig, flight, { number: flight.number, isRevert: policy === 'revert' });
  } catch (error) {
    // Another one of its environment is still being taken back, or it came to another state meanwhile: look again.
    const hasMoved = state !== 'COMPLETE' && isAnswer(error, 'BadRequestException');
    if (!hasMoved && !isConflict(error)) throw error;
  }
};

const sentence = ({ number, state }: DeploymentDetail, before: string | undefined): string => {
  if (before === undefined) return `deployment ${number} is left as it is (${state})`;
  if (state === 'REVERTED') return `deployment ${number} was reverted`;
  return state === 'ROLLED_BACK'
    ? `deployment ${number} was stopped and rolled back`
    : `deployment ${number} is ${state}`;
};

/** Does what the policy says about one deployment, and waits until it is so. Gives back what was done, in words. */
const settle = (appConfig: AppConfig, host: Host, flight: Flight, policy: Policy): Promise<string> => {
  const { clock } = host;
  const since = clock.now();
  let before: string | undefined;
  return poll<string>({
    what: `${flight.name} (deployment ${flight.number}) to be taken back`,
    clock,
    deadline: since + PATIENCE,
    pace: { first: 1000, ceiling: 5000 },
    read: async () => {
      const sight = await sightOf(appConfig, flight);
      if (sight.kind === 'another') return { state: 'done', value: 'it did not begin' };
      if (sight.kind === 'nothing') {
        return clock.now() - since < UNSEEN ? { state: 'pending' } : { state: 'done', value: 'it did not begin' };
      }
      const { detail } = sight;
      if (isSettled(detail, policy)) return { state: 'done', value: sentence(detail, before) };
      before = detail.state;
      await takeBack(appConfig, flight, detail, policy);
      return { state: 'pending', moved: true };
    },
  });
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
      try {
        host.log.info(`${flight.name}: ${await settle(appConfig, host, flight, terms.policy)}`);
      } catch (error) {
        host.log.error(`${flight.name}: deployment ${flight.number} could not be settled: ${textOf(error)}`);
      }
    }
  });
};
