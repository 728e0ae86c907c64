import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { readRegularFileSync } from '../files/regular-file.js';
import type { Host } from '../host/host.js';
import type { Env } from '../util/env.js';
import { DeliveryError, errorMessage } from '../util/error.js';
import { listProxySecrets, type ProxyInputs, type ProxySettings, readProxySettings, selectProxy } from './proxy.js';
import { type HttpRequest, type HttpResponse, sendRequest } from './request.js';

export interface Timeouts {
  /** Time to open a connection, including the proxy, in milliseconds. */
  readonly connect: number;
  /** Time until the response starts, and idle time while it is read, in milliseconds. */
  readonly request: number;
}

const DEFAULT_TIMEOUTS: Timeouts = { connect: 10_000, request: 60_000 };

/** Proxy, certificate authorities and timeouts for all HTTP requests of an action. */
export interface Network {
  /** Agents for `http:` and `https:` URLs; both choose proxy or direct connection for each request. */
  readonly agents: { readonly http: http.Agent; readonly https: http.Agent };
  readonly timeouts: Timeouts;
  /** Values to mask before anything is logged. */
  readonly secrets: readonly string[];
  /** Sends one request; see `sendRequest`. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections. */
  close(): void;
}

export interface NetworkOptions extends ProxyInputs {
  readonly env: Env;
  readonly timeouts?: Partial<Timeouts>;
}

const readCertificates = (file: string, name: string): string => {
  try {
    return readRegularFileSync(file).toString('utf8');
  } catch (cause) {
    throw new DeliveryError('invalid-input', `${name}: cannot read the file: ${errorMessage(cause)}`, {
      cause,
    });
  }
};

/**
 * Trusts `AWS_CA_BUNDLE` in addition to Node's defaults. The option `ca` replaces the defaults and NODE_EXTRA_CA_CERTS,
 * so both are included. Undefined without a bundle.
 */
const loadSecureContext = (env: Env): tls.SecureContext | undefined => {
  const bundle = env['AWS_CA_BUNDLE'];
  if (!bundle) return undefined;
  const extra = env['NODE_EXTRA_CA_CERTS'];
  // Node 22.15 and later list all defaults, including the system's authorities with --use-system-ca.
  const defaults =
    typeof tls.getCACertificates === 'function' ? tls.getCACertificates('default') : tls.rootCertificates;
  const added = extra ? [readCertificates(extra, 'NODE_EXTRA_CA_CERTS')] : [];
  return tls.createSecureContext({ ca: [...defaults, ...added, readCertificates(bundle, 'AWS_CA_BUNDLE')] });
};

const createProxyError = (proxy: URL, status: number | undefined, host: string): DeliveryError => {
  const label = `proxy ${proxy.host} returned ${status === undefined ? 'no status' : `HTTP ${status}`} for ${host}`;
  if (status !== undefined && status >= 500) return new DeliveryError('unavailable', `${label}: try again later`);
  const hint = status === 407 ? 'set user and password in the URL of the proxy' : 'allow this host in the proxy';
  return new DeliveryError('rejected', `${label}: ${hint}`);
};

type ProxyAgent = HttpProxyAgent<string> | HttpsProxyAgent<string>;

/**
 * Opens a connection to a proxy with a timeout. The agents have none, and destroying a request does not close a socket
 * that it has not received yet, which would keep the process alive.
 */
const openWithTimeout = async (
  connectTimeoutMs: number,
  agent: ProxyAgent,
  open: () => Promise<Socket>,
): Promise<Socket> => {
  const timeoutController = new AbortController();
  const timer = setTimeout(() => timeoutController.abort(), connectTimeoutMs);
  // The agent reads connectOpts synchronously, so each connection gets its own signal.
  agent.connectOpts = { ...agent.connectOpts, signal: timeoutController.signal };
  try {
    return await open();
  } catch (error) {
    if (!timeoutController.signal.aborted) throw error;
    const message = `proxy ${agent.proxy.host} did not connect within ${connectTimeoutMs / 1000} s`;
    throw new DeliveryError('unavailable', message, { cause: error });
  } finally {
    clearTimeout(timer);
  }
};

/** For `https:`. Its listener prevents a rejection by the proxy from being read as a response of the host. */
class TunnelAgent extends HttpsProxyAgent<string> {
  constructor(
    proxy: URL,
    private readonly connectTimeoutMs: number,
    options: https.AgentOptions,
  ) {
    super(proxy, options);
    this.on('proxyConnect', ({ statusCode }: { statusCode?: number }, request: http.ClientRequest) => {
      if (statusCode !== 200) request.destroy(createProxyError(proxy, statusCode, request.host));
    });
  }

  override connect(request: http.ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    return openWithTimeout(this.connectTimeoutMs, this, () => super.connect(request, options));
  }
}

/** For `http:`. */
class ForwardAgent extends HttpProxyAgent<string> {
  constructor(
    proxy: URL,
    private readonly connectTimeoutMs: number,
    options: https.AgentOptions,
  ) {
    super(proxy, options);
  }

  override connect(...[request, options]: Parameters<HttpProxyAgent<string>['connect']>): Promise<Socket> {
    return openWithTimeout(this.connectTimeoutMs, this, () => super.connect(request, options));
  }
}

interface RoutingOptions {
  readonly settings: ProxySettings;
  readonly secureContext: tls.SecureContext | undefined;
  readonly connectTimeoutMs: number;
}

/** An agent that chooses between proxy and direct connection for each request and keeps both alive. */
class RoutingAgent extends Agent {
  private readonly direct: http.Agent;
  private readonly proxyAgents = new Map<string, http.Agent>();
  private readonly agentOptions: https.AgentOptions & { readonly secureContext?: tls.SecureContext };

  constructor(
    private readonly secure: boolean,
    private readonly routing: RoutingOptions,
  ) {
    super({ keepAlive: true });
    const { secureContext } = routing;
    this.protocol = secure ? 'https:' : 'http:';
    this.agentOptions = { keepAlive: true, ...(secureContext === undefined ? {} : { secureContext }) };
    // Connections through a proxy's tunnel take their options from this agent.
    Object.assign(this.options, this.agentOptions);
    this.direct = secure ? new https.Agent(this.agentOptions) : new http.Agent({ keepAlive: true });
  }

  override isSecureEndpoint(): boolean {
    return this.secure;
  }

  override connect(_request: http.ClientRequest, { host, port }: AgentConnectOpts): http.Agent {
    const hostname = host?.includes(':') ? `[${host}]` : host;
    const proxy = selectProxy(new URL(`${this.protocol}//${hostname}:${port}`), this.routing.settings);
    return proxy === undefined ? this.direct : this.getProxyAgent(proxy);
  }

  override destroy(): void {
    for (const agent of [this.direct, ...this.proxyAgents.values()]) agent.destroy();
    super.destroy();
  }

  private getProxyAgent(proxy: URL): http.Agent {
    const known = this.proxyAgents.get(proxy.href);
    if (known !== undefined) return known;
    const { connectTimeoutMs } = this.routing;
    // ForwardAgent writes the absolute URL only into the first request of a connection, so it must not reuse one.
    const agent = this.secure
      ? new TunnelAgent(proxy, connectTimeoutMs, this.agentOptions)
      : new ForwardAgent(proxy, connectTimeoutMs, { ...this.agentOptions, keepAlive: false });
    this.proxyAgents.set(proxy.href, agent);
    return agent;
  }
}

/**
 * Reads proxy and certificate authorities from inputs and environment.
 * @throws DeliveryError `invalid-input`
 */
export const createNetwork = (options: NetworkOptions): Network => {
  const settings = readProxySettings(options, options.env);
  const secureContext = loadSecureContext(options.env);
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const routing = { settings, secureContext, connectTimeoutMs: timeouts.connect };
  const agents = { http: new RoutingAgent(false, routing), https: new RoutingAgent(true, routing) };
  return {
    agents,
    timeouts,
    secrets: listProxySecrets(settings),
    request: (request) => sendRequest(request, { agents, timeouts }),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
};

/** The network of a run; masks the proxy's secrets. */
export const createHostNetwork = (host: Pick<Host, 'env' | 'mask'>, options: Omit<NetworkOptions, 'env'>): Network => {
  const network = createNetwork({ ...options, env: host.env });
  for (const secret of network.secrets) host.mask(secret);
  return network;
};
