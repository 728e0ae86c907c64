import { rm } from 'node:fs/promises';
import { devNull } from 'node:os';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { locateSharedFiles } from '@aws-delivery/aws/shared-files';
import {
  buildCredentialOutput,
  type CredentialOutput,
  type CredentialOutputOptions,
  getOwnConfigPath,
} from './credential-output.js';
import { makePrivateDirectory, PRIVATE_MODE, readOptionalFile, writePrivateFile } from './private-file.js';
import {
  type PreviousSection,
  readPreviousSection,
  rejectExistingProfile,
  type Section,
  writeSection,
} from './profile.js';
import { buildRenewalState, saveRenewalState } from './renewal-state.js';
import { type RestorePoint, readCurrentVariables, restoreFiles, saveRestorePoint } from './restore-point.js';
import { SessionCache } from './session-cache.js';

type ExportOptions = Omit<CredentialOutputOptions, 'directory' | 'env'>;

/**
 * Writes profile sections and renewal files; returns the variables to export. The restore point is saved for the post
 * step before anything is written, and a failure is rolled back.
 */
export const exportCredentials = async (options: ExportOptions, host: Host): Promise<CredentialOutput> => {
  const directory = await makePrivateDirectory(host.env);
  const credentialOutput = buildCredentialOutput({ ...options, directory, env: host.env });
  const sections = await Promise.all(credentialOutput.sections.map(readPreviousSection)).catch(async (error) => {
    await rm(directory, { recursive: true, force: true });
    throw error;
  });
  const restorePoint: RestorePoint = {
    directory,
    sections,
    variables: readCurrentVariables(Object.keys(credentialOutput.environment), host.env),
  };
  const { profile } = options.request.exportTarget;
  try {
    if (profile?.existing === 'reject') rejectExistingProfile(sections, profile.name);
    await saveRestorePoint(restorePoint, host);
    warnAboutReaders(credentialOutput.sections, sections, host);
    if (credentialOutput.renewal === 'process') await writeRenewalFiles(options, directory, host);
    await writeSections(credentialOutput.sections, directory, host);
  } catch (error) {
    await restoreFiles(restorePoint, host.clock);
    throw error;
  }
  return credentialOutput;
};

/** Writes the state of the credential process, and the current session to its cache. */
const writeRenewalFiles = async (
  { request, credentials }: ExportOptions,
  directory: string,
  { env, clock, log }: Host,
): Promise<void> => {
  await saveRenewalState(buildRenewalState(env, request.source), directory);
  await new SessionCache({ directory, clock, warn: (message) => log.warning(message) }).save(credentials);
};

/** Existing files keep their mode, so their keys may be readable for other users. */
const warnAboutReaders = (
  sections: readonly Section[],
  previousSections: readonly PreviousSection[],
  { log }: Host,
): void => {
  for (const { file, settings } of sections) {
    const mode = previousSections.find((previous) => previous.file === file)?.mode ?? PRIVATE_MODE;
    const isReadable = process.platform !== 'win32' && (mode & 0o044) !== 0;
    if (!isReadable || settings?.['aws_secret_access_key'] === undefined) continue;
    log.warning(`other users can read the access keys in ${file} (mode ${mode.toString(8)}): run chmod 600 on it`);
  }
};

const writeSections = async (sections: readonly Section[], directory: string, { env, clock }: Host): Promise<void> => {
  const ownConfigPath = getOwnConfigPath(directory);
  if (sections.some(({ file }) => file === ownConfigPath)) {
    // Profiles may rely on the shared configuration: Regions, endpoints, profiles that refer to each other.
    const { config } = locateSharedFiles(env);
    await writePrivateFile(ownConfigPath, config === devNull ? '' : ((await readOptionalFile(config)) ?? ''));
  }
  for (const section of sections) await writeSection(section, clock);
};
