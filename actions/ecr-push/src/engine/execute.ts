import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Execute, Execution } from './engine.js';

/** Lines kept for error messages: engines print long progress, and the error last. */
const MAX_LAST_LINES = 12;

/** Only short results such as image IDs are read from stdout. */
const MAX_STDOUT_LENGTH = 1024 * 1024;

/**
 * Runs a program without a shell. Does not use @actions/exec, whose processes cannot be terminated: a push that hangs
 * would outlast the timeout.
 */
export const executeProgram: Execute = (program, args, { env, onLine, signal }) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(toCancellationError(signal));
    const lastLines: string[] = [];
    let stdout = '';
    const child = spawn(program, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const onAbort = (): void => {
      child.kill();
      // Its child processes may survive and keep the pipes open.
      for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
      if (signal !== undefined) reject(toCancellationError(signal));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout.length < MAX_STDOUT_LENGTH) stdout += chunk.toString('utf8');
    });
    const onOutputLine = (line: string): void => {
      onLine?.(line);
      if (line.trim() === '') return;
      lastLines.push(line);
      if (lastLines.length > MAX_LAST_LINES) lastLines.shift();
    };
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onOutputLine);
    const complete = (execution: Execution): void => {
      signal?.removeEventListener('abort', onAbort);
      resolve(execution);
    };
    child.once('error', (error) => complete({ exitCode: 127, stdout: '', lastLines: [errorMessage(error)] }));
    child.once('close', (code) => complete({ exitCode: code ?? 1, stdout, lastLines }));
  });
