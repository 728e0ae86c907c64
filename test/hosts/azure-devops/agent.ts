import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { LineSplitter } from '@aws-delivery/node-runner/line-splitter';
import { type AgentCommand, parseAgentCommand } from './agent-command.js';
import { readTaskFile, type TaskFile, taskInputs } from './task-file.js';
import { environmentName, JobVariables } from './variables.js';

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
  line(pattern: RegExp): Promise<void>;
  /** What the agent does on a cancel; SIGKILL is what is left when that does not help. */
  signal(signal: 'SIGINT' | 'SIGKILL'): void;
}

interface Begun {
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
  readonly #home: string;
  readonly #options: AgentOptions;
  readonly #posts: Begun[] = [];
  readonly #masks = new Set<string>();
  readonly #paths: string[] = [];
  #status = 'Succeeded';

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#home = mkdtempSync(join(realpathSync.native(tmpdir()), 'agent-'));
    [this.workspace, this.temp] = [join(this.#home, 'work'), join(this.#home, 'temp')];
    for (const folder of [this.workspace, this.temp]) mkdirSync(folder);
    const known = {
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
    for (const [name, value] of Object.entries({ ...known, ...options.variables })) this.variables.set(name, value);
    for (const [name, value] of Object.entries(options.secrets ?? {})) this.variables.set(name, value, true);
  }

  get status(): string {
    return this.#status;
  }

  /** Runs a task's step to its end. */
  async run(step: TaskStep): Promise<StepOutcome> {
    return this.begin(step).outcome;
  }

  begin(step: TaskStep): RunningTask {
    const file = readTaskFile(join(this.#options.tasks, step.task));
    const begun = { file, step, name: step.name ?? step.task, variables: new Map<string, string>() };
    this.#posts.push(begun);
    const { execution } = file;
    return this.#start(begun, execution[this.#options.node?.handler ?? 'Node20_1'].target);
  }

  /** Runs a script's step: of secrets it sees what is mapped in its `env`, no more. */
  async script(command: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const mapped = Object.entries(env).map(([name, value]) => [name, this.variables.fill(value)]);
    const environment = { ...this.#machine(), ...this.variables.environment, ...Object.fromEntries(mapped) };
    const child = spawn('sh', ['-c', command], { cwd: this.workspace, env: environment });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => said.push(text));
    await new Promise((resolve) => child.once('close', resolve));
    return said.join('');
  }

  /** Ends the job: the posts of all tasks, the last first. */
  async finish(): Promise<readonly StepOutcome[]> {
    this.variables.set('Agent.JobStatus', this.#status);
    const outcomes: StepOutcome[] = [];
    for (const begun of this.#posts.splice(0).toReversed()) {
      const target = begun.file.postjobexecution?.[this.#options.node?.handler ?? 'Node20_1'].target;
      if (target !== undefined) outcomes.push(await this.#start(begun, target).outcome);
    }
    return outcomes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
    rmSync(this.#home, { recursive: true, force: true });
  }

  #machine(): Record<string, string> {
    const path = [...this.#paths.toReversed(), process.env['PATH'] ?? ''].join(delimiter);
    return { PATH: path, HOME: this.#home, ...this.#options.machine };
  }

  #start(begun: Begun, target: string): RunningTask {
    const record = new StepRecord();
    const waiting: { pattern: RegExp; found: () => void }[] = [];
    const take = (line: string): void => {
      this.#take(line, begun, record);
      const last = record.log.at(-1) ?? '';
      for (const wait of waiting) if (wait.pattern.test(last)) wait.found();
    };
    const child = spawn(this.#options.node?.path ?? process.execPath, [join(begun.file.folder, target)], {
      cwd: this.workspace,
      env: this.#environment(begun),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      const splitter = new LineSplitter(take);
      stream.on('data', (chunk: Buffer) => splitter.take(chunk)).on('end', () => splitter.end());
    }
    const outcome = new Promise<StepOutcome>((resolve) => {
      child.once('close', (code) => resolve(this.#conclude(record, code === 0)));
    });
    return {
      outcome,
      line: (pattern) =>
        record.log.some((line) => pattern.test(line))
          ? Promise.resolve()
          : new Promise((found) => waiting.push({ pattern, found })),
      signal: (signal) => {
        this.#status = 'Canceled';
        child.kill(signal);
      },
    };
  }

  #conclude(record: StepRecord, exited: boolean): StepOutcome {
    if (!exited) record.result = 'failed';
    if (record.result === 'failed' && this.#status === 'Succeeded') this.#status = 'Failed';
    return record;
  }

  #environment({ file, step, name, variables }: Begun): Record<string, string> {
    const services = file.inputs.filter(({ type }) => type.startsWith('connectedService:')).map((input) => input.name);
    const idOf = (input: string, value: string): string =>
      services.includes(input) ? (this.#options.connectionNames?.[value] ?? value) : value;
    const inputs = Object.entries(taskInputs(file, step.inputs ?? {})).map(
      ([input, value]) => [input, idOf(input, this.variables.fill(value))] as const,
    );
    const connections = inputs.filter(([input]) => services.includes(input)).map(([, id]) => id);
    return {
      ...this.#machine(),
      ...step.env,
      ...this.variables.taskEnvironment,
      SYSTEM_TASKINSTANCENAME: name,
      ...Object.fromEntries(inputs.map(([input, value]) => [`INPUT_${environmentName(input)}`, value])),
      ...this.#systemConnection(),
      ...Object.assign({}, ...connections.map((id) => this.#connection(id))),
      ...Object.fromEntries([...variables].map(([key, value]) => [`VSTS_TASKVARIABLE_${environmentName(key)}`, value])),
    };
  }

  #systemConnection(): Record<string, string> {
    const { accessToken } = this.#options;
    if (accessToken === undefined) return {};
    this.#masks.add(accessToken);
    const authorization = { scheme: 'OAuth', parameters: { AccessToken: accessToken } };
    return { ENDPOINT_AUTH_SYSTEMVSSCONNECTION: JSON.stringify(authorization) };
  }

  #connection(id: string): Record<string, string> {
    const parameters = this.#options.connections?.[id];
    if (parameters === undefined) return {};
    for (const field of ['password', 'sessionToken']) if (parameters[field]) this.#masks.add(parameters[field]);
    const entries = Object.entries(parameters);
    return {
      [`ENDPOINT_URL_${id}`]: 'https://aws.amazon.com/',
      [`ENDPOINT_AUTH_${id}`]: JSON.stringify({ scheme: 'UsernamePassword', parameters }),
      [`ENDPOINT_AUTH_SCHEME_${id}`]: 'UsernamePassword',
      ...Object.fromEntries(
        entries.map(([key, value]) => [`ENDPOINT_AUTH_PARAMETER_${id}_${environmentName(key)}`, value]),
      ),
    };
  }

  #take(line: string, begun: Begun, record: StepRecord): void {
    const command = parseAgentCommand(line);
    if (command === undefined) {
      if (line.includes('##vso')) throw new Error(`a line that looks like a command and is none: ${line}`);
      record.printed.push(line);
      record.log.push(this.#hide(line));
      return;
    }
    this.#carryOut(command, begun, record);
  }

  #hide(text: string): string {
    return [...this.#masks, ...this.variables.secrets]
      .filter((secret) => secret !== '')
      .reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
  }

  #carryOut({ name, properties, data }: AgentCommand, begun: Begun, record: StepRecord): void {
    const handlers: Readonly<Record<string, () => void>> = {
      'task.debug': () => {},
      'task.setsecret': () => this.#masks.add(data),
      'task.setvariable': () => this.#setVariable(properties, data, begun, record),
      'task.settaskvariable': () => begun.variables.set(properties['variable'] ?? '', data),
      'task.prependpath': () => this.#paths.push(data),
      'task.uploadsummary': () => record.summaries.push(readFileSync(data, 'utf8')),
      'task.issue': () => this.#issue(properties, data, record),
      'task.logissue': () => this.#issue(properties, data, record),
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

  #issue(properties: AgentCommand['properties'], data: string, record: StepRecord): void {
    const { type = '', sourcepath } = properties;
    if (type !== 'error' && type !== 'warning') throw new Error(`no type of an issue: ${type}`);
    record.issues.push({ type, message: this.#hide(data), sourcepath });
    record.log.push(`##[${type}]${this.#hide(data)}`);
  }

  #setVariable(properties: AgentCommand['properties'], data: string, begun: Begun, record: StepRecord): void {
    const { variable = '', issecret, isoutput } = properties;
    const secret = issecret?.toLowerCase() === 'true';
    if (secret && data.includes('\n')) {
      record.result = 'failed';
      record.issues.push({ type: 'error', message: 'Secrets cannot contain multiple lines', sourcepath: undefined });
      return;
    }
    const declared = begun.file.outputVariables.some(({ name }) => name.toLowerCase() === variable.toLowerCase());
    if (isoutput?.toLowerCase() !== 'true' && !declared) this.variables.set(variable, data, secret);
    else {
      record.outputs[variable] = data;
      this.variables.set(`${begun.name}.${variable}`, data, secret);
    }
  }
}
