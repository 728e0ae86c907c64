import { publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { withLabel } from '@aws-delivery/action-kit/host/log';
import { createReportName } from '@aws-delivery/action-kit/report/report-name';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';
import type { FindStackOutputs } from '../parameters/stack-output-references.js';
import { PostStateCollector } from '../post/post-state.js';
import type { Mode } from '../recovery/recovery-table.js';
import { isUnchanged } from '../report/pr-comment.js';
import { formatHeadline, getFailureReason } from '../report/verdict.js';
import { runStack } from '../run-stack.js';
import type { Services } from '../services.js';
import { getOutputs } from '../stack/stack.js';
import { type PlannedStack, planStacks } from './plan-stacks.js';
import { describeRun, formatStacksHeadline, renderStacksComment } from './render-stacks.js';
import { reverseTasks, runTasks, type TaskResult } from './schedule.js';
import { readStackEntries } from './stack-list.js';
import type { StackOutcome, StackRun, StacksResult } from './stacks-result.js';

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

const orderStacks = (stacks: readonly PlannedStack[], mode: Mode): readonly PlannedStack[] => {
  const order = ordersByMode[mode];
  if (order === 'needed-last') return reverseTasks(stacks);
  return order === 'needed-first' ? stacks : stacks.map((stack) => ({ ...stack, needs: [] }));
};

/** Finds outputs of stacks, those of this run first: a read after an operation may be stale. */
class OutputFinder {
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

/** Runs the stacks of one step. */
class StacksRunner {
  private readonly postStates: PostStateCollector;
  private readonly deadline: number;

  constructor(
    private readonly services: Services,
    private readonly outputFinder: OutputFinder,
    timeoutMs: number,
  ) {
    this.postStates = new PostStateCollector(services.host);
    this.deadline = services.host.clock.now() + timeoutMs;
  }

  async run(stack: PlannedStack): Promise<StackOutcome> {
    const { clock, log } = this.services.host;
    if (stack.missing.length > 0) return { kind: 'pending', missing: stack.missing };
    const startedAt = clock.now();
    const request = { ...stack.request, timeout: Math.max(0, this.deadline - startedAt) };
    const result = await runStack(request, this.createServices(stack.name));
    log.info(formatHeadline(result));
    this.outputFinder.update(stack.name, getOutputs(result.record.stack));
    return { kind: 'finished', result, startedAt, endedAt: clock.now() };
  }

  private createServices(stackName: string): Services {
    const { services, postStates } = this;
    const host: Host = {
      ...services.host,
      log: withLabel(services.host.log, stackName),
      saveState: (_, state) => postStates.save(stackName, state),
    };
    return { ...services, host, inputLoader: services.inputLoader.withStackOutputs(this.outputFinder.find) };
  }
}

const hasSucceeded = (outcome: StackOutcome): boolean =>
  outcome.kind === 'finished' && getFailureReason(outcome.result) === undefined;

const toStackRun = ({ name, references }: PlannedStack, result: TaskResult<StackOutcome> | undefined): StackRun => ({
  name,
  references,
  outcome: result?.kind === 'finished' ? result.result : { kind: 'skipped', blockers: result?.blockers ?? [] },
});

/** One comment for each step of a job: its list may change from run to run. */
const publishStacksComment = async (inputs: Inputs, result: StacksResult, services: Services): Promise<void> => {
  const { host, comments } = services;
  const { env } = host;
  const { GITHUB_WORKFLOW: workflow = '', GITHUB_JOB: job = '', GITHUB_ACTION: step = '' } = env;
  const region = await services.getRegion();
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

const rejectContradictions = ({ wait }: Inputs, mode: Mode, stacks: readonly PlannedStack[]): void => {
  const other = stacks.find(({ request }) => request.mode !== mode);
  if (other !== undefined) {
    const rule = `stack ${other.name} has the mode ${other.request.mode}, other stacks have ${mode}`;
    throw new DeliveryError('invalid-input', `${rule}: set mode`);
  }
  const dependent = wait ? undefined : stacks.find(({ needs }) => needs.length > 0);
  if (dependent === undefined) return;
  const rule = `wait: false starts all stacks at once, but stack ${dependent.name} needs ${dependent.needs.join(', ')}`;
  throw new DeliveryError('invalid-input', `${rule}: set wait: true`);
};

/** Brings all stacks of `stacks` to the state that the inputs request, in the order of their dependencies. */
export const runStacks = async (
  inputs: Inputs & { readonly stacks: string },
  services: Services,
): Promise<StacksResult> => {
  const { host } = services;
  const outputFinder = new OutputFinder(services.findStackOutputs);
  if (inputs.name !== undefined) {
    throw new DeliveryError('invalid-input', "inputs 'name' and 'stacks' cannot be combined: remove one");
  }
  const entries = await readStackEntries(inputs.stacks, services);
  const planned = await planStacks(entries, services, outputFinder.find);
  const mode = planned[0]?.request.mode ?? 'deploy';
  const stacks = orderStacks(planned, mode);
  rejectContradictions(inputs, mode, stacks);
  const runner = new StacksRunner(services, outputFinder, inputs.timeout * 1000);
  const run = (stack: PlannedStack): Promise<StackOutcome> => runner.run(stack);
  const results = await runTasks(stacks, { concurrency: inputs.concurrency, run, hasSucceeded });
  const result: StacksResult = {
    kind: 'stacks',
    mode,
    runs: planned.map((stack) => toStackRun(stack, results.get(stack.name))),
  };
  for (const stackRun of result.runs) {
    if (stackRun.outcome.kind !== 'finished') host.log.info(`${stackRun.name}: ${describeRun(stackRun)}`);
  }
  host.log.info(formatStacksHeadline(result));
  if (inputs.comment !== 'none') await publishStacksComment(inputs, result, services);
  return result;
};
