import type { Host } from '@aws-delivery/action-kit/host/host';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { type Credentials, listSecretValues } from '../role/credentials.js';
import { formatTokenHint } from './fetch-token.js';

export interface DefaultCredentialsOptions {
  /** Whether keys in the environment count. */
  readonly envKeys: 'used' | 'ignored';
  /** A profile to look in; by default AWS_PROFILE's. */
  readonly profile: string | undefined;
  /** How STS is reached, for chains that assume roles on their own. */
  readonly stsConfig: STSClientConfig;
  readonly host: Host;
}

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

/** The SDK's default chain: profiles, SSO, token files, containers, instances. A named profile keeps it off the keys. */
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
    throw new DeliveryError(
      'missing',
      `there are no AWS credentials here (${errorMessage(error)}). For OIDC, ${formatTokenHint(host.env)}`,
      {
        cause: error,
      },
    );
  } finally {
    client.destroy();
  }
};

/**
 * Credentials that are in place, masked. Keys in the environment come first, as in most tools, also where a profile is
 * set. Throws `missing` where there are none.
 */
export const loadDefaultCredentials = async (options: DefaultCredentialsOptions): Promise<Credentials> => {
  const { envKeys, host } = options;
  const keys = envKeys === 'used' ? readEnvKeys(host.env) : undefined;
  const credentials = keys ?? (await resolveDefaultChain(options));
  for (const secret of listSecretValues(credentials)) host.mask(secret);
  return credentials;
};
