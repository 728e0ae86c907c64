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
import { findProgram } from '../../../scripts/install/tool.mjs';
import { followOutput } from '../../process-output.js';
import { hasProgram } from '../../required-programs.js';

/** gitlab-ci-local needs Node 22 and rsync. */
const node = Number(process.versions.node.split('.')[0]) >= 22 ? process.execPath : findProgram('node24');
const hasRsync = hasProgram('rsync');

/** Programs that gitlab-ci-local needs and that are not installed. */
export const missing = [...(node === undefined ? ['Node 22'] : []), ...(hasRsync ? [] : ['rsync'])];

export interface PipelineResult {
  readonly status: number | null;
  readonly log: string;
}

/** A pipeline that was started. */
export interface RunningPipeline {
  readonly result: Promise<PipelineResult>;
  /** Resolves when the log matches; rejects when the pipeline ends before. */
  readonly waitForLog: (pattern: RegExp) => Promise<void>;
}

/** A GitLab project with our templates, whose pipelines run on this machine with gitlab-ci-local. */
export class GitLabProject implements Disposable {
  private readonly parent = mkdtempSync(join(realpathSync.native(tmpdir()), 'gitlab-'));
  readonly directory = join(this.parent, 'shop');
  private readonly children: ChildProcess[] = [];

  constructor(pipeline: string, files: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.directory);
    cpSync(join(root, 'hosts', 'gitlab', 'templates'), join(this.directory, 'templates'), { recursive: true });
    this.write('.gitlab-ci.yml', pipeline);
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('remote', 'add', 'origin', 'https://gitlab.example/group/shop.git');
    this.git('add', '--all');
    this.git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=all');
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), content);
  }

  git(...args: readonly string[]): void {
    const { status, stderr } = spawnSync('git', args, { cwd: this.directory, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  }

  /** Starts the pipeline with project variables. */
  start(variables: Readonly<Record<string, string>>, args: readonly string[] = []): RunningPipeline {
    const variableEntries = Object.entries({ CI_PROJECT_DIR: this.directory, ...variables });
    const flags = variableEntries.flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    const script = join(root, moduleEntry['gitlab-ci-local']);
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.parent };
    const child = spawn(node ?? '', [script, '--force-shell-executor', ...flags, ...args], {
      cwd: this.directory,
      env,
    });
    child.stdin.end();
    this.children.push(child);
    const output = followOutput(child);
    return {
      result: new Promise((resolve) => child.once('close', (status) => resolve({ status, log: output.get() }))),
      waitForLog: output.waitFor,
    };
  }

  run(variables: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<PipelineResult> {
    return this.start(variables, args).result;
  }

  readArtifact(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.directory, path));
  }

  /** Names in the directory beside the checkout where jobs store files that are not artifacts. */
  get listTemporaryFiles(): readonly string[] {
    const directory = `${this.directory}.tmp`;
    return existsSync(directory) ? readdirSync(directory).sort() : [];
  }

  [Symbol.dispose](): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.parent, { recursive: true, force: true });
  }
}
