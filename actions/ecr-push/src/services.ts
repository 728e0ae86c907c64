import { randomInt } from 'node:crypto';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { type RunProgram, runProgram } from '@aws-delivery/action-kit/host/run-program';
import { TempDir } from '@aws-delivery/action-kit/host/temp-dir';
import { createHostNetwork } from '@aws-delivery/action-kit/http/network';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type ConfigOverride, createClientConfig, keepConfig } from '@aws-delivery/aws/client-options';
import { createTransport } from '@aws-delivery/oci/registry/transport';
import type { Inputs } from '../action.js';
import { TEMP_DIR } from './cleanup.js';
import { Deadline } from './deadline.js';
import { EcrApi } from './ecr-api.js';
import type { Targets } from './inputs/parse-request.js';
import { connectRegistries, maskLogin } from './login/connect-registries.js';
import { findToolCredentials } from './login/docker-config.js';
import type { Registry } from './login/registry.js';
import { SourceOpener, type SourceOpenerOptions } from './push/open-source.js';
import type { ScanGate } from './scan/scan-gate.js';
import type { ScanOptions } from './scan/scan-options.js';

/** Clients and other effects of a run. */
export interface Services {
  readonly host: Host;
  readonly deadline: Deadline;
  readonly tempDir: TempDir;
  /** Logs in to every registry of the targets and connects to it. */
  readonly connect: (targets: Targets, maskPassword: boolean) => Promise<readonly Registry[]>;
  readonly createSourceOpener: (registries: readonly Registry[], engines: EngineSelection) => SourceOpener;
  readonly runProgram: RunProgram;
  readonly openGate: (options: ScanOptions) => Promise<ScanGate>;
  /** Directory that relative paths start from. */
  readonly workspace: string;
}

/** The engines with their logins, the engine that the input names, and the builder. */
export type EngineSelection = Pick<SourceOpenerOptions, 'engines' | 'engine' | 'builder'>;

/** Attempts of one request to a registry. ECR throttles bursts of pushes for a few seconds. */
const MAX_ATTEMPTS = 6;

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
    connect: (targets, maskPassword) => connectRegistries(targets, maskPassword, factoryOptions),
    runProgram,
    openGate: async (options) => {
      // Imported on demand: loading Inspector's client would slow down the start of every run.
      const { openGate } = await import('./scan/scan-gate.js');
      return openGate(options, { host, configuration, workspace, signal });
    },
    createSourceOpener: (registries, engines) =>
      new SourceOpener({
        ...engines,
        workspace,
        archiveTools: { createTempPath: (name) => tempDir.createPath(name), runProgram, env, signal },
        registries,
        connection,
        findCredentials: (name) => findToolCredentials(name, { env, runProgram }),
        fetchLogin: async (account, loginRegion) => {
          const [login] = await new EcrApi(configuration, loginRegion).fetchLogins([account]);
          if (login === undefined)
            throw new DeliveryError('unexpected', `GetAuthorizationToken returned no token for registry ${account}`);
          maskLogin(host, login, true);
          return login;
        },
      }),
  };
};
