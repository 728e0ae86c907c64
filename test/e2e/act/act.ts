import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { readRepositoryName } from '../../../scripts/release/repository-name.mjs';
import { readMajorTag } from '../../../scripts/release/version.mjs';
import { type ActJob, type ActStep, readActLog } from './act-log.js';
import { copyCheckout } from './checkout-copy.js';

export interface ActOptions {
  /** Files of the repository by path; they overwrite those of `from`. */
  readonly files?: Readonly<Record<string, string>>;
  /** A directory whose files are copied into the repository. */
  readonly from?: string;
  /** The workflow's path in the repository. */
  readonly workflow: string;
  readonly event?: string;
  /** Paths in `files` that an earlier commit contains; without it there is one commit. */
  readonly committedBefore?: readonly string[];
  /** Returns the event payload, such as `{ ref: 'refs/tags/v1' }`, for the SHAs of the commits, oldest first. */
  readonly payload?: (commits: readonly string[]) => object;
  /** Environment of every step; act does not pass on its own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Values of the vars context. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Directories of other actions, by their `uses:`, such as `actions/cache@v4`. */
  readonly actions?: Readonly<Record<string, string>>;
  /** Directories to prepend to the PATH of the steps. */
  readonly programs?: readonly string[];
  /** Inputs of workflow_dispatch. */
  readonly inputs?: Readonly<Record<string, string>>;
}

/** The result of a workflow. */
export interface ActResult {
  readonly exitCode: number | null;
  readonly jobs: readonly ActJob[];
  /** The complete output, for messages of failed expectations. */
  readonly output: string;
  /** Finds a step by id in a stage (default `Main`) of any job or the named one. Throws Error if it did not run. */
  findStep(id: string, options?: { stage?: string; job?: string }): ActStep;
}

const buildFlags = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);

const buildResult = (exitCode: number | null, output: string): ActResult => {
  const jobs = readActLog(output);
  const findStep: ActResult['findStep'] = (id, { stage = 'Main', job } = {}) => {
    const steps = jobs.filter(({ name }) => job === undefined || name === job).flatMap(({ steps: own }) => own);
    const found = steps.find((candidate) => candidate.id === id && candidate.stage === stage);
    if (found === undefined) throw new Error(`no ${stage} of a step '${id}' ran; act's output:\n${output}`);
    return found;
  };
  return { exitCode, jobs, output, findStep };
};

/** Runners of the workflows; this machine stands in for each. */
const PLATFORMS = ['ubuntu-latest', 'ubuntu-24.04'];

/** What `uses:` reads of the suite. act copies its directory for every step, which takes seconds with all files. */
const USED_FILES =
  /^(?:(?:action\.yml|package\.json|scripts\/guard\.mjs)$|actions\/[^/]+\/(?:action\.yml$|dist\/)|\.github\/workflows\/|examples\/)/u;

/**
 * Runs workflows under act without containers, with a separate home directory and a copy of this checkout, which
 * resolves `uses: <owner>/<name>/actions/…@<major tag>`. Disposal kills running workflows and deletes the files.
 */
export class Act {
  private readonly program = findProgram('act') ?? '';
  private readonly directory = mkdtempSync(join(tmpdir(), 'act-'));
  private readonly checkout = join(this.directory, 'checkout');
  private readonly running = new Set<ChildProcess>();
  private count = 0;

  constructor() {
    copyCheckout(this.checkout, USED_FILES);
  }

  /** Runs a workflow in a new repository and waits until it ends. */
  async run(options: ActOptions): Promise<ActResult> {
    const { directory, commits } = this.createRepository(options);
    const child = this.start(options, directory, commits);
    this.running.add(child);
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    }
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    this.running.delete(child);
    return buildResult(exitCode, chunks.join(''));
  }

  [Symbol.dispose](): void {
    for (const { pid } of this.running) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Starts act in a separate process group, so that its steps are killed with it. */
  private start(options: ActOptions, cwd: string, commits: readonly string[]): ChildProcess {
    const { workflow, event = 'push', payload, env, secrets, variables, inputs, actions = {} } = options;
    const eventPath = `${cwd}.json`;
    if (payload !== undefined) writeFileSync(eventPath, JSON.stringify(payload(commits)));
    const repositories = { [`${readRepositoryName()}@${readMajorTag()}`]: this.checkout, ...actions };
    const values = [
      ...buildFlags('--local-repository', repositories),
      ...buildFlags('--env', env),
      ...buildFlags('--secret', secrets),
      ...buildFlags('--var', variables),
      ...buildFlags('--input', inputs),
    ];
    const payloads = payload === undefined ? [] : ['--eventpath', eventPath];
    const platforms = PLATFORMS.flatMap((platform) => ['-P', `${platform}=-self-hosted`]);
    const args = [event, ...payloads, '--json', '-W', workflow, ...platforms, ...values];
    const home = join(this.directory, 'home');
    return spawn(this.program, args, {
      cwd,
      env: {
        PATH: [...(options.programs ?? []), process.env['PATH']].join(delimiter),
        HOME: home,
        XDG_CACHE_HOME: join(home, 'cache'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  }

  private createRepository({ from, files = {}, committedBefore = [] }: ActOptions): {
    directory: string;
    commits: readonly string[];
  } {
    this.count += 1;
    const directory = join(this.directory, `repository-${this.count}`);
    mkdirSync(join(this.directory, 'home'), { recursive: true });
    mkdirSync(directory);
    if (from !== undefined) cpSync(from, directory, { recursive: true });
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim();
    const commit = (paths: readonly string[]): string => {
      for (const path of paths) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), files[path] ?? '');
      }
      git('add', '--all');
      git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'test');
      return git('rev-parse', 'HEAD');
    };
    git('init', '--quiet', '--initial-branch', 'main');
    git('remote', 'add', 'origin', 'https://github.com/octo-org/octo-repo.git');
    const steps = committedBefore.length > 0 ? [committedBefore, Object.keys(files)] : [Object.keys(files)];
    return { directory, commits: steps.map(commit) };
  }
}
