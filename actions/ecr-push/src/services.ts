import { randomInt } from 'node:crypto';
import { type AwsConfiguration, awsConfiguration } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { hostNetwork } from '@aws-delivery/action-kit/network';
import { mapBounded } from '@aws-delivery/artifact/bounded';
import type { Inputs } from '../action.js';
import { Deadline } from './deadline.js';
import { dockerCredentials } from './docker-config.js';
import { Ecr } from './ecr.js';
import type { Execute } from './engine.js';
import { executeHere } from './execution.js';
import { createExchange } from './oci/exchange.js';
import { type Connection, connectRegistry, type Registry } from './registry.js';
import { type Login, loginOf } from './registry-login.js';
import type { Targets } from './request.js';
import type { Gate } from './scan/gate.js';
import type { ScanRequest } from './scan/scan-request.js';
import { type SourceOptions, Sources } from './source-opening.js';
import { Workshop } from './workshop.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly deadline: Deadline;
  readonly workshop: Workshop;
  /** Logs in to every registry of the targets. */
  readonly connect: (targets: Targets, masked: boolean) => Promise<readonly Registry[]>;
  readonly sources: (registries: readonly Registry[], engines: Engines) => Sources;
  readonly execute: Execute;
  readonly openGate: (asked: ScanRequest) => Promise<Gate>;
  /** Folder that paths start from. */
  readonly workspace: string;
}

/** Where engines find logins, which one is asked for, and who builds. */
export type Engines = Pick<SourceOptions, 'engines' | 'engine' | 'builder'>;

/** Changes the settings of every AWS client before it is made. */
export type Tuning = (configuration: AwsConfiguration) => AwsConfiguration;

/** Attempts of one request to a registry. ECR throttles bursts of pushes for some seconds. */
const ATTEMPTS = 6;

const PUBLIC_REGION = 'us-east-1';

interface Wiring {
  readonly host: Host;
  readonly configuration: AwsConfiguration;
  readonly connection: Connection;
}

/** Keeps a login out of the log, in every form it travels in. */
const maskLogin = (host: Host, { credentials: { username, password } }: Login, masked: boolean): void => {
  host.mask(Buffer.from(`${username}:${password}`).toString('base64'));
  if (masked) host.mask(password);
};

const privateRegistries = async (targets: Targets, masked: boolean, { host, configuration, connection }: Wiring) => {
  const { accounts, endpoint } = targets;
  const regions = targets.regions.length === 0 ? [await regionOf(configuration)] : targets.regions;
  const perRegion = await mapBounded(regions, regions.length, async (region) => {
    const ecr = new Ecr(configuration, region);
    const enter = async (wanted: readonly string[]): Promise<readonly Login[]> => {
      const logins = await ecr.logins(wanted);
      for (const login of logins) maskLogin(host, login, masked);
      return logins;
    };
    return (await enter(accounts)).map((login): Registry => {
      const renew = async (): Promise<Login> =>
        (await enter(login.account === undefined ? [] : [login.account]))[0] ?? login;
      return connectRegistry({ login, ecr, endpoint, renew, ...connection });
    });
  });
  return perRegion.flat();
};

const publicRegistry = async ({ endpoint }: Targets, masked: boolean, wiring: Wiring): Promise<Registry> => {
  const { ECRPUBLICClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr-public');
  const client = new ECRPUBLICClient({ ...wiring.configuration, region: PUBLIC_REGION });
  const renew = async (): Promise<Login> => {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
    const data = { authorizationToken: authorizationData?.authorizationToken, proxyEndpoint: 'public.ecr.aws' };
    const login = loginOf(data, { account: undefined, region: PUBLIC_REGION });
    maskLogin(wiring.host, login, masked);
    return login;
  };
  return connectRegistry({ login: await renew(), ecr: undefined, endpoint, renew, ...wiring.connection });
};

const regionOf = async (configuration: AwsConfiguration): Promise<string> => {
  const { ECRClient } = await import('@aws-sdk/client-ecr');
  try {
    return await new ECRClient(configuration).config.region();
  } catch (cause) {
    throw new DeliveryError('missing', "no Region is known: give input 'aws-region', or set AWS_REGION", { cause });
  }
};

/** The services of a run. */
export const createServices = (inputs: Inputs, host: Host, tune: Tuning = (same) => same): Services => {
  const { variables, clock, log } = host;
  const network = hostNetwork(host, { httpProxy: inputs['http-proxy'] });
  const deadline = new Deadline(clock, inputs.timeout * 1000, host.signal);
  const { signal } = deadline;
  const region = inputs['aws-region'];
  const configuration = tune(awsConfiguration({ region, network, clock, signal, action: 'ecr-push', variables }));
  const random = () => randomInt(2 ** 32) / 2 ** 32;
  const patience = { clock, signal, random, log, attempts: ATTEMPTS };
  const connection = { exchange: createExchange(network, signal), patience };
  const wiring = { host, configuration, connection };
  const workshop = new Workshop(host);
  const workspace = variables['GITHUB_WORKSPACE'] || process.cwd();
  return {
    host,
    deadline,
    workshop,
    workspace,
    connect: async (targets, masked) =>
      targets.kind === 'public'
        ? [await publicRegistry(targets, masked, wiring)]
        : privateRegistries(targets, masked, wiring),
    execute: executeHere,
    openGate: async (asked) => {
      // Loaded when needed: Inspector's client is start-up that everybody would pay for.
      const { openGate } = await import('./scan/gate.js');
      return openGate(asked, { host, configuration, workspace, signal });
    },
    sources: (registries, engines) =>
      new Sources({
        ...engines,
        workspace,
        workshop,
        registries,
        connection,
        credentials: (name) => dockerCredentials(variables, name),
        login: async (account, place) => {
          const [login] = await new Ecr(configuration, place).logins([account]);
          if (login === undefined) throw new DeliveryError('unexpected', `no login for registry ${account}`);
          maskLogin(host, login, true);
          return login;
        },
      }),
  };
};
