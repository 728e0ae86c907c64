import { copyFile, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import type { RunProgram } from '@aws-delivery/action-kit/host/run-program';
import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { type HelperOptions, isHelperName, listHelperServers } from './credential-helper.js';
import {
  getSection,
  getServerHost,
  isKeyOfHost,
  mergeSections,
  readToolLogins,
  type ToolLogins,
} from './docker-config.js';
import type { Login } from './registry-login.js';

/** Paths that engines read logins from. */
export interface LoginFiles {
  readonly dockerConfig: string;
  readonly authFile: string;
}

/** The paths for later steps. */
export interface LoginDirectory extends LoginFiles {
  readonly buildxConfig: string;
}

const PREFIX = 'ecr-login-';
const STATE_KEY = 'login-directory';

/** Only the owner can read and write the file. */
const PRIVATE_FILE_MODE = 0o600;

/** Environment variables that `logIn` exports and the post step restores. */
const ENV_NAMES = ['DOCKER_CONFIG', 'REGISTRY_AUTH_FILE', 'BUILDX_CONFIG'] as const;

/** State that `logIn` saves for the post step. */
interface LoginState {
  readonly directory: string;
  /** Values of `ENV_NAMES`; empty for a variable that was not set. */
  readonly previousEnv: Readonly<Record<string, string>>;
}

const formatAuth = ({ credentials: { username, password } }: Login): { readonly auth: string } => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});

type Section = Readonly<Record<string, unknown>>;

/** The entries of a section without those of the new logins' hosts. */
const withoutHosts = (section: Section, logins: readonly Login[]): Section =>
  Object.fromEntries(Object.entries(section).filter(([key]) => !logins.some(({ host }) => isKeyOfHost(key, host))));

/**
 * A credential store would hide a login that is only in the file: Docker, oras and Helm ask the store for every host
 * without a helper. Each server of the store therefore gets it as its helper, and the setting `credsStore` is removed.
 */
const listStoreHelpers = async ({ document }: ToolLogins, options: HelperOptions): Promise<Section> => {
  const store = document['credsStore'];
  if (!isHelperName(store)) return {};
  // Docker keeps an empty entry for each server whose login is in the store.
  const emptyEntries = Object.entries(getSection(document, 'auths')).filter(
    ([, entry]) => isRecord(entry) && entry['auth'] === undefined && entry['identitytoken'] === undefined,
  );
  const servers = [...(await listHelperServers(store, options)), ...emptyEntries.map(([server]) => server)];
  return Object.fromEntries(
    servers.flatMap((server) => [
      [server, store],
      [getServerHost(server), store],
    ]),
  );
};

interface LoginDocuments {
  readonly docker: object;
  readonly auths: object;
}

const buildDocuments = async (
  tools: ToolLogins,
  logins: readonly Login[],
  options: HelperOptions,
): Promise<LoginDocuments> => {
  const { credsStore: _, ...document } = tools.document;
  const storeHelpers = await listStoreHelpers(tools, options);
  const build = (documents: readonly Section[]) => {
    const helpers = Object.entries({ ...storeHelpers, ...mergeSections(documents, 'credHelpers') });
    // Podman, buildah and skopeo fail on an empty helper.
    const credHelpers = withoutHosts(Object.fromEntries(helpers.filter(([, helper]) => isHelperName(helper))), logins);
    return {
      auths: {
        ...withoutHosts(mergeSections(documents, 'auths'), logins),
        ...Object.fromEntries(logins.map((login) => [login.host, formatAuth(login)])),
      },
      ...(Object.keys(credHelpers).length === 0 ? {} : { credHelpers }),
    };
  };
  const { credHelpers: _helpers, ...settings } = document;
  return {
    docker: { ...settings, ...build([tools.document, ...tools.authFiles]) },
    auths: build([...tools.authFiles, tools.document]),
  };
};

/** Entries of Docker's configuration directory that contain no logins: also for builds, which must not have any. */
const ENTRIES_WITHOUT_LOGINS = ['contexts', 'cli-plugins', 'certs.d', 'ca.pem', 'cert.pem', 'key.pem'];

/** Links to the entries of Docker's configuration directory, for example contexts, plugins and TLS files. */
const linkEntries = async (
  { directory: source }: ToolLogins,
  directory: string,
  isLinked: (name: string) => boolean,
): Promise<void> => {
  const entries = await readdir(source, { withFileTypes: true }).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw toFileError(source, error);
  });
  for (const { name } of entries.filter((entry) => isLinked(entry.name))) {
    const [from, to] = [join(source, name), join(directory, name)];
    const isDirectory = await stat(from).then(
      (status) => status.isDirectory(),
      () => false,
    );
    // On Windows a symbolic link requires a privilege, a junction does not; it exists for directories only.
    if (isDirectory || process.platform !== 'win32') await symlink(from, to, 'junction');
    else await copyFile(from, to);
  }
};

const writeDocuments = async (directory: string, { docker, auths }: LoginDocuments): Promise<LoginFiles> => {
  const authFile = join(directory, 'auth.json');
  const files = [
    [join(directory, 'config.json'), docker],
    [authFile, auths],
  ] as const;
  for (const [path, document] of files) {
    await writeFile(`${path}.new`, `${JSON.stringify(document, undefined, 2)}\n`, {
      mode: PRIVATE_FILE_MODE,
      flag: 'wx',
    });
    // Renamed, so that an engine that reads the file meanwhile sees the complete old or new content.
    await rename(`${path}.new`, path);
  }
  return { dockerConfig: directory, authFile };
};

/** Names that this module writes; an earlier login directory may have them. */
const OWN_ENTRIES = ['config.json', 'auth.json'];

/**
 * Writes the logins for engines into a private directory, next to links to Docker's configuration. Throws
 * DeliveryError.
 */
export const writeLoginFiles = async (
  directory: string,
  logins: readonly Login[],
  options: HelperOptions,
): Promise<LoginDirectory> => {
  const { env } = options;
  const tools = await readToolLogins(env);
  const buildxConfig = env['BUILDX_CONFIG'] || join(tools.directory, 'buildx');
  await linkEntries(tools, directory, (name) => !OWN_ENTRIES.includes(name));
  return { ...(await writeDocuments(directory, await buildDocuments(tools, logins, options))), buildxConfig };
};

/** Replaces the logins in the files. */
export const renewLoginFiles = async (
  { dockerConfig }: LoginFiles,
  logins: readonly Login[],
  options: HelperOptions,
): Promise<void> => {
  await writeDocuments(dockerConfig, await buildDocuments(await readToolLogins(options.env), logins, options));
};

/** Settings of Docker's configuration that contain credentials, or may. */
const LOGIN_SETTINGS = ['auths', 'credHelpers', 'credsStore', 'HttpHeaders'];

/** Writes Docker's configuration without credentials, for builds that must not have any. */
export const writeConfigWithoutLogins = async (directory: string, { env }: Pick<Host, 'env'>): Promise<LoginFiles> => {
  const tools = await readToolLogins(env);
  const docker = Object.fromEntries(Object.entries(tools.document).filter(([name]) => !LOGIN_SETTINGS.includes(name)));
  await linkEntries(tools, directory, (name) => ENTRIES_WITHOUT_LOGINS.includes(name));
  return writeDocuments(directory, { docker, auths: { auths: {} } });
};

/**
 * Logs later steps in: writes the logins and a copy of Docker's configuration into a directory of this step, so that
 * parallel jobs on one machine do not log each other out and nothing is left in the home directory. Podman, buildah and
 * skopeo read the auth file. The post step deletes the directory, unless `skipLogout` is set.
 */
export const logIn = async (
  host: Host,
  logins: readonly Login[],
  { skipLogout, runProgram }: { readonly skipLogout: boolean; readonly runProgram: RunProgram },
): Promise<LoginDirectory> => {
  const { env, log } = host;
  const directory = await mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), PREFIX));
  const previousEnv = Object.fromEntries(ENV_NAMES.map((name) => [name, env[name] ?? '']));
  // Saved before a secret is written, so that the post step finds the directory even if this process is killed.
  const state: LoginState = { directory, previousEnv };
  if (!skipLogout) host.saveState(STATE_KEY, JSON.stringify(state));
  const loginDirectory = await writeLoginFiles(directory, logins, { env, runProgram });
  for (const login of logins) log.info(`Logged in to ${login.host}`);
  return loginDirectory;
};

/** Logs out: deletes the login directory and restores the environment variables. */
export const logOut = async (host: Host): Promise<void> => {
  const saved = parseDocument(host.readState(STATE_KEY) ?? 'null');
  if (!isRecord(saved)) return;
  const { directory, previousEnv }: Partial<Record<keyof LoginState, unknown>> = saved;
  if (typeof directory !== 'string' || !basename(directory).startsWith(PREFIX)) return;
  await rm(directory, { recursive: true, force: true });
  for (const name of ENV_NAMES) {
    const value = isRecord(previousEnv) ? previousEnv[name] : undefined;
    host.exportVariable(name, typeof value === 'string' ? value : '');
  }
  host.log.info('Cleanup done: deleted the registry logins, restored environment variables');
};
