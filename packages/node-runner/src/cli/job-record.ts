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
import { claimState, findLivingOwner, removeOwner } from './state-owner.js';

const stringRecordSchema = z.record(z.string(), z.string());

const recordedJobSchema = z.object({
  /** RUNNER_TEMP. */
  temp: z.string(),
  status: z.enum(['success', 'failure', 'cancelled']),
  /** Variables exported by the steps. */
  env: stringRecordSchema,
  masks: z.array(z.string()),
  steps: z.array(
    z.object({
      /** The directory of the action.yml. */
      action: z.string(),
      id: z.string(),
      inputs: stringRecordSchema,
      state: stringRecordSchema,
      /** Whether main has ended; before that its state is only in its command file. */
      ended: z.boolean(),
    }),
  ),
});

/** The data with which another process can run the posts of a job. */
export type RecordedJob = z.infer<typeof recordedJobSchema>;

/**
 * A job on disk in case its runner is killed: a directory with mode 0700 that contains the record and RUNNER_TEMP. It
 * holds credentials and is removed after the posts have run.
 */
export class JobRecord implements Disposable {
  private readonly directory: string;
  private readonly owner: number | undefined;
  private ownership: Disposable | undefined;

  /** @param owner user id of this process; undefined on Windows */
  constructor(directory: string, owner = process.getuid?.()) {
    this.directory = directory;
    this.owner = owner;
  }

  /**
   * Creates the directory, makes this process its owner and returns its path, the parent of RUNNER_TEMP.
   * @throws RunnerError `usage` if it contains a running job, a job whose posts have not run, or other files
   */
  open(): string {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    this.assertOwned(this.directory, 'isDirectory');
    chmodSync(this.directory, 0o700);
    this.assertEnded('use a separate directory for each job');
    if (existsSync(this.recordFile)) {
      const hint = `run them first with runner.js --state '${this.directory}' --post`;
      throw createUsageError(`'${this.directory}' contains a job whose post steps have not run: ${hint}`);
    }
    const unknownEntry = readdirSync(this.directory).find((name) => !/^job[-.]/.test(name));
    if (unknownEntry === undefined) {
      this.claim();
      return this.directory;
    }
    const hint = 'specify a directory that does not exist, because it is deleted with its content';
    throw createUsageError(`'${this.directory}' contains '${unknownEntry}', which does not belong to a job: ${hint}`);
  }

  /** Replaces the record atomically, so that a killed runner leaves the old or the new one. */
  write(recorded: RecordedJob): void {
    const tempFile = `${this.recordFile}.new`;
    writeFileSync(tempFile, JSON.stringify(recorded), { mode: 0o600 });
    renameSync(tempFile, this.recordFile);
  }

  /**
   * The recorded job; undefined if there is none.
   * @throws RunnerError `usage` if the job is still running, or if another user owns the files: the record names the
   * scripts to run
   */
  read(): RecordedJob | undefined {
    if (!existsSync(this.recordFile)) return undefined;
    this.assertOwned(this.directory, 'isDirectory');
    this.assertEnded('run --post after it has ended');
    this.assertOwned(this.recordFile, 'isFile');
    try {
      return recordedJobSchema.parse(JSON.parse(readFileSync(this.recordFile, 'utf8')));
    } catch (error) {
      const message = `'${this.recordFile}' is not a valid job record: ${errorMessage(error)}`;
      throw new RunnerError('state-invalid', message, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    this.ownership?.[Symbol.dispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The file of an owner that has ended is replaced; of two new owners, one gets the directory. */
  private claim(): void {
    removeOwner(this.directory);
    this.ownership = claimState(this.directory);
  }

  private assertEnded(hint: string): void {
    const living = findLivingOwner(this.directory);
    if (living === undefined) return;
    const label = `process ${living.pid} on ${living.host}`;
    throw createUsageError(`'${this.directory}' belongs to a running job (${label}): ${hint}`);
  }

  /** Another user could create a directory with a predictable name to read credentials or to inject a job. */
  private assertOwned(path: string, kind: 'isDirectory' | 'isFile'): void {
    const stats = lstatSync(path);
    if (stats[kind]() && (this.owner === undefined || stats.uid === this.owner)) return;
    const problem = stats.isSymbolicLink() ? 'is a symbolic link' : 'belongs to another user';
    throw createUsageError(`'${path}' ${problem}: specify a directory that other users cannot create`);
  }

  private get recordFile(): string {
    return join(this.directory, 'job.json');
  }
}
