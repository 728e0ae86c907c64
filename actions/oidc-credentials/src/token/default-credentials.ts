import type { Host } from '@aws-delivery/action-kit/host/host';
import { formatMissingCredentials } from '@aws-delivery/action-kit/util/aws-messages';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { type Credentials, listSecretValues } from '../role/credentials.js';
import type { DefaultReason } from './credential-source.js';
import { formatTokenHint } from './fetch-token.js';

export interface DefaultCredentialsOptions {
  /** Whether to use keys in the environment. */
  readonly envKeys: 'used' | 'ignored';
  /** Profile to use in place of AWS_PROFILE. */
  readonly profile: string | undefined;
  /** STS configuration for profiles that assume a role. */
  readonly stsConfig: STSClientConfig;
  readonly host: Host;
}

const PROVIDE_CREDENTIALS =
  'provide credentials for the default credential chain (access keys, a profile or an instance role)';

const readEnvKeys = (env: Env): Credentials | undefined => {
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
  if (!accessKeyId || !secretAccessKey) return undefined;
  const expiration = Date.parse(env['AWS_CREDENTIAL_EXPIRATION'] ?? '');
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: env['AWS_SESSION_TOKEN'] || undefined,
    expiration: Number.isNaN(expiration) ? undefined : expiration,
  };
};

/**
 * Resolves the SDK's default chain: profiles, SSO, token files, containers, instances. With a profile it skips
 * environment keys.
 */
const resolveDefaultChain = async ({
  envKeys,
  profile,
  stsConfig,
  host,
}: DefaultCredentialsOptions): Promise<Credentials> => {
  const profileName = profile ?? (host.env['AWS_PROFILE'] || (envKeys === 'ignored' ? 'default' : undefined));
  const client = new STSClient({ ...stsConfig, ...(profileName === undefined ? {} : { profile: profileName }) });
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await client.config.credentials();
    return { accessKeyId, secretAccessKey, sessionToken, expiration: expiration?.getTime() };
  } catch (error) {
    throw new DeliveryError('missing', formatMissingCredentials(error, PROVIDE_CREDENTIALS), { cause: error });
  } finally {
    client.destroy();
  }
};

/**
 * Loads the default credentials and masks them. Keys in the environment take precedence over a profile, as in most
 * tools.
 * @throws DeliveryError `missing` without credentials
 */
export const loadDefaultCredentials = async (options: DefaultCredentialsOptions): Promise<Credentials> => {
  const { envKeys, host } = options;
  const keys = envKeys === 'used' ? readEnvKeys(host.env) : undefined;
  const credentials = keys ?? (await resolveDefaultChain(options));
  for (const secret of listSecretValues(credentials)) host.mask(secret);
  return credentials;
};

const formatHint = (reason: DefaultReason, env: Env): string => {
  switch (reason) {
    case 'no-role':
      return "set 'role-arn' to use an OIDC token";
    case 'role-chaining':
      return "remove 'role-chaining' to use an OIDC token";
    case 'no-token':
      return formatTokenHint(env);
  }
};

/** The error for missing default credentials with the hint for the source; other errors are unchanged. */
export const addCredentialsHint = (error: unknown, reason: DefaultReason, env: Env): unknown => {
  if (!(error instanceof DeliveryError) || error.code !== 'missing') return error;
  const hint = `${formatHint(reason, env)}, or ${PROVIDE_CREDENTIALS}`;
  return new DeliveryError('missing', formatMissingCredentials(error.cause, hint), { cause: error.cause });
};
