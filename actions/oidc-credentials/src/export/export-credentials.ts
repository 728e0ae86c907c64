import { rm } from 'node:fs/promises';
import type { Host } from '@aws-delivery/action-kit/host/host';
import type { Request } from '../inputs/parse-request.js';
import type { Credentials } from '../role/credentials.js';
import {
  buildCredentialOutput,
  type CredentialOutput,
  type CredentialOutputOptions,
  getOwnConfigPath,
} from './credential-output.js';
import { makePrivateDirectory, readOptionalFile, writePrivateFile } from './private-file.js';
import {
  locateSharedFiles,
  type PreviousSection,
  readPreviousSection,
  rejectExistingProfile,
  writeSection,
} from './profile.js';
import { buildRenewalState, saveRenewalState } from './renewal-state.js';
import { type RestorePoint, readCurrentVariables, restoreFiles, saveRestorePoint } from './restore-point.js';
import { SessionCache } from './session-cache.js';

type ExportOptions = Omit<CredentialOutputOptions, 'directory' | 'env'>;

/**
 * Writes what has to be on disk, and returns what has to be exported. The post step knows what to undo before anything
 * is written; what fails half-way is undone here.
 */
export const exportCredentials = async (options: ExportOptions, host: Host): Promise<CredentialOutput> => {
  const directory = await makePrivateDirectory(host.env);
  const credentialOutput = buildCredentialOutput({ ...options, directory, env: host.env });
  const sections = await Promise.all(credentialOutput.sections.map(readPreviousSection)).catch((error) =>
    removeAndRethrow(directory, error),
  );
  const restorePoint: RestorePoint = {
    directory,
    sections,
    variables: readCurrentVariables(Object.keys(credentialOutput.environment), host.env),
  };
  try {
    assertProfileFree(options.request, sections);
    await saveRestorePoint(restorePoint, host);
    await writeFiles({ credentialOutput, options, directory }, host);
  } catch (error) {
    await restoreFiles(restorePoint, host.clock);
    throw error;
  }
  return credentialOutput;
};

const removeAndRethrow = async (directory: string, error: unknown): Promise<never> => {
  await rm(directory, { recursive: true, force: true });
  throw error;
};

const assertProfileFree = ({ exportTarget }: Request, previousSections: readonly PreviousSection[]): void => {
  const { profile } = exportTarget;
  if (profile?.existing === 'reject') rejectExistingProfile(previousSections, profile.name);
};

interface WriteContext {
  readonly credentialOutput: CredentialOutput;
  readonly options: ExportOptions;
  readonly directory: string;
}

const writeFiles = async ({ credentialOutput, options, directory }: WriteContext, host: Host): Promise<void> => {
  if (credentialOutput.renewal === 'process')
    await writeRenewalFiles(options.request, options.credentials, directory, host);
  const ownConfigPath = getOwnConfigPath(directory);
  if (credentialOutput.sections.some(({ file }) => file === ownConfigPath)) await copyConfig(ownConfigPath, host);
  for (const section of credentialOutput.sections) await writeSection(section, host.clock);
};

/** What a profile in use relies on may stand in the configuration: regions, endpoints, profiles that name each other. */
const copyConfig = async (ownConfigPath: string, host: Host): Promise<void> =>
  writePrivateFile(ownConfigPath, (await readOptionalFile(locateSharedFiles(host.env).config)) ?? '');

/** The recipe, and the session at hand. */
const writeRenewalFiles = async (
  request: Request,
  credentials: Credentials,
  directory: string,
  host: Host,
): Promise<void> => {
  const warn = (message: string): void => host.log.warning(message);
  await saveRenewalState(buildRenewalState(host.env, request.source), directory);
  await new SessionCache({ directory, clock: host.clock, warn }).save(credentials);
};
