import { type Annotation, annotationOf, plainAnnotation } from './annotation.js';
import { type Command, parseCommand } from './command.js';
import type { Masks } from './mask.js';

export interface TranscriptOptions {
  readonly masks: Masks;
  readonly workspace: string;
  /** Whether debug messages are part of the log, as with RUNNER_DEBUG. */
  readonly debug: boolean;
  /** Called with every line of the log, masked. */
  readonly onLine: (line: string) => void;
}

/** The commands whose line is shown while `echo` is on (actions/runner `OmitEcho`). */
const echoed: ReadonlySet<string> = new Set(['echo', 'endgroup', 'group', 'save-state', 'set-output']);

/** What a step says, as GitHub would show it: commands carried out, secrets masked. */
export class Transcript {
  readonly lines: string[] = [];
  readonly annotations: Annotation[] = [];
  /** What the older commands set; the files are the way to do it now. */
  readonly outputs: Record<string, string> = {};
  readonly state: Record<string, string> = {};
  /** Whether a command could not be carried out, which fails the step whatever its exit code. */
  commandFailed = false;
  #stopToken: string | undefined;
  #echo = false;
  readonly #options: TranscriptOptions;

  /** Problem matchers have no handler: they find annotations in other tools' output, which no action here prints. */
  readonly #handlers: Readonly<Record<string, (command: Command, line: string) => void>> = {
    error: (command) => this.#annotateWith('error', command),
    warning: (command) => this.#annotateWith('warning', command),
    notice: (command) => this.#annotateWith('notice', command),
    debug: ({ data }) => this.#debug(data),
    group: ({ data }) => this.show(`##[group]${data}`),
    endgroup: () => this.show('##[endgroup]'),
    'add-mask': ({ data }) => this.#addMask(data),
    'stop-commands': ({ data }, line) => this.#stop(data, line),
    echo: ({ data }, line) => this.#setEcho(data, line),
    'save-state': (command, line) => this.#keep(this.state, command, line),
    'set-output': (command, line) => this.#keep(this.outputs, command, line),
    'set-env': (command) => this.#refuse(command),
    'add-path': (command) => this.#refuse(command),
  };

  constructor(options: TranscriptOptions) {
    this.#options = options;
  }

  /** Takes one line of the step's output. */
  take(line: string): void {
    const command = parseCommand(line, this.#stopToken);
    if (command === undefined) this.show(line);
    else if (this.#stopToken !== undefined) this.#whileStopped(command, line);
    else this.#carryOut(command, line);
  }

  /** Adds a line of the log, masked. */
  show(line: string): void {
    const masked = this.#options.masks.apply(line);
    this.lines.push(masked);
    this.#options.onLine(masked);
  }

  /** Adds an annotation, and its line to the log. */
  annotate(annotation: Annotation): void {
    const { masks } = this.#options;
    const message = masks.apply(annotation.message);
    this.annotations.push({ ...annotation, message, title: annotation.title && masks.apply(annotation.title) });
    this.show(`##[${annotation.level}]${message}`);
  }

  /** Says what the runner could not do, and fails the step. */
  fail(message: string): void {
    this.annotate(plainAnnotation('error', message));
    this.commandFailed = true;
  }

  #whileStopped(command: Command, line: string): void {
    this.show(line);
    if (command.name === this.#stopToken?.toLowerCase()) this.#stopToken = undefined;
  }

  #carryOut(command: Command, line: string): void {
    if (this.#echo && echoed.has(command.name)) this.show(line);
    this.#handlers[command.name]?.(command, line);
  }

  #annotateWith(level: Annotation['level'], command: Command): void {
    this.annotate(annotationOf(level, command, this.#options.workspace));
  }

  #debug(message: string): void {
    if (this.#options.debug) this.show(`##[debug]${message}`);
  }

  #addMask(value: string): void {
    if (this.#options.masks.add(value)) return;
    this.annotate(plainAnnotation('warning', "Can't add secret mask for empty string in ##[add-mask] command."));
  }

  #stop(token: string, line: string): void {
    if (token === '' || token === 'pause-logging' || parseCommand(`::${token}::`) !== undefined) {
      this.fail(`'${token}' cannot end stop-commands: the token has to be no command's name and not empty`);
      return;
    }
    this.#stopToken = token;
    if (token.length > 6) this.#options.masks.add(token);
    this.show(line);
  }

  #setEcho(data: string, line: string): void {
    const value = data.trim().toLowerCase();
    if (value === 'on' || value === 'off') this.#echo = value === 'on';
    else this.#failCommand(line);
  }

  #keep(target: Record<string, string>, { properties, data }: Command, line: string): void {
    const { name } = properties;
    if (name === undefined) this.#failCommand(line);
    else target[name] = data;
  }

  #refuse({ name }: Command): void {
    this.fail(`the '${name}' command is disabled: write to the environment file instead`);
  }

  #failCommand(line: string): void {
    this.fail(`Unable to process command '${line}' successfully.`);
  }
}
