import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RunnerError, textOf } from '../runner-error.js';

const texts = z.record(z.string(), z.string());

const schema = z.object({
  /** RUNNER_TEMP. */
  temp: z.string(),
  status: z.enum(['success', 'failure', 'cancelled']),
  /** What the steps exported. */
  env: texts,
  masks: z.array(z.string()),
  steps: z.array(
    z.object({
      /** The folder of the action.yml. */
      action: z.string(),
      id: z.string(),
      inputs: texts,
      state: texts,
      /** Whether main has come to its end; until then its state is in its file alone. */
      ended: z.boolean(),
    }),
  ),
});

/** What the posts of a job need that another process has to run. */
export type Recorded = z.infer<typeof schema>;

/**
 * A job on disk, for the case that its runner is killed: a folder for its owner alone, with the record and RUNNER_TEMP
 * in it. It holds credentials, and is gone as soon as the posts have run.
 */
export class JobRecord implements Disposable {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Makes the folder, in which RUNNER_TEMP has its place.
   * @throws RunnerError `usage` where a job lies there whose posts have not run
   */
  open(): string {
    if (existsSync(this.#file)) {
      const remedy = `run them first: runner.js --state '${this.#folder}' --post`;
      throw new RunnerError('usage', `'${this.#folder}' holds a job whose posts have not run: ${remedy}`);
    }
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    chmodSync(this.#folder, 0o700);
    return this.#folder;
  }

  /** Replaces the record at once: whoever kills the runner leaves the old one or the new one. */
  write(recorded: Recorded): void {
    const fresh = `${this.#file}.new`;
    writeFileSync(fresh, JSON.stringify(recorded), { mode: 0o600 });
    renameSync(fresh, this.#file);
  }

  /** The job that lies there; undefined where none does. */
  read(): Recorded | undefined {
    if (!existsSync(this.#file)) return undefined;
    try {
      return schema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      const message = `'${this.#file}' is no record of a job: ${textOf(error)}`;
      throw new RunnerError('state-invalid', message, { cause: error });
    }
  }

  /** Removes it: nothing is left to do. */
  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'job.json');
  }
}
