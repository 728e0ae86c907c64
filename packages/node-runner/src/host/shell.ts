import { basename } from 'node:path';
import { styleText } from 'node:util';
import type { TokenSource } from '../token/token-source.js';
import { VariableTokenSource } from '../token/variable-token-source.js';
import type { Entry } from '../transcript.js';
import { annotationText, plainText } from './annotation-text.js';
import { type CiHost, contextOf, type Output, type Surroundings } from './host.js';
import { Progress } from './progress.js';

type Style = Parameters<typeof styleText>[0];

const styles = { group: 'bold', debug: 'dim' } as const;
const colours = { error: 'red', warning: 'yellow', notice: 'cyan' } as const;

type Shown = Exclude<Entry, { kind: 'endgroup' }>;

const textFor = (entry: Shown): string => {
  if (entry.kind === 'annotation') return plainText(annotationText(entry.annotation));
  return `${entry.kind === 'debug' ? 'debug: ' : ''}${plainText(entry.text)}`;
};

const styleFor = (entry: Shown): Style | undefined => {
  if (entry.kind === 'annotation') return colours[entry.annotation.level];
  return entry.kind === 'text' ? undefined : styles[entry.kind];
};

/** A shell, of a person or of a CI that has no host of its own here. */
export class ShellHost implements CiHost {
  readonly name = 'shell';
  readonly workspace: string;
  readonly temp = undefined;
  readonly github: Readonly<Record<string, string>>;
  readonly event = {};
  readonly token: TokenSource | undefined;
  readonly tokenAdvice = 'name the variable or the file that holds one: --token-variable, --token-file';
  readonly #surroundings: Surroundings;
  readonly #progress: Progress | undefined;
  #depth = 0;

  constructor(surroundings: Surroundings) {
    const { variables, directory, terminal, now, print } = surroundings;
    this.workspace = directory;
    const user = variables['USER'] ?? variables['USERNAME'];
    // The time tells runs apart where nobody counts them.
    const run = String(now());
    const repository = `local/${basename(directory)}`;
    this.github = contextOf({ actor: user, triggering_actor: user, repository, run_id: run, run_number: run });
    this.token = VariableTokenSource.known(variables);
    this.#surroundings = surroundings;
    this.#progress = terminal ? new Progress(print, now) : undefined;
  }

  show(entry: Entry): void {
    if (entry.kind === 'endgroup') this.#depth = Math.max(0, this.#depth - 1);
    else this.#line(textFor(entry), styleFor(entry));
    if (entry.kind === 'group') this.#depth += 1;
  }

  /** Nobody to tell: what leaves the runner is masked already. */
  hide(): void {}

  /** A shell has no later jobs: see the runner's option `--outputs`. */
  setOutput(_output: Output): void {}

  async publishSummary(markdown: string): Promise<void> {
    this.show({ kind: 'group', text: 'Summary' });
    this.#line(plainText(markdown));
    this.show({ kind: 'endgroup' });
  }

  /** A shell discusses nothing. */
  async comment(): Promise<undefined> {}

  close(): void {
    this.#progress?.clear();
  }

  #line(text: string, style?: Style): void {
    const { print, terminal } = this.#surroundings;
    const indented = text.replaceAll(/^(?=.)/gm, '  '.repeat(this.#depth));
    this.#progress?.clear();
    print(`${terminal && style !== undefined ? styleText(style, indented, { validateStream: false }) : indented}\n`);
    this.#progress?.start();
  }
}
