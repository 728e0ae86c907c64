import { rm } from 'node:fs/promises';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Credentials } from './credentials.js';
import { ownConfig, type Placement, type PlacementOptions, placementOf } from './placement.js';
import { makePrivateDirectory, readText, writePrivate } from './private-file.js';
import { type Former, formerOf, refuseExisting, sharedFiles, writeSection } from './profile.js';
import { recipeOf, saveRecipe } from './recipe.js';
import type { Request } from './request.js';
import { formerVariables, type RestorePoint, restoreFiles, saveRestorePoint } from './restore-point.js';
import { SessionCache } from './session-cache.js';

type Wish = Omit<PlacementOptions, 'directory' | 'variables'>;

/**
 * Writes what has to be on disk, and returns what has to be exported. The post step knows what to undo before anything
 * is written; what fails half-way is undone here.
 */
export const deliver = async (wish: Wish, host: Host): Promise<Placement> => {
  const directory = await makePrivateDirectory(host.variables);
  const placement = placementOf({ ...wish, directory, variables: host.variables });
  const sections = await Promise.all(placement.sections.map(formerOf)).catch((error) => abandon(directory, error));
  const point: RestorePoint = {
    directory,
    sections,
    variables: formerVariables(Object.keys(placement.environment), host.variables),
  };
  try {
    refuseTaken(wish.request, sections);
    await saveRestorePoint(point, host);
    await writeFiles({ placement, wish, directory }, host);
  } catch (error) {
    await restoreFiles(point, host.clock);
    throw error;
  }
  return placement;
};

const abandon = async (directory: string, error: unknown): Promise<never> => {
  await rm(directory, { recursive: true, force: true });
  throw error;
};

const refuseTaken = ({ destination }: Request, formers: readonly Former[]): void => {
  const { profile } = destination;
  if (profile?.existing === 'refuse') refuseExisting(formers, profile.name);
};

interface Work {
  readonly placement: Placement;
  readonly wish: Wish;
  readonly directory: string;
}

const writeFiles = async ({ placement, wish, directory }: Work, host: Host): Promise<void> => {
  if (placement.renewal === 'process') await writeRenewal(wish.request, wish.credentials, directory, host);
  const own = ownConfig(directory);
  if (placement.sections.some(({ file }) => file === own)) await copyConfig(own, host);
  for (const section of placement.sections) await writeSection(section, host.clock);
};

/** What a profile in use relies on may stand in the configuration: regions, endpoints, profiles that name each other. */
const copyConfig = async (own: string, host: Host): Promise<void> =>
  writePrivate(own, (await readText(sharedFiles(host.variables).config)) ?? '');

/** The recipe, and the session at hand. */
const writeRenewal = async (
  request: Request,
  credentials: Credentials,
  directory: string,
  host: Host,
): Promise<void> => {
  const warn = (text: string): void => host.log.warning(text);
  await saveRecipe(recipeOf(host.variables, request.source), directory);
  await new SessionCache({ directory, clock: host.clock, warn }).keep(credentials);
};
