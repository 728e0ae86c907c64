import type { CallRecord } from './call-log.js';
import { faultsScenario } from './faults/fault-plan.js';
import type { Upstream } from './middleware/upstream.js';
import { parseScenario, readScenario, type ScenarioInput } from './scenario.js';
import { type ControlTarget, handleControlRequest } from './server/control-endpoint.js';
import { handleRequest } from './server/gateway.js';
import { listen } from './server/http-server.js';
import { LOCAL_ONLY_SERVICES } from './service.js';
import type { TokenOptions } from './services/oidc/issuer.js';
import type { Claims } from './services/oidc/scenario.js';
import { Simulator } from './simulator.js';
import type { ServerClock } from './time/clock.js';

export interface StartOptions {
  /** A YAML file, or the scenario itself; empty where left out. */
  readonly scenario?: string | ScenarioInput;
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  /** A clock shared with the code under test; the scenario's where left out. */
  readonly clock?: ServerClock;
  /** Emulators by service name, `*` for all: `{ s3: 'http://127.0.0.1:4566' }`. */
  readonly upstream?: Readonly<Record<string, string>>;
  /** Keys to sign upstream calls with; the caller's account and `test` where left out. */
  readonly upstreamCredentials?: Upstream['credentials'];
  /** Gets one JSON line a call. */
  readonly log?: (line: string) => void;
}

export interface EnvOptions {
  /** Claims of this job's tokens besides the scenario's. */
  readonly claims?: Claims;
  /** Give the job root keys too; without, it has OIDC only, like a job on GitHub. */
  readonly keys?: boolean;
}

/** AWS on loopback, running. */
export interface LocalAws {
  readonly url: string;
  readonly clock: ServerClock;
  /** Every call so far, oldest first, with its input. */
  readonly calls: () => readonly CallRecord[];
  /** The variables that point an action, the SDKs and the CLI at this server. */
  readonly createEnv: (options?: EnvOptions) => Readonly<Record<string, string>>;
  /** An identity token as the issuer would give it, at the server's present. */
  readonly issueToken: (options?: Omit<TokenOptions, 'at'>) => Promise<string>;
  /** Replaces the scenario's faults; counting starts over. */
  readonly setFaults: (faults: NonNullable<ScenarioInput['faults']>) => void;
  /** Starts over from the scenario, on the same port. Earlier sessions end; jobs' environments stay good. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

const parseUpstreams = ({ upstream = {}, upstreamCredentials }: StartOptions, account: string) =>
  new Map(
    Object.entries(upstream).map(([service, url]) => {
      if (LOCAL_ONLY_SERVICES.has(service)) {
        throw new TypeError(`${service} cannot go upstream: the sessions that calls are judged by are opened here`);
      }
      return [service, { url: new URL(url), credentials: upstreamCredentials, account }] as const;
    }),
  );

/** Starts local AWS in this process. Throws TypeError where the scenario is no scenario. */
export const startLocalAws = async (options: StartOptions = {}): Promise<LocalAws> => {
  const scenarioInput = options.scenario;
  const scenario = typeof scenarioInput === 'string' ? await readScenario(scenarioInput) : parseScenario(scenarioInput);
  const upstreams = parseUpstreams(options, scenario.account);
  let url = '';
  const createSimulator = () =>
    new Simulator({ scenario, upstreams, clock: options.clock, log: options.log, url: () => url });
  let simulator = createSimulator();
  const grantedClaims: Claims[] = [];

  const createEnv: LocalAws['createEnv'] = ({ claims = {}, keys = false } = {}) => {
    const { requestUrl, requestToken } = simulator.services.oidc.createGrant(claims);
    grantedClaims.push(claims);
    const [root] = Object.entries(scenario.iam.accessKeys);
    return {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: scenario.region,
      AWS_DEFAULT_REGION: scenario.region,
      ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      ...(keys && root !== undefined && { AWS_ACCESS_KEY_ID: root[0], AWS_SECRET_ACCESS_KEY: root[1] }),
    };
  };
  const reset = () => {
    simulator = createSimulator();
    for (const claims of grantedClaims) simulator.services.oidc.createGrant(claims);
  };
  const controlTarget: ControlTarget = {
    getSimulator: () => simulator,
    reset,
    createEnv: (claims) => createEnv({ claims }),
  };
  const server = await listen(
    options.port ?? 0,
    async (request) => handleControlRequest(controlTarget, request) ?? handleRequest(simulator, request),
  );
  url = server.url;
  return {
    url,
    get clock() {
      return simulator.clock;
    },
    calls: () => simulator.callLog.list(),
    createEnv,
    issueToken: (options = {}) => simulator.services.oidc.issuer.createToken({ ...options, at: simulator.clock.now() }),
    setFaults: (faults) => simulator.faults.replace(faultsScenario.parse(faults)),
    reset,
    close: server.close,
  };
};
