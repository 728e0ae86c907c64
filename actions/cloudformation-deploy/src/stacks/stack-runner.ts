import { publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { withLabel } from '@aws-delivery/action-kit/host/log';
import { createReportName } from '@aws-delivery/action-kit/report/report-name';
import type { Inputs } from '../../action.js';
import type { Request } from '../inputs/request.js';
import type { FindStackOutputs, ParameterReference } from '../parameters/stack-output-references.js';
import { PostStateCollector } from '../post/post-state.js';
import type { Mode } from '../recovery/recovery-table.js';
import { isUnchanged } from '../report/pr-comment.js';
import { formatHeadline, getFailureReason } from '../report/verdict.js';
import type { Outcome, Result } from '../result.js';
import { RunRecord } from '../run-record.js';
import { runStack } from '../run-stack.js';
import type { Services } from '../services.js';
import { describeRun, formatStacksHeadline, renderStacksComment } from './render-stacks.js';
import { reverseTasks, runTasks, type Task, type TaskResult } from './schedule.js';
import type { StackOutcome, StackRun, StacksResult } from './stacks-result.js';

/** How a stack starts: with these services, or not at all, because it has an outcome. */
export type StackStart =
  | { readonly kind: 'run'; readonly request: Request; readonly services: Services }
  | { readonly kind: 'ended'; readonly outcome: Outcome; readonly record: RunRecord }
  | Extract<StackOutcome, { kind: 'pending' }>;

/** One of several stacks. Its name is unique, and labels its log lines. */
export interface StackTask extends Task {
  readonly request: Request;
  readonly references: readonly ParameterReference[];
  /** Runs after the tasks that this one needs. `host` labels log lines and collects the state for the post step. */
  readonly prepare: (host: Host) => Promise<StackStart>;
}

/** Order of the stacks by mode. The modes without dependencies only read, or follow operations that have started. */
const ordersByMode: Readonly<Record<Mode, 'needed-first' | 'needed-last' | 'independent'>> = {
  deploy: 'needed-first',
  execute: 'needed-first',
  retry: 'needed-first',
  delete: 'needed-last',
  rollback: 'needed-last',
  preview: 'independent',
  'create-only': 'independent',
  drift: 'independent',
  wait: 'independent',
};

export const orderTasks = <T extends Task>(tasks: readonly T[], mode: Mode): readonly T[] => {
  const order = ordersByMode[mode];
  if (order === 'needed-last') return reverseTasks(tasks);
  return order === 'needed-first' ? tasks : tasks.map((task) => ({ ...task, needs: [] }));
};

/** Finds outputs of stacks, those of this run first: a read after an operation may be stale. */
export class OutputFinder {
  private readonly outputs = new Map<string, Promise<ReadonlyMap<string, string> | undefined>>();

  constructor(private readonly findStackOutputs: FindStackOutputs) {}

  readonly find: FindStackOutputs = (stackName) => {
    const outputs = this.outputs.get(stackName) ?? this.findStackOutputs(stackName);
    this.outputs.set(stackName, outputs);
    return outputs;
  };

  update(stackName: string, outputs: ReadonlyMap<string, string> | undefined): void {
    this.outputs.set(stackName, Promise.resolve(outputs));
  }
}

/** In a preview, an export of another stack that does not exist yet. */
const findMissingExport = (result: Result): string | undefined => {
  const { request } = result;
  if (request.mode !== 'preview') return undefined;
  const reason = getFailureReason(result) ?? '';
  const [, name] = /No export named ([^\s.]{1,255})/iu.exec(reason) ?? [];
  return name === undefined ? undefined : `the template imports ${name}, which no stack exports yet`;
};

/** Runs single stacks of one step. */
class StackRunner {
  private readonly postStates: PostStateCollector;
  private readonly deadline: number;

  /** @param dependents names of the stacks that need others */
  constructor(
    private readonly host: Host,
    private readonly options: RunStacksOptions,
    private readonly dependents: ReadonlySet<string>,
  ) {
    this.postStates = new PostStateCollector(host);
    this.deadline = host.clock.now() + options.timeoutMs;
  }

  async run(task: StackTask): Promise<StackOutcome> {
    const { clock, log } = this.host;
    const startedAt = clock.now();
    const result = await this.runTask(task);
    if (result.kind === 'pending') return result;
    log.info(formatHeadline(result));
    this.options.onFinished?.(task.name, result);
    return { kind: 'finished', result, startedAt, endedAt: clock.now() };
  }

  private async runTask(task: StackTask): Promise<Result | Extract<StackOutcome, { kind: 'pending' }>> {
    try {
      const start = await task.prepare(this.createHost(task.name));
      if (start.kind === 'pending') return start;
      if (start.kind === 'ended') return { ...start, kind: 'stack', request: task.request };
      const timeout = Math.max(0, this.deadline - this.host.clock.now());
      const result = await runStack({ ...start.request, timeout }, start.services);
      const reason = this.dependents.has(task.name) ? findMissingExport(result) : undefined;
      return reason === undefined ? result : { kind: 'pending', reasons: [reason] };
    } catch (error) {
      return { kind: 'stack', request: task.request, record: new RunRecord(), outcome: { kind: 'unknown', error } };
    }
  }

  private createHost(taskName: string): Host {
    return {
      ...this.host,
      log: withLabel(this.host.log, taskName),
      saveState: (_, state) => this.postStates.save(taskName, state),
    };
  }
}

export interface RunStacksOptions {
  readonly mode: Mode;
  readonly concurrency: number;
  /** Bounds all stacks together. */
  readonly timeoutMs: number;
  readonly onFinished?: (taskName: string, result: Result) => void;
}

const hasSucceeded = (outcome: StackOutcome): boolean =>
  outcome.kind === 'finished' && getFailureReason(outcome.result) === undefined;

const toStackRun = ({ name, references }: StackTask, result: TaskResult<StackOutcome> | undefined): StackRun => ({
  name,
  references,
  outcome: result?.kind === 'finished' ? result.result : { kind: 'skipped', blockers: result?.blockers ?? [] },
});

/** Runs all stacks in the order of the mode, and logs the result. */
export const runStackTasks = async (
  tasks: readonly StackTask[],
  host: Host,
  options: RunStacksOptions,
): Promise<StacksResult> => {
  const { mode, concurrency } = options;
  const dependents = new Set(tasks.filter(({ needs }) => needs.length > 0).map(({ name }) => name));
  const runner = new StackRunner(host, options, dependents);
  const run = (task: StackTask): Promise<StackOutcome> => runner.run(task);
  const results = await runTasks(orderTasks(tasks, mode), { concurrency, run, hasSucceeded });
  const runs = tasks.map((task) => toStackRun(task, results.get(task.name)));
  const result: StacksResult = { kind: 'stacks', mode, runs };
  for (const stackRun of runs) {
    if (stackRun.outcome.kind !== 'finished') host.log.info(`${stackRun.name}: ${describeRun(stackRun)}`);
  }
  host.log.info(formatStacksHeadline(result));
  return result;
};

/** One comment for each step of a job: its stacks may change from run to run. */
export const publishStacksComment = async (inputs: Inputs, result: StacksResult, services: Services): Promise<void> => {
  const { host, comments } = services;
  const { env } = host;
  const { GITHUB_WORKFLOW: workflow = '', GITHUB_JOB: job = '', GITHUB_ACTION: step = '' } = env;
  // The stacks of an assembly may name their Regions, so that the step needs none.
  const region = await services.getRegion().catch(() => 'unknown');
  const account = await services.getAccount().catch(() => 'unknown');
  const action = 'cloudformation-deploy stacks';
  const comment = {
    mode: inputs.comment,
    name: createReportName({ action, inputs, env, subject: [account, region] }),
    previousSubject: [action, workflow, job, step, region].join(' '),
    body: renderStacksComment(result, host).markdown,
    isEmpty: result.runs.every(({ outcome }) => outcome.kind === 'finished' && isUnchanged(outcome.result)),
  };
  await publishComment(comments, comment, host);
};
