import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { moduleEntry, root } from '../../../scripts/command.mjs';
import { programPath } from '../../../scripts/tool.mjs';

/** gitlab-ci-local needs Node 22, and rsync. */
const node = Number(process.versions.node.split('.')[0]) >= 22 ? process.execPath : programPath('node24');
const hasRsync = spawnSync('rsync', ['--version']).error === undefined;

/** What is missing to run pipelines; .ci/run installs it, on a user's machine the tests are skipped. */
export const missing = [...(node === undefined ? ['Node 22'] : []), ...(hasRsync ? [] : ['rsync'])];

export interface PipelineResult {
  readonly status: number | null;
  readonly log: string;
}

/** A pipeline that runs. */
export interface RunningPipeline {
  readonly result: Promise<PipelineResult>;
  /** Fulfilled once the log holds it. */
  said(pattern: RegExp): Promise<void>;
}

/** A project of GitLab with our templates in it, whose pipelines run on this machine; removed with everything. */
export class GitLabProject implements Disposable {
  readonly #parent = mkdtempSync(join(realpathSync.native(tmpdir()), 'gitlab-'));
  readonly folder = join(this.#parent, 'shop');
  readonly #children: ChildProcess[] = [];

  constructor(pipeline: string, files: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.folder);
    cpSync(join(root, 'hosts', 'gitlab', 'templates'), join(this.folder, 'templates'), { recursive: true });
    this.write('.gitlab-ci.yml', pipeline);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('remote', 'add', 'origin', 'https://gitlab.example/group/shop.git');
    this.git('add', '--all');
    this.git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=all');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  git(...args: readonly string[]): void {
    const { status, stderr } = spawnSync('git', args, { cwd: this.folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  }

  /** Runs the pipeline; variables are as those of a project. */
  begin(variables: Readonly<Record<string, string>>, args: readonly string[] = []): RunningPipeline {
    const given = Object.entries({ CI_PROJECT_DIR: this.folder, ...variables });
    const flags = given.flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    const script = join(root, moduleEntry['gitlab-ci-local']);
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.#parent };
    const child = spawn(node ?? '', [script, '--force-shell-executor', ...flags, ...args], { cwd: this.folder, env });
    child.stdin.end();
    this.#children.push(child);
    let log = '';
    const listeners = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        log += String(chunk);
        for (const listen of listeners) listen();
      });
    }
    return {
      result: new Promise((resolve) => child.once('close', (status) => resolve({ status, log }))),
      said: (pattern) =>
        new Promise((found, missed) => {
          const listen = (): void => void (pattern.test(log) && found());
          listeners.add(listen);
          listen();
          child.once('close', () => missed(new Error(`it ended without a line like ${pattern}:\n${log}`)));
        }),
    };
  }

  run(variables: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<PipelineResult> {
    return this.begin(variables, args).result;
  }

  /** The text of an artifact. */
  artifact(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** What lies beside the checkout, where jobs keep what is nobody's artifact. */
  get beside(): readonly string[] {
    const folder = `${this.folder}.tmp`;
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#parent, { recursive: true, force: true });
  }
}
