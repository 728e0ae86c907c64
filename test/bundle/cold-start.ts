import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Milliseconds from the start of a Node process to its first output, or to its end where it says nothing.
 * @param args what Node is given
 * @param cwd where it runs, and may leave its report
 */
const timeToFirstOutput = (args: readonly string[], cwd: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const spoken = new Promise<number>((speak) => {
      for (const stream of [child.stdout, child.stderr]) stream.once('data', () => speak(performance.now() - started));
    });
    child.once('error', reject);
    child.once('close', () => resolve(Promise.race([spoken, performance.now() - started])));
  });

/** Two times measured one after the other, in milliseconds. */
export interface Starts {
  /** What `node -e 0` takes in all. */
  readonly nothing: number;
  /** What the script takes to its first output. */
  readonly something: number;
}

const difference = ({ nothing, something }: Starts): number => something - nothing;

const measure = async (script: string, rounds: number): Promise<readonly Starts[]> => {
  const cwd = mkdtempSync(join(tmpdir(), 'cold-start-'));
  const measured: Starts[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push({
      nothing: await timeToFirstOutput(['-e', '0'], cwd),
      something: await timeToFirstOutput([script], cwd),
    });
  }
  rmSync(cwd, { recursive: true });
  return measured;
};

/**
 * How long a script takes to its first output, beside `node -e 0`. Runs alternate, so that a busy machine slows both;
 * the rounds' median difference or the fastest of both, whichever is the less apart, forgives it the rest.
 */
export const coldStart = async (script: string, rounds = 9): Promise<Starts> => {
  const measured = await measure(script, rounds);
  const fastest = {
    nothing: Math.min(...measured.map(({ nothing }) => nothing)),
    something: Math.min(...measured.map(({ something }) => something)),
  };
  const middle = measured.toSorted((a, b) => difference(a) - difference(b))[Math.floor(rounds / 2)] ?? fastest;
  return difference(middle) < difference(fastest) ? middle : fastest;
};

/** What `node -e 0` takes on the machine that bars of time are meant for, in milliseconds. */
const USUAL_START = 19;

/** How many times slower than usual the machine is right now; 1 where it is as fast, or faster. */
export const slownessOfMachine = async (rounds = 5): Promise<number> => {
  const starts: number[] = [];
  for (let round = 0; round < rounds; round += 1) starts.push(await timeToFirstOutput(['-e', '0'], tmpdir()));
  const middle = starts.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? USUAL_START;
  return Math.max(1, middle / USUAL_START);
};
