import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost, type FakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import { definition } from '../action.js';
import { createAction } from '../src/create-action.js';

export const NOW = Date.UTC(2026, 10, 20, 12);

/** Observable effects of a step. */
export interface Step {
  readonly recorded: FakeHost['recorded'];
  readonly outputs: Readonly<Record<string, string>>;
  readonly failures: readonly string[];
  readonly log: string;
  readonly summary: string;
  readonly annotations: readonly { readonly kind: string; readonly message: string; readonly properties?: unknown }[];
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly clock?: VirtualClock;
  readonly overrideConfig?: ConfigOverride;
}

const IDENTITY = ['-c', 'user.name=Octo', '-c', 'user.email=octo@example.com', '-c', 'commit.gpgsign=false'];

/** A git repository in a temporary directory. */
export class Checkout {
  readonly directory: string;

  constructor(options: { readonly git?: false } = {}) {
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), 'codeguru-review-')));
    if (options.git !== false) this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', [...IDENTITY, ...args], { cwd: this.directory, encoding: 'utf8', stdio: 'pipe' }).trim();
  }

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Commits files and returns the commit's hash. */
  commit(files: Readonly<Record<string, string>>): string {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
    this.git('add', '--all', ...Object.keys(files));
    this.git('commit', '--quiet', '--allow-empty', '-m', 'change');
    return this.git('rev-parse', 'HEAD');
  }

  /** Runs the main step in this checkout. */
  async run({ inputs = {}, env = {}, event, clock, overrideConfig }: StepOptions = {}): Promise<Step> {
    const eventEnv =
      event === undefined ? {} : { GITHUB_EVENT_PATH: this.write('.git/event.json', JSON.stringify(event)) };
    const host = createFakeHost({
      clock: clock ?? new VirtualClock({ start: NOW }),
      inputs: overrideConfig === undefined ? { 'sarif-files': 'scan.sarif', ...inputs } : inputs,
      env: {
        PATH: process.env['PATH'],
        HOME: this.directory,
        GITHUB_WORKSPACE: this.directory,
        GITHUB_SERVER_URL: 'https://github.test',
        GITHUB_REPOSITORY: 'octocat/shop',
        RUNNER_TEMP: join(this.directory, '.git', 'temp'),
        ...eventEnv,
        ...env,
      },
    });
    await runAction(definition, createAction(overrideConfig), host);
    const { recorded } = host;
    return {
      recorded,
      outputs: recorded.outputs,
      failures: recorded.failures,
      log: recorded.log.getOutput(),
      summary: recorded.summary(),
      annotations: recorded.log.entries.filter(({ kind }) => ['error', 'warning', 'notice'].includes(kind)),
    };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Environment and event payload of a pull request. */
export const pullRequest = (base: string, head: string, fork = 'octocat/shop') => ({
  env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/7/merge' },
  event: {
    pull_request: {
      number: 7,
      base: { sha: base, repo: { full_name: 'octocat/shop' } },
      head: { sha: head, repo: { full_name: fork } },
    },
  },
});
