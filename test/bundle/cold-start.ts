import { spawn } from 'node:child_process';

/**
 * Milliseconds from the start of a Node process to its first output, or to its end where it says nothing.
 * @param args what Node is given
 */
export const timeToFirstOutput = (args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const spoken = new Promise<number>((speak) => {
      for (const stream of [child.stdout, child.stderr]) stream.once('data', () => speak(performance.now() - started));
    });
    child.once('error', reject);
    child.once('close', () => resolve(Promise.race([spoken, performance.now() - started])));
  });

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * How much longer a script takes to its first output than `node -e 0` takes in all, in milliseconds. Runs alternate, so
 * that a busy machine slows both; the median of the differences and the difference of the fastest forgive it the rest.
 */
export const coldStart = async (script: string, rounds = 9): Promise<number> => {
  const [nothing, something]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    nothing.push(await timeToFirstOutput(['-e', '0']));
    something.push(await timeToFirstOutput([script]));
  }
  const differences = something.map((time, round) => time - (nothing[round] ?? 0));
  return Math.min(middle(differences), Math.min(...something) - Math.min(...nothing));
};
