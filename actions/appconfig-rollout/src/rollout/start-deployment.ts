import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { classifyError, type ErrorClass } from '@aws-delivery/aws/error';
import { poll } from '@aws-delivery/aws/poll';
import { StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import {
  type Deployment,
  type EnvironmentRef,
  type EnvironmentState,
  isRunning,
  readDeployment,
  readEnvironmentState,
  stopDeployment,
} from '../appconfig/deployments.js';
import type { ProfileEntry } from '../appconfig/resources.js';
import { isConflict, isServiceError } from '../appconfig/service-error.js';
import type { DesiredProfile } from '../desired/desired-profile.js';
import { planProfile } from '../plan/rollout-plan.js';
import type { RolloutContext } from '../run-context.js';
import type { StateEntry } from './pending-deployments.js';

/** One deployment that is about to begin. */
export interface StartDeploymentOptions {
  readonly desired: DesiredProfile;
  readonly environmentRef: EnvironmentRef;
  readonly profile: ProfileEntry;
  readonly strategyId: string;
  readonly version: string;
  readonly description: string;
  /** `shop/dev FeatureFlags`. */
  readonly name: string;
  readonly stateEntry: StateEntry;
}

export type StartResult =
  | { readonly kind: 'started'; readonly number: number }
  /** Somebody else has deployed the same meanwhile. */
  | { readonly kind: 'unchanged'; readonly deployed: Deployment };

// Another start under the lock does no harm, and the look before it finds what the one before has begun.
const RETRYABLE_ERRORS: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

/** How often a lock may break: somebody who deploys that often is at work on this environment. */
const MAX_ATTEMPTS = 20;

/** How often more to look, where a start may have been carried out though the answer is trouble. */
const MAX_UNKNOWN_ATTEMPTS = 3;

/** A start was answered with trouble only: nothing tells whether it was carried out. */
export class UnknownStartError extends DeliveryError {
  constructor(
    /** The number the deployment has, if it has begun. */
    readonly number: number,
    cause: unknown,
  ) {
    super('unavailable', `it is not known whether it has begun: ${errorMessage(cause)}`, { cause });
  }
}

/** Passes over an error of a start that another look may mend; throws what is left to say of any other. */
const throwUnlessRetryable = (
  error: unknown,
  { attempt, number }: { readonly attempt: number; readonly number: number },
): void => {
  if (isConflict(error)) {
    if (attempt >= MAX_ATTEMPTS) throw error;
    return;
  }
  if (!RETRYABLE_ERRORS.includes(classifyError(error))) throw error;
  if (attempt >= MAX_UNKNOWN_ATTEMPTS) throw new UnknownStartError(number, error);
};

const CONFLICT_BACKOFF = { initialDelayMs: 2000, maxDelayMs: 15_000 };

const waitForDeploymentEnd = (
  { appConfig, waitContext }: RolloutContext,
  { environmentRef, name }: StartDeploymentOptions,
  { deployment, deadline }: { readonly deployment: Deployment; readonly deadline: number },
) =>
  poll<undefined>({
    ...waitContext,
    label: `deployment ${deployment.number} of '${deployment.profile}' to end, which ${name} waits for`,
    deadline,
    backoff: CONFLICT_BACKOFF,
    read: async () =>
      isRunning(await readDeployment(appConfig, environmentRef, deployment.number))
        ? { state: 'pending' }
        : { state: 'done', value: undefined },
  });

const stopBlockingDeployment = async (
  { appConfig }: RolloutContext,
  { environmentRef }: StartDeploymentOptions,
  { number }: Deployment,
) => {
  try {
    await stopDeployment(appConfig, environmentRef, { number, allowRevert: false });
  } catch (error) {
    // It has come to its end meanwhile.
    if (!isServiceError(error, 'BadRequestException')) throw error;
  }
};

/** A deployment that is in the way. */
interface BlockingDeployment {
  readonly deployment: Deployment;
  /** Whether it is one of an earlier attempt of this step. */
  readonly isOwn: boolean;
  /** Until when to wait for it, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** Does what `on-conflict` says about another deployment; one of an earlier attempt of this step is waited for. */
const resolveConflict = async (
  context: RolloutContext,
  options: StartDeploymentOptions,
  { deployment, isOwn, deadline }: BlockingDeployment,
) => {
  const { request, log } = context;
  const policy = isOwn ? 'wait' : request.policies.onConflict;
  const message = `deployment ${deployment.number} of '${deployment.profile}' is under way (${deployment.state})`;
  if (policy === 'fail') {
    throw new DeliveryError('conflict', `${message}: wait for its end, or set 'on-conflict' to wait or stop`);
  }
  if (policy === 'stop') await stopBlockingDeployment(context, options, deployment);
  log.info(`${options.name}: ${message}, ${policy === 'stop' ? 'stopping it' : 'waiting for its end'}`);
  await waitForDeploymentEnd(context, options, { deployment, deadline });
};

const sendStartDeployment = async (
  { appConfig, request }: RolloutContext,
  options: StartDeploymentOptions,
  latest: number,
): Promise<number> => {
  const { environmentRef, profile, strategyId, version, description } = options;
  const { kmsKeyId, parameters } = request.deploymentOptions;
  const { DeploymentNumber: number } = await appConfig.client.send(
    new StartDeploymentCommand({
      ApplicationId: environmentRef.applicationId,
      EnvironmentId: environmentRef.environmentId,
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
const compareDeployment = async (context: RolloutContext, options: StartDeploymentOptions, deployment: Deployment) => {
  const { description } = await readDeployment(context.appConfig, options.environmentRef, deployment.number);
  const isOwn = context.runMarker.isOwn(description);
  const isSame = isOwn && deployment.profileId === options.profile.id && deployment.version === options.version;
  return { isOwn, isSame, description };
};

const adoptDeployment = (
  { stateEntry, environmentRef, name }: StartDeploymentOptions,
  number: number,
  description: string,
): StartResult => {
  stateEntry.savePending({ ...environmentRef, name, number, description });
  return { kind: 'started', number };
};

const checkEnvironment = async (
  context: RolloutContext,
  options: StartDeploymentOptions,
  { environmentState, deadline }: { readonly environmentState: EnvironmentState; readonly deadline: number },
): Promise<StartResult | 'retry' | 'ready'> => {
  const { running } = environmentState;
  if (running !== undefined) {
    const { isOwn, isSame, description } = await compareDeployment(context, options, running);
    if (isSame) return adoptDeployment(options, running.number, description);
    await resolveConflict(context, options, { deployment: running, isOwn, deadline });
    return 'retry';
  }
  const { desired, profile, environmentRef } = options;
  const { applicationId } = environmentRef;
  const { decision, deployed } = await planProfile(context.planContext, {
    desired,
    profile,
    applicationId,
    environmentState,
  });
  if (decision === 'deploy' || deployed === undefined) return 'ready';
  const { isSame, description } = await compareDeployment(context, options, deployed);
  return isSame ? adoptDeployment(options, deployed.number, description) : { kind: 'unchanged', deployed };
};

/**
 * Begins a deployment under the lock of the environment's latest one, once nobody else's is under way. What it is about
 * to do is saved for the post step first. Throws `conflict`, `timeout`, and what AppConfig refuses.
 */
export const startDeployment = async (
  context: RolloutContext,
  options: StartDeploymentOptions,
): Promise<StartResult> => {
  const { appConfig, waitContext, request } = context;
  const { environmentRef, profile, stateEntry, name, description } = options;
  const deadline = waitContext.clock.now() + request.policies.conflictTimeout;
  for (let attempt = 1; ; attempt += 1) {
    const environmentState = await readEnvironmentState(appConfig, environmentRef, [profile.id]);
    const status = await checkEnvironment(context, options, { environmentState, deadline });
    if (status === 'retry') continue;
    if (status !== 'ready') return status;
    const number = environmentState.latest + 1;
    stateEntry.savePending({ ...environmentRef, name, number, description });
    try {
      return { kind: 'started', number: await sendStartDeployment(context, options, environmentState.latest) };
    } catch (error) {
      throwUnlessRetryable(error, { attempt, number });
    }
    await waitContext.clock.sleep(1000 * Math.min(attempt, 10), waitContext.signal);
  }
};
