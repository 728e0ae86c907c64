import { type Log, withElapsed, withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { formatDuration, pluralize } from '@aws-delivery/action-kit/util/format';
import type { Inputs } from '../action.js';
import { formatTreeOrigin } from './appconfig/ownership.js';
import { cleanUpTenants } from './cleanup/cleanup.js';
import { pruneVersions } from './cleanup/prune-versions.js';
import { revertRun } from './cleanup/revert.js';
import { readConfiguration } from './desired/desired-configuration.js';
import type { DesiredConfiguration } from './desired/desired-profile.js';
import { InvalidFilesError } from './desired/validation-issue.js';
import { type PreviewRequest, parseRequest, type Request, type RolloutRequest } from './inputs/parse-request.js';
import {
  logFailedReads,
  logUnchanged,
  recordPlans,
  warnAboutExpiry,
  warnAboutMissingMonitors,
} from './plan/plan-report.js';
import { previewDifferences } from './plan/preview.js';
import { type EnvironmentPlan, planRollout } from './plan/rollout-plan.js';
import { pullTree } from './pull/pull-tree.js';
import type { Outcome, Result } from './result.js';
import { formatOverallProgress } from './rollout/progress.js';
import { withProgressMatrix } from './rollout/progress-matrix.js';
import { createRolloutContext } from './rollout/rollout-context.js';
import { executeRollout } from './rollout/rollout-executor.js';
import type { RunContext } from './run-context.js';
import { RunRecord } from './run-record.js';
import type { Services } from './services.js';

// Hosts end jobs that log nothing for long.
const HEARTBEAT_INTERVAL_MS = 60_000;

const getTreeOrigin = ({ source }: Request, { host, workspace }: Services): string => {
  const path = source.kind === 'tree' ? workspace.toRepositoryPath(source.root) : source.application;
  return formatTreeOrigin(host.env, path);
};

const compareWithDeployed = async (
  { log, record, request }: RunContext<RolloutRequest | PreviewRequest>,
  configuration: DesiredConfiguration,
  services: Services,
): Promise<readonly EnvironmentPlan[]> => {
  const plans = await log.group(
    `Comparing ${pluralize(configuration.profiles.length, 'configuration')} with the deployed versions`,
    () => planRollout(services, configuration, request),
  );
  warnAboutMissingMonitors(plans, record);
  return plans;
};

const runPreview = async (
  context: RunContext<PreviewRequest>,
  configuration: DesiredConfiguration,
  services: Services,
): Promise<Outcome> => {
  const plans = await compareWithDeployed(context, configuration, services);
  recordPlans(plans, 'planned', context.record);
  logFailedReads(context);
  await previewDifferences(context, plans);
  return { kind: 'completed' };
};

const runRollout = async (
  context: RunContext<RolloutRequest>,
  configuration: DesiredConfiguration,
  services: Services,
): Promise<Outcome> => {
  const { request, record } = context;
  const plans = await compareWithDeployed(context, configuration, services);
  recordPlans(plans, 'waiting', record);
  logUnchanged(context);
  logFailedReads(context);
  warnAboutExpiry(plans, services.host);
  const { settings } = configuration;
  const origin = getTreeOrigin(request, services);
  const rolloutContext = await createRolloutContext(context, services, { settings, origin });
  await withProgressMatrix(context, async () => {
    await executeRollout(rolloutContext, plans);
    const isComplete = plans.every(({ profiles }) => profiles.every(({ decision }) => decision !== 'failed'));
    if (request.keepVersions !== undefined && isComplete && rolloutContext.stopSignal.isClear)
      await pruneVersions(context, plans, request.keepVersions);
  });
  rolloutContext.pendingDeployments.clear();
  return { kind: 'completed' };
};

const runMode = async (context: RunContext, services: Services): Promise<Outcome> => {
  const { request } = context;
  if (request.mode === 'pull') {
    await pullTree({ ...context, request }, services.workspace);
    return { kind: 'completed' };
  }
  const configuration = await readConfiguration(request, services.workspace);
  for (const pattern of configuration.unknownPatterns)
    context.log.warning(`Pattern '${pattern}' takes too long to match, so only AppConfig validates it`);
  switch (request.mode) {
    case 'rollout':
      return runRollout({ ...context, request }, configuration, services);
    case 'preview':
      return runPreview({ ...context, request }, configuration, services);
    case 'validate':
      return { kind: 'validated', count: configuration.profiles.length };
    case 'revert':
      await revertRun({ ...context, request }, configuration);
      return { kind: 'completed' };
    case 'cleanup': {
      const ownership = { arnPrefix: await services.getArnPrefix(), origin: getTreeOrigin(request, services) };
      const deletions = await cleanUpTenants({ ...context, request }, configuration, ownership);
      return { kind: 'cleaned-up', deletions };
    }
  }
};

/** Runs the mode of the inputs. Throws for invalid inputs; every later error becomes part of the result. */
export const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const request = parseRequest(inputs);
  const { host, appConfig, random } = services;
  const { clock, signal } = host;
  const record = new RunRecord();
  const runWithLog = async (log: Log): Promise<Outcome> => {
    const waitContext = { clock, signal, random };
    try {
      return await runMode({ request, appConfig, waitContext, record, log: withElapsed(log, clock) }, services);
    } catch (error) {
      if (error instanceof InvalidFilesError) return { kind: 'invalid', issues: error.issues, reason: error.message };
      return { kind: 'interrupted', error };
    }
  };
  const formatLine = (elapsed: number): string =>
    `[${formatDuration(elapsed)}] ${formatOverallProgress(record.results)}`;
  const outcome = await withHeartbeat(
    { log: host.log, clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine },
    runWithLog,
  );
  record.close();
  return { request, record, outcome };
};
