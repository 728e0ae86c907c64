import { type Annotation, createAnnotation, parseAnnotation } from './annotation.js';
import type { Masks } from './masks.js';
import { parseCommand, type WorkflowCommand } from './workflow-command.js';

/** A masked entry of the log; each host has its own format for it. */
export type LogEntry =
  | { readonly kind: 'line' | 'group' | 'debug'; readonly message: string }
  | { readonly kind: 'endgroup' }
  | { readonly kind: 'annotation'; readonly annotation: Annotation };

/** An entry as a line of GitHub's log. */
const formatLogLine = (entry: LogEntry): string => {
  if (entry.kind === 'endgroup') return '##[endgroup]';
  if (entry.kind === 'annotation') return `##[${entry.annotation.level}]${entry.annotation.message}`;
  return entry.kind === 'line' ? entry.message : `##[${entry.kind}]${entry.message}`;
};

export interface CommandProcessorOptions {
  readonly masks: Masks;
  readonly workspace: string;
  /** Whether debug messages are logged, as with RUNNER_DEBUG. */
  readonly debug: boolean;
  /** Called with each entry and its line in GitHub's format. */
  readonly onLine: (line: string, entry: LogEntry) => void;
}

/** The commands that are logged while `echo` is on (actions/runner `OmitEcho`). */
const ECHOED_COMMANDS: ReadonlySet<string> = new Set(['echo', 'endgroup', 'group', 'save-state', 'set-output']);

/** Executes the workflow commands in the output of a step and collects its log with secrets masked. */
export class CommandProcessor {
  readonly lines: string[] = [];
  readonly annotations: Annotation[] = [];
  /** Set by the older commands `set-output` and `save-state`, which command files replace. */
  readonly outputs: Record<string, string> = {};
  readonly state: Record<string, string> = {};
  /** Whether a command could not be executed, which fails the step regardless of its exit code. */
  commandFailed = false;
  private stopToken: string | undefined;
  private echoEnabled = false;
  private readonly options: CommandProcessorOptions;

  /** Problem matchers are ignored: the actions of this repository print no compiler output. */
  private readonly handlers: Readonly<Record<string, (command: WorkflowCommand, line: string) => void>> = {
    error: (command) => this.addCommandAnnotation('error', command),
    warning: (command) => this.addCommandAnnotation('warning', command),
    notice: (command) => this.addCommandAnnotation('notice', command),
    debug: ({ data }) => this.logDebug(data),
    group: ({ data }) => this.log({ kind: 'group', message: this.mask(data) }),
    endgroup: () => this.log({ kind: 'endgroup' }),
    'add-mask': ({ data }) => this.addMask(data),
    'stop-commands': ({ data }, line) => this.stopCommands(data, line),
    echo: ({ data }, line) => this.setEcho(data, line),
    'save-state': (command, line) => this.storeValue(this.state, command, line),
    'set-output': (command, line) => this.storeValue(this.outputs, command, line),
    'set-env': (command) => this.rejectDisabledCommand(command),
    'add-path': (command) => this.rejectDisabledCommand(command),
  };

  constructor(options: CommandProcessorOptions) {
    this.options = options;
  }

  processLine(line: string): void {
    const command = parseCommand(line, this.stopToken);
    if (command === undefined) this.show(line);
    else if (this.stopToken !== undefined) this.handleStoppedLine(command, line);
    else this.executeCommand(command, line);
  }

  /** Adds a masked line to the log. */
  show(line: string): void {
    this.log({ kind: 'line', message: this.mask(line) });
  }

  /** Adds a masked annotation, also to the log. */
  annotate(annotation: Annotation): void {
    const { message, title, file } = annotation;
    const maskedFields = {
      message: this.mask(message),
      title: title && this.mask(title),
      file: file && this.mask(file),
    };
    const masked = { ...annotation, ...maskedFields };
    this.annotations.push(masked);
    this.log({ kind: 'annotation', annotation: masked });
  }

  /** Adds an error annotation and fails the step. */
  fail(message: string): void {
    this.annotate(createAnnotation('error', message));
    this.commandFailed = true;
  }

  private handleStoppedLine(command: WorkflowCommand, line: string): void {
    this.show(line);
    if (command.name === this.stopToken?.toLowerCase()) this.stopToken = undefined;
  }

  private executeCommand(command: WorkflowCommand, line: string): void {
    if (this.echoEnabled && ECHOED_COMMANDS.has(command.name)) this.show(line);
    this.handlers[command.name]?.(command, line);
  }

  private addCommandAnnotation(level: Annotation['level'], command: WorkflowCommand): void {
    this.annotate(parseAnnotation(level, command, this.options.workspace));
  }

  private logDebug(message: string): void {
    if (this.options.debug) this.log({ kind: 'debug', message: this.mask(message) });
  }

  private mask(content: string): string {
    return this.options.masks.apply(content);
  }

  private log(entry: LogEntry): void {
    const line = formatLogLine(entry);
    this.lines.push(line);
    this.options.onLine(line, entry);
  }

  private addMask(value: string): void {
    if (this.options.masks.add(value)) return;
    this.annotate(createAnnotation('warning', "Can't add secret mask for empty string in ##[add-mask] command."));
  }

  private stopCommands(token: string, line: string): void {
    if (token === '' || token === 'pause-logging' || parseCommand(`::${token}::`) !== undefined) {
      this.fail(`'${token}' cannot end stop-commands: the token must not be empty or the name of a command`);
      return;
    }
    this.stopToken = token;
    if (token.length > 6) this.options.masks.add(token);
    this.show(line);
  }

  private setEcho(data: string, line: string): void {
    const value = data.trim().toLowerCase();
    if (value === 'on' || value === 'off') this.echoEnabled = value === 'on';
    else this.failCommand(line);
  }

  private storeValue(target: Record<string, string>, { properties, data }: WorkflowCommand, line: string): void {
    const { name } = properties;
    if (name === undefined) this.failCommand(line);
    else target[name] = data;
  }

  private rejectDisabledCommand({ name }: WorkflowCommand): void {
    this.fail(`command '${name}' is disabled: write to the environment file`);
  }

  private failCommand(line: string): void {
    this.fail(`Unable to process command '${line}' successfully.`);
  }
}
