import { homedir } from 'node:os';
import { join } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Credentials } from '@aws-delivery/oci/registry/authenticator';
import { getHelperCredentials, type HelperOptions, isHelperName } from './credential-helper.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** The logins that tools read before this step. */
export interface ToolLogins {
  /** Docker's configuration directory. */
  readonly directory: string;
  /** Docker's `config.json`. */
  readonly document: JsonObject;
  /** `auth.json` of podman, buildah and skopeo: files with higher priority come first. */
  readonly authFiles: readonly JsonObject[];
}

const getHome = (env: Env): string => env['HOME'] || env['USERPROFILE'] || homedir();

const readJsonFile = async (path: string): Promise<JsonObject | undefined> => {
  try {
    const document: unknown = JSON.parse((await readRegularFile(path)).toString('utf8'));
    return isRecord(document) ? document : {};
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new DeliveryError('invalid-input', `cannot read '${path}': ${errorMessage(error)}`, { cause: error });
  }
};

/** Paths of auth files in the order in which they take precedence (containers-auth.json(5)). */
const listAuthFilePaths = (env: Env): readonly string[] => {
  const { REGISTRY_AUTH_FILE: file, XDG_RUNTIME_DIR: runtimeDirectory, XDG_CONFIG_HOME: configDirectory } = env;
  const user = process.getuid?.();
  return [
    ...(file ? [file] : []),
    ...(runtimeDirectory ? [join(runtimeDirectory, 'containers', 'auth.json')] : []),
    ...(runtimeDirectory || user === undefined ? [] : [join('/run/containers', String(user), 'auth.json')]),
    join(configDirectory || join(getHome(env), '.config'), 'containers', 'auth.json'),
  ];
};

/** Reads the logins of Docker and podman; empty without files. Throws `invalid-input` when a file is not JSON. */
export const readToolLogins = async (env: Env): Promise<ToolLogins> => {
  const directory = env['DOCKER_CONFIG'] || join(getHome(env), '.docker');
  const files = await Promise.all(listAuthFilePaths(env).map(readJsonFile));
  return {
    directory,
    document: (await readJsonFile(join(directory, 'config.json'))) ?? {},
    authFiles: files.filter((file) => file !== undefined),
  };
};

/** An object in a document; empty when it is missing. */
export const getSection = (document: JsonObject, name: string): JsonObject => {
  const section = document[name];
  return isRecord(section) ? section : {};
};

/** Merges a section of Docker's configuration and of auth files; `documents` in the order of precedence. */
export const mergeSections = (documents: readonly JsonObject[], name: string): JsonObject =>
  Object.assign({}, ...documents.map((document) => getSection(document, name)).toReversed());

/** Docker's names for Docker Hub. */
const DOCKER_HUB = ['index.docker.io', 'docker.io', 'registry-1.docker.io'];
const DOCKER_HUB_SERVER = 'https://index.docker.io/v1/';

/** The host in a key of `auths`, which may be a URL with the path of an API: `https://index.docker.io/v1/`. */
export const getServerHost = (key: string): string => key.replace(/^https?:\/\//u, '').replace(/\/(?:v[12]\/?)?$/u, '');

/** Whether a key of `auths` or `credHelpers` names a registry's host, or a namespace in it (auth files of podman). */
export const isKeyOfHost = (key: string, host: string): boolean =>
  key.replace(/^https?:\/\//u, '').split('/')[0] === host;

const findEntry = (section: JsonObject, host: string): unknown => {
  const hosts = DOCKER_HUB.includes(host) ? DOCKER_HUB : [host];
  return Object.entries(section).find(([key]) => hosts.includes(getServerHost(key)))?.[1];
};

const parseEntry = (entry: unknown): Credentials | undefined => {
  if (!isRecord(entry)) return undefined;
  const { auth, identitytoken: identityToken } = entry;
  if (typeof identityToken === 'string' && identityToken !== '') return { identityToken };
  const decoded = typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8') : '';
  const [, username = entry['username'], password = entry['password']] = /^([^:]+):(.+)$/su.exec(decoded) ?? [];
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
};

/** The credentials that Docker, or else podman, would use for a registry, or undefined. */
export const findToolCredentials = async (host: string, options: HelperOptions): Promise<Credentials | undefined> => {
  const { document, authFiles } = await readToolLogins(options.env);
  const documents = [document, ...authFiles];
  const helper = findEntry(mergeSections(documents, 'credHelpers'), host) ?? document['credsStore'];
  const server = DOCKER_HUB.includes(host) ? DOCKER_HUB_SERVER : host;
  const stored = isHelperName(helper) ? await getHelperCredentials(helper, server, options) : undefined;
  return stored ?? parseEntry(findEntry(mergeSections(documents, 'auths'), host));
};
