import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Execute, Execution } from './engine.js';

/** Engines write pages of progress; what went wrong stands at the end. */
const MAX_LAST_LINES = 12;

/** What programs are asked for is short; the rest is their chatter. */
const MAX_STDOUT_LENGTH = 1024 * 1024;

/**
 * Programs of this machine, run without a shell. Not by @actions/exec: what it starts cannot be stopped, and a push
 * that hangs would hold the step past its timeout.
 */
export const executeProgram: Execute = (program, args, { env, onLine, signal }) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(toCancellationError(signal));
    const lastLines: string[] = [];
    let stdout = '';
    const child = spawn(program, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const onAbort = (): void => {
      child.kill();
      // Whatever it has started may live on and hold the pipes.
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
