import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host';
import { isMapping, parseDocument } from '@aws-delivery/action-kit/parse';
import { type DockerConfig, helperOf, partOf, readDockerConfig } from './docker-config.js';
import type { Login } from './registry-login.js';
import type { LoginFiles, LoginFolder } from './result.js';

const PREFIX = 'ecr-login-';
const STATE = 'login-folder';

/** Read and written by the owner alone. */
const PRIVATE = 0o600;

/** What stays in its old place and is only pointed to. */
const SHARED = ['contexts', 'cli-plugins', 'certs.d'];

/** What later steps see, and what they saw before. */
const VARIABLES = ['DOCKER_CONFIG', 'REGISTRY_AUTH_FILE', 'BUILDX_CONFIG'] as const;

const authOf = ({ credentials: { username, password } }: Login): { readonly auth: string } => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});

const authsOf = (config: DockerConfig, logins: readonly Login[]) => ({
  ...partOf(config, 'auths'),
  ...Object.fromEntries(logins.map((login) => [login.host, authOf(login)])),
});

/**
 * Docker asks a credential helper before it looks into the file, and a helper knows nothing of a login written into
 * it. An empty helper for the host is Docker's own way of saying "the file" (docker/cli, getConfiguredCredentialStore).
 */
const helpersOf = (config: DockerConfig, logins: readonly Login[]) => {
  const ours = logins.filter(({ host }) => helperOf(config, host) !== undefined).map(({ host }) => [host, '']);
  return { ...partOf(config, 'credHelpers'), ...Object.fromEntries(ours) };
};

const dockerDocument = (config: DockerConfig, logins: readonly Login[]) => {
  const credHelpers = helpersOf(config, logins);
  return {
    ...config.document,
    auths: authsOf(config, logins),
    ...(Object.keys(credHelpers).length === 0 ? {} : { credHelpers }),
  };
};

const pointTo = async (config: DockerConfig, folder: string): Promise<void> => {
  for (const name of SHARED) {
    // On Windows a junction needs no privilege, a link does.
    await symlink(join(config.folder, name), join(folder, name), 'junction');
  }
};

interface LoginDocuments {
  readonly docker: object;
  readonly auths: object;
}

const documentsOf = (config: DockerConfig, logins: readonly Login[]): LoginDocuments => ({
  docker: dockerDocument(config, logins),
  auths: authsOf(config, logins),
});

const writeDocuments = async (folder: string, { docker, auths }: LoginDocuments): Promise<LoginFiles> => {
  const authFile = join(folder, 'auth.json');
  const texts = [
    [join(folder, 'config.json'), docker],
    [authFile, { auths }],
  ] as const;
  for (const [path, document] of texts) {
    await writeFile(`${path}.new`, `${JSON.stringify(document, undefined, 2)}\n`, { mode: PRIVATE, flag: 'wx' });
    // Engines may be reading: they find the whole of the one before or of this.
    await rename(`${path}.new`, path);
  }
  return { dockerConfig: folder, authFile };
};

/** Writes what engines read into a folder that nobody else can enter. */
export const writeLoginFiles = async (
  folder: string,
  { variables }: Pick<Host, 'variables'>,
  logins: readonly Login[],
): Promise<LoginFolder> => {
  const config = await readDockerConfig(variables);
  await pointTo(config, folder);
  const buildxConfig = variables['BUILDX_CONFIG'] || join(config.folder, 'buildx');
  return { ...(await writeDocuments(folder, documentsOf(config, logins))), buildxConfig };
};

/** Writes newer logins over those that are there. */
export const renewLoginFiles = async (
  { dockerConfig }: LoginFiles,
  { variables }: Pick<Host, 'variables'>,
  logins: readonly Login[],
): Promise<void> => {
  await writeDocuments(dockerConfig, documentsOf(await readDockerConfig(variables), logins));
};

/** What in Docker's configuration lets somebody in, or may. */
const LOGINS = ['auths', 'credHelpers', 'credsStore', 'HttpHeaders'];

/** Writes Docker's configuration without its logins: engines that read it know nobody's credentials. */
export const writeBareFiles = async (folder: string, { variables }: Pick<Host, 'variables'>): Promise<LoginFiles> => {
  const config = await readDockerConfig(variables);
  const docker = Object.fromEntries(Object.entries(config.document).filter(([name]) => !LOGINS.includes(name)));
  await pointTo(config, folder);
  return writeDocuments(folder, { docker, auths: {} });
};

/**
 * Writes the logins into a folder of this step's own, beside a copy of what Docker's configuration says: parallel jobs
 * of one machine cannot log each other out, and nothing is left in anybody's home. Podman, buildah and skopeo read the
 * second file, since an empty credential helper would confuse them.
 */
export const writeLogins = async (host: Host, logins: readonly Login[], kept: boolean): Promise<LoginFolder> => {
  const { variables } = host;
  const folder = await mkdtemp(join(variables['RUNNER_TEMP'] || tmpdir(), PREFIX));
  const before = Object.fromEntries(VARIABLES.map((name) => [name, variables[name] ?? '']));
  // Before anything secret is written: whatever happens to this process, the post step finds the folder.
  if (!kept) host.saveState(STATE, JSON.stringify({ folder, before }));
  return writeLoginFiles(folder, host, logins);
};

/** Logs out: the folder goes, and the variables are what they were. */
export const removeLogins = async (host: Host): Promise<void> => {
  const saved = parseDocument(host.readState(STATE) ?? 'null');
  if (!isMapping(saved)) return;
  const { folder, before } = saved;
  if (typeof folder !== 'string' || !basename(folder).startsWith(PREFIX)) return;
  await rm(folder, { recursive: true, force: true });
  for (const name of VARIABLES) {
    const value = isMapping(before) ? before[name] : undefined;
    host.exportVariable(name, typeof value === 'string' ? value : '');
  }
  host.log.info('Logged out: the folder with the logins is gone');
};
