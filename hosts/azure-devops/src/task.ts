import { runnerMark } from '@aws-delivery/action-kit/inputs';
import { plainAnnotation } from '@aws-delivery/node-runner/annotation';
import { Interruption, type SignalSource } from '@aws-delivery/node-runner/cli/interruption';
import { AzureDevOpsHost } from '@aws-delivery/node-runner/host/azure-devops';
import { Job, type JobOptions } from '@aws-delivery/node-runner/job';
import { Masks } from '@aws-delivery/node-runner/mask';
import type { Status } from '@aws-delivery/node-runner/status';
import type { StepResult } from '@aws-delivery/node-runner/step';
import { TokenEndpoint } from '@aws-delivery/node-runner/token/token-endpoint';
import type { TokenSource } from '@aws-delivery/node-runner/token/token-source';
import type { Agent } from './agent.js';
import { handOver } from './handover.js';
import { Memory } from './memory.js';
import { type Plan, planOf } from './plan.js';

export interface TaskOptions {
  readonly agent: Agent;
  /** The task's own folder. */
  readonly folder: string;
  readonly print: (text: string) => void;
  readonly signals: SignalSource;
}

interface Work extends TaskOptions {
  readonly plan: Plan;
  readonly host: AzureDevOpsHost;
  readonly masks: Masks;
}

const prepare = (options: TaskOptions): Work => {
  const { agent, folder, print } = options;
  const plan = planOf(agent, folder);
  const id = typeof plan.token === 'object' ? plan.token.connection : undefined;
  const host = new AzureDevOpsHost(
    { variables: agent.variables, directory: process.cwd(), print, terminal: false, now: Date.now },
    id,
  );
  const masks = new Masks();
  masks.watch((secret) => host.hide(secret));
  for (const secret of plan.secrets) masks.add(secret);
  return { ...options, plan, host, masks };
};

/** The host's tokens, where they may be asked for. A connection with OIDC never falls back to whom the machine is. */
const tokensFor = ({ plan, host }: Work): TokenSource | undefined => {
  if (plan.token === 'none') return undefined;
  if (plan.token !== 'pipeline' && host.token === undefined) {
    const remedy = 'use one with keys, or a server and an agent that set System.OidcRequestUri';
    throw new Error(`the service connection wants OIDC, and this job gets no tokens: ${remedy}`);
  }
  return host.token;
};

const openEndpoint = async (work: Work): Promise<TokenEndpoint | undefined> => {
  const { host, masks } = work;
  const source = tokensFor(work);
  if (source === undefined) return undefined;
  return TokenEndpoint.open({
    source,
    onToken: (token) => masks.add(token),
    onProblem: (message) => host.show({ kind: 'annotation', annotation: plainAnnotation('error', message) }),
  });
};

const startJob = (work: Work, temp: string, more: Pick<JobOptions, 'status' | 'idToken'>): Job => {
  const { agent, plan, host, masks } = work;
  return new Job({
    workspace: host.workspace,
    machine: plan.machine,
    env: { [runnerMark]: host.name },
    github: host.github,
    event: host.event,
    debug: agent.variable('System.Debug')?.toLowerCase() === 'true',
    ownGroup: true,
    onLine: (_, entry) => host.show(entry),
    masks,
    temp,
    ...more,
  });
};

const idTokenOf = (endpoint: TokenEndpoint | undefined): Pick<JobOptions, 'idToken'> =>
  endpoint === undefined ? {} : { idToken: { url: endpoint.url, token: endpoint.token } };

/** Gets credentials where there is a role to assume. What fails there is the task's result. */
const getCredentials = async ({ plan }: Work, job: Job): Promise<StepResult | undefined> => {
  if (plan.credentials === undefined) return undefined;
  const result = await job.run(plan.credentials);
  return result.conclusion === 'success' ? undefined : result;
};

const runAction = async ({ plan }: Work, job: Job, memory: Memory): Promise<StepResult> => {
  memory.keep({});
  const result = await job.run(plan.action);
  memory.keep(result.state);
  return result;
};

/** The main part of a task. */
export const runMain = async (options: TaskOptions): Promise<void> => {
  const work = prepare(options);
  const { agent, host, plan } = work;
  const memory = Memory.begin(agent, host.temp ?? host.workspace);
  await using endpoint = await openEndpoint(work);
  const job = startJob(work, memory.folder, idTokenOf(endpoint));
  using _ = new Interruption(job, options.signals);
  const denied = await getCredentials(work, job);
  const result = denied ?? (await runAction(work, job, memory));
  if (denied === undefined) handOver({ ...work, job, result, folder: memory.folder });
  if (result.summary !== '') await host.publishSummary(result.summary);
  if (result.conclusion !== 'success') agent.fail(`${plan.file.name}: ${result.conclusion}`);
};

/** How the agent calls the states of a job. */
const statuses: Readonly<Record<string, Status>> = { failed: 'failure', canceled: 'cancelled' };

const clearUp = async (work: Work, memory: Memory, state: Readonly<Record<string, string>>): Promise<void> => {
  const { agent, plan, host } = work;
  const status = statuses[agent.variable('Agent.JobStatus')?.toLowerCase() ?? ''] ?? 'success';
  await using endpoint = await openEndpoint(work);
  await using job = startJob(work, memory.folder, { status, ...idTokenOf(endpoint) });
  using _ = new Interruption(job, work.signals);
  if (Object.keys(state).length > 0) await getCredentials(work, job);
  job.rejoin(plan.action, state);
  const results = await job.finish();
  const summary = results.map((result) => result.summary).join('');
  if (summary !== '') await host.publishSummary(summary);
  if (results.some(({ conclusion }) => conclusion === 'failure')) agent.fail(`${plan.file.name}: not cleared up`);
};

/** The part of a task that runs when the job is over: the action's post; then nothing of the task is left. */
export const runPost = async (options: TaskOptions): Promise<void> => {
  using memory = Memory.recall(options.agent);
  const state = memory?.state;
  if (memory !== undefined && state !== undefined) await clearUp(prepare(options), memory, state);
};
