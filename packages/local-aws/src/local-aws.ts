import type { CallRecord } from './call-log.js';
import { faultsScenario } from './faults/fault-plan.js';
import type { Upstream } from './middleware/upstream.js';
import { parseScenario, readScenario, type ScenarioInput } from './scenario.js';
import { type ControlTarget, handleControlRequest } from './server/control-endpoint.js';
import { handleRequest } from './server/gateway.js';
import { listen } from './server/http-server.js';
import { LOCAL_ONLY_SERVICES } from './service.js';
import type { Claims } from './services/oidc/claims.js';
import type { TokenOptions } from './services/oidc/issuer.js';
import { Simulator } from './simulator.js';
import type { ServerClock } from './time/clock.js';

export interface StartOptions {
  /** Path of a YAML file, or the scenario itself; default: an empty scenario. */
  readonly scenario?: string | ScenarioInput;
  /** Default 0: any free port. */
  readonly port?: number;
  /** A clock shared with the code under test; default: the scenario's clock. */
  readonly clock?: ServerClock;
  /** URLs of emulators by service name, `*` for all services: `{ s3: 'http://127.0.0.1:4566' }`. */
  readonly upstream?: Readonly<Record<string, string>>;
  /** Keys for signing upstream calls; default: the caller's account number and `test`. */
  readonly upstreamCredentials?: Upstream['credentials'];
  /** Gets one JSON line for each call. */
  readonly log?: (line: string) => void;
}

export interface EnvOptions {
  /** Claims of the job's tokens, in addition to the scenario's. */
  readonly claims?: Claims;
  /** Whether to include root keys; by default the job has OIDC only, like a job on GitHub. */
  readonly keys?: boolean;
}

/** A running local AWS server. */
export interface LocalAws {
  readonly url: string;
  readonly clock: ServerClock;
  /** All calls so far, oldest first, with their inputs. */
  readonly calls: () => readonly CallRecord[];
  /** Environment variables that direct an action, the SDKs and the CLI to this server. */
  readonly createEnv: (options?: EnvOptions) => Readonly<Record<string, string>>;
  /** Creates an identity token of the issuer, at the current server time. */
  readonly issueToken: (options?: Omit<TokenOptions, 'at'>) => Promise<string>;
  /** Replaces the scenario's faults; counting restarts. */
  readonly setFaults: (faults: NonNullable<ScenarioInput['faults']>) => void;
  /** Restores the state of the scenario on the same port. Existing sessions end; environments of jobs stay valid. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

const parseUpstreams = ({ upstream = {}, upstreamCredentials }: StartOptions) =>
  new Map(
    Object.entries(upstream).map(([service, url]) => {
      if (LOCAL_ONLY_SERVICES.has(service)) {
        throw new TypeError(
          `${service} cannot be forwarded: Local AWS authorizes calls with the sessions that it creates`,
        );
      }
      return [service, { url: new URL(url), credentials: upstreamCredentials }] as const;
    }),
  );

/** Starts local AWS in this process. Throws TypeError for an invalid scenario. */
export const startLocalAws = async (options: StartOptions = {}): Promise<LocalAws> => {
  const scenarioInput = options.scenario;
  const scenario = typeof scenarioInput === 'string' ? await readScenario(scenarioInput) : parseScenario(scenarioInput);
  const upstreams = parseUpstreams(options);
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
    createEnv,
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
