import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { readOptionalFile, writePrivateFile } from './private-file.js';
import { type PreviousSection, restoreSection } from './profile.js';

/** State to restore after the job. */
export interface RestorePoint {
  /** The private directory of the step, to delete. */
  readonly directory: string;
  /** Previous values of the variables; `null` for unset ones. */
  readonly variables: Readonly<Record<string, string | null>>;
  readonly sections: readonly PreviousSection[];
}

const STATE_KEY = 'restore';
const STATE_FILE = 'restore.json';

/** Current values of the variables that will be exported. */
export const readCurrentVariables = (names: readonly string[], env: Env): RestorePoint['variables'] =>
  Object.fromEntries(names.map((name) => [name, env[name] ?? null]));

/**
 * Saves the restore point for the post step. Previous values may be secret, and a runner shows its state in debug mode:
 * they go to a private file, and the state contains its directory only.
 */
export const saveRestorePoint = async (restorePoint: RestorePoint, host: Pick<Host, 'saveState'>): Promise<void> => {
  host.saveState(STATE_KEY, restorePoint.directory);
  await writePrivateFile(join(restorePoint.directory, STATE_FILE), JSON.stringify(restorePoint));
};

const parseVariables = (value: unknown): RestorePoint['variables'] =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).flatMap(([name, previousValue]) =>
      typeof previousValue === 'string' || previousValue === null ? [[name, previousValue]] : [],
    ),
  );

const parsePreviousSection = (value: unknown): readonly PreviousSection[] => {
  if (!isRecord(value)) return [];
  const { file, name, section, mode } = value;
  if (typeof file !== 'string' || typeof name !== 'string') return [];
  return [
    {
      file,
      name,
      section: typeof section === 'string' ? section : undefined,
      mode: typeof mode === 'number' ? mode : undefined,
    },
  ];
};

/**
 * Loads the restore point; undefined without one. If main was killed before writing the file, only its directory is
 * known.
 */
export const loadRestorePoint = async (host: Pick<Host, 'readState'>): Promise<RestorePoint | undefined> => {
  const directory = host.readState(STATE_KEY);
  if (directory === undefined) return undefined;
  const saved: unknown = JSON.parse((await readOptionalFile(join(directory, STATE_FILE))) ?? '{}');
  if (!isRecord(saved)) return undefined;
  const sections = Array.isArray(saved['sections']) ? saved['sections'].flatMap(parsePreviousSection) : [];
  return { directory, variables: parseVariables(saved['variables']), sections };
};

/**
 * Restores the files and deletes the private directory.
 * @throws AggregateError after all files were tried
 */
export const restoreFiles = async ({ directory, sections }: RestorePoint, clock: Clock): Promise<void> => {
  const steps = [
    ...sections.map((previousSection) => () => restoreSection(previousSection, clock)),
    () => rm(directory, { recursive: true, force: true }),
  ];
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, errors.map(errorMessage).join('; '));
};

/** Restores variables and files. A host cannot unset a variable: it becomes empty, which the SDKs treat as unset. */
export const restore = async (
  restorePoint: RestorePoint,
  host: Pick<Host, 'exportVariable' | 'mask' | 'clock'>,
): Promise<void> => {
  for (const [name, previousValue] of Object.entries(restorePoint.variables)) {
    if (previousValue !== null && /KEY|TOKEN|SECRET/u.test(name)) host.mask(previousValue);
    host.exportVariable(name, previousValue ?? '');
  }
  await restoreFiles(restorePoint, host.clock);
};
