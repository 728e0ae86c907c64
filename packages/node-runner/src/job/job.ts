import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { readActionFile } from '../action/action-file.js';
import type { Contexts } from '../action/expression.js';
import type { LogEntry } from '../commands/command-processor.js';
import { Masks } from '../commands/masks.js';
import { getMachineEnv } from './action-environment.js';
import { buildContextEnv, buildGitHubContext, buildRunnerContext } from './github-context.js';
import { GITHUB_GRACE_PERIODS, type GracePeriods } from './node-process.js';
import { Phase, type PhaseResult } from './phase.js';
import { isConditionMet, type Status } from './status.js';
import { type Stage, Step, type StepRequest, type StepResult } from './step.js';

export interface JobOptions {
  /** GITHUB_WORKSPACE, the folder where the scripts run. */
  readonly workspace: string;
  /** The `env:` of the job. */
  readonly env?: Readonly<Record<string, string>>;
  /** Values of the github context over the defaults; `token` is there for expressions only. */
  readonly github?: Readonly<Record<string, string>>;
  /** The payload of the event, which GITHUB_EVENT_PATH names. */
  readonly event?: object;
  /** The environment of the machine; this process's PATH, HOME and the like unless given. */
  readonly baseEnv?: Readonly<Record<string, string>>;
  /** The endpoint of ACTIONS_ID_TOKEN_REQUEST_URL and its token: what `id-token: write` gives. */
  readonly idToken?: { readonly url: string; readonly token: string };
  /** The Node that runs the scripts; the one that runs this unless given. */
  readonly node?: string;
  /** RUNNER_DEBUG: debug messages are part of the log. */
  readonly debug?: boolean;
  readonly gracePeriods?: Partial<GracePeriods>;
  /** Called with every line of the log, masked, and what it is. */
  readonly onLine?: (line: string, entry: LogEntry) => void;
  /** The secrets to hide, to which the job adds what it learns. */
  readonly masks?: Masks;
  /** Scripts get a process group of their own, so that a signal from a terminal reaches them by `cancel` alone. */
  readonly ownGroup?: boolean;
  /** The folder RUNNER_TEMP is made in; the system's unless given. */
  readonly tempDirectory?: string;
  /** The RUNNER_TEMP of a job that another process began, where this one goes on with it. */
  readonly temp?: string;
  /** How that job stands by now; `success` unless given. */
  readonly status?: Status;
}

/** A main that has begun. */
export interface RunningStep {
  readonly result: Promise<StepResult>;
  /** The first line of the log, said already or still to come, that matches; rejected if the step ends without it. */
  waitForLine(pattern: RegExp): Promise<string>;
  /** Ends the script with SIGKILL, as a machine does that is taken away; its post still runs in `finish`. */
  kill(): void;
}

/** A job of GitHub's runner: steps that share environment, paths and secrets, and their posts at the end. */
export class Job {
  /** Everything that ran, in order. */
  readonly results: StepResult[] = [];
  readonly masks: Masks;
  /** RUNNER_TEMP: private to the job, removed with it. */
  readonly temp: string;
  private readonly options: JobOptions;
  private readonly contexts: Contexts;
  private readonly posts: Step[] = [];
  private exportedEnv: Readonly<Record<string, string>> = {};
  private paths: readonly string[] = [];
  private currentStatus: Status;
  private runningPhase: { readonly stage: Stage; readonly phase: Phase } | undefined;

  constructor(options: JobOptions) {
    this.options = options;
    this.masks = options.masks ?? new Masks();
    this.currentStatus = options.status ?? 'success';
    this.temp = options.temp ?? mkdtempSync(join(realpathSync.native(options.tempDirectory ?? tmpdir()), 'job-'));
    const github = buildGitHubContext(options.workspace, this.temp, options.github ?? {});
    this.contexts = { github, runner: buildRunnerContext(this.temp), env: options.env ?? {} };
    mkdirSync(options.workspace, { recursive: true });
    writeFileSync(join(this.temp, 'event.json'), JSON.stringify(options.event ?? {}));
    if (github.token !== '') this.masks.add(github.token);
    if (options.idToken !== undefined) this.masks.add(options.idToken.token);
  }

  /** How the job stands. */
  get status(): Status {
    return this.currentStatus;
  }

  /** What is running; undefined between two scripts. */
  get stage(): Stage | undefined {
    return this.runningPhase?.stage;
  }

  /** What the steps exported so far, as the next one will see it. */
  get exported(): Readonly<Record<string, string>> {
    return this.exportedEnv;
  }

  /** Runs a step's pre, if it has one, and its main to their end. */
  async run(request: StepRequest): Promise<StepResult> {
    const running = await this.start(request);
    return running.result;
  }

  /** Runs a step's pre to its end and begins its main; its post will run in `finish`, whatever becomes of the main. */
  async start(request: StepRequest): Promise<RunningStep> {
    const step = new Step(request, readActionFile(request.action), this.results.length);
    if (step.file.pre !== undefined) await this.runStage(step, 'pre').result;
    return this.runStage(step, 'main');
  }

  /** Takes up a step whose main another process ran and which left that state: its post runs in `finish`. */
  resume(request: StepRequest, state: Readonly<Record<string, string>>): void {
    const step = new Step(request, readActionFile(request.action), this.results.length);
    step.mergeState(state);
    if (step.file.post !== undefined) this.posts.push(step);
  }

  /** Cancels the job: signals to what runs, no further step unless its condition says so; posts run undisturbed. */
  cancel(): void {
    this.currentStatus = 'cancelled';
    if (this.runningPhase?.stage !== 'post') this.runningPhase?.phase.cancel();
  }

  /** Ends what is running with SIGKILL, a post too. */
  kill(): void {
    this.runningPhase?.phase.kill();
  }

  /** Runs the posts of all steps that began, the last first. */
  async finish(): Promise<readonly StepResult[]> {
    const results: StepResult[] = [];
    for (const step of this.posts.splice(0).toReversed()) results.push(await this.runStage(step, 'post').result);
    return results;
  }

  /** Runs what posts are left and removes RUNNER_TEMP. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
    rmSync(this.temp, { recursive: true, force: true });
  }

  private runStage(step: Step, stage: Stage): RunningStep {
    const script = step.file[stage];
    if (script === undefined || !isConditionMet(step.getCondition(stage), this.currentStatus))
      return this.skip(step, stage);
    if (stage === 'main' && step.file.post !== undefined) this.posts.push(step);
    const phase = this.createPhase(step, script);
    this.runningPhase = { stage, phase };
    return {
      result: phase.result.then((result) => this.recordResult(step, stage, result)),
      waitForLine: (pattern) => phase.waitForLine(pattern),
      kill: () => phase.kill(),
    };
  }

  private skip(step: Step, stage: Stage): RunningStep {
    return {
      result: Promise.resolve(this.addResult(step.createSkippedResult(stage))),
      waitForLine: () =>
        Promise.reject(new Error(`step '${step.id}' is skipped: the job's status is ${this.currentStatus}`)),
      kill: () => {},
    };
  }

  private createPhase(step: Step, script: string): Phase {
    const { workspace, node = process.execPath, debug = false, ownGroup = false, onLine = () => {} } = this.options;
    const { env, warnings } = step.buildEnv(this.contexts);
    return new Phase({
      script,
      workspace,
      node,
      debug,
      ownGroup,
      onLine,
      warnings,
      env: { ...this.buildEnv(step), ...env },
      temp: this.temp,
      masks: this.masks,
      gracePeriods: { ...GITHUB_GRACE_PERIODS, ...this.options.gracePeriods },
    });
  }

  private buildEnv(step: Step): Record<string, string> {
    const { baseEnv = getMachineEnv(process.env), env, idToken, debug } = this.options;
    const stepEnv: Record<string, string> = {
      CI: 'true',
      ...baseEnv,
      ...env,
      ...this.exportedEnv,
      ...step.request.env,
    };
    return {
      ...stepEnv,
      ...(this.paths.length > 0 ? { PATH: [...this.paths, stepEnv['PATH'] ?? ''].join(delimiter) } : {}),
      GITHUB_ACTIONS: 'true',
      ...buildContextEnv('GITHUB', { ...this.contexts['github'], action: step.id }),
      ...buildContextEnv('RUNNER', this.contexts['runner'] ?? {}),
      ...(debug ? { RUNNER_DEBUG: '1' } : {}),
      ...(idToken && { ACTIONS_ID_TOKEN_REQUEST_URL: idToken.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: idToken.token }),
    };
  }

  private recordResult(step: Step, stage: Stage, result: PhaseResult): StepResult {
    this.runningPhase = undefined;
    step.mergeState(result.state);
    this.exportedEnv = { ...this.exportedEnv, ...result.env };
    for (const path of result.paths) this.paths = [path, ...this.paths.filter((existing) => existing !== path)];
    const isForgiven = step.request.continueOnError === true && result.outcome === 'failure';
    const conclusion = isForgiven ? 'success' : result.outcome;
    if (this.currentStatus === 'success') this.currentStatus = conclusion;
    return this.addResult({ ...result, id: step.id, stage, conclusion });
  }

  private addResult(result: StepResult): StepResult {
    this.results.push(result);
    return result;
  }
}
