import { Probes } from '@aws-delivery/action-kit/probe/probes';
import type { Deployment, DeploymentRef } from '../appconfig/deployments.js';
import { createRunMarker, type RunMarker } from '../appconfig/ownership.js';
import type { DesiredConfiguration, ProfileRef } from '../desired/desired-profile.js';
import type { RolloutRequest } from '../inputs/parse-request.js';
import type { SourceVersionReader } from '../plan/source-version.js';
import type { RunContext } from '../run-context.js';
import type { Services } from '../services.js';
import { ResourceCreator } from './ensure-resources.js';
import { HostedVersions } from './hosted-versions.js';
import { PendingDeployments } from './pending-deployments.js';
import { StopSignal } from './stop-signal.js';

/** A deployment that this run started, and what it replaces. */
export interface StartedDeployment extends DeploymentRef, ProfileRef {
  /** The deployment of the profile before the run. */
  readonly previous: Deployment | undefined;
}

/** The state of a rollout, shared by its environments. */
export interface RolloutContext extends RunContext<RolloutRequest> {
  readonly readSourceVersion: SourceVersionReader;
  readonly resourceCreator: ResourceCreator;
  readonly versions: HostedVersions;
  readonly pendingDeployments: PendingDeployments;
  readonly probes: Probes;
  readonly runMarker: RunMarker;
  readonly stopSignal: StopSignal;
  readonly commit: string | undefined;
  /** Reads a file of the workspace, to find the line of a validator's violation. */
  readonly readFile: (file: string) => Promise<string>;
  /** In order of their start; reverted after a failure if `on-failure` says so. */
  readonly startedDeployments: StartedDeployment[];
}

const createNonce = (random: () => number): string => Math.floor(random() * 2 ** 32).toString(36);

/** Creates the state of a rollout. `origin` is the value of the tree tag. */
export const createRolloutContext = async (
  context: RunContext<RolloutRequest>,
  services: Services,
  { settings, origin }: Pick<DesiredConfiguration, 'settings'> & { readonly origin: string },
): Promise<RolloutContext> => {
  const { request, appConfig, waitContext, record, log } = context;
  const { host, workspace, probeClients, getArnPrefix, readSourceVersion } = services;
  const { resourceOptions, probe, policies } = request;
  return {
    ...context,
    readSourceVersion,
    resourceCreator: new ResourceCreator({
      appConfig,
      waitContext,
      resourceOptions,
      settings,
      origin,
      getArnPrefix,
      onCreated: (label) => log.info(`Created ${label}`),
      onNotice: (label) => void record.notices.push(label),
    }),
    versions: new HostedVersions(appConfig, waitContext),
    pendingDeployments: new PendingDeployments(host, { region: await appConfig.region(), policy: policies.onCancel }),
    probes: new Probes(probe, probeClients, waitContext.clock),
    runMarker: createRunMarker(host.env, {
      fallback: String(waitContext.clock.now()),
      nonce: createNonce(waitContext.random),
      text: request.description,
    }),
    stopSignal: new StopSignal(policies.onFailure === 'stop' || policies.onFailure === 'revert' ? 'all' : 'tenant'),
    commit: host.env['GITHUB_SHA'] || undefined,
    readFile: (file) => workspace.files.read(file),
    startedDeployments: [],
  };
};
