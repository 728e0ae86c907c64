import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { LineSplitter } from '@aws-delivery/node-runner/job/line-splitter';
import { parseAgentCommand } from './agent-command.js';
import { executeCommand, type JobState, maskSecrets } from './execute-command.js';
import { type StartedStep, type StepOutcome, StepRecord, type TaskStep } from './step-record.js';
import { readTaskFile, resolveTaskInputs } from './task-file.js';
import { JobVariables, toEnvName } from './variables.js';

/** Service connections by id; each has the fields of the AWS toolkit's connection type. */
export type Connections = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface AgentOptions {
  /** The directory of the unpacked tasks. */
  readonly tasks: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly connections?: Connections;
  /** Ids of connections by name: pipelines contain names, which the server replaces with ids. */
  readonly connectionNames?: Readonly<Record<string, string>>;
  /** The job's access token, passed to every task in the connection SYSTEMVSSCONNECTION. */
  readonly accessToken?: string;
  /** The environment of the agent's machine. */
  readonly machine?: Readonly<Record<string, string>>;
  /** The handler that runs the tasks, and its Node executable; Node20_1 on this process's Node by default. */
  readonly node?: { readonly handler: 'Node20_1' | 'Node24'; readonly path: string };
}

/** A step that was started. */
export interface RunningTask {
  readonly outcome: Promise<StepOutcome>;
  /** Resolves when a line of the log matches. */
  waitForLine(pattern: RegExp): Promise<void>;
  /** Cancels the job: the agent sends SIGINT first, and SIGKILL to a task that does not end. */
  signal(signal: 'SIGINT' | 'SIGKILL'): void;
}

/**
 * A job on an Azure DevOps agent, limited to what tasks can observe: the environment (azure-pipelines-agent
 * `Handler.cs`), logging commands, variables, task variables and post-job steps.
 */
export class Agent implements AsyncDisposable {
  readonly variables = new JobVariables();
  readonly workspace: string;
  readonly temp: string;
  private readonly home: string;
  private readonly options: AgentOptions;
  private readonly posts: StartedStep[] = [];
  private readonly masks = new Set<string>();
  private readonly paths: string[] = [];
  private readonly job: JobState = { variables: this.variables, masks: this.masks, paths: this.paths };
  private jobStatus = 'Succeeded';

  constructor(options: AgentOptions) {
    this.options = options;
    this.home = mkdtempSync(join(realpathSync.native(tmpdir()), 'agent-'));
    [this.workspace, this.temp] = [join(this.home, 'work'), join(this.home, 'temp')];
    for (const directory of [this.workspace, this.temp]) mkdirSync(directory);
    const predefined = {
      'Agent.TempDirectory': this.temp,
      'Agent.Version': '4.266.0',
      'Build.BuildId': '42',
      'Build.DefinitionName': 'delivery',
      'Build.Repository.Name': 'ticket-shop',
      'Build.RequestedFor': 'A Person',
      'Build.SourceBranch': 'refs/heads/main',
      'Build.SourcesDirectory': this.workspace,
      'Build.SourceVersion': 'ffac537e6cbbf934b08745a378932722df287a53',
      'System.CollectionUri': 'https://dev.azure.com/octo-org/',
      'System.DefaultWorkingDirectory': this.workspace,
      'System.JobAttempt': '1',
      'System.JobName': 'deliver',
      'System.TeamProject': 'shop',
      TF_BUILD: 'True',
    };
    for (const [name, value] of Object.entries({ ...predefined, ...options.variables }))
      this.variables.set(name, value);
    for (const [name, value] of Object.entries(options.secrets ?? {})) this.variables.set(name, value, true);
  }

  get status(): string {
    return this.jobStatus;
  }

  /** Runs a task and waits until it ends. */
  async run(step: TaskStep): Promise<StepOutcome> {
    return this.start(step).outcome;
  }

  start(step: TaskStep): RunningTask {
    const file = readTaskFile(join(this.options.tasks, step.task));
    const startedStep = { file, step, name: step.name ?? step.task, variables: new Map<string, string>() };
    this.posts.push(startedStep);
    const { execution } = file;
    return this.spawnTask(startedStep, execution[this.options.node?.handler ?? 'Node20_1'].target);
  }

  /** Runs a script in a shell and returns its output. Secret variables are visible only if `env` maps them. */
  async runScript(command: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const mappedEnv = Object.entries(env).map(([name, value]) => [name, this.variables.fill(value)]);
    const processEnv = { ...this.buildMachineEnv(), ...this.variables.environment, ...Object.fromEntries(mappedEnv) };
    const child = spawn('sh', ['-c', command], { cwd: this.workspace, env: processEnv });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => output.push(chunk));
    await new Promise((resolve) => child.once('close', resolve));
    return output.join('');
  }

  /** Ends the job: runs the post-job steps in reverse order. */
  async finish(): Promise<readonly StepOutcome[]> {
    this.variables.set('Agent.JobStatus', this.jobStatus);
    const outcomes: StepOutcome[] = [];
    for (const startedStep of this.posts.splice(0).toReversed()) {
      const target = startedStep.file.postjobexecution?.[this.options.node?.handler ?? 'Node20_1'].target;
      if (target !== undefined) outcomes.push(await this.spawnTask(startedStep, target).outcome);
    }
    return outcomes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
    rmSync(this.home, { recursive: true, force: true });
  }

  private buildMachineEnv(): Record<string, string> {
    const path = [...this.paths.toReversed(), process.env['PATH'] ?? ''].join(delimiter);
    return { PATH: path, HOME: this.home, ...this.options.machine };
  }

  private spawnTask(startedStep: StartedStep, target: string): RunningTask {
    const record = new StepRecord();
    const waiting: { pattern: RegExp; resolve: () => void }[] = [];
    const handleTaskLine = (line: string): void => {
      this.handleLine(line, startedStep, record);
      const last = record.log.at(-1) ?? '';
      for (const wait of waiting) if (wait.pattern.test(last)) wait.resolve();
    };
    const child = spawn(this.options.node?.path ?? process.execPath, [join(startedStep.file.directory, target)], {
      cwd: this.workspace,
      env: this.buildEnv(startedStep),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      const splitter = new LineSplitter(handleTaskLine);
      stream.on('data', (chunk: Buffer) => splitter.write(chunk)).on('end', () => splitter.flush());
    }
    const outcome = new Promise<StepOutcome>((resolve) => {
      child.once('close', (code) => resolve(this.finalizeStep(record, code === 0)));
    });
    return {
      outcome,
      waitForLine: (pattern) =>
        record.log.some((line) => pattern.test(line))
          ? Promise.resolve()
          : new Promise((resolve) => waiting.push({ pattern, resolve })),
      signal: (signal) => {
        this.jobStatus = 'Canceled';
        child.kill(signal);
      },
    };
  }

  private finalizeStep(record: StepRecord, exited: boolean): StepOutcome {
    if (!exited) record.result = 'failed';
    if (record.result === 'failed' && this.jobStatus === 'Succeeded') this.jobStatus = 'Failed';
    return record;
  }

  private buildEnv({ file, step, name, variables }: StartedStep): Record<string, string> {
    const services = file.inputs.filter(({ type }) => type.startsWith('connectedService:')).map((input) => input.name);
    const resolveConnectionId = (input: string, value: string): string =>
      services.includes(input) ? (this.options.connectionNames?.[value] ?? value) : value;
    const inputs = Object.entries(resolveTaskInputs(file, step.inputs ?? {})).map(
      ([input, value]) => [input, resolveConnectionId(input, this.variables.fill(value))] as const,
    );
    const connections = inputs.filter(([input]) => services.includes(input)).map(([, id]) => id);
    return {
      ...this.buildMachineEnv(),
      ...step.env,
      ...this.variables.taskEnvironment,
      SYSTEM_TASKINSTANCENAME: name,
      ...Object.fromEntries(inputs.map(([input, value]) => [`INPUT_${toEnvName(input)}`, value])),
      ...this.buildSystemConnection(),
      ...Object.assign({}, ...connections.map((id) => this.buildConnection(id))),
      ...Object.fromEntries([...variables].map(([key, value]) => [`VSTS_TASKVARIABLE_${toEnvName(key)}`, value])),
    };
  }

  private buildSystemConnection(): Record<string, string> {
    const { accessToken } = this.options;
    if (accessToken === undefined) return {};
    this.masks.add(accessToken);
    const authorization = { scheme: 'OAuth', parameters: { AccessToken: accessToken } };
    return { ENDPOINT_AUTH_SYSTEMVSSCONNECTION: JSON.stringify(authorization) };
  }

  private buildConnection(id: string): Record<string, string> {
    const parameters = this.options.connections?.[id];
    if (parameters === undefined) return {};
    for (const field of ['password', 'sessionToken']) if (parameters[field]) this.masks.add(parameters[field]);
    const entries = Object.entries(parameters);
    return {
      [`ENDPOINT_URL_${id}`]: 'https://aws.amazon.com/',
      [`ENDPOINT_AUTH_${id}`]: JSON.stringify({ scheme: 'UsernamePassword', parameters }),
      [`ENDPOINT_AUTH_SCHEME_${id}`]: 'UsernamePassword',
      ...Object.fromEntries(entries.map(([key, value]) => [`ENDPOINT_AUTH_PARAMETER_${id}_${toEnvName(key)}`, value])),
    };
  }

  private handleLine(line: string, startedStep: StartedStep, record: StepRecord): void {
    const command = parseAgentCommand(line);
    if (command === undefined) {
      if (line.includes('##vso')) throw new Error(`a line that looks like a command and is none: ${line}`);
      record.printed.push(line);
      record.log.push(maskSecrets(line, this.job));
      return;
    }
    executeCommand(command, { step: startedStep, record, job: this.job });
  }
}
