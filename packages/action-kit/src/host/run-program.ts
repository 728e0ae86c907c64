import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import type { Env } from '../util/env.js';
import { errorMessage } from '../util/error.js';
import { toCancellationError } from './cancellation.js';

export interface ProgramResult {
  /** 127 for a program that cannot be started. */
  readonly exitCode: number;
  readonly stdout: string;
  /** Last lines of stdout and stderr. */
  readonly lastLines: readonly string[];
}

export interface ProgramOptions {
  /** The complete environment of the program; see `selectEnv`. */
  readonly env: Readonly<Record<string, string>>;
  /** Working directory; default: the current one. */
  readonly cwd?: string | undefined;
  /** Written to stdin, which is empty without it. */
  readonly input?: string | undefined;
  /** Receives stdout, which is then not part of the result. It is ended when the program succeeds. */
  readonly output?: Writable | undefined;
  /** Called for each line of stdout and stderr. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Terminates the program. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program. A missing program has the exit code 127. Throws `cancelled` or `timeout` when the signal aborts. */
export type RunProgram = (program: string, args: readonly string[], options: ProgramOptions) => Promise<ProgramResult>;

/** Lines kept for error messages: programs print long progress, and the error last. */
const MAX_LAST_LINES = 12;

/** Only short results such as image IDs are read from stdout. */
const MAX_STDOUT_LENGTH = 1024 * 1024;

/** Variables that most programs need: paths, user, language and proxy. None of them contains a credential. */
const COMMON_ENV =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_.*|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|XDG_.*|HTTPS?_PROXY|NO_PROXY|ALL_PROXY)$/iu;

/** The common variables of an environment, and those that match `allowed`. */
export const selectEnv = (env: Env, allowed?: RegExp): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && (COMMON_ENV.test(name) || allowed?.test(name) === true) ? [[name, value] as const] : [],
    ),
  );

/**
 * Runs a program without a shell. Does not use @actions/exec, whose processes cannot be terminated: a push that hangs
 * would outlast the timeout.
 */
export const runProgram: RunProgram = (program, args, { env, cwd, input, output, onLine, signal }) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(toCancellationError(signal));
    const lastLines: string[] = [];
    let stdout = '';
    const child = spawn(program, [...args], { env, cwd, stdio: 'pipe', windowsHide: true });
    const onAbort = (): void => {
      child.kill();
      // Its child processes may survive and keep the pipes open.
      for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
      if (signal !== undefined) reject(toCancellationError(signal));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    // A program may exit without reading its input.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    if (output === undefined) {
      child.stdout.on('data', (chunk: Buffer) => {
        if (stdout.length < MAX_STDOUT_LENGTH) stdout += chunk.toString('utf8');
      });
    } else {
      // Ends a program whose output is not read to its end, for example because it is too long.
      output.once('close', () => child.stdout.destroy());
      // Not ended here: the caller must be able to report a failed program before the end of its output.
      child.stdout.pipe(output, { end: false });
    }
    const onOutputLine = (line: string): void => {
      onLine?.(line);
      if (line.trim() === '') return;
      lastLines.push(line);
      if (lastLines.length > MAX_LAST_LINES) lastLines.shift();
    };
    const lineStreams = output === undefined ? [child.stdout, child.stderr] : [child.stderr];
    for (const lines of lineStreams) createInterface({ input: lines }).on('line', onOutputLine);
    const complete = (result: ProgramResult): void => {
      signal?.removeEventListener('abort', onAbort);
      if (result.exitCode === 0) output?.end();
      resolve(result);
    };
    child.once('error', (error) => complete({ exitCode: 127, stdout: '', lastLines: [errorMessage(error)] }));
    child.once('close', (code) => complete({ exitCode: code ?? 1, stdout, lastLines }));
  });
