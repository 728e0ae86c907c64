import { RUNNER_VARIABLE } from '@aws-delivery/action-kit/inputs/read-inputs';
import { Masks } from '@aws-delivery/node-runner/commands/masks';
import { AzureDevOpsHost } from '@aws-delivery/node-runner/host/azure-devops';
import { openTokenEndpoint } from '@aws-delivery/node-runner/host/open-token-endpoint';
import { Job, type JobOptions } from '@aws-delivery/node-runner/job/job';
import { SignalForwarder, type SignalSource } from '@aws-delivery/node-runner/job/signal-forwarder';
import type { Status } from '@aws-delivery/node-runner/job/status';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import type { TokenEndpoint } from '@aws-delivery/node-runner/token/token-endpoint';
import type { TokenSource } from '@aws-delivery/node-runner/token/token-source';
import type { Agent } from './agent.js';
import { exportResults } from './export-results.js';
import { createPlan, type TaskPlan } from './task-plan.js';
import { TaskState } from './task-state.js';

export interface TaskOptions {
  readonly agent: Agent;
  /** The directory of the task. */
  readonly directory: string;
  readonly print: (text: string) => void;
  readonly signals: SignalSource;
}

interface TaskContext extends TaskOptions {
  readonly plan: TaskPlan;
  readonly host: AzureDevOpsHost;
  readonly masks: Masks;
}

const createContext = (options: TaskOptions): TaskContext => {
  const { agent, directory, print } = options;
  const plan = createPlan(agent, directory);
  const id = typeof plan.token === 'object' ? plan.token.connection : undefined;
  const host = new AzureDevOpsHost(
    { env: agent.env, directory: process.cwd(), print, terminal: false, now: Date.now },
    id,
  );
  const masks = new Masks();
  masks.watch((secret) => host.hide(secret));
  for (const secret of plan.secrets) masks.add(secret);
  return { ...options, plan, host, masks };
};

/** The token source of the plan, if any. A connection with OIDC never falls back to the machine's identity. */
const selectTokenSource = ({ plan, host }: TaskContext): TokenSource | undefined => {
  if (plan.token === 'none') return undefined;
  if (plan.token !== 'pipeline' && host.token === undefined) {
    const hint = 'use a connection with keys, or a server and an agent that set System.OidcRequestUri';
    throw new Error(`the service connection uses OIDC, but the job cannot request tokens: ${hint}`);
  }
  return host.token;
};

const openEndpoint = async (context: TaskContext): Promise<TokenEndpoint | undefined> => {
  const source = selectTokenSource(context);
  return source && openTokenEndpoint(source, context.host, context.masks);
};

const createJob = (context: TaskContext, temp: string, overrides: Pick<JobOptions, 'status' | 'idToken'>): Job => {
  const { agent, plan, host, masks } = context;
  return new Job({
    workspace: host.workspace,
    baseEnv: plan.actionEnv,
    env: { [RUNNER_VARIABLE]: host.name },
    github: host.github,
    event: host.event,
    debug: agent.getVariable('System.Debug')?.toLowerCase() === 'true',
    ownGroup: true,
    onLine: (_, entry) => host.show(entry),
    masks,
    temp,
    ...overrides,
  });
};

const toIdTokenOptions = (endpoint: TokenEndpoint | undefined): Pick<JobOptions, 'idToken'> =>
  endpoint === undefined ? {} : { idToken: { url: endpoint.url, token: endpoint.token } };

/** Runs the credentials step of the plan, if any. Returns its result if it failed. */
const getCredentials = async ({ plan }: TaskContext, job: Job): Promise<StepResult | undefined> => {
  if (plan.credentials === undefined) return undefined;
  const result = await job.run(plan.credentials);
  return result.conclusion === 'success' ? undefined : result;
};

const runAction = async ({ plan }: TaskContext, job: Job, taskState: TaskState): Promise<StepResult> => {
  taskState.save({});
  const result = await job.run(plan.action);
  taskState.save(result.state);
  return result;
};

export const runMain = async (options: TaskOptions): Promise<void> => {
  const context = createContext(options);
  const { agent, host, plan } = context;
  const taskState = TaskState.create(agent, host.temp ?? host.workspace);
  await using endpoint = await openEndpoint(context);
  const job = createJob(context, taskState.directory, toIdTokenOptions(endpoint));
  using _ = new SignalForwarder(job, options.signals);
  const credentialsFailure = await getCredentials(context, job);
  const result = credentialsFailure ?? (await runAction(context, job, taskState));
  if (credentialsFailure === undefined) {
    const declaredOutputs = new Set(plan.actionFile.outputDescriptions.keys());
    exportResults({ ...context, job, result, declaredOutputs, directory: taskState.directory });
  }
  if (result.summary !== '') await host.publishSummary(result.summary);
  if (result.conclusion !== 'success') agent.fail(`${plan.actionFile.name}: ${result.conclusion}`);
};

/** Status by the agent's Agent.JobStatus in lower case; success for all others. */
const STATUS_BY_AGENT_STATUS: Readonly<Record<string, Status>> = { failed: 'failure', canceled: 'cancelled' };

const cleanUp = async (
  context: TaskContext,
  taskState: TaskState,
  state: Readonly<Record<string, string>>,
): Promise<void> => {
  const { agent, plan, host } = context;
  const status = STATUS_BY_AGENT_STATUS[agent.getVariable('Agent.JobStatus')?.toLowerCase() ?? ''] ?? 'success';
  await using endpoint = await openEndpoint(context);
  await using job = createJob(context, taskState.directory, { status, ...toIdTokenOptions(endpoint) });
  using _ = new SignalForwarder(job, context.signals);
  if (Object.keys(state).length > 0) await getCredentials(context, job);
  job.resume(plan.action, state);
  const results = await job.finish();
  const summary = results.map((result) => result.summary).join('');
  if (summary !== '') await host.publishSummary(summary);
  if (results.some(({ conclusion }) => conclusion === 'failure')) agent.fail(`${plan.actionFile.name}: cleanup failed`);
};

/** Runs the action's post at the end of the job and removes the directory of the task. */
export const runPost = async (options: TaskOptions): Promise<void> => {
  using taskState = TaskState.load(options.agent);
  const state = taskState?.state;
  if (taskState !== undefined && state !== undefined) await cleanUp(createContext(options), taskState, state);
};
