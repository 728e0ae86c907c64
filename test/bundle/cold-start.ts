import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Milliseconds from the start of a Node process to its first output, or to its end where it says nothing.
 * @param args what Node is given
 * @param cwd where it runs, and may leave its report
 */
const measureFirstOutput = (args: readonly string[], cwd: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const firstOutput = new Promise<number>((resolveOutput) => {
      for (const stream of [child.stdout, child.stderr])
        stream.once('data', () => resolveOutput(performance.now() - started));
    });
    child.once('error', reject);
    child.once('close', () => resolve(Promise.race([firstOutput, performance.now() - started])));
  });

/** Two times measured one after the other, in milliseconds. */
export interface StartTimes {
  /** What `node -e 0` takes in all. */
  readonly emptyScript: number;
  /** What the script takes to its first output. */
  readonly script: number;
}

const getDifference = ({ emptyScript, script }: StartTimes): number => script - emptyScript;

const measureRounds = async (scriptPath: string, rounds: number): Promise<readonly StartTimes[]> => {
  const cwd = mkdtempSync(join(tmpdir(), 'cold-start-'));
  const measured: StartTimes[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push({
      emptyScript: await measureFirstOutput(['-e', '0'], cwd),
      script: await measureFirstOutput([scriptPath], cwd),
    });
  }
  rmSync(cwd, { recursive: true });
  return measured;
};

/**
 * How long a script takes to its first output, beside `node -e 0`. Runs alternate, so that a busy machine slows both;
 * the rounds' median difference or the fastest of both, whichever is the less apart, forgives it the rest.
 */
export const measureColdStart = async (scriptPath: string, rounds = 9): Promise<StartTimes> => {
  const measured = await measureRounds(scriptPath, rounds);
  const fastest = {
    emptyScript: Math.min(...measured.map(({ emptyScript }) => emptyScript)),
    script: Math.min(...measured.map(({ script }) => script)),
  };
  const medianTimes =
    measured.toSorted((a, b) => getDifference(a) - getDifference(b))[Math.floor(rounds / 2)] ?? fastest;
  return getDifference(medianTimes) < getDifference(fastest) ? medianTimes : fastest;
};

/** What `node -e 0` takes on the machine that bars of time are meant for, in milliseconds. */
const USUAL_START_MS = 19;

/** How many times slower than usual the machine is right now; 1 where it is as fast, or faster. */
export const measureSlowdown = async (rounds = 5): Promise<number> => {
  const starts: number[] = [];
  for (let round = 0; round < rounds; round += 1) starts.push(await measureFirstOutput(['-e', '0'], tmpdir()));
  const medianStart = starts.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? USUAL_START_MS;
  return Math.max(1, medianStart / USUAL_START_MS);
};
