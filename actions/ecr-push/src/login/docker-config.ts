import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Credentials } from '@aws-delivery/oci/registry/authenticator';

/** Docker's configuration before this step. */
export interface DockerConfig {
  readonly directory: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const getDockerConfigDirectory = (env: Env): string =>
  env['DOCKER_CONFIG'] || join(env['HOME'] || env['USERPROFILE'] || homedir(), '.docker');

/** Reads Docker's configuration; empty without a file. Throws `invalid-input` when the file is not JSON. */
export const readDockerConfig = async (env: Env): Promise<DockerConfig> => {
  const directory = getDockerConfigDirectory(env);
  const path = join(directory, 'config.json');
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    return { directory, document: isRecord(document) ? document : {} };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return { directory, document: {} };
    throw new DeliveryError('invalid-input', `cannot read '${path}': ${errorMessage(error)}`, { cause: error });
  }
};

/** An object in the configuration; empty when it is missing. */
export const getSection = ({ document }: DockerConfig, name: string): Readonly<Record<string, unknown>> => {
  const section = document[name];
  return isRecord(section) ? section : {};
};

// Docker stores the login of Docker Hub under a legacy address.
const listConfigKeys = (host: string): readonly string[] =>
  host === 'registry-1.docker.io' ? ['https://index.docker.io/v1/', 'docker.io'] : [host, `https://${host}`];

/**
 * Name of the credential helper for a registry, without the prefix `docker-credential-`; undefined when none is
 * configured.
 */
export const findCredentialHelper = (config: DockerConfig, host: string): string | undefined => {
  const configured = listConfigKeys(host).flatMap((name) => getSection(config, 'credHelpers')[name] ?? []);
  const helper = configured[0] ?? config.document['credsStore'];
  return typeof helper === 'string' && /^[\w.-]+$/u.test(helper) ? helper : undefined;
};

const findStoredCredentials = (config: DockerConfig, host: string): Credentials | undefined => {
  const entries = listConfigKeys(host).map((name) => getSection(config, 'auths')[name]);
  const [auth] = entries.flatMap((entry) =>
    isRecord(entry) && typeof entry['auth'] === 'string' ? [entry['auth']] : [],
  );
  const [, username, password] = /^([^:]+):(.+)$/su.exec(Buffer.from(auth ?? '', 'base64').toString('utf8')) ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
};

const runCredentialHelper = async (helper: string, host: string): Promise<Credentials | undefined> => {
  const { getExecOutput } = await import('@actions/exec');
  const input = Buffer.from(listConfigKeys(host)[0] ?? host);
  const { exitCode, stdout } = await getExecOutput(`docker-credential-${helper}`, ['get'], {
    input,
    silent: true,
    ignoreReturnCode: true,
  });
  if (exitCode !== 0) return undefined;
  const response: unknown = JSON.parse(stdout);
  const { Username: username, Secret: password } = isRecord(response) ? response : {};
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
};

/** The credentials that Docker would use for a registry, or undefined. */
export const findDockerCredentials = async (env: Env, host: string): Promise<Credentials | undefined> => {
  const config = await readDockerConfig(env);
  const helper = findCredentialHelper(config, host);
  return (
    (helper === undefined ? undefined : await runCredentialHelper(helper, host)) ?? findStoredCredentials(config, host)
  );
};
