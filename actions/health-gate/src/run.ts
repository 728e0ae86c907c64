import { withElapsed, withHeartbeat } from '@aws-delivery/action-kit/host/log';
import type { Markdown } from '@aws-delivery/action-kit/report/markdown';
import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { checkCredentialExpiry } from '@aws-delivery/aws/credentials';
import { rejectExpired } from '@aws-delivery/findings/ignore/ignore-entry';
import { parseIgnoreFile } from '@aws-delivery/findings/ignore/parse-ignore-file';
import type { HealthInputs } from '../action.js';
import { BlockerCollector } from './decision/blocker-collector.js';
import { decide } from './decision/verdict.js';
import { parseRequest, type Request } from './inputs/parse-request.js';
import { buildDecisionRecord } from './report/decision-record.js';
import { renderAbandoned, renderSummary, renderWaiting } from './report/summary.js';
import type { RecordedResult, Result, RunIdentity } from './result.js';
import type { DeploymentScope } from './scope/deployment-scope.js';
import { KNOWN_SERVICES } from './scope/resource-services.js';
import type { Services } from './services.js';
import { BlockerHistory } from './wait/blocker-history.js';
import { ProgressLogger } from './wait/progress.js';
import { type WaitResult, watch } from './wait/watch.js';

/** Looks, waits where that is asked for, and decides. */
export const run = async (inputs: HealthInputs, services: Services): Promise<RecordedResult> => {
  const parsedRequest = parseRequest(inputs, services.host.env);
  const startedAt = services.host.clock.now();
  warnAboutInputs(parsedRequest, services);
  const request = await withIgnoreEntries(parsedRequest, services);
  const deploymentScope = await resolveDeploymentScope(request, services);
  const history = new BlockerHistory();
  const context: RunContext = {
    request: withDerivedServices(request, deploymentScope),
    services,
    history,
    ownEntities: listOwnEntities(request, deploymentScope),
    startedAt,
  };
  const waitResult = await watchBlockers(context).catch(async (error) => {
    await updateComment(context, renderAbandoned(errorMessage(error), startedAt, services.host.clock.now()));
    throw error;
  });
  return completeRun(context, deploymentScope, waitResult);
};

interface RunContext {
  readonly request: Request;
  readonly services: Services;
  readonly history: BlockerHistory;
  readonly ownEntities: readonly string[];
  readonly startedAt: number;
}

// Hosts end jobs that are silent for long, and people take silence for a hang.
const HEARTBEAT_INTERVAL_MS = 5 * 60_000;

/** Says what people would otherwise wonder about. */
const warnAboutInputs = ({ criteria, waitPolicy }: Request, { host }: Services): void => {
  const { clock, env, log } = host;
  for (const service of criteria.services.filter((name) => !KNOWN_SERVICES.includes(name))) {
    const closest = suggestClosest(service, KNOWN_SERVICES);
    const hint = closest === undefined ? 'check it in the console' : `did you mean '${closest.name}'?`;
    log.warning(`input 'services': '${service}' is no service this action knows, and may never match: ${hint}`);
  }
  const deadline = clock.now() + (waitPolicy.onBlocked === 'wait' ? waitPolicy.timeout : 0);
  const expiryWarning = checkCredentialExpiry(env, clock.now(), deadline);
  if (expiryWarning !== undefined) log.warning(expiryWarning);
};

const withIgnoreEntries = async (request: Request, services: Services): Promise<Request> => {
  const { ignoreFile } = request;
  if (ignoreFile === undefined) return request;
  const content = await services
    .createDeploymentReader(request)
    .readFile(ignoreFile)
    .catch((cause) => {
      throw new DeliveryError(
        'not-found',
        `input 'ignore-file': '${ignoreFile}' cannot be read: ${errorMessage(cause)}`,
        {
          cause,
        },
      );
    });
  const ignore = parseIgnoreFile(content, ignoreFile);
  rejectExpired(ignore, services.host.clock.now());
  return { ...request, criteria: { ...request.criteria, ignore } };
};

const resolveDeploymentScope = async (request: Request, services: Services): Promise<DeploymentScope | undefined> => {
  const { deployment, services: serviceSelection, entities } = request;
  if (serviceSelection === 'listed' && entities.kind === 'any') return undefined;
  const { readDeploymentScope } = await import('./scope/deployment-scope.js');
  const deploymentScope = await readDeploymentScope(deployment, services.createDeploymentReader(request));
  const { log } = services.host;
  if (serviceSelection === 'derived') log.info(`Services of this deployment: ${deploymentScope.services.join(', ')}`);
  if (serviceSelection === 'derived' && deploymentScope.unmapped.length > 0) {
    log.warning(
      `these resource types are not in the map of services, so their events may be missed: ${deploymentScope.unmapped.join(', ')}; add their services to 'services' beside auto`,
    );
  }
  return deploymentScope;
};

const withDerivedServices = (request: Request, deploymentScope: DeploymentScope | undefined): Request => {
  if (request.services === 'listed' || deploymentScope === undefined) return request;
  const services = [...new Set([...request.criteria.services, ...deploymentScope.services])].sort();
  return { ...request, criteria: { ...request.criteria, services } };
};

const listOwnEntities = ({ entities }: Request, deploymentScope: DeploymentScope | undefined): readonly string[] =>
  entities.kind === 'match' ? [...entities.values, ...(deploymentScope?.resources ?? [])] : [];

const watchBlockers = (context: RunContext): Promise<WaitResult> => {
  const { request, services, history, ownEntities } = context;
  const { clock, log, signal } = services.host;
  const collector = new BlockerCollector({
    request,
    criteria: request.criteria,
    ownEntities,
    sources: services.createSources(request),
    clock,
  });
  const formatHeartbeat = (elapsed: number): string => `Still waiting, ${formatDuration(elapsed)} by now`;
  const elapsedLog = withElapsed(log, clock);
  return withHeartbeat(
    { log: elapsedLog, clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine: formatHeartbeat },
    async (watchedLog) => {
      const progress = new ProgressLogger(watchedLog, clock, request.waitPolicy);
      return watch({
        clock,
        signal,
        waitPolicy: request.waitPolicy,
        observe: (inGracePeriod) => collector.collect(inGracePeriod),
        onObservation: async (observation, state) => {
          history.add(observation);
          const hasChanged = progress.logObservation(observation, state);
          if (hasChanged && request.waitPolicy.onBlocked === 'wait' && observation.blockers.length > 0) {
            await updateComment(context, renderWaiting(observation, request, context.startedAt));
          }
        },
      });
    },
  );
};

const updateComment = ({ request, services }: RunContext, body: Markdown): Promise<void> =>
  services.createCommenter(request)(body.markdown);

const readRunIdentity = (env: Env): RunIdentity => {
  const [server, repository, runNumber] = ['SERVER_URL', 'REPOSITORY', 'RUN_ID'].map((name) => env[`GITHUB_${name}`]);
  return {
    actor: env['GITHUB_TRIGGERING_ACTOR'] || env['GITHUB_ACTOR'],
    repository,
    commit: env['GITHUB_SHA'],
    workflow: env['GITHUB_WORKFLOW'],
    job: env['GITHUB_JOB'],
    url: server && repository && runNumber ? `${server}/${repository}/actions/runs/${runNumber}` : undefined,
  };
};

const completeRun = async (
  context: RunContext,
  deploymentScope: DeploymentScope | undefined,
  waitResult: WaitResult,
): Promise<RecordedResult> => {
  const { request, services, history, startedAt } = context;
  const { clock, env, log } = services.host;
  const decision = decide(waitResult, request);
  const result: Result = {
    request,
    deploymentScope,
    startedAt,
    endedAt: clock.now(),
    waitResult,
    decision,
    intervals: history.intervals,
    run: readRunIdentity(env),
  };
  log.info(`Verdict: ${decision.verdict}, ${decision.reason}`);
  await updateComment(context, renderSummary(result));
  return { ...result, evidenceFile: await writeDecisionRecord(result, services) };
};

/** Keeping a record changes no verdict: where it cannot be written, that is a warning. */
const writeDecisionRecord = async (result: Result, { host, writeFile }: Services): Promise<string | undefined> => {
  const { evidenceFile } = result.request;
  try {
    await writeFile(
      evidenceFile,
      host.redactor.redact(`${JSON.stringify(buildDecisionRecord(result), undefined, 2)}\n`),
    );
    return evidenceFile;
  } catch (error) {
    host.log.warning(`the evidence file '${evidenceFile}' could not be written: ${errorMessage(error)}`);
    return undefined;
  }
};
