import { type Annotation, createAnnotation } from '../commands/annotation.js';
import { CommandFiles } from '../commands/command-files.js';
import { CommandProcessor, type LogEntry } from '../commands/command-processor.js';
import type { Masks } from '../commands/masks.js';
import { type GracePeriods, NodeProcess, type ProcessExit } from './node-process.js';
import type { Status } from './status.js';

export interface PhaseOptions {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly temp: string;
  readonly masks: Masks;
  readonly node: string;
  readonly gracePeriods: GracePeriods;
  readonly debug: boolean;
  /** Warnings of the runner, logged before the output of the script. */
  readonly warnings: readonly string[];
  readonly onLine: (line: string, entry: LogEntry) => void;
  /** Whether the script gets its own process group, which signals to the caller's group do not reach. */
  readonly ownGroup: boolean;
}

/** Result of a script. Log, annotations and summary are masked; outputs, exports and state are not. */
export interface PhaseResult {
  readonly outcome: Status;
  readonly exit: ProcessExit;
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: readonly string[];
  readonly annotations: readonly Annotation[];
}

interface LineWaiter {
  readonly pattern: RegExp;
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** A running script of an action. */
export class Phase {
  readonly result: Promise<PhaseResult>;
  private readonly process: NodeProcess;
  private readonly processor: CommandProcessor;
  private readonly masks: Masks;
  private readonly waiters = new Set<LineWaiter>();
  private isCancelled = false;

  constructor(options: PhaseOptions) {
    const { script, node, workspace, gracePeriods, masks, debug, ownGroup } = options;
    const files = new CommandFiles(options.temp);
    this.masks = masks;
    this.processor = new CommandProcessor({
      masks,
      workspace,
      debug,
      onLine: (line, entry) => this.handleLine(line, () => options.onLine(line, entry)),
    });
    for (const warning of options.warnings) this.processor.annotate(createAnnotation('warning', warning));
    const env = { ...options.env, ...files.env };
    const onLine = (line: string): void => this.processor.processLine(line);
    this.process = new NodeProcess({ node, script, workspace, env, gracePeriods, ownGroup, onLine });
    this.result = this.process.exited.then((exit) => this.buildResult(exit, files));
  }

  /** Sends the signals of a cancelled run; the outcome is `cancelled` even if the script then succeeds. */
  cancel(): void {
    this.isCancelled = true;
    this.process.cancel();
  }

  /** Ends the script with SIGKILL. */
  kill(): void {
    this.process.kill();
  }

  /** The first past or future log line that matches; rejects if the phase ends without one. */
  waitForLine(pattern: RegExp): Promise<string> {
    const existing = this.processor.lines.find((line) => pattern.test(line));
    if (existing !== undefined) return Promise.resolve(existing);
    return new Promise((resolve, reject) => this.waiters.add({ pattern, resolve, reject }));
  }

  private handleLine(line: string, forward: () => void): void {
    for (const waiter of this.waiters) {
      if (!waiter.pattern.test(line)) continue;
      this.waiters.delete(waiter);
      waiter.resolve(line);
    }
    forward();
  }

  private buildResult(exit: ProcessExit, files: CommandFiles): PhaseResult {
    const contents = files.collect(this.processor);
    for (const { pattern, reject } of this.waiters) reject(new Error(`the step ended without a line like ${pattern}`));
    this.waiters.clear();
    const { lines, annotations, commandFailed, outputs, state } = this.processor;
    return {
      ...contents,
      outcome: this.isCancelled ? 'cancelled' : exit.exitCode === 0 && !commandFailed ? 'success' : 'failure',
      exit,
      outputs: { ...outputs, ...contents.outputs },
      state: { ...state, ...contents.state },
      summary: this.masks.apply(contents.summary),
      log: lines,
      annotations,
    };
  }
}
