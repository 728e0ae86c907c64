import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { isMapping } from '@aws-delivery/action-kit/parse';
import type { Credentials } from './oci/authenticator.js';

/** Docker's own configuration, as it was before this step. */
export interface DockerConfig {
  readonly folder: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The folder of Docker's configuration. */
export const dockerFolder = (variables: Variables): string =>
  variables['DOCKER_CONFIG'] || join(variables['HOME'] || variables['USERPROFILE'] || homedir(), '.docker');

/** Reads Docker's configuration; an absent file is an empty one. Throws `invalid-input` where it is no JSON. */
export const readDockerConfig = async (variables: Variables): Promise<DockerConfig> => {
  const folder = dockerFolder(variables);
  const path = join(folder, 'config.json');
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    return { folder, document: isMapping(document) ? document : {} };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return { folder, document: {} };
    throw new DeliveryError('invalid-input', `'${path}' cannot be read: ${textOf(error)}`, { cause: error });
  }
};

/** A mapping inside the configuration; empty where there is none. */
export const partOf = ({ document }: DockerConfig, name: string): Readonly<Record<string, unknown>> => {
  const part = document[name];
  return isMapping(part) ? part : {};
};

// Docker keeps the login of its Hub under an address of old.
const namesOf = (host: string): readonly string[] =>
  host === 'registry-1.docker.io' ? ['https://index.docker.io/v1/', 'docker.io'] : [host, `https://${host}`];

/** The program that keeps a registry's credentials, where Docker's configuration names one. */
export const helperOf = (config: DockerConfig, host: string): string | undefined => {
  const named = namesOf(host).flatMap((name) => partOf(config, 'credHelpers')[name] ?? []);
  const helper = named[0] ?? config.document['credsStore'];
  return typeof helper === 'string' && /^[\w.-]+$/u.test(helper) ? helper : undefined;
};

const storedIn = (config: DockerConfig, host: string): Credentials | undefined => {
  const entries = namesOf(host).map((name) => partOf(config, 'auths')[name]);
  const [auth] = entries.flatMap((entry) =>
    isMapping(entry) && typeof entry['auth'] === 'string' ? [entry['auth']] : [],
  );
  const [, username, password] = /^([^:]+):(.+)$/su.exec(Buffer.from(auth ?? '', 'base64').toString('utf8')) ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
};

const askHelper = async (helper: string, host: string): Promise<Credentials | undefined> => {
  const { getExecOutput } = await import('@actions/exec');
  const input = Buffer.from(namesOf(host)[0] ?? host);
  const { exitCode, stdout } = await getExecOutput(`docker-credential-${helper}`, ['get'], {
    input,
    silent: true,
    ignoreReturnCode: true,
  });
  if (exitCode !== 0) return undefined;
  const answer: unknown = JSON.parse(stdout);
  const { Username: username, Secret: password } = isMapping(answer) ? answer : {};
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
};

/** The credentials that Docker would use for a registry; undefined for none. */
export const dockerCredentials = async (variables: Variables, host: string): Promise<Credentials | undefined> => {
  const config = await readDockerConfig(variables);
  const helper = helperOf(config, host);
  return (helper === undefined ? undefined : await askHelper(helper, host)) ?? storedIn(config, host);
};
