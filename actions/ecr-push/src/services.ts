import { randomInt } from 'node:crypto';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { TempDir } from '@aws-delivery/action-kit/host/temp-dir';
import { createHostNetwork } from '@aws-delivery/action-kit/http/network';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import {
  type AwsClientConfig,
  type ConfigOverride,
  createClientConfig,
  keepConfig,
} from '@aws-delivery/aws/client-options';
import { createTransport } from '@aws-delivery/oci/registry/transport';
import type { Inputs } from '../action.js';
import { TEMP_DIR } from './cleanup.js';
import { Deadline } from './deadline.js';
import { EcrApi } from './ecr-api.js';
import type { Execute } from './engine/engine.js';
import { executeProgram } from './engine/execute.js';
import type { Targets } from './inputs/parse-request.js';
import { findDockerCredentials } from './login/docker-config.js';
import { type Connection, connectRegistry, type Registry } from './login/registry.js';
import { type Login, parseLogin } from './login/registry-login.js';
import { SourceOpener, type SourceOpenerOptions } from './push/open-source.js';
import type { ScanGate } from './scan/scan-gate.js';
import type { ScanOptions } from './scan/scan-options.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly deadline: Deadline;
  readonly tempDir: TempDir;
  /** Logs in to every registry of the targets. */
  readonly connect: (targets: Targets, maskPassword: boolean) => Promise<readonly Registry[]>;
  readonly createSourceOpener: (registries: readonly Registry[], engines: EngineSelection) => SourceOpener;
  readonly execute: Execute;
  readonly openGate: (options: ScanOptions) => Promise<ScanGate>;
  /** Folder that paths start from. */
  readonly workspace: string;
}

/** Where engines find logins, which one is asked for, and who builds. */
export type EngineSelection = Pick<SourceOpenerOptions, 'engines' | 'engine' | 'builder'>;

/** Attempts of one request to a registry. ECR throttles bursts of pushes for some seconds. */
const MAX_ATTEMPTS = 6;

const PUBLIC_REGION = 'us-east-1';

interface ClientFactoryOptions {
  readonly host: Host;
  readonly configuration: AwsClientConfig;
  readonly connection: Connection;
}

/** Keeps a login out of the log, in every form it travels in. */
const maskLogin = (host: Host, { credentials: { username, password } }: Login, maskPassword: boolean): void => {
  host.mask(Buffer.from(`${username}:${password}`).toString('base64'));
  if (maskPassword) host.mask(password);
};

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
      return logins;
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
  { endpoint }: Targets,
  maskPassword: boolean,
  factoryOptions: ClientFactoryOptions,
): Promise<Registry> => {
  const { ECRPUBLICClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr-public');
  const client = new ECRPUBLICClient({ ...factoryOptions.configuration, region: PUBLIC_REGION });
  const renew = async (): Promise<Login> => {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
    const data = { authorizationToken: authorizationData?.authorizationToken, proxyEndpoint: 'public.ecr.aws' };
    const login = parseLogin(data, { account: undefined, region: PUBLIC_REGION });
    maskLogin(factoryOptions.host, login, maskPassword);
    return login;
  };
  return connectRegistry({ login: await renew(), ecr: undefined, endpoint, renew, ...factoryOptions.connection });
};

const resolveRegion = async (configuration: AwsClientConfig): Promise<string> => {
  const { ECRClient } = await import('@aws-sdk/client-ecr');
  try {
    return await new ECRClient(configuration).config.region();
  } catch (cause) {
    throw new DeliveryError('missing', "no Region is known: give input 'aws-region', or set AWS_REGION", { cause });
  }
};

/** The services of a run. */
export const createServices = (inputs: Inputs, host: Host, overrideConfig: ConfigOverride = keepConfig): Services => {
  const { env, clock, log } = host;
  const network = createHostNetwork(host, { httpProxy: inputs['http-proxy'] });
  const deadline = new Deadline(clock, inputs.timeout * 1000, host.signal);
  const { signal } = deadline;
  const region = inputs['aws-region'];
  const configuration = overrideConfig(createClientConfig({ region, network, clock, signal, action: 'ecr-push', env }));
  const random = () => randomInt(2 ** 32) / 2 ** 32;
  const retry = { clock, signal, random, log, maxAttempts: MAX_ATTEMPTS };
  const connection = { transport: createTransport(network, signal), retry };
  const factoryOptions = { host, configuration, connection };
  const tempDir = new TempDir(host, TEMP_DIR);
  const workspace = env['GITHUB_WORKSPACE'] || process.cwd();
  return {
    host,
    deadline,
    tempDir,
    workspace,
    connect: async (targets, maskPassword) =>
      targets.kind === 'public'
        ? [await connectPublicRegistry(targets, maskPassword, factoryOptions)]
        : connectPrivateRegistries(targets, maskPassword, factoryOptions),
    execute: executeProgram,
    openGate: async (options) => {
      // Loaded when needed: Inspector's client is start-up that everybody would pay for.
      const { openGate } = await import('./scan/scan-gate.js');
      return openGate(options, { host, configuration, workspace, signal });
    },
    createSourceOpener: (registries, engines) =>
      new SourceOpener({
        ...engines,
        workspace,
        createTempPath: (name) => tempDir.createPath(name),
        registries,
        connection,
        findCredentials: (name) => findDockerCredentials(env, name),
        fetchLogin: async (account, loginRegion) => {
          const [login] = await new EcrApi(configuration, loginRegion).fetchLogins([account]);
          if (login === undefined) throw new DeliveryError('unexpected', `no login for registry ${account}`);
          maskLogin(host, login, true);
          return login;
        },
      }),
  };
};
