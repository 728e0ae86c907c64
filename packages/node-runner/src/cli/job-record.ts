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
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { z } from 'zod';
import { createUsageError, RunnerError } from '../runner-error.js';

const stringRecordSchema = z.record(z.string(), z.string());

const recordedJobSchema = z.object({
  /** RUNNER_TEMP. */
  temp: z.string(),
  status: z.enum(['success', 'failure', 'cancelled']),
  /** What the steps exported. */
  env: stringRecordSchema,
  masks: z.array(z.string()),
  steps: z.array(
    z.object({
      /** The folder of the action.yml. */
      action: z.string(),
      id: z.string(),
      inputs: stringRecordSchema,
      state: stringRecordSchema,
      /** Whether main has come to its end; until then its state is in its file alone. */
      ended: z.boolean(),
    }),
  ),
});

/** What the posts of a job need that another process has to run. */
export type RecordedJob = z.infer<typeof recordedJobSchema>;

/**
 * A job on disk, for the case that its runner is killed: a folder for its owner alone, with the record and RUNNER_TEMP
 * in it. It holds credentials, and is gone as soon as the posts have run.
 */
export class JobRecord implements Disposable {
  private readonly directory: string;
  private readonly owner: number | undefined;

  /** @param owner who this process runs as; undefined where files have no owner by number, on Windows */
  constructor(directory: string, owner = process.getuid?.()) {
    this.directory = directory;
    this.owner = owner;
  }

  /**
   * Makes the folder, in which RUNNER_TEMP has its place.
   * @throws RunnerError `usage` where a job lies there whose posts have not run, or something that is no job's
   */
  open(): string {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    this.assertOwned(this.directory, 'isDirectory');
    chmodSync(this.directory, 0o700);
    if (existsSync(this.recordFile)) {
      const hint = `run them first: runner.js --state '${this.directory}' --post`;
      throw createUsageError(`'${this.directory}' holds a job whose posts have not run: ${hint}`);
    }
    const unknownEntry = readdirSync(this.directory).find((name) => !/^job[-.]/.test(name));
    if (unknownEntry === undefined) return this.directory;
    const hint = 'name a folder that is not there yet, since it is removed with everything in it';
    throw createUsageError(`'${this.directory}' holds '${unknownEntry}', which is no job's: ${hint}`);
  }

  /** Replaces the record at once: whoever kills the runner leaves the old one or the new one. */
  write(recorded: RecordedJob): void {
    const tempFile = `${this.recordFile}.new`;
    writeFileSync(tempFile, JSON.stringify(recorded), { mode: 0o600 });
    renameSync(tempFile, this.recordFile);
  }

  /**
   * The job that lies there; undefined where none does.
   * @throws RunnerError `usage` where somebody else may have put it there: it says what is run
   */
  read(): RecordedJob | undefined {
    if (!existsSync(this.recordFile)) return undefined;
    this.assertOwned(this.directory, 'isDirectory');
    this.assertOwned(this.recordFile, 'isFile');
    try {
      return recordedJobSchema.parse(JSON.parse(readFileSync(this.recordFile, 'utf8')));
    } catch (error) {
      const message = `'${this.recordFile}' is no record of a job: ${errorMessage(error)}`;
      throw new RunnerError('state-invalid', message, { cause: error });
    }
  }

  /** Removes it: nothing is left to do. */
  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A name that can be guessed may be taken already, by somebody who is after credentials or has a job of his own run. */
  private assertOwned(path: string, kind: 'isDirectory' | 'isFile'): void {
    const stats = lstatSync(path);
    if (stats[kind]() && (this.owner === undefined || stats.uid === this.owner)) return;
    const problem = stats.isSymbolicLink() ? 'a link' : 'not of your making';
    throw createUsageError(`'${path}' is ${problem}: name a folder that nobody else can make`);
  }

  private get recordFile(): string {
    return join(this.directory, 'job.json');
  }
}
