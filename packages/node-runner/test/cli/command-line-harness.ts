import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RunnerEnvironment, runCommandLine } from '../../src/cli/run-command-line.js';
import { FakeSignals } from '../fake-signals.js';
import { SampleActions } from '../sample-action.js';

interface OutputWaiter {
  readonly pattern: RegExp;
  readonly resolve: () => void;
}

/** Runs the command line against sample actions in a temporary directory. */
export class CommandLineHarness implements Disposable {
  readonly actions = new SampleActions();
  readonly directory = join(this.actions.directory, 'work');
  readonly signals = new FakeSignals();
  output = '';
  errorOutput = '';
  private readonly waiters: OutputWaiter[] = [];

  constructor() {
    mkdirSync(this.directory);
  }

  /** Runs the command line with the sample actions as default directory. */
  async run(argv: readonly string[], others: Partial<RunnerEnvironment> = {}): Promise<number> {
    return runCommandLine({
      argv,
      env: { PATH: process.env['PATH'] },
      directory: this.directory,
      actionsDirectory: this.actions.directory,
      version: '9.9.9',
      terminal: false,
      now: () => 1_700_000_000_000,
      print: (text) => this.handleOutput(text),
      printError: (text) => {
        this.errorOutput += text;
      },
      signals: this.signals,
      gracePeriods: { interrupt: 300, terminate: 300, drain: 300 },
      ...others,
    });
  }

  /** Resolves as soon as the printed output matches. */
  waitForOutput(pattern: RegExp): Promise<void> {
    if (pattern.test(this.output)) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ pattern, resolve }));
  }

  get lines(): readonly string[] {
    return this.output.split('\n').filter((line) => line !== '');
  }

  resolvePath(name: string): string {
    return join(this.directory, name);
  }

  [Symbol.dispose](): void {
    this.actions[Symbol.dispose]();
  }

  private handleOutput(content: string): void {
    this.output += content;
    for (const { pattern, resolve } of this.waiters) if (pattern.test(this.output)) resolve();
  }
}
