import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { readOptionalFile, writePrivateFile } from './private-file.js';
import { type PreviousSection, restoreSection } from './profile.js';

/** What has to be put back after the job. */
export interface RestorePoint {
  /** Our own directory, which goes as a whole. */
  readonly directory: string;
  /** Variables and their values before; `null` for those that were not set. */
  readonly variables: Readonly<Record<string, string | null>>;
  readonly sections: readonly PreviousSection[];
}

const STATE_KEY = 'restore';
const STATE_FILE = 'restore.json';

/** What the variables that are going to be set hold now. */
export const readCurrentVariables = (names: readonly string[], env: Env): RestorePoint['variables'] =>
  Object.fromEntries(names.map((name) => [name, env[name] ?? null]));

/**
 * Hands the restore point to the post step. Former values may be secret, and a runner shows its state when it debugs:
 * they go to a file only the owner can read, and the state names its directory.
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

/** The restore point main left; undefined when there is none. Where main was killed first, its directory is all. */
export const loadRestorePoint = async (host: Pick<Host, 'readState'>): Promise<RestorePoint | undefined> => {
  const directory = host.readState(STATE_KEY);
  if (directory === undefined) return undefined;
  const saved: unknown = JSON.parse((await readOptionalFile(join(directory, STATE_FILE))) ?? '{}');
  if (!isRecord(saved)) return undefined;
  const sections = Array.isArray(saved['sections']) ? saved['sections'].flatMap(parsePreviousSection) : [];
  return { directory, variables: parseVariables(saved['variables']), sections };
};

/** Puts the files back. Goes on after a failure, so that one file does not keep the others; throws at the end. */
export const restoreFiles = async ({ directory, sections }: RestorePoint, clock: Clock): Promise<void> => {
  const steps = [
    ...sections.map((previousSection) => () => restoreSection(previousSection, clock)),
    () => rm(directory, { recursive: true, force: true }),
  ];
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, errors.map(errorMessage).join('; '));
};

/** Puts everything back. A host cannot unset a variable: one that was not set becomes empty, which the SDKs take for unset. */
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
