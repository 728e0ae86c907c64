import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { LineSplitter } from '@aws-delivery/node-runner/job/line-splitter';
import { type AgentCommand, parseAgentCommand } from './agent-command.js';
import { readTaskFile, resolveTaskInputs, type TaskFile } from './task-file.js';
import { JobVariables, toEnvName } from './variables.js';

/** A service connection: its fields by name, as the AWS toolkit's type has them. */
export type Connections = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface AgentOptions {
  /** Where the tasks lie unpacked. */
  readonly tasks: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly connections?: Connections;
  /** Their ids by name: pipelines say names, and the server puts the ids in their place. */
  readonly connectionNames?: Readonly<Record<string, string>>;
  /** The token of the job, which every task gets in the connection to the server itself. */
  readonly accessToken?: string;
  /** The environment of the agent's machine. */
  readonly machine?: Readonly<Record<string, string>>;
  /** The Node of a handler. */
  readonly node?: { readonly handler: 'Node20_1' | 'Node24'; readonly path: string };
}

export interface TaskStep {
  readonly task: string;
  readonly name?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface StepOutcome {
  readonly result: 'succeeded' | 'failed';
  /** The log as people see it: secrets hidden, commands carried out. */
  readonly log: readonly string[];
  /** The lines that are no commands, as the task printed them. */
  readonly printed: readonly string[];
  readonly issues: readonly {
    readonly type: string;
    readonly message: string;
    readonly sourcepath: string | undefined;
  }[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summaries: readonly string[];
}

/** A step that has begun. */
export interface RunningTask {
  readonly outcome: Promise<StepOutcome>;
  /** Fulfilled by the first line of the log that matches. */
  waitForLine(pattern: RegExp): Promise<void>;
  /** What the agent does on a cancel; SIGKILL is what is left when that does not help. */
  signal(signal: 'SIGINT' | 'SIGKILL'): void;
}

interface StartedStep {
  readonly file: TaskFile;
  readonly step: TaskStep;
  readonly name: string;
  readonly variables: Map<string, string>;
}

/** A step at work, as the agent keeps book of it. */
class StepRecord {
  result: StepOutcome['result'] = 'succeeded';
  readonly log: string[] = [];
  readonly printed: string[] = [];
  readonly issues: { type: string; message: string; sourcepath: string | undefined }[] = [];
  readonly outputs: Record<string, string> = {};
  readonly summaries: string[] = [];
}

/**
 * A job on an Azure DevOps agent, as far as a task can tell: the environment of azure-pipelines-agent `Handler.cs`,
 * its logging commands, its variables, its task variables, and its post-job steps.
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

  /** Runs a task's step to its end. */
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

  /** Runs a script's step: of secrets it sees what is mapped in its `env`, no more. */
  async runScript(command: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const mapped = Object.entries(env).map(([name, value]) => [name, this.variables.fill(value)]);
    const environment = { ...this.buildMachineEnv(), ...this.variables.environment, ...Object.fromEntries(mapped) };
    const child = spawn('sh', ['-c', command], { cwd: this.workspace, env: environment });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => output.push(chunk));
    await new Promise((resolve) => child.once('close', resolve));
    return output.join('');
  }

  /** Ends the job: the posts of all tasks, the last first. */
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
      record.log.push(this.maskSecrets(line));
      return;
    }
    this.executeCommand(command, startedStep, record);
  }

  private maskSecrets(text: string): string {
    return [...this.masks, ...this.variables.secrets]
      .filter((secret) => secret !== '')
      .reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
  }

  private executeCommand({ name, properties, data }: AgentCommand, startedStep: StartedStep, record: StepRecord): void {
    const handlers: Readonly<Record<string, () => void>> = {
      'task.debug': () => {},
      'task.setsecret': () => this.masks.add(data),
      'task.setvariable': () => this.setVariable(properties, data, startedStep, record),
      'task.settaskvariable': () => startedStep.variables.set(properties['variable'] ?? '', data),
      'task.prependpath': () => this.paths.push(data),
      'task.uploadsummary': () => record.summaries.push(readFileSync(data, 'utf8')),
      'task.issue': () => this.recordIssue(properties, data, record),
      'task.logissue': () => this.recordIssue(properties, data, record),
      'task.complete': () => {
        if (!['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped'].includes(properties['result'] ?? ''))
          throw new Error(`no result of a task: ${properties['result']}`);
        if (properties['result'] === 'Failed') record.result = 'failed';
      },
    };
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`the agent knows no command '${name}'`);
    handler();
  }

  private recordIssue(properties: AgentCommand['properties'], data: string, record: StepRecord): void {
    const { type = '', sourcepath } = properties;
    if (type !== 'error' && type !== 'warning') throw new Error(`no type of an issue: ${type}`);
    record.issues.push({ type, message: this.maskSecrets(data), sourcepath });
    record.log.push(`##[${type}]${this.maskSecrets(data)}`);
  }

  private setVariable(
    properties: AgentCommand['properties'],
    data: string,
    startedStep: StartedStep,
    record: StepRecord,
  ): void {
    const { variable = '', issecret, isoutput } = properties;
    const secret = issecret?.toLowerCase() === 'true';
    if (secret && data.includes('\n')) {
      record.result = 'failed';
      record.issues.push({ type: 'error', message: 'Secrets cannot contain multiple lines', sourcepath: undefined });
      return;
    }
    const declared = startedStep.file.outputVariables.some(({ name }) => name.toLowerCase() === variable.toLowerCase());
    if (isoutput?.toLowerCase() !== 'true' && !declared) this.variables.set(variable, data, secret);
    else {
      record.outputs[variable] = data;
      this.variables.set(`${startedStep.name}.${variable}`, data, secret);
    }
  }
}
