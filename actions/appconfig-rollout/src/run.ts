import { type Log, withElapsed, withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { checkCredentialExpiry } from '@aws-delivery/aws/credentials';
import type { Inputs } from '../action.js';
import { createRunMarker } from './appconfig/ownership-marker.js';
import { cleanUpTenants } from './cleanup/cleanup.js';
import { revertRun } from './cleanup/revert.js';
import { type LoadedConfiguration, readConfiguration } from './desired/desired-configuration.js';
import { InvalidFilesError } from './desired/validation-issue.js';
import { type PreviewRequest, parseRequest, type Request, type RolloutRequest } from './inputs/parse-request.js';
import { getExpectedDuration } from './inputs/strategy.js';
import { formatDifference } from './plan/difference.js';
import { compareProfile, createPlannedResult } from './plan/preview.js';
import { type EnvironmentPlan, type PlanContext, planRollout } from './plan/rollout-plan.js';
import type { Outcome, Result } from './result.js';
import { ResourceCreator } from './rollout/ensure-resources.js';
import { HostedVersions } from './rollout/hosted-versions.js';
import { PendingDeployments } from './rollout/pending-deployments.js';
import { Probes } from './rollout/probes.js';
import { formatOverallProgress } from './rollout/progress.js';
import { formatMatrix } from './rollout/progress-matrix.js';
import { executeRollout } from './rollout/rollout-executor.js';
import { StopSignal } from './rollout/stop-signal.js';
import type { RolloutContext, RunContext } from './run-context.js';
import { RunRecord } from './run-record.js';
import type { Services } from './services.js';
import { mapConcurrent } from './util/concurrency.js';

// Hosts end jobs that are silent for long, and people take silence for a hang.
const HEARTBEAT_INTERVAL_MS = 60_000;

/** How often to show where everything is, in milliseconds. */
const MATRIX_INTERVAL_MS = 60_000;

const DIFF_CONCURRENCY = 16;

const createNonce = (random: () => number): string => Math.floor(random() * 2 ** 32).toString(36);

/** What tells this tree from others in tags: its repository and its place there. */
const formatTreeOrigin = ({ source }: Request, { host, workspace }: Services): string => {
  const repository = host.env['GITHUB_REPOSITORY'] || 'local';
  const path = source.kind === 'tree' ? workspace.toRepositoryPath(source.root) : source.application;
  return `${repository}:${path}`.replace(/[^\p{L}\p{Z}\p{N}_.:/=+@-]/gu, '-').slice(0, 256);
};

const createPlanContext = (
  request: RolloutRequest | PreviewRequest,
  { settings }: LoadedConfiguration,
  services: Services,
): PlanContext => ({
  appConfig: services.appConfig,
  strategies: request.strategies,
  settings,
  readSourceVersion: services.readSourceVersion,
});

/** An environment that nobody watches bakes for nothing: that is worth a word. */
const warnAboutMissingMonitors = (plans: readonly EnvironmentPlan[], { record }: RunContext): void => {
  const unmonitored = plans.filter(
    ({ entry, strategy }) => entry?.monitorCount === 0 && strategy.growth.bakeMinutes > 0,
  );
  if (unmonitored.length === 0) return;
  const shown = unmonitored.slice(0, 5).map(({ tenant, environment }) => `${tenant}/${environment}`);
  const more = unmonitored.length > shown.length ? ` and ${unmonitored.length - shown.length} more` : '';
  record.notices.push(`no alarm watches over ${shown.join(', ')}${more}: their bake time protects nothing`);
};

const warnAboutExpiry = (plans: readonly EnvironmentPlan[], { host }: Services): void => {
  const { env, clock, log } = host;
  const maxDuration = Math.max(
    0,
    ...plans.map(({ profiles, strategy }) => {
      const count = profiles.filter(({ decision }) => decision === 'deploy').length;
      return count * getExpectedDuration(strategy.growth);
    }),
  );
  if (maxDuration > 0) log.info(`The longest environment needs ${formatDuration(maxDuration)}`);
  const warning = checkCredentialExpiry(env, clock.now(), clock.now() + maxDuration);
  if (warning !== undefined) log.warning(warning);
};

const compareWithDeployed = async (
  context: RunContext,
  planContext: PlanContext,
  { configuration }: LoadedConfiguration,
): Promise<readonly EnvironmentPlan[]> => {
  const plans = await context.log.group(
    `Comparing ${configuration.profiles.length} configurations with what is deployed`,
    () => planRollout(planContext, configuration.profiles),
  );
  warnAboutMissingMonitors(plans, context);
  return plans;
};

const showPreview = async (
  context: RunContext<PreviewRequest>,
  loaded: LoadedConfiguration,
  services: Services,
): Promise<Outcome> => {
  const { appConfig, record, log, request } = context;
  const plans = await compareWithDeployed(context, createPlanContext(request, loaded, services), loaded);
  const profilePlans = plans.flatMap((environmentPlan) =>
    environmentPlan.profiles.map((profilePlan) => ({ environmentPlan, profilePlan })),
  );
  for (const { profilePlan } of profilePlans) record.set(createPlannedResult(profilePlan, 'planned'));
  await mapConcurrent(profilePlans, DIFF_CONCURRENCY, async ({ environmentPlan, profilePlan }) => {
    const differences = await compareProfile(appConfig, environmentPlan, profilePlan);
    record.set({ ...createPlannedResult(profilePlan, 'planned'), differences });
  });
  for (const { tenant, environment, profile, state, differences = [] } of record.results) {
    log.info(`${tenant}/${environment} ${profile}: ${state === 'unchanged' ? 'unchanged' : 'would be deployed'}`);
    for (const difference of differences) log.info(`  ${formatDifference(difference)}`);
  }
  return { kind: 'completed' };
};

/** Shows where everything is, for as long as something is under way. */
const withProgressMatrix = async (
  { waitContext, record, log }: RunContext,
  task: () => Promise<void>,
): Promise<void> => {
  const stop = waitContext.clock.every(MATRIX_INTERVAL_MS, () => log.info(formatMatrix(record.results)));
  try {
    await task();
  } finally {
    stop();
  }
};

const prepareRollout = async (
  context: RunContext<RolloutRequest>,
  planContext: PlanContext,
  loaded: LoadedConfiguration,
) => {
  const { record, log } = context;
  const plans = await compareWithDeployed(context, planContext, loaded);
  for (const profilePlan of plans.flatMap(({ profiles }) => profiles)) {
    const result = createPlannedResult(profilePlan, 'waiting');
    record.set(result);
    const { tenant, environment, profile, state } = result;
    if (state === 'unchanged') log.info(`${tenant}/${environment} ${profile}: unchanged`);
  }
  return plans;
};

interface RolloutInput {
  readonly loaded: LoadedConfiguration;
  readonly planContext: PlanContext;
  readonly pendingDeployments: PendingDeployments;
}

const createRolloutContext = (
  context: RunContext<RolloutRequest>,
  services: Services,
  { loaded, planContext, pendingDeployments }: RolloutInput,
): RolloutContext => {
  const { request, appConfig, waitContext, record, log } = context;
  const { host, workspace, probeClients, getArnPrefix } = services;
  const { resourceOptions, probe, policies } = request;
  const onCreated = (label: string): void => log.info(`Created ${label}`);
  const onNotice = (label: string): void => void record.notices.push(label);
  const origin = formatTreeOrigin(request, services);
  const creatorOptions = { resourceOptions, settings: loaded.settings, origin, getArnPrefix, onCreated, onNotice };
  return {
    ...context,
    planContext,
    resourceCreator: new ResourceCreator({ appConfig, waitContext, ...creatorOptions }),
    versions: new HostedVersions(appConfig, waitContext),
    pendingDeployments,
    probes: new Probes(probe, probeClients, waitContext.clock),
    runMarker: createRunMarker(host.env, {
      fallback: String(waitContext.clock.now()),
      nonce: createNonce(waitContext.random),
    }),
    stopSignal: new StopSignal(policies.onFailure === 'stop' || policies.onFailure === 'revert' ? 'all' : 'tenant'),
    commit: host.env['GITHUB_SHA'] || undefined,
    readFile: (file) => workspace.files.read(file),
    startedDeployments: [],
  };
};

const runRollout = async (
  context: RunContext<RolloutRequest>,
  loaded: LoadedConfiguration,
  services: Services,
): Promise<Outcome> => {
  const { request, appConfig } = context;
  const planContext = createPlanContext(request, loaded, services);
  const plans = await prepareRollout(context, planContext, loaded);
  warnAboutExpiry(plans, services);
  const postStepOptions = { region: await appConfig.region(), policy: request.policies.onCancel };
  const pendingDeployments = new PendingDeployments(services.host, postStepOptions);
  const rolloutContext = createRolloutContext(context, services, { loaded, planContext, pendingDeployments });
  await withProgressMatrix(context, () => executeRollout(rolloutContext, plans));
  pendingDeployments.clear();
  return { kind: 'completed' };
};

const runMode = async (context: RunContext, services: Services): Promise<Outcome> => {
  const { request } = context;
  const loaded = await readConfiguration(request, services.workspace);
  switch (request.mode) {
    case 'rollout':
      return runRollout({ ...context, request }, loaded, services);
    case 'preview':
      return showPreview({ ...context, request }, loaded, services);
    case 'revert':
      await revertRun({ ...context, request }, loaded.configuration);
      return { kind: 'completed' };
    case 'cleanup': {
      const ownership = { arnPrefix: await services.getArnPrefix(), origin: formatTreeOrigin(request, services) };
      return {
        kind: 'cleaned-up',
        deletions: await cleanUpTenants({ ...context, request }, loaded.configuration, ownership),
      };
    }
  }
};

const getOutcome = async (context: RunContext, services: Services): Promise<Outcome> => {
  try {
    return await runMode(context, services);
  } catch (error) {
    if (error instanceof InvalidFilesError) return { kind: 'invalid', issues: error.issues, reason: error.message };
    return { kind: 'interrupted', error };
  }
};

/** Does what is asked for; whatever happens, there is a result. */
export const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const request = parseRequest(inputs);
  const { host, appConfig, random } = services;
  const { clock, signal } = host;
  const record = new RunRecord();
  const formatHeartbeat = (elapsed: number): string =>
    `[${formatDuration(elapsed)}] ${formatOverallProgress(record.results)}`;
  const runWithLog = (log: Log): Promise<Outcome> =>
    getOutcome(
      { request, appConfig, waitContext: { clock, signal, random }, record, log: withElapsed(log, clock) },
      services,
    );
  const outcome = await withHeartbeat(
    { log: host.log, clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine: formatHeartbeat },
    runWithLog,
  );
  record.close();
  return { request, record, outcome };
};
