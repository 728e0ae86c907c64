import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { classifyError, type ErrorClass, hasServiceErrorCode } from '@aws-delivery/aws/error';
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
import { isConflict } from '../appconfig/service-error.js';
import { type DesiredProfile, formatProfileName } from '../desired/desired-profile.js';
import { planProfile } from '../plan/rollout-plan.js';
import type { PendingDeployment, StateEntry } from './pending-deployments.js';
import type { RolloutContext } from './rollout-context.js';

export interface StartDeploymentOptions {
  readonly desired: DesiredProfile;
  readonly environmentRef: EnvironmentRef;
  readonly profile: ProfileEntry;
  readonly strategyId: string;
  readonly version: string;
  /** Identifies the deployment: a run marker. */
  readonly description: string;
  /** Where the deployment is saved for the post step before it starts. */
  readonly stateEntry: StateEntry;
}

export type StartResult =
  | { readonly kind: 'started'; readonly deployment: PendingDeployment }
  /** The content is deployed already, by a deployment of another run. */
  | { readonly kind: 'unchanged'; readonly deployed: Deployment };

// Retrying is safe: the lock on the latest deployment allows one start, and a deployment that did start is found first.
const RETRYABLE_ERRORS: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

/** Bound of lock conflicts: each one means that another deployment started in the environment. */
const MAX_ATTEMPTS = 20;

/** Bound of retries after errors that do not tell whether the deployment started. */
const MAX_UNKNOWN_ATTEMPTS = 3;

/** StartDeployment failed in a way that does not tell whether the deployment started. */
export class UnknownStartError extends DeliveryError {
  constructor(
    /** The number of the deployment if it started. */
    readonly number: number,
    cause: unknown,
  ) {
    super('unavailable', `cannot determine whether the deployment started: ${errorMessage(cause)}`, { cause });
  }
}

/** Returns for an error after which to try again; throws the final error otherwise. */
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
  { environmentRef, desired }: StartDeploymentOptions,
  { deployment, deadline }: { readonly deployment: Deployment; readonly deadline: number },
) =>
  poll<undefined>({
    ...waitContext,
    label: `the end of deployment ${deployment.number} of '${deployment.profile}', which blocks ${formatProfileName(desired)}`,
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
    // It ended before the call.
    if (!hasServiceErrorCode(error, 'BadRequestException')) throw error;
  }
};

/** A running deployment in the same environment: AppConfig allows one at a time. */
interface BlockingDeployment {
  readonly deployment: Deployment;
  /** Whether an earlier attempt of this step started it. */
  readonly isOwn: boolean;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** Applies `on-conflict` to a running deployment; one of an earlier attempt of this step is always waited for. */
const resolveConflict = async (
  context: RolloutContext,
  options: StartDeploymentOptions,
  { deployment, isOwn, deadline }: BlockingDeployment,
) => {
  const { request, log } = context;
  const policy = isOwn ? 'wait' : request.policies.onConflict;
  const message = `deployment ${deployment.number} of '${deployment.profile}' is in progress (${deployment.state})`;
  if (policy === 'fail') {
    throw new DeliveryError('conflict', `${message}: rerun when it has finished, or set 'on-conflict' to wait or stop`);
  }
  if (policy === 'stop') await stopBlockingDeployment(context, options, deployment);
  log.info(
    `${formatProfileName(options.desired)}: ${message}, ${policy === 'stop' ? 'stopping it' : 'waiting until it finishes'}`,
  );
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
  throw new DeliveryError('unexpected', 'the response to StartDeployment has no deployment number');
};

/** Recognises a deployment that this step started: its response was lost, or an earlier attempt started it. */
const compareDeployment = async (context: RolloutContext, options: StartDeploymentOptions, deployment: Deployment) => {
  const { description } = await readDeployment(context.appConfig, options.environmentRef, deployment.number);
  const isOwn = context.runMarker.isOwn(description);
  const isSame = isOwn && deployment.profileId === options.profile.id && deployment.version === options.version;
  return { isOwn, isSame, description };
};

const savePending = (
  { desired, environmentRef, stateEntry }: StartDeploymentOptions,
  number: number,
  description: string,
): PendingDeployment => {
  const deployment = { ...environmentRef, name: formatProfileName(desired), number, description };
  stateEntry.savePending(deployment);
  return deployment;
};

const adoptDeployment = (options: StartDeploymentOptions, number: number, description: string): StartResult => ({
  kind: 'started',
  deployment: savePending(options, number, description),
});

type StartState =
  | StartResult
  | { readonly kind: 'ready' }
  | { readonly kind: 'blocked'; readonly running: Deployment; readonly isOwn: boolean };

/** Reads whether the environment is free, blocked, or has the deployment already. */
const checkEnvironment = async (
  context: RolloutContext,
  options: StartDeploymentOptions,
  environmentState: EnvironmentState,
): Promise<StartState> => {
  const { running } = environmentState;
  if (running !== undefined) {
    const { isOwn, isSame, description } = await compareDeployment(context, options, running);
    return isSame ? adoptDeployment(options, running.number, description) : { kind: 'blocked', running, isOwn };
  }
  const { desired, profile, environmentRef } = options;
  const { applicationId } = environmentRef;
  const { decision, deployed } = await planProfile(context, {
    desired,
    profile,
    applicationId,
    environmentState,
    redeploy: false,
  });
  if (decision === 'deploy' || deployed === undefined) return { kind: 'ready' };
  const { isSame, description } = await compareDeployment(context, options, deployed);
  if (isSame) return adoptDeployment(options, deployed.number, description);
  return context.request.redeploy ? { kind: 'ready' } : { kind: 'unchanged', deployed };
};

/** Reads the environment. A failed read after an attempt of unknown outcome leaves that outcome unknown. */
const readStartState = async (
  context: RolloutContext,
  options: StartDeploymentOptions,
  unknownNumber: number | undefined,
): Promise<{ readonly state: StartState; readonly latest: number }> => {
  const { appConfig, waitContext } = context;
  try {
    const environmentState = await readEnvironmentState(appConfig, options.environmentRef, [options.profile.id]);
    return { state: await checkEnvironment(context, options, environmentState), latest: environmentState.latest };
  } catch (error) {
    if (unknownNumber === undefined || waitContext.signal.aborted) throw error;
    throw new UnknownStartError(unknownNumber, error);
  }
};

/**
 * Starts a deployment once no other is running in the environment, locked on the environment's latest deployment, and
 * saves it for the post step first. Throws `conflict`, `timeout`, UnknownStartError, and errors of AppConfig.
 */
export const startDeployment = async (
  context: RolloutContext,
  options: StartDeploymentOptions,
): Promise<StartResult> => {
  const { waitContext, request } = context;
  const deadline = waitContext.clock.now() + request.policies.conflictTimeout;
  let unknownNumber: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const { state, latest } = await readStartState(context, options, unknownNumber);
    unknownNumber = undefined;
    if (state.kind === 'blocked') {
      await resolveConflict(context, options, { deployment: state.running, isOwn: state.isOwn, deadline });
      continue;
    }
    if (state.kind !== 'ready') return state;
    const number = latest + 1;
    const pending = savePending(options, number, options.description);
    try {
      const started = await sendStartDeployment(context, options, latest);
      return { kind: 'started', deployment: { ...pending, number: started } };
    } catch (error) {
      throwUnlessRetryable(error, { attempt, number });
      unknownNumber = number;
    }
    await waitContext.clock.sleep(1000 * Math.min(attempt, 10), waitContext.signal);
  }
};
