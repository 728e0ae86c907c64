import { classify, type ErrorClass } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { poll } from '@aws-delivery/action-kit/poll';
import { StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import type { RolloutContext } from './context.js';
import {
  type Deployment,
  isRunning,
  type Place,
  readDeployment,
  readStanding,
  type Standing,
  stopDeployment,
} from './deployment.js';
import type { FlightSlot } from './flight.js';
import type { ProfileEntry } from './inventory.js';
import { decideStep } from './plan.js';
import { isAnswer, isConflict } from './refusal.js';
import type { Target } from './target.js';

/** One deployment that is about to begin. */
export interface Departure {
  readonly target: Target;
  readonly place: Place;
  readonly profile: ProfileEntry;
  readonly strategyId: string;
  readonly version: string;
  readonly description: string;
  /** `shop/dev FeatureFlags`. */
  readonly name: string;
  readonly slot: FlightSlot;
}

export type Beginning =
  | { readonly kind: 'begun'; readonly number: number }
  /** Somebody else has deployed the same meanwhile. */
  | { readonly kind: 'unchanged'; readonly deployed: Deployment };

// Another start under the lock does no harm, and the look before it finds what the one before has begun.
const SURVIVED: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

/** How often a lock may break: somebody who deploys that often is at work on this environment. */
const MOST_ATTEMPTS = 20;

/** How often more to look, where a start may have been carried out though the answer is trouble. */
const DOUBTFUL_ATTEMPTS = 3;

/** A start was answered with trouble only: nothing tells whether it was carried out. */
export class DoubtfulStart extends DeliveryError {
  constructor(
    /** The number the deployment has, if it has begun. */
    readonly number: number,
    cause: unknown,
  ) {
    super('unavailable', `it is not known whether it has begun: ${textOf(cause)}`, { cause });
  }
}

/** Passes over an error of a start that another look may mend; throws what is left to say of any other. */
const weigh = (error: unknown, { attempt, number }: { readonly attempt: number; readonly number: number }): void => {
  if (isConflict(error)) {
    if (attempt >= MOST_ATTEMPTS) throw error;
    return;
  }
  if (!SURVIVED.includes(classify(error))) throw error;
  if (attempt >= DOUBTFUL_ATTEMPTS) throw new DoubtfulStart(number, error);
};

const CONFLICT_PACE = { first: 2000, ceiling: 15_000 };

const untilFree = (
  { appConfig, waiting }: RolloutContext,
  { place, name }: Departure,
  { other, deadline }: { readonly other: Deployment; readonly deadline: number },
) =>
  poll<undefined>({
    ...waiting,
    what: `deployment ${other.number} of '${other.profile}' to end, which ${name} waits for`,
    deadline,
    pace: CONFLICT_PACE,
    read: async () =>
      isRunning(await readDeployment(appConfig, place, other.number))
        ? { state: 'pending' }
        : { state: 'done', value: undefined },
  });

const stopOther = async ({ appConfig }: RolloutContext, { place }: Departure, { number }: Deployment) => {
  try {
    await stopDeployment(appConfig, place, { number, isRevert: false });
  } catch (error) {
    // It has come to its end meanwhile.
    if (!isAnswer(error, 'BadRequestException')) throw error;
  }
};

/** A deployment that is in the way. */
interface Obstacle {
  readonly other: Deployment;
  /** Whether it is one of an earlier attempt of this step. */
  readonly isOwn: boolean;
  /** Until when to wait for it, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** Does what `on-conflict` says about another deployment; one of an earlier attempt of this step is waited for. */
const giveWay = async (context: RolloutContext, departure: Departure, { other, isOwn, deadline }: Obstacle) => {
  const { request, log } = context;
  const policy = isOwn ? 'wait' : request.policies.onConflict;
  const what = `deployment ${other.number} of '${other.profile}' is under way (${other.state})`;
  if (policy === 'fail') {
    throw new DeliveryError('conflict', `${what}: wait for its end, or set 'on-conflict' to wait or stop`);
  }
  if (policy === 'stop') await stopOther(context, departure, other);
  log.info(`${departure.name}: ${what}, ${policy === 'stop' ? 'stopping it' : 'waiting for its end'}`);
  await untilFree(context, departure, { other, deadline });
};

const start = async ({ appConfig, request }: RolloutContext, departure: Departure, latest: number): Promise<number> => {
  const { place, profile, strategyId, version, description } = departure;
  const { kmsKeyId, parameters } = request.extras;
  const { DeploymentNumber: number } = await appConfig.client.send(
    new StartDeploymentCommand({
      ApplicationId: place.applicationId,
      EnvironmentId: place.environmentId,
      ConfigurationProfileId: profile.id,
      ConfigurationVersion: version,
      DeploymentStrategyId: strategyId,
      Description: description,
      KmsKeyIdentifier: kmsKeyId,
      DynamicExtensionParameters: parameters,
      // An environment without deployments has no latest one to lock on.
      LatestDeploymentNumber: latest === 0 ? undefined : latest,
    }),
  );
  if (number !== undefined) return number;
  throw new DeliveryError('unexpected', 'AppConfig began a deployment and named no number');
};

/** Looks whether a deployment is this very one: its answer was lost, or an earlier attempt of this step began it. */
const isThisOne = async (context: RolloutContext, departure: Departure, other: Deployment) => {
  const { description } = await readDeployment(context.appConfig, departure.place, other.number);
  const isOwn = context.mark.isOwn(description);
  const isSame = isOwn && other.profileId === departure.profile.id && other.version === departure.version;
  return { isOwn, isSame, description };
};

const adopt = ({ slot, place, name }: Departure, number: number, description: string): Beginning => {
  slot.expect({ ...place, name, number, description });
  return { kind: 'begun', number };
};

const look = async (
  context: RolloutContext,
  departure: Departure,
  { standing, deadline }: { readonly standing: Standing; readonly deadline: number },
): Promise<Beginning | 'again' | 'free'> => {
  const { running } = standing;
  if (running !== undefined) {
    const { isOwn, isSame, description } = await isThisOne(context, departure, running);
    if (isSame) return adopt(departure, running.number, description);
    await giveWay(context, departure, { other: running, isOwn, deadline });
    return 'again';
  }
  const { target, profile, place } = departure;
  const { applicationId } = place;
  const { decision, deployed } = await decideStep(context.planning, { target, profile, applicationId, standing });
  if (decision === 'deploy' || deployed === undefined) return 'free';
  const { isSame, description } = await isThisOne(context, departure, deployed);
  return isSame ? adopt(departure, deployed.number, description) : { kind: 'unchanged', deployed };
};

/**
 * Begins a deployment under the lock of the environment's latest one, once nobody else's is under way. What it is about
 * to do is saved for the post step first. Throws `conflict`, `timeout`, and what AppConfig refuses.
 */
export const begin = async (context: RolloutContext, departure: Departure): Promise<Beginning> => {
  const { appConfig, waiting, request } = context;
  const { place, profile, slot, name, description } = departure;
  const deadline = waiting.clock.now() + request.policies.conflictTimeout;
  for (let attempt = 1; ; attempt += 1) {
    const standing = await readStanding(appConfig, place, [profile.id]);
    const seen = await look(context, departure, { standing, deadline });
    if (seen === 'again') continue;
    if (seen !== 'free') return seen;
    const number = standing.latest + 1;
    slot.expect({ ...place, name, number, description });
    try {
      return { kind: 'begun', number: await start(context, departure, standing.latest) };
    } catch (error) {
      weigh(error, { attempt, number });
    }
    await waiting.clock.sleep(1000 * Math.min(attempt, 10), waiting.signal);
  }
};
