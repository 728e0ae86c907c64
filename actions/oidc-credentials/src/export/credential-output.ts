import { join } from 'node:path';
import type { Settings } from '@aws-delivery/action-kit/files/ini-section';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { locateSharedFiles } from '@aws-delivery/aws/shared-files';
import type { OidcEnvironment } from '../../action.js';
import type { Request } from '../inputs/parse-request.js';
import { type Credentials, formatExpiration } from '../role/credentials.js';
import { resolveRoleArn } from '../role/role-step.js';
import { resolveTokenPath } from '../token/fetch-token.js';
import type { ExportedVariable } from '../variables/exported-variable.js';
import type { ExportTarget } from './export-target.js';
import { buildProcessCommand, type ProcessFiles } from './process-command.js';
import { formatSectionName, type Section } from './profile.js';
import { getRenewalStatePath } from './renewal-state.js';

/** Variables and profile sections to write, determined before the first is written so that all can be restored. */
export interface CredentialOutput {
  readonly environment: OidcEnvironment;
  readonly sections: readonly Section[];
  /** What later steps use to renew the session. */
  readonly renewal: 'none' | 'token-file' | 'process';
}

/** `existing`: the credentials of the job's environment, which later steps have already. */
export type CredentialOrigin = 'obtained' | 'existing';

export interface CredentialOutputOptions {
  readonly request: Request;
  readonly credentials: Credentials;
  readonly origin: CredentialOrigin;
  /** Variables of secrets and parameters. */
  readonly variables: readonly ExportedVariable[];
  readonly env: Env;
  /** The private directory of this step. */
  readonly directory: string;
  readonly processFiles: ProcessFiles;
}

/** Name of the profile in a private configuration file, for when the inputs name no profile. */
const OWN_PROFILE = 'oidc-credentials';

type EnvValues = Readonly<Record<string, string | undefined>>;

/** Sets those of the variables that have a value to empty, which the SDKs treat as unset. */
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

/** Path of the private configuration file, a copy of the shared one with one more profile. */
export const getOwnConfigPath = (directory: string): string => join(directory, 'config');

/** Variables that select the named profile, or the one in the private configuration file. */
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
 * Whether the environment has both keys and AWS_PROFILE, of which SDKs prefer one or the other. The profile must then
 * contain the same keys, which were checked; it cannot be unset, since the AWS CLI rejects an empty AWS_PROFILE.
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

/** Settings for SDKs that can renew the session themselves: from a token file, for one role with default options. */
const findTokenFileSettings = (request: Request, env: Env): Settings | undefined => {
  const { source, roleSteps, account, guards, keys, exportTarget } = request;
  if (source.kind !== 'token' || source.tokenSource.kind !== 'file') return undefined;
  // SDKs prefer AWS_PROFILE to the token file.
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

/** SDKs prefer keys in the credentials file to the configuration file, so a section of that name there is removed. */
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

/**
 * Determines the variables and profile sections. With `refresh`, no keys are exported: SDKs prefer them to a profile.
 */
export const buildCredentialOutput = (options: CredentialOutputOptions): CredentialOutput => {
  const { request, origin } = options;
  // Existing credentials are not renewed by this action.
  const isRefreshed = request.exportTarget.form === 'refreshed' && origin === 'obtained';
  const credentialOutput = isRefreshed ? buildRefreshedOutput(options) : buildFixedOutput(options);
  const variables = Object.fromEntries(options.variables.map(({ name, value }) => [name, value]));
  return { ...credentialOutput, environment: { ...credentialOutput.environment, ...variables } };
};

const describeEnvironment = (credentialOutput: CredentialOutput): string => {
  if (credentialOutput.renewal === 'process') return 'environment variables (profile that renews the credentials)';
  return credentialOutput.renewal === 'token-file' ? 'environment variables (token file)' : 'environment variables';
};

const listLocations = (
  exportTarget: ExportTarget,
  credentialOutput: CredentialOutput,
  origin: CredentialOrigin,
): readonly string[] => [
  ...(origin === 'obtained' && exportTarget.environment ? [describeEnvironment(credentialOutput)] : []),
  ...(exportTarget.profile === undefined ? [] : [`profile ${exportTarget.profile.name}`]),
  ...(exportTarget.outputs ? ['step outputs'] : []),
];

type LocationArguments = Parameters<typeof listLocations>;

/** Locations of the exported credentials, for the summary. */
export const formatLocations = (...[exportTarget, credentialOutput, origin]: LocationArguments): string => {
  const locations = listLocations(exportTarget, credentialOutput, origin);
  if (locations.length > 0) return locations.join(', ');
  return origin === 'existing' ? 'existing credentials unchanged' : 'not exported';
};

/** Log message about the exported credentials. */
export const formatExportMessage = (...[exportTarget, credentialOutput, origin]: LocationArguments): string => {
  const locations = listLocations(exportTarget, credentialOutput, origin);
  if (locations.length > 0) return `Exported AWS credentials as ${locations.join(', ')}`;
  return origin === 'existing'
    ? 'Existing AWS credentials are unchanged'
    : "AWS credentials not exported: 'output-env-credentials', 'output-credentials' and 'aws-profile' are not set";
};
