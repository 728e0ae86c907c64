import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
  readonly #owner: number | undefined;

  /** @param owner who this process runs as; undefined where files have no owner by number, on Windows */
  constructor(folder: string, owner = process.getuid?.()) {
    this.#folder = folder;
    this.#owner = owner;
  }

  /**
   * Makes the folder, in which RUNNER_TEMP has its place.
   * @throws RunnerError `usage` where a job lies there whose posts have not run, or something that is no job's
   */
  open(): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#requireOwn(this.#folder, 'isDirectory');
    chmodSync(this.#folder, 0o700);
    if (existsSync(this.#file)) {
      const remedy = `run them first: runner.js --state '${this.#folder}' --post`;
      throw new RunnerError('usage', `'${this.#folder}' holds a job whose posts have not run: ${remedy}`);
    }
    const foreign = readdirSync(this.#folder).find((name) => !/^job[-.]/.test(name));
    if (foreign === undefined) return this.#folder;
    const remedy = 'name a folder that is not there yet, since it is removed with everything in it';
    throw new RunnerError('usage', `'${this.#folder}' holds '${foreign}', which is no job's: ${remedy}`);
  }

  /** Replaces the record at once: whoever kills the runner leaves the old one or the new one. */
  write(recorded: Recorded): void {
    const fresh = `${this.#file}.new`;
    writeFileSync(fresh, JSON.stringify(recorded), { mode: 0o600 });
    renameSync(fresh, this.#file);
  }

  /**
   * The job that lies there; undefined where none does.
   * @throws RunnerError `usage` where somebody else may have put it there: it says what is run
   */
  read(): Recorded | undefined {
    if (!existsSync(this.#file)) return undefined;
    this.#requireOwn(this.#folder, 'isDirectory');
    this.#requireOwn(this.#file, 'isFile');
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

  /** A name that can be guessed may be taken already, by somebody who is after credentials or has a job of his own run. */
  #requireOwn(path: string, kind: 'isDirectory' | 'isFile'): void {
    const found = lstatSync(path);
    if (found[kind]() && (this.#owner === undefined || found.uid === this.#owner)) return;
    const what = found.isSymbolicLink() ? 'a link' : 'not of your making';
    throw new RunnerError('usage', `'${path}' is ${what}: name a folder that nobody else can make`);
  }

  get #file(): string {
    return join(this.#folder, 'job.json');
  }
}
