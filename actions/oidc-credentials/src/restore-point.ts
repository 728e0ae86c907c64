import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@aws-delivery/action-kit/clock';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { readText, writePrivate } from './private-file.js';
import { type Former, restoreSection } from './profile.js';

/** What has to be put back after the job. */
export interface RestorePoint {
  /** Our own directory, which goes as a whole. */
  readonly directory: string;
  /** Variables and their values before; `null` for those that were not set. */
  readonly variables: Readonly<Record<string, string | null>>;
  readonly sections: readonly Former[];
}

const STATE = 'restore';
const FILE = 'restore.json';

/** What the variables that are going to be set hold now. */
export const formerVariables = (names: readonly string[], variables: Variables): RestorePoint['variables'] =>
  Object.fromEntries(names.map((name) => [name, variables[name] ?? null]));

/**
 * Hands the restore point to the post step. Former values may be secret, and a runner shows its state when it debugs:
 * they go to a file only the owner can read, and the state names its directory.
 */
export const saveRestorePoint = async (point: RestorePoint, host: Pick<Host, 'saveState'>): Promise<void> => {
  host.saveState(STATE, point.directory);
  await writePrivate(join(point.directory, FILE), JSON.stringify(point));
};

const textsIn = (value: unknown): RestorePoint['variables'] =>
  Object.fromEntries(
    Object.entries(isMapping(value) ? value : {}).flatMap(([name, former]) =>
      typeof former === 'string' || former === null ? [[name, former]] : [],
    ),
  );

const formerIn = (value: unknown): readonly Former[] => {
  if (!isMapping(value)) return [];
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
  const directory = host.readState(STATE);
  if (directory === undefined) return undefined;
  const saved: unknown = JSON.parse((await readText(join(directory, FILE))) ?? '{}');
  if (!isMapping(saved)) return undefined;
  const sections = Array.isArray(saved['sections']) ? saved['sections'].flatMap(formerIn) : [];
  return { directory, variables: textsIn(saved['variables']), sections };
};

/** Puts the files back. Goes on after a failure, so that one file does not keep the others; throws at the end. */
export const restoreFiles = async ({ directory, sections }: RestorePoint, clock: Clock): Promise<void> => {
  const work = [
    ...sections.map((former) => () => restoreSection(former, clock)),
    () => rm(directory, { recursive: true, force: true }),
  ];
  const failures: unknown[] = [];
  for (const step of work) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(textOf).join('; '));
};

/** Puts everything back. A host cannot unset a variable: one that was not set becomes empty, which the SDKs take for unset. */
export const restore = async (
  point: RestorePoint,
  host: Pick<Host, 'exportVariable' | 'mask' | 'clock'>,
): Promise<void> => {
  for (const [name, former] of Object.entries(point.variables)) {
    if (former !== null && /KEY|TOKEN|SECRET/u.test(name)) host.mask(former);
    host.exportVariable(name, former ?? '');
  }
  await restoreFiles(point, host.clock);
};
