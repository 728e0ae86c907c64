import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cancellationOf } from '@aws-delivery/action-kit/cancel';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Execute, Execution } from './engine.js';

/** Engines write pages of progress; what went wrong stands at the end. */
const LAST_LINES = 12;

/** What programs are asked for is short; the rest is their chatter. */
const MOST_OUTPUT = 1024 * 1024;

/**
 * Programs of this machine, run without a shell. Not by @actions/exec: what it starts cannot be stopped, and a push
 * that hangs would hold the step past its timeout.
 */
export const executeHere: Execute = (program, args, { env, follow, signal }) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(cancellationOf(signal));
    const last: string[] = [];
    let stdout = '';
    const child = spawn(program, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const onAbort = (): void => {
      child.kill();
      // Whatever it has started may live on and hold the pipes.
      for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
      if (signal !== undefined) reject(cancellationOf(signal));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.on('data', (piece: Buffer) => {
      if (stdout.length < MOST_OUTPUT) stdout += piece.toString('utf8');
    });
    const heard = (line: string): void => {
      follow?.(line);
      if (line.trim() === '') return;
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
    };
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', heard);
    const end = (execution: Execution): void => {
      signal?.removeEventListener('abort', onAbort);
      resolve(execution);
    };
    child.once('error', (error) => end({ exitCode: 127, stdout: '', lastLines: [textOf(error)] }));
    child.once('close', (code) => end({ exitCode: code ?? 1, stdout, lastLines: last }));
  });
