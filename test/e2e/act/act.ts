import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readRepositoryName } from '../../../scripts/release/repository-name.mjs';
import { type ActJob, type ActStep, readActLog } from './act-log.js';
import { copyCheckout } from './checkout-copy.js';

export interface ActOptions {
  /** The files of the repository the workflow runs in, by path; they come over those of `from`. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder whose files are the repository's. */
  readonly from?: string;
  /** The workflow's path in the repository. */
  readonly workflow: string;
  readonly event?: string;
  /** The files of `files` that a commit before the last one has already; without it there is one commit. */
  readonly committedBefore?: readonly string[];
  /** What the event says beyond what act makes up, such as `{ ref: 'refs/tags/v1' }`; told the commits, oldest first. */
  readonly payload?: (commits: readonly string[]) => object;
  /** Variables of every step: act passes nothing of its own environment on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Values of the vars context. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Inputs of workflow_dispatch. */
  readonly inputs?: Readonly<Record<string, string>>;
}

/** What a workflow came to. */
export interface ActResult {
  readonly exitCode: number | null;
  readonly jobs: readonly ActJob[];
  /** The whole output, for the message of a failing test. */
  readonly output: string;
  /** The step with that id, in that stage, of the only job or the one named. */
  findStep(id: string, options?: { stage?: string; job?: string }): ActStep;
}

const buildFlags = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);

const buildResult = (exitCode: number | null, output: string): ActResult => {
  const jobs = readActLog(output);
  const findStep: ActResult['findStep'] = (id, { stage = 'Main', job } = {}) => {
    const steps = jobs.filter(({ name }) => job === undefined || name === job).flatMap(({ steps: own }) => own);
    const found = steps.find((candidate) => candidate.id === id && candidate.stage === stage);
    if (found === undefined) throw new Error(`no ${stage} of a step '${id}' ran; act said:\n${output}`);
    return found;
  };
  return { exitCode, jobs, output, findStep };
};

/**
 * A place to run workflow files under act, without containers: a home of its own and a copy of this checkout, which
 * `uses: <owner>/<name>/actions/…@v1` finds. Removed, and what still runs ended, when it is disposed of.
 */
export class Act {
  private readonly program: string;
  private readonly directory = mkdtempSync(join(tmpdir(), 'act-'));
  private readonly checkout = join(this.directory, 'checkout');
  private readonly running = new Set<ChildProcess>();
  private count = 0;

  /** @param program act itself: `programPath('act')` of scripts/tool.mjs */
  constructor(program: string) {
    this.program = program;
    copyCheckout(this.checkout);
  }

  /** Runs a workflow to its end in a fresh repository. */
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

  /** A process group of its own, so that the end of act is the end of its steps. */
  private start(options: ActOptions, cwd: string, commits: readonly string[]): ChildProcess {
    const { workflow, event = 'push', payload, env, secrets, variables, inputs } = options;
    const eventPath = `${cwd}.json`;
    if (payload !== undefined) writeFileSync(eventPath, JSON.stringify(payload(commits)));
    const local = ['--local-repository', `${readRepositoryName()}@v1=${this.checkout}`];
    const values = [
      ...buildFlags('--env', env),
      ...buildFlags('--secret', secrets),
      ...buildFlags('--var', variables),
      ...buildFlags('--input', inputs),
    ];
    const payloads = payload === undefined ? [] : ['--eventpath', eventPath];
    const args = [
      event,
      ...payloads,
      '--json',
      '-W',
      workflow,
      '-P',
      'ubuntu-latest=-self-hosted',
      ...local,
      ...values,
    ];
    const home = join(this.directory, 'home');
    return spawn(this.program, args, {
      cwd,
      env: { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: join(home, 'cache') },
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
