import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RunnerSurroundings, runCli } from '../src/cli/runner.js';
import { MemorySignals } from './memory-signals.js';
import { SampleActions } from './sample-action.js';

interface Said {
  readonly pattern: RegExp;
  readonly found: () => void;
}

/** A command line with actions of its own, in a folder that is removed with it. */
export class CommandLineCall implements Disposable {
  readonly actions = new SampleActions();
  readonly folder = join(this.actions.folder, 'work');
  readonly signals = new MemorySignals();
  printed = '';
  errors = '';
  readonly #waiting: Said[] = [];

  constructor() {
    mkdirSync(this.folder);
  }

  /** Runs it; `--actions` is given. */
  async run(argv: readonly string[], others: Partial<RunnerSurroundings> = {}): Promise<number> {
    return runCli({
      argv,
      variables: { PATH: process.env['PATH'] },
      directory: this.folder,
      actions: this.actions.folder,
      version: '9.9.9',
      terminal: false,
      now: () => 1_700_000_000_000,
      print: (text) => this.#take(text),
      printError: (text) => {
        this.errors += text;
      },
      signals: this.signals,
      pauses: { interrupt: 300, terminate: 300, drain: 300 },
      ...others,
    });
  }

  /** Fulfilled once that has been printed. */
  said(pattern: RegExp): Promise<void> {
    if (pattern.test(this.printed)) return Promise.resolve();
    return new Promise((found) => this.#waiting.push({ pattern, found }));
  }

  get lines(): readonly string[] {
    return this.printed.split('\n').filter((line) => line !== '');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  [Symbol.dispose](): void {
    this.actions[Symbol.dispose]();
  }

  #take(text: string): void {
    this.printed += text;
    for (const { pattern, found } of this.#waiting) if (pattern.test(this.printed)) found();
  }
}
