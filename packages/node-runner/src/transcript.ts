import { type Annotation, annotationOf, plainAnnotation } from './annotation.js';
import { type Command, parseCommand } from './command.js';
import type { Masks } from './mask.js';

/** One entry of the log, masked; how it looks is the host's business. */
export type Entry =
  | { readonly kind: 'text' | 'group' | 'debug'; readonly text: string }
  | { readonly kind: 'endgroup' }
  | { readonly kind: 'annotation'; readonly annotation: Annotation };

/** The line in which GitHub's log shows an entry. */
export const lineOf = (entry: Entry): string => {
  if (entry.kind === 'endgroup') return '##[endgroup]';
  if (entry.kind === 'annotation') return `##[${entry.annotation.level}]${entry.annotation.message}`;
  return entry.kind === 'text' ? entry.text : `##[${entry.kind}]${entry.text}`;
};

export interface TranscriptOptions {
  readonly masks: Masks;
  readonly workspace: string;
  /** Whether debug messages are part of the log, as with RUNNER_DEBUG. */
  readonly debug: boolean;
  /** Called with every entry of the log and the line that shows it. */
  readonly onLine: (line: string, entry: Entry) => void;
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
    group: ({ data }) => this.#log({ kind: 'group', text: this.#hide(data) }),
    endgroup: () => this.#log({ kind: 'endgroup' }),
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
    this.#log({ kind: 'text', text: this.#hide(line) });
  }

  /** Adds an annotation, and its line to the log. */
  annotate(annotation: Annotation): void {
    const { message, title, file } = annotation;
    const shown = { message: this.#hide(message), title: title && this.#hide(title), file: file && this.#hide(file) };
    const masked = { ...annotation, ...shown };
    this.annotations.push(masked);
    this.#log({ kind: 'annotation', annotation: masked });
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
    if (this.#options.debug) this.#log({ kind: 'debug', text: this.#hide(message) });
  }

  #hide(text: string): string {
    return this.#options.masks.apply(text);
  }

  #log(entry: Entry): void {
    const line = lineOf(entry);
    this.lines.push(line);
    this.#options.onLine(line, entry);
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
