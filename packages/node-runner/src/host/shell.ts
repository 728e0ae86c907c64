import { basename } from 'node:path';
import { styleText } from 'node:util';
import type { LogEntry } from '../commands/command-processor.js';
import { renderSummaryText } from '../summary/render-text.js';
import type { TokenSource } from '../token/token-source.js';
import { VariableTokenSource } from '../token/variable-token-source.js';
import { readCheckout } from './git-checkout.js';
import { type CiHost, createContext, type HostEnvironment, type Output } from './host.js';
import { formatPlainEntry, type VisibleEntry } from './log-format.js';
import { ProgressIndicator } from './progress-indicator.js';
import { readRunVariables } from './run-variables.js';

type Style = Parameters<typeof styleText>[0];

const STYLES = { group: 'bold', debug: 'dim' } as const;
const COLOURS = { error: 'red', warning: 'yellow', notice: 'cyan' } as const;

const getStyle = (entry: VisibleEntry): Style | undefined => {
  if (entry.kind === 'annotation') return COLOURS[entry.annotation.level];
  return entry.kind === 'line' ? undefined : STYLES[entry.kind];
};

/** A shell, or a CI system without its own host class. */
export class ShellHost implements CiHost {
  readonly name = 'shell';
  readonly workspace: string;
  readonly temp = undefined;
  readonly github: Readonly<Record<string, string>>;
  readonly event = {};
  readonly token: TokenSource | undefined;
  readonly tokenHint = 'specify the variable or the file with the token: --token-variable, --token-file';
  private readonly environment: HostEnvironment;
  private readonly progressIndicator: ProgressIndicator | undefined;
  private depth = 0;

  constructor(environment: HostEnvironment) {
    const { env, directory, terminal, now, print } = environment;
    this.workspace = directory;
    const user = env['USER'] ?? env['USERNAME'];
    // A shell has no run number; the time identifies the run.
    const runId = String(now());
    const defaults = {
      actor: user,
      triggering_actor: user,
      repository: `local/${basename(directory)}`,
      run_id: runId,
      run_number: runId,
    };
    const variables = readRunVariables(env);
    const isComplete = 'sha' in variables && 'ref' in variables && 'repository' in variables;
    const checkout = isComplete ? {} : readCheckout(directory, env);
    this.github = createContext({ ...defaults, ...checkout, ...variables });
    this.token = VariableTokenSource.detect(env);
    this.environment = environment;
    this.progressIndicator = terminal ? new ProgressIndicator(print, now) : undefined;
  }

  show(entry: LogEntry): void {
    if (entry.kind === 'endgroup') this.depth = Math.max(0, this.depth - 1);
    else this.writeLine(formatPlainEntry(entry), getStyle(entry));
    if (entry.kind === 'group') this.depth += 1;
  }

  /** The output of the runner is already masked. */
  hide(): void {}

  /** A shell has no later jobs: see the option `--outputs`. */
  setOutput(_output: Output): void {}

  async publishSummary(markdown: string): Promise<void> {
    this.show({ kind: 'group', message: 'Summary' });
    this.writeLine(renderSummaryText(markdown));
    this.show({ kind: 'endgroup' });
  }

  /** A shell has no pull request. */
  async comment(): Promise<undefined> {}

  close(): void {
    this.progressIndicator?.clear();
  }

  private writeLine(content: string, style?: Style): void {
    const { print, terminal } = this.environment;
    const indented = content.replaceAll(/^(?=.)/gm, '  '.repeat(this.depth));
    this.progressIndicator?.clear();
    print(`${terminal && style !== undefined ? styleText(style, indented, { validateStream: false }) : indented}\n`);
    this.progressIndicator?.start();
  }
}
