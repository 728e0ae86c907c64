import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Milliseconds from the start of a Node process to its first output, or to its end if it prints nothing.
 * @param args Node's arguments
 * @param cwd the working directory, which may receive files such as a report
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

/** Two durations in milliseconds, measured one after the other. */
export interface StartTimes {
  /** `node -e 0` from start to end. */
  readonly emptyScript: number;
  /** The script from start to its first output. */
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
 * Measures a script's time to its first output, and that of `node -e 0`. Runs alternate, so that a busy machine slows
 * both. The result is the round with the median difference or the fastest run of each, whichever differ less.
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
