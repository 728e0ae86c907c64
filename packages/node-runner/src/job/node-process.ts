import { type ChildProcess, spawn } from 'node:child_process';
import { LineSplitter } from './line-splitter.js';

/** Waiting times of the runner in milliseconds. */
export interface GracePeriods {
  /** After SIGINT, before SIGTERM. */
  readonly interrupt: number;
  /** After SIGTERM, before SIGKILL. */
  readonly terminate: number;
  /** After the exit of a process, for output that a child process still holds open. */
  readonly drain: number;
}

/** The values of GitHub's runner (actions/runner `ProcessInvoker.cs`). */
export const GITHUB_GRACE_PERIODS: GracePeriods = { interrupt: 7_500, terminate: 2_500, drain: 5_000 };

/** The exit code or the signal that ended the process; the other one is null. */
export interface ProcessExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface NodeProcessOptions {
  readonly node: string;
  readonly script: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly gracePeriods: GracePeriods;
  readonly ownGroup: boolean;
  readonly onLine: (line: string) => void;
}

/** A Node process with exactly the given environment. */
export class NodeProcess {
  /** Resolves after the exit of the process and the end of its output; rejects if the process cannot start. */
  readonly exited: Promise<ProcessExit>;
  private readonly child: ChildProcess;
  private readonly gracePeriods: GracePeriods;
  private readonly leadsGroup: boolean;

  constructor({ node, script, workspace, env, gracePeriods, ownGroup, onLine }: NodeProcessOptions) {
    this.gracePeriods = gracePeriods;
    // On Windows a detached process gets a console window instead of a group.
    this.leadsGroup = ownGroup && process.platform !== 'win32';
    this.child = spawn(node, [script], {
      cwd: workspace,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: this.leadsGroup,
    });
    const splitters = [this.child.stdout, this.child.stderr].map((stream) => {
      const splitter = new LineSplitter(onLine);
      stream?.on('data', (chunk: Buffer) => splitter.write(chunk));
      return splitter;
    });
    this.exited = this.waitForExit().finally(() => {
      for (const splitter of splitters) splitter.flush();
    });
  }

  /** Ends the process as GitHub does on cancellation: SIGINT, SIGTERM, SIGKILL. On Windows each of them kills. */
  cancel(): void {
    this.child.kill('SIGINT');
    const { interrupt, terminate } = this.gracePeriods;
    const timers = [
      setTimeout(() => this.child.kill('SIGTERM'), interrupt),
      setTimeout(() => this.kill(), interrupt + terminate),
    ];
    this.child.once('exit', () => timers.forEach(clearTimeout));
    // A process that has already exited emits no further 'exit' event to clear the timers.
    for (const timer of timers) timer.unref();
  }

  /** Kills the process and, if it leads a process group, its children, which would be orphaned. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.child;
    if (!this.leadsGroup || pid === undefined || exitCode !== null || signalCode !== null) this.child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  }

  private waitForExit(): Promise<ProcessExit> {
    return new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
      this.child.once('exit', () => {
        const timer = setTimeout(() => this.releaseOutput(), this.gracePeriods.drain);
        this.child.once('close', () => clearTimeout(timer));
      });
    });
  }

  private releaseOutput(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }
}
