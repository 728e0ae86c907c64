import { join } from 'node:path';
import type { Env } from '@aws-delivery/action-kit/util/env';
import type { OidcEnvironment } from '../../action.js';
import type { Request } from '../inputs/parse-request.js';
import { type Credentials, formatExpiration } from '../role/credentials.js';
import { resolveRoleArn } from '../role/role-step.js';
import type { SecretVariable } from '../secrets/secret-selector.js';
import { resolveTokenPath } from '../token/fetch-token.js';
import type { ExportTarget } from './export-target.js';
import type { Settings } from './ini.js';
import { buildProcessCommand, type ProcessFiles } from './process-command.js';
import { formatSectionName, locateSharedFiles, type Section } from './profile.js';
import { getRenewalStatePath } from './renewal-state.js';

/** What is written where: decided first, so that all of it can be undone. */
export interface CredentialOutput {
  readonly environment: OidcEnvironment;
  readonly sections: readonly Section[];
  /** What later steps use to renew the session. */
  readonly renewal: 'none' | 'token-file' | 'process';
}

/** `existing`: later steps find the credentials where this step found them. */
export type CredentialOrigin = 'obtained' | 'existing';

export interface CredentialOutputOptions {
  readonly request: Request;
  readonly credentials: Credentials;
  readonly origin: CredentialOrigin;
  readonly secrets: readonly SecretVariable[];
  readonly env: Env;
  /** Our own directory. */
  readonly directory: string;
  readonly processFiles: ProcessFiles;
}

/** The profile where one is needed and none is named; it stands in a file of its own. */
const OWN_PROFILE = 'oidc-credentials';

type EnvValues = Readonly<Record<string, string | undefined>>;

/** Empty for those that are set: the SDKs take an empty variable for an unset one. */
const clearVariables = (names: readonly string[], env: Env): EnvValues =>
  Object.fromEntries(names.filter((name) => env[name]).map((name) => [name, '']));

const KEY_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'];
const WEB_IDENTITY_VARIABLES = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME'];

const buildKeyVariables = (credentials: Credentials, env: Env): EnvValues => ({
  ...clearVariables(KEY_VARIABLES, env),
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
  ...(credentials.expiration === undefined ? {} : { AWS_CREDENTIAL_EXPIRATION: formatExpiration(credentials) }),
});

const buildKeySettings = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Settings => ({
  aws_access_key_id: accessKeyId,
  aws_secret_access_key: secretAccessKey,
  ...(sessionToken === undefined ? {} : { aws_session_token: sessionToken }),
});

/** The configuration file of our own profile; it starts as a copy of the one in use. */
export const getOwnConfigPath = (directory: string): string => join(directory, 'config');

/** Makes a profile the current one: the named one, or our own in its file. */
const buildProfileVariables = ({ request, env, directory }: CredentialOutputOptions): EnvValues => {
  const profileName = request.exportTarget.profile?.name;
  const name = profileName ?? OWN_PROFILE;
  return {
    AWS_PROFILE: name,
    ...(env['AWS_DEFAULT_PROFILE'] ? { AWS_DEFAULT_PROFILE: name } : {}),
    ...(profileName === undefined ? { AWS_CONFIG_FILE: getOwnConfigPath(directory) } : {}),
    AWS_SDK_LOAD_CONFIG: '1',
  };
};

/**
 * Keys in the environment beside a profile that is set: some SDKs take the one, some the other. What was checked must
 * be what is used, so the profile has to lead to the same keys; blank it cannot be, since the AWS CLI refuses that.
 */
const isAmbiguous = ({ request, origin, env }: CredentialOutputOptions): boolean => {
  const { exportTarget, currentCredentials } = request;
  const hasKeys = origin === 'obtained' || (currentCredentials === 'keep' && Boolean(env['AWS_ACCESS_KEY_ID']));
  return exportTarget.environment && exportTarget.profile === undefined && hasKeys && Boolean(env['AWS_PROFILE']);
};

const buildOwnSection = (directory: string, settings: Settings): Section => ({
  file: getOwnConfigPath(directory),
  name: formatSectionName(OWN_PROFILE),
  settings,
});

const buildFixedOutput = (options: CredentialOutputOptions): CredentialOutput => {
  const { request, credentials, origin, env, directory } = options;
  const { region, exportTarget, currentCredentials } = request;
  const { profile, environment } = exportTarget;
  const sharedFiles = locateSharedFiles(env);
  const keyVariables = origin === 'obtained' ? buildKeyVariables(credentials, env) : {};
  const isProfileAmbiguous = isAmbiguous(options);
  return {
    environment: {
      ...(currentCredentials === 'unset' ? clearVariables(KEY_VARIABLES, env) : {}),
      ...(environment
        ? {
            AWS_REGION: region,
            AWS_DEFAULT_REGION: region,
            ...keyVariables,
            ...(profile === undefined ? {} : { AWS_PROFILE: profile.name }),
            ...(isProfileAmbiguous ? buildProfileVariables(options) : {}),
          }
        : {}),
    },
    sections:
      profile === undefined
        ? isProfileAmbiguous
          ? [buildOwnSection(directory, { region, ...buildKeySettings(credentials) })]
          : []
        : [
            { file: sharedFiles.credentials, name: profile.name, settings: buildKeySettings(credentials) },
            { file: sharedFiles.config, name: formatSectionName(profile.name), settings: { region } },
          ],
    renewal: 'none',
  };
};

/** SDKs can do it all by themselves where a file is kept fresh for one role with nothing special about it. */
const findTokenFileSettings = (request: Request, env: Env): Settings | undefined => {
  const { source, roleSteps, account, guards, keys, exportTarget } = request;
  if (source.kind !== 'token' || source.tokenSource.kind !== 'file') return undefined;
  // A profile that is set comes before the token file.
  if (exportTarget.profile === undefined && env['AWS_PROFILE']) return undefined;
  const { role, policies, duration, sessionName } = source.role;
  const isPlain = policies.inline === undefined && policies.managed.length === 0 && duration === 3600;
  if (roleSteps.length > 0 || !isPlain || keys === 'plain') return undefined;
  return {
    web_identity_token_file: resolveTokenPath(source.tokenSource.path, env),
    role_arn: resolveRoleArn(role, guards.partition, account),
    role_session_name: sessionName,
  };
};

const buildTokenFileOutput = (options: CredentialOutputOptions, settings: Settings): CredentialOutput => {
  const { request, env } = options;
  const { region, exportTarget } = request;
  const { profile, environment } = exportTarget;
  const webIdentity = {
    AWS_WEB_IDENTITY_TOKEN_FILE: settings['web_identity_token_file'],
    AWS_ROLE_ARN: settings['role_arn'],
    AWS_ROLE_SESSION_NAME: settings['role_session_name'],
  };
  const identityVariables =
    profile === undefined ? webIdentity : { ...clearVariables(WEB_IDENTITY_VARIABLES, env), AWS_PROFILE: profile.name };
  return {
    environment: environment
      ? { AWS_REGION: region, AWS_DEFAULT_REGION: region, ...clearVariables(KEY_VARIABLES, env), ...identityVariables }
      : {},
    sections: profile === undefined ? [] : buildProfileSections(profile.name, { region, ...settings }, env),
    renewal: 'token-file',
  };
};

/** Keys of the same name in the credentials file would come first, so they go. */
const buildProfileSections = (name: string, settings: Settings, env: Env): readonly Section[] => {
  const sharedFiles = locateSharedFiles(env);
  return [
    { file: sharedFiles.credentials, name, settings: undefined },
    { file: sharedFiles.config, name: formatSectionName(name), settings },
  ];
};

const buildProcessOutput = (options: CredentialOutputOptions): CredentialOutput => {
  const { request, env, directory, processFiles } = options;
  const { region, exportTarget } = request;
  const { profile, environment } = exportTarget;
  const settings = { region, credential_process: buildProcessCommand(processFiles, getRenewalStatePath(directory)) };
  return {
    environment: environment
      ? {
          AWS_REGION: region,
          AWS_DEFAULT_REGION: region,
          ...clearVariables([...KEY_VARIABLES, ...WEB_IDENTITY_VARIABLES], env),
          ...buildProfileVariables(options),
        }
      : {},
    sections:
      profile === undefined
        ? [buildOwnSection(directory, settings)]
        : buildProfileSections(profile.name, settings, env),
    renewal: 'process',
  };
};

const buildRefreshedOutput = (options: CredentialOutputOptions): CredentialOutput => {
  const settings = findTokenFileSettings(options.request, options.env);
  return settings === undefined ? buildProcessOutput(options) : buildTokenFileOutput(options, settings);
};

/** Decides what goes where. With `refresh` no key enters the environment: keys come before a profile in the SDKs. */
export const buildCredentialOutput = (options: CredentialOutputOptions): CredentialOutput => {
  const { request, origin } = options;
  // What is kept in place is not ours to renew.
  const isRefreshed = request.exportTarget.form === 'refreshed' && origin === 'obtained';
  const credentialOutput = isRefreshed ? buildRefreshedOutput(options) : buildFixedOutput(options);
  const secretVariables = Object.fromEntries(options.secrets.map(({ name, value }) => [name, value]));
  return { ...credentialOutput, environment: { ...credentialOutput.environment, ...secretVariables } };
};

const describeEnvironment = (credentialOutput: CredentialOutput): string => {
  if (credentialOutput.renewal === 'process') return 'the environment, as a profile that renews them';
  return credentialOutput.renewal === 'token-file' ? 'the environment, as a token file' : 'the environment';
};

/** Where later steps find the credentials, for people. */
export const describeLocations = (
  exportTarget: ExportTarget,
  credentialOutput: CredentialOutput,
  origin: CredentialOrigin,
): string => {
  const locations = [
    ...(origin === 'existing' ? ['where they were'] : []),
    ...(origin === 'obtained' && exportTarget.environment ? [describeEnvironment(credentialOutput)] : []),
    ...(exportTarget.profile === undefined ? [] : [`profile ${exportTarget.profile.name}`]),
    ...(exportTarget.outputs ? ["this step's outputs"] : []),
  ];
  return locations.length === 0
    ? 'nowhere: neither environment, profile nor outputs are asked for'
    : locations.join(', ');
};
