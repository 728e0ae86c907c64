import { type Annotation, plainAnnotation } from './annotation.js';
import { CommandFiles } from './command-files.js';
import type { Masks } from './mask.js';
import { type Ending, NodeProcess, type Pauses } from './node-process.js';
import type { Status } from './status.js';
import { type Entry, Transcript } from './transcript.js';

export interface PhaseOptions {
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly temp: string;
  readonly masks: Masks;
  readonly node: string;
  readonly pauses: Pauses;
  readonly debug: boolean;
  /** What the runner itself has to say first. */
  readonly warnings: readonly string[];
  readonly onLine: (line: string, entry: Entry) => void;
  /** The script gets a process group of its own: a signal to the caller's group does not reach it. */
  readonly ownGroup: boolean;
}

/** What a pre, main or post left. Log, annotations and summary are masked; the rest is as later steps see it. */
export interface PhaseResult {
  readonly outcome: Status;
  readonly ending: Ending;
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: readonly string[];
  readonly annotations: readonly Annotation[];
}

interface Watch {
  readonly pattern: RegExp;
  readonly found: (line: string) => void;
  readonly missed: (error: Error) => void;
}

/** One script of an action, running. */
export class Phase {
  readonly result: Promise<PhaseResult>;
  readonly #process: NodeProcess;
  readonly #transcript: Transcript;
  readonly #masks: Masks;
  readonly #watches = new Set<Watch>();
  #cancelled = false;

  constructor(options: PhaseOptions) {
    const { script, node, workspace, pauses, masks, debug, ownGroup } = options;
    const files = new CommandFiles(options.temp);
    this.#masks = masks;
    this.#transcript = new Transcript({
      masks,
      workspace,
      debug,
      onLine: (line, entry) => this.#shown(line, () => options.onLine(line, entry)),
    });
    for (const warning of options.warnings) this.#transcript.annotate(plainAnnotation('warning', warning));
    const environment = { ...options.environment, ...files.variables };
    const onLine = (line: string): void => this.#transcript.take(line);
    this.#process = new NodeProcess({ node, script, workspace, environment, pauses, ownGroup, onLine });
    this.result = this.#process.ended.then((ending) => this.#conclude(ending, files));
  }

  /** Sends the signals of a cancelled run; the outcome is `cancelled` even if the script then ends well. */
  cancel(): void {
    this.#cancelled = true;
    this.#process.cancel();
  }

  /** Ends the script with SIGKILL. */
  kill(): void {
    this.#process.kill();
  }

  /** The first line of the log, said already or still to come, that matches; rejected if the phase ends without it. */
  line(pattern: RegExp): Promise<string> {
    const said = this.#transcript.lines.find((line) => pattern.test(line));
    if (said !== undefined) return Promise.resolve(said);
    return new Promise((found, missed) => this.#watches.add({ pattern, found, missed }));
  }

  #shown(line: string, tell: () => void): void {
    for (const watch of this.#watches) if (watch.pattern.test(line)) this.#settle(watch, () => watch.found(line));
    tell();
  }

  #settle(watch: Watch, settle: () => void): void {
    this.#watches.delete(watch);
    settle();
  }

  #conclude(ending: Ending, files: CommandFiles): PhaseResult {
    const written = files.collect(this.#transcript);
    for (const watch of this.#watches) {
      this.#settle(watch, () => watch.missed(new Error(`the step ended without a line like ${watch.pattern}`)));
    }
    const { lines, annotations, commandFailed, outputs, state } = this.#transcript;
    return {
      ...written,
      outcome: this.#cancelled ? 'cancelled' : ending.exitCode === 0 && !commandFailed ? 'success' : 'failure',
      ending,
      outputs: { ...outputs, ...written.outputs },
      state: { ...state, ...written.state },
      summary: this.#masks.apply(written.summary),
      log: lines,
      annotations,
    };
  }
}
