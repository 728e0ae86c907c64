import { join } from 'node:path';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { OidcEnvironment } from '../action.js';
import { type ProcessFiles, processCommand } from './credential-process.js';
import { type Credentials, expiryText } from './credentials.js';
import type { Destination } from './destination.js';
import { roleArn } from './hop.js';
import type { Settings } from './ini.js';
import { configSection, type Section, sharedFiles } from './profile.js';
import { recipePath } from './recipe.js';
import type { Request } from './request.js';
import type { SecretVariable } from './secret-name.js';
import { tokenPath } from './token-source.js';

/** What is written where: decided first, so that all of it can be undone. */
export interface Placement {
  readonly environment: OidcEnvironment;
  readonly sections: readonly Section[];
  /** What later steps use to renew the session. */
  readonly renewal: 'none' | 'token-file' | 'process';
}

/** `in-place`: later steps find the credentials where this step found them. */
export type Origin = 'obtained' | 'in-place';

export interface PlacementOptions {
  readonly request: Request;
  readonly credentials: Credentials;
  readonly origin: Origin;
  readonly secrets: readonly SecretVariable[];
  readonly variables: Variables;
  /** Our own directory. */
  readonly directory: string;
  readonly files: ProcessFiles;
}

/** The profile where one is needed and none is named; it stands in a file of its own. */
const OWN_PROFILE = 'oidc-credentials';

type Values = Readonly<Record<string, string | undefined>>;

/** Empty for those that are set: the SDKs take an empty variable for an unset one. */
const blanked = (names: readonly string[], variables: Variables): Values =>
  Object.fromEntries(names.filter((name) => variables[name]).map((name) => [name, '']));

const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'];
const WEB_IDENTITY = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME'];

const keyVariables = (credentials: Credentials, variables: Variables): Values => ({
  ...blanked(KEYS, variables),
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
  ...(credentials.expiration === undefined ? {} : { AWS_CREDENTIAL_EXPIRATION: expiryText(credentials) }),
});

const keySettings = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Settings => ({
  aws_access_key_id: accessKeyId,
  aws_secret_access_key: secretAccessKey,
  ...(sessionToken === undefined ? {} : { aws_session_token: sessionToken }),
});

/** The configuration file of our own profile; it starts as a copy of the one in use. */
export const ownConfig = (directory: string): string => join(directory, 'config');

/** Makes a profile the current one: the named one, or our own in its file. */
const currentProfile = ({ request, variables, directory }: PlacementOptions): Values => {
  const named = request.destination.profile?.name;
  const name = named ?? OWN_PROFILE;
  return {
    AWS_PROFILE: name,
    ...(variables['AWS_DEFAULT_PROFILE'] ? { AWS_DEFAULT_PROFILE: name } : {}),
    ...(named === undefined ? { AWS_CONFIG_FILE: ownConfig(directory) } : {}),
    AWS_SDK_LOAD_CONFIG: '1',
  };
};

/**
 * Keys in the environment beside a profile that is set: some SDKs take the one, some the other. What was checked must
 * be what is used, so the profile has to lead to the same keys; blank it cannot be, since the AWS CLI refuses that.
 */
const isAmbiguous = ({ request, origin, variables }: PlacementOptions): boolean => {
  const { destination, leftovers } = request;
  const hasKeys = origin === 'obtained' || (leftovers === 'kept' && Boolean(variables['AWS_ACCESS_KEY_ID']));
  return destination.environment && destination.profile === undefined && hasKeys && Boolean(variables['AWS_PROFILE']);
};

const ownSection = (directory: string, settings: Settings): Section => ({
  file: ownConfig(directory),
  name: configSection(OWN_PROFILE),
  settings,
});

const fixed = (options: PlacementOptions): Placement => {
  const { request, credentials, origin, variables, directory } = options;
  const { region, destination, leftovers } = request;
  const { profile, environment } = destination;
  const files = sharedFiles(variables);
  const keys = origin === 'obtained' ? keyVariables(credentials, variables) : {};
  const ambiguous = isAmbiguous(options);
  return {
    environment: {
      ...(leftovers === 'blanked' ? blanked(KEYS, variables) : {}),
      ...(environment
        ? {
            AWS_REGION: region,
            AWS_DEFAULT_REGION: region,
            ...keys,
            ...(profile === undefined ? {} : { AWS_PROFILE: profile.name }),
            ...(ambiguous ? currentProfile(options) : {}),
          }
        : {}),
    },
    sections:
      profile === undefined
        ? ambiguous
          ? [ownSection(directory, { region, ...keySettings(credentials) })]
          : []
        : [
            { file: files.credentials, name: profile.name, settings: keySettings(credentials) },
            { file: files.config, name: configSection(profile.name), settings: { region } },
          ],
    renewal: 'none',
  };
};

/** SDKs can do it all by themselves where a file is kept fresh for one role with nothing special about it. */
const tokenFile = (request: Request, variables: Variables): Settings | undefined => {
  const { source, hops, account, guards, keys, destination } = request;
  if (source.kind !== 'token' || source.origin.kind !== 'file') return undefined;
  // A profile that is set comes before the token file.
  if (destination.profile === undefined && variables['AWS_PROFILE']) return undefined;
  const { role, policies, duration, sessionName } = source.role;
  const isPlain = policies.inline === undefined && policies.managed.length === 0 && duration === 3600;
  if (hops.length > 0 || !isPlain || keys === 'plain') return undefined;
  return {
    web_identity_token_file: tokenPath(source.origin.path, variables),
    role_arn: roleArn(role, guards.partition, account),
    role_session_name: sessionName,
  };
};

const withTokenFile = (options: PlacementOptions, settings: Settings): Placement => {
  const { request, variables } = options;
  const { region, destination } = request;
  const { profile, environment } = destination;
  const own = {
    AWS_WEB_IDENTITY_TOKEN_FILE: settings['web_identity_token_file'],
    AWS_ROLE_ARN: settings['role_arn'],
    AWS_ROLE_SESSION_NAME: settings['role_session_name'],
  };
  const named = profile === undefined ? own : { ...blanked(WEB_IDENTITY, variables), AWS_PROFILE: profile.name };
  return {
    environment: environment
      ? { AWS_REGION: region, AWS_DEFAULT_REGION: region, ...blanked(KEYS, variables), ...named }
      : {},
    sections: profile === undefined ? [] : profileSections(profile.name, { region, ...settings }, variables),
    renewal: 'token-file',
  };
};

/** Keys of the same name in the credentials file would come first, so they go. */
const profileSections = (name: string, settings: Settings, variables: Variables): readonly Section[] => {
  const files = sharedFiles(variables);
  return [
    { file: files.credentials, name, settings: undefined },
    { file: files.config, name: configSection(name), settings },
  ];
};

const withProcess = (options: PlacementOptions): Placement => {
  const { request, variables, directory, files } = options;
  const { region, destination } = request;
  const { profile, environment } = destination;
  const settings = { region, credential_process: processCommand(files, recipePath(directory)) };
  return {
    environment: environment
      ? {
          AWS_REGION: region,
          AWS_DEFAULT_REGION: region,
          ...blanked([...KEYS, ...WEB_IDENTITY], variables),
          ...currentProfile(options),
        }
      : {},
    sections:
      profile === undefined ? [ownSection(directory, settings)] : profileSections(profile.name, settings, variables),
    renewal: 'process',
  };
};

const refreshed = (options: PlacementOptions): Placement => {
  const settings = tokenFile(options.request, options.variables);
  return settings === undefined ? withProcess(options) : withTokenFile(options, settings);
};

/** Decides what goes where. With `refresh` no key enters the environment: keys come before a profile in the SDKs. */
export const placementOf = (options: PlacementOptions): Placement => {
  const { request, origin } = options;
  // What is kept in place is not ours to renew.
  const isRefreshed = request.destination.form === 'refreshed' && origin === 'obtained';
  const placement = isRefreshed ? refreshed(options) : fixed(options);
  const secrets = Object.fromEntries(options.secrets.map(({ name, value }) => [name, value]));
  return { ...placement, environment: { ...placement.environment, ...secrets } };
};

const inEnvironment = (placement: Placement): string => {
  if (placement.renewal === 'process') return 'the environment, as a profile that renews them';
  return placement.renewal === 'token-file' ? 'the environment, as a token file' : 'the environment';
};

/** Where later steps find the credentials, for people. */
export const placesText = (destination: Destination, placement: Placement, origin: Origin): string => {
  const found = [
    ...(origin === 'in-place' ? ['where they were'] : []),
    ...(origin === 'obtained' && destination.environment ? [inEnvironment(placement)] : []),
    ...(destination.profile === undefined ? [] : [`profile ${destination.profile.name}`]),
    ...(destination.outputs ? ["this step's outputs"] : []),
  ];
  return found.length === 0 ? 'nowhere: neither environment, profile nor outputs are asked for' : found.join(', ');
};
