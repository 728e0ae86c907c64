import type { Host } from '@aws-delivery/action-kit/host/host';
import { MISSING_REGION } from '@aws-delivery/action-kit/util/aws-messages';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { EcrApi } from '../ecr-api.js';
import type { Targets } from '../inputs/parse-request.js';
import { parseEcrHost } from './ecr-host.js';
import { type Connection, type CreatePublicRepository, connectRegistry, type Registry } from './registry.js';
import { type Login, parseLogin } from './registry-login.js';

const PUBLIC_REGION = 'us-east-1';

export interface ClientFactoryOptions {
  readonly host: Host;
  readonly configuration: AwsClientConfig;
  readonly connection: Connection;
}

/** Masks a login in the log in every form in which it is sent. */
export const maskLogin = (host: Host, { credentials: { username, password } }: Login, maskPassword: boolean): void => {
  host.mask(Buffer.from(`${username}:${password}`).toString('base64'));
  if (maskPassword) host.mask(password);
};

const resolveRegion = async (configuration: AwsClientConfig): Promise<string> => {
  const { ECRClient } = await import('@aws-sdk/client-ecr');
  try {
    return await new ECRClient(configuration).config.region();
  } catch (cause) {
    throw new DeliveryError('missing', MISSING_REGION, { cause });
  }
};

/** Dual-stack and FIPS names are names of the same registry: its token is valid for them. */
const withRequestedHost = (login: Login, { host }: Targets): Login =>
  host === undefined || parseEcrHost(host) === undefined
    ? login
    : { ...login, host, origin: new URL(`https://${host}`) };

const connectPrivateRegistries = async (
  targets: Targets,
  maskPassword: boolean,
  { host, configuration, connection }: ClientFactoryOptions,
) => {
  const { accounts, endpoint } = targets;
  const regions = targets.regions.length === 0 ? [await resolveRegion(configuration)] : targets.regions;
  const perRegion = await mapConcurrent(regions, regions.length, async (region) => {
    const ecr = new EcrApi(configuration, region);
    const fetchMaskedLogins = async (accountIds: readonly string[]): Promise<readonly Login[]> => {
      const logins = await ecr.fetchLogins(accountIds);
      for (const login of logins) maskLogin(host, login, maskPassword);
      return logins.map((login) => withRequestedHost(login, targets));
    };
    return (await fetchMaskedLogins(accounts)).map((login): Registry => {
      const renew = async (): Promise<Login> =>
        (await fetchMaskedLogins(login.account === undefined ? [] : [login.account]))[0] ?? login;
      return connectRegistry({ login, ecr, endpoint, renew, ...connection });
    });
  });
  return perRegion.flat();
};

const connectPublicRegistry = async (
  targets: Targets,
  maskPassword: boolean,
  factoryOptions: ClientFactoryOptions,
): Promise<Registry> => {
  const { EcrPublicApi } = await import('../ecr-public-api.js');
  const api = new EcrPublicApi({ ...factoryOptions.configuration, region: PUBLIC_REGION });
  const renew = async (): Promise<Login> => {
    const data = { authorizationToken: await api.fetchToken(), proxyEndpoint: 'public.ecr.aws' };
    const login = parseLogin(data, { account: undefined, region: PUBLIC_REGION });
    maskLogin(factoryOptions.host, login, maskPassword);
    return withRequestedHost(login, targets);
  };
  const { endpoint } = targets;
  const login = await renew();
  const createPublicRepository: CreatePublicRepository = (name, tags) => api.createRepository(name, tags);
  return connectRegistry({
    login,
    ecr: undefined,
    endpoint,
    renew,
    createPublicRepository,
    ...factoryOptions.connection,
  });
};

/** Logs in to every registry of the targets and connects to it. Throws DeliveryError. */
export const connectRegistries = async (
  targets: Targets,
  maskPassword: boolean,
  options: ClientFactoryOptions,
): Promise<readonly Registry[]> =>
  targets.kind === 'public'
    ? [await connectPublicRegistry(targets, maskPassword, options)]
    : connectPrivateRegistries(targets, maskPassword, options);
