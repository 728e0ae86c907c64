import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
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
  /** GITHUB_WORKSPACE, the working directory of the scripts. */
  readonly workspace: string;
  /** The `env:` of the job. */
  readonly env?: Readonly<Record<string, string>>;
  /** Overrides of the github context; `token` is available to expressions only. */
  readonly github?: Readonly<Record<string, string>>;
  /** The event payload, written to the file at GITHUB_EVENT_PATH. */
  readonly event?: object;
  /** The environment of the machine; default: PATH, HOME and similar variables of this process. */
  readonly baseEnv?: Readonly<Record<string, string>>;
  /** ACTIONS_ID_TOKEN_REQUEST_URL and its token, which GitHub sets with `id-token: write`. */
  readonly idToken?: { readonly url: string; readonly token: string };
  /** Path of the Node program that runs the scripts; default: the one of this process. */
  readonly node?: string;
  /** RUNNER_DEBUG: whether debug messages are logged. */
  readonly debug?: boolean;
  readonly gracePeriods?: Partial<GracePeriods>;
  /** Called with each masked log line and its entry. */
  readonly onLine?: (line: string, entry: LogEntry) => void;
  /** The secrets to mask; the job adds the ones of its steps. */
  readonly masks?: Masks;
  /** Whether scripts get their own process group, so that signals of a terminal reach them through `cancel` only. */
  readonly ownGroup?: boolean;
  /** Parent directory of RUNNER_TEMP; default: the temporary directory of the system. */
  readonly tempDirectory?: string;
  /** The existing RUNNER_TEMP of a job that another process started and this one resumes. */
  readonly temp?: string;
  /** The current status of that job; default `success`. */
  readonly status?: Status;
}

/** A started main. */
export interface RunningStep {
  readonly result: Promise<StepResult>;
  /** The first past or future log line that matches; rejects if the step ends without one. */
  waitForLine(pattern: RegExp): Promise<string>;
  /** Ends the script with SIGKILL; its post still runs in `finish`. */
  kill(): void;
}

const hasHomeDirectory = (): boolean => {
  try {
    return homedir() !== '';
  } catch {
    return false;
  }
};

/** A job of GitHub's runner: steps that share environment, paths and secrets, and run their posts at the end. */
export class Job {
  /** Results of all stages in order, including skipped ones. */
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

  get status(): Status {
    return this.currentStatus;
  }

  /** The running stage; undefined between two scripts. */
  get stage(): Stage | undefined {
    return this.runningPhase?.stage;
  }

  /** Variables that the steps have exported so far. */
  get exported(): Readonly<Record<string, string>> {
    return this.exportedEnv;
  }

  /** Runs the pre, if any, and the main of a step. */
  async run(request: StepRequest): Promise<StepResult> {
    const running = await this.start(request);
    return running.result;
  }

  /** Runs the pre of a step and starts its main. Its post runs in `finish`, also after a failed main. */
  async start(request: StepRequest): Promise<RunningStep> {
    const step = new Step(request, readActionFile(request.action), this.results.length);
    if (step.file.pre !== undefined) await this.runStage(step, 'pre').result;
    return this.runStage(step, 'main');
  }

  /** Adds a step whose main ran in another process and saved this state: its post runs in `finish`. */
  resume(request: StepRequest, state: Readonly<Record<string, string>>): void {
    const step = new Step(request, readActionFile(request.action), this.results.length);
    step.mergeState(state);
    if (step.file.post !== undefined) this.posts.push(step);
  }

  /** Cancels the job: signals the running script unless it is a post, and skips steps by their conditions. */
  cancel(): void {
    this.currentStatus = 'cancelled';
    if (this.runningPhase?.stage !== 'post') this.runningPhase?.phase.cancel();
  }

  /** Ends the running script with SIGKILL, also a post. */
  kill(): void {
    this.runningPhase?.phase.kill();
  }

  /** Runs the posts of all started steps in reverse order. */
  async finish(): Promise<readonly StepResult[]> {
    const results: StepResult[] = [];
    for (const step of this.posts.splice(0).toReversed()) results.push(await this.runStage(step, 'post').result);
    return results;
  }

  /** Runs the remaining posts and removes RUNNER_TEMP. */
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
      ...this.getHomeEnv(baseEnv),
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

  /**
   * A home directory for a user without HOME and without a passwd entry, for whom `os.homedir()` fails. With an empty
   * HOME, SDKs would read `.aws/config` of the working directory, which may belong to a pull request.
   */
  private getHomeEnv(baseEnv: Readonly<Record<string, string>>): Record<string, string> {
    return baseEnv['HOME'] || hasHomeDirectory() ? {} : { HOME: join(this.temp, 'home') };
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
