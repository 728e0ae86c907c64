import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { type Credentials, secretsIn } from './credentials.js';
import { tokenHelp } from './token-source.js';

export interface AmbientOptions {
  /** Whether keys in the environment count. */
  readonly environment: 'used' | 'ignored';
  /** A profile to look in; by default AWS_PROFILE's. */
  readonly profile: string | undefined;
  /** How STS is reached, for chains that assume roles on their own. */
  readonly sts: STSClientConfig;
  readonly host: Host;
}

const keysIn = (variables: Variables): Credentials | undefined => {
  const [accessKeyId, secretAccessKey] = [variables['AWS_ACCESS_KEY_ID'], variables['AWS_SECRET_ACCESS_KEY']];
  if (!accessKeyId || !secretAccessKey) return undefined;
  const expiration = Date.parse(variables['AWS_CREDENTIAL_EXPIRATION'] ?? '');
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: variables['AWS_SESSION_TOKEN'] || undefined,
    expiration: Number.isNaN(expiration) ? undefined : expiration,
  };
};

/** The SDK's default chain: profiles, SSO, token files, containers, instances. A named profile keeps it off the keys. */
const fromChain = async ({ environment, profile, sts, host }: AmbientOptions): Promise<Credentials> => {
  const chosen = profile ?? (host.variables['AWS_PROFILE'] || (environment === 'ignored' ? 'default' : undefined));
  const client = new STSClient({ ...sts, ...(chosen === undefined ? {} : { profile: chosen }) });
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await client.config.credentials();
    return { accessKeyId, secretAccessKey, sessionToken, expiration: expiration?.getTime() };
  } catch (error) {
    throw new DeliveryError(
      'missing',
      `there are no AWS credentials here (${textOf(error)}). For OIDC, ${tokenHelp(host.variables)}`,
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
export const ambientCredentials = async (options: AmbientOptions): Promise<Credentials> => {
  const { environment, host } = options;
  const keys = environment === 'used' ? keysIn(host.variables) : undefined;
  const credentials = keys ?? (await fromChain(options));
  for (const secret of secretsIn(credentials)) host.mask(secret);
  return credentials;
};
