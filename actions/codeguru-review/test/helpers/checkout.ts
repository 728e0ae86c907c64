import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runAction } from '@aws-delivery/action-kit/run';
import { createMemoryHost, type MemoryHost } from '@aws-delivery/action-kit/testing/memory-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { definition } from '../../action.js';
import { codeguruReview } from '../../src/codeguru-review.js';
import type { Tuning } from '../../src/services.js';

export const NOW = Date.UTC(2026, 10, 20, 12);

/** Everything that can be observed of a step. */
export interface Step {
  readonly memory: MemoryHost['memory'];
  readonly outputs: Readonly<Record<string, string>>;
  readonly failures: readonly string[];
  readonly log: string;
  readonly summary: string;
  readonly annotations: readonly { readonly kind: string; readonly text: string; readonly place?: unknown }[];
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly clock?: VirtualClock;
  readonly tune?: Tuning;
}

const IDENTITY = ['-c', 'user.name=Octo', '-c', 'user.email=octo@example.com', '-c', 'commit.gpgsign=false'];

/** A checkout with a history, in a folder of its own. */
export class Checkout {
  readonly folder: string;

  constructor(options: { readonly git?: false } = {}) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'codeguru-review-')));
    if (options.git !== false) this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', [...IDENTITY, ...args], { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Commits files, and gives the commit's hash. */
  commit(files: Readonly<Record<string, string>>): string {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.git('add', '--all', ...Object.keys(files));
    this.git('commit', '--quiet', '--allow-empty', '-m', 'change');
    return this.git('rev-parse', 'HEAD');
  }

  /** A step in this checkout. */
  async run({ inputs = {}, variables = {}, event, clock, tune }: StepOptions = {}): Promise<Step> {
    const named =
      event === undefined ? {} : { GITHUB_EVENT_PATH: this.write('.git/event.json', JSON.stringify(event)) };
    const host = createMemoryHost({
      clock: clock ?? new VirtualClock({ start: NOW }),
      inputs: tune === undefined ? { 'sarif-files': 'scan.sarif', ...inputs } : inputs,
      variables: {
        PATH: process.env['PATH'],
        HOME: this.folder,
        GITHUB_WORKSPACE: this.folder,
        GITHUB_SERVER_URL: 'https://github.test',
        GITHUB_REPOSITORY: 'octocat/shop',
        RUNNER_TEMP: join(this.folder, '.git', 'temp'),
        ...named,
        ...variables,
      },
    });
    await runAction(definition, codeguruReview(tune), host);
    const { memory } = host;
    return {
      memory,
      outputs: memory.outputs,
      failures: memory.failures,
      log: memory.log.text(),
      summary: memory.summary(),
      annotations: memory.log.entries.filter(({ kind }) => ['error', 'warning', 'notice'].includes(kind)),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The event of a pull request between two commits. */
export const pullRequest = (base: string, head: string, fork = 'octocat/shop') => ({
  variables: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/7/merge' },
  event: {
    pull_request: {
      number: 7,
      base: { sha: base, repo: { full_name: 'octocat/shop' } },
      head: { sha: head, repo: { full_name: fork } },
    },
  },
});
