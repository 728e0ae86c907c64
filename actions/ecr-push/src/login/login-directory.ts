import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';

import { type DockerConfig, findCredentialHelper, getSection, readDockerConfig } from './docker-config.js';
import type { Login } from './registry-login.js';

const PREFIX = 'ecr-login-';
const STATE_KEY = 'login-folder';

/** Read and written by the owner alone. */
const PRIVATE_FILE_MODE = 0o600;

/** What stays in its old place and is only pointed to. */
const LINKED_ENTRIES = ['contexts', 'cli-plugins', 'certs.d'];

/** What later steps see, and what they saw before. */
const ENV_NAMES = ['DOCKER_CONFIG', 'REGISTRY_AUTH_FILE', 'BUILDX_CONFIG'] as const;

const formatAuth = ({ credentials: { username, password } }: Login): { readonly auth: string } => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});

const mergeAuths = (config: DockerConfig, logins: readonly Login[]) => ({
  ...getSection(config, 'auths'),
  ...Object.fromEntries(logins.map((login) => [login.host, formatAuth(login)])),
});

/**
 * Docker asks a credential helper before it looks into the file, and a helper knows nothing of a login written into
 * it. An empty helper for the host is Docker's own way of saying "the file" (docker/cli, getConfiguredCredentialStore).
 */
const mergeCredentialHelpers = (config: DockerConfig, logins: readonly Login[]) => {
  const overrides = logins
    .filter(({ host }) => findCredentialHelper(config, host) !== undefined)
    .map(({ host }) => [host, '']);
  return { ...getSection(config, 'credHelpers'), ...Object.fromEntries(overrides) };
};

const buildDockerConfig = (config: DockerConfig, logins: readonly Login[]) => {
  const credHelpers = mergeCredentialHelpers(config, logins);
  return {
    ...config.document,
    auths: mergeAuths(config, logins),
    ...(Object.keys(credHelpers).length === 0 ? {} : { credHelpers }),
  };
};

const linkSharedEntries = async (config: DockerConfig, directory: string): Promise<void> => {
  for (const name of LINKED_ENTRIES) {
    // On Windows a junction needs no privilege, a link does.
    await symlink(join(config.directory, name), join(directory, name), 'junction');
  }
};

interface LoginDocuments {
  readonly docker: object;
  readonly auths: object;
}

const buildDocuments = (config: DockerConfig, logins: readonly Login[]): LoginDocuments => ({
  docker: buildDockerConfig(config, logins),
  auths: mergeAuths(config, logins),
});

const writeDocuments = async (directory: string, { docker, auths }: LoginDocuments): Promise<LoginFiles> => {
  const authFile = join(directory, 'auth.json');
  const files = [
    [join(directory, 'config.json'), docker],
    [authFile, { auths }],
  ] as const;
  for (const [path, document] of files) {
    await writeFile(`${path}.new`, `${JSON.stringify(document, undefined, 2)}\n`, {
      mode: PRIVATE_FILE_MODE,
      flag: 'wx',
    });
    // Engines may be reading: they find the whole of the one before or of this.
    await rename(`${path}.new`, path);
  }
  return { dockerConfig: directory, authFile };
};

/** Writes what engines read into a folder that nobody else can enter. */
export const writeLoginFiles = async (
  directory: string,
  { env }: Pick<Host, 'env'>,
  logins: readonly Login[],
): Promise<LoginDirectory> => {
  const config = await readDockerConfig(env);
  await linkSharedEntries(config, directory);
  const buildxConfig = env['BUILDX_CONFIG'] || join(config.directory, 'buildx');
  return { ...(await writeDocuments(directory, buildDocuments(config, logins))), buildxConfig };
};

/** Writes newer logins over those that are there. */
export const renewLoginFiles = async (
  { dockerConfig }: LoginFiles,
  { env }: Pick<Host, 'env'>,
  logins: readonly Login[],
): Promise<void> => {
  await writeDocuments(dockerConfig, buildDocuments(await readDockerConfig(env), logins));
};

/** What in Docker's configuration lets somebody in, or may. */
const LOGIN_SETTINGS = ['auths', 'credHelpers', 'credsStore', 'HttpHeaders'];

/** Writes Docker's configuration without its logins: engines that read it know nobody's credentials. */
export const writeConfigWithoutLogins = async (directory: string, { env }: Pick<Host, 'env'>): Promise<LoginFiles> => {
  const config = await readDockerConfig(env);
  const docker = Object.fromEntries(Object.entries(config.document).filter(([name]) => !LOGIN_SETTINGS.includes(name)));
  await linkSharedEntries(config, directory);
  return writeDocuments(directory, { docker, auths: {} });
};

/**
 * Writes the logins into a folder of this step's own, beside a copy of what Docker's configuration says: parallel jobs
 * of one machine cannot log each other out, and nothing is left in anybody's home. Podman, buildah and skopeo read the
 * second file, since an empty credential helper would confuse them.
 */
export const writeLoginDirectory = async (
  host: Host,
  logins: readonly Login[],
  skipLogout: boolean,
): Promise<LoginDirectory> => {
  const { env } = host;
  const folder = await mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), PREFIX));
  const before = Object.fromEntries(ENV_NAMES.map((name) => [name, env[name] ?? '']));
  // Before anything secret is written: whatever happens to this process, the post step finds the folder.
  if (!skipLogout) host.saveState(STATE_KEY, JSON.stringify({ folder, before }));
  return writeLoginFiles(folder, host, logins);
};

/** Logs later steps in: writes the login directory and returns it. */
export const logIn = async (host: Host, logins: readonly Login[], skipLogout: boolean): Promise<LoginDirectory> => {
  const directory = await writeLoginDirectory(host, logins, skipLogout);
  for (const login of logins) host.log.info(`Logged in to ${login.host}`);
  return directory;
};

/** Logs out: the folder goes, and the variables are what they were. */
export const removeLogins = async (host: Host): Promise<void> => {
  const saved = parseDocument(host.readState(STATE_KEY) ?? 'null');
  if (!isRecord(saved)) return;
  const { folder, before } = saved;
  if (typeof folder !== 'string' || !basename(folder).startsWith(PREFIX)) return;
  await rm(folder, { recursive: true, force: true });
  for (const name of ENV_NAMES) {
    const value = isRecord(before) ? before[name] : undefined;
    host.exportVariable(name, typeof value === 'string' ? value : '');
  }
  host.log.info('Logged out: the folder with the logins is gone');
};

/** Where engines find logins. */
export interface LoginFiles {
  readonly dockerConfig: string;
  readonly authFile: string;
}

/** The same for later steps. */
export interface LoginDirectory extends LoginFiles {
  readonly buildxConfig: string;
}
