import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/** Standard output and standard error of a child process, in the order in which they came. */
export interface ProcessOutput {
  /** The output so far. */
  readonly get: () => string;
  /** Resolves when the output matches; rejects with the output when the process ends before. */
  readonly waitFor: (pattern: RegExp) => Promise<void>;
}

/** Collects the output of a child process. */
export const followOutput = (child: ChildProcessWithoutNullStreams): ProcessOutput => {
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
      for (const listen of listeners) listen();
    });
  }
  return {
    get: () => output,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const listen = (): void => void (pattern.test(output) && resolve());
        listeners.add(listen);
        listen();
        child.once('close', () => reject(new Error(`it ended without a line like ${pattern}:\n${output}`)));
      }),
  };
};
