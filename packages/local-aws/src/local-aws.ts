import type { ServerClock } from './clock.js';
import { answerControl, type Controlled } from './control.js';
import { faultsScenario } from './faults.js';
import { answer } from './gateway.js';
import type { CallRecord } from './journal.js';
import type { Upstream } from './layers/upstream.js';
import { parseScenario, readScenario, type ScenarioInput } from './scenario.js';
import { listen } from './server.js';
import { HOME } from './service.js';
import type { TokenTerms } from './services/oidc/issuer.js';
import type { Claims } from './services/oidc/scenario.js';
import { World } from './world.js';

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

export interface EnvironmentOptions {
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
  readonly environment: (options?: EnvironmentOptions) => Readonly<Record<string, string>>;
  /** An identity token as the issuer would give it, at the server's present. */
  readonly token: (terms?: Omit<TokenTerms, 'at'>) => Promise<string>;
  /** Replaces the scenario's faults; counting starts over. */
  readonly setFaults: (faults: NonNullable<ScenarioInput['faults']>) => void;
  /** Starts over from the scenario, on the same port. Earlier sessions end; jobs' environments stay good. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

const readUpstreams = ({ upstream = {}, upstreamCredentials }: StartOptions, account: string) =>
  new Map(
    Object.entries(upstream).map(([service, url]) => {
      if (HOME.has(service)) {
        throw new TypeError(`${service} cannot go upstream: the sessions that calls are judged by are opened here`);
      }
      return [service, { url: new URL(url), credentials: upstreamCredentials, account }] as const;
    }),
  );

/** Starts local AWS in this process. Throws TypeError where the scenario is no scenario. */
export const startLocalAws = async (options: StartOptions = {}): Promise<LocalAws> => {
  const given = options.scenario;
  const scenario = typeof given === 'string' ? await readScenario(given) : parseScenario(given);
  const upstreams = readUpstreams(options, scenario.account);
  let url = '';
  const create = () => new World({ scenario, upstreams, clock: options.clock, log: options.log, url: () => url });
  let world = create();
  const granted: Claims[] = [];

  const environment: LocalAws['environment'] = ({ claims = {}, keys = false } = {}) => {
    const { requestUrl, requestToken } = world.services.oidc.grant(claims);
    granted.push(claims);
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
    world = create();
    for (const claims of granted) world.services.oidc.grant(claims);
  };
  const controlled: Controlled = { world: () => world, reset, environment: (claims) => environment({ claims }) };
  const server = await listen(
    options.port ?? 0,
    async (request) => answerControl(controlled, request) ?? answer(world, request),
  );
  url = server.url;
  return {
    url,
    get clock() {
      return world.clock;
    },
    calls: () => world.journal.calls(),
    environment,
    token: (terms = {}) => world.services.oidc.issuer.token({ ...terms, at: world.clock.now() }),
    setFaults: (faults) => world.faults.replace(faultsScenario.parse(faults)),
    reset,
    close: server.close,
  };
};
