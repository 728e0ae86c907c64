import { BlockList, isIP } from 'node:net';
import type { Env } from '../util/env.js';
import { DeliveryError } from '../util/error.js';

/** Returns a proxy; throws if a setting that is in use is invalid. */
type ProxyReader = () => URL | undefined;

/** Proxy settings. Inputs take precedence over the environment, lower-case variables over upper-case ones. */
export interface ProxySettings {
  /** Proxy for `https:` URLs. */
  readonly https: ProxyReader;
  /** Proxy for `http:` URLs. */
  readonly http: ProxyReader;
  /** Hosts with a direct connection. */
  readonly bypass: readonly string[];
}

export interface ProxyInputs {
  /** Proxy for both schemes: `http://user:password@proxy.example:3128`; the scheme is optional. */
  readonly httpProxy?: string | undefined;
  /** Hosts separated by commas or spaces: `example.com` (and its subdomains), `10.0.0.0/8`, `host:8443`, `*`. */
  readonly noProxy?: string | undefined;
}

const trimToUndefined = (text: string | undefined): string | undefined => (text?.trim() ? text.trim() : undefined);

const readEnvVariable = (env: Env, name: string): string | undefined =>
  trimToUndefined(env[name.toLowerCase()]) ?? trimToUndefined(env[name.toUpperCase()]);

const isDecodable = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

const isSocksUrl = (text: string): boolean => /^socks[45]?[ah]?:\/\//iu.test(text);

const parseProxyUrl = (text: string, name: string): URL => {
  if (isSocksUrl(text)) {
    const hint = 'set HTTPS_PROXY to an HTTP proxy, or NO_PROXY to * for direct connections';
    throw new DeliveryError('invalid-input', `${name}: SOCKS proxies are not supported: ${hint}`);
  }
  const address = /^[a-z][a-z0-9+.-]*:\/\//iu.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol) && isDecodable(url.username + url.password)) {
    return url;
  }
  // The value is not shown, since it may contain a password.
  throw new DeliveryError(
    'invalid-input',
    `${name} is not the URL of an HTTP proxy: write http://host:port, and % in a password as %25`,
  );
};

/** The first variable that is set; a SOCKS proxy only if no variable names another. */
const readProxyVariables = (env: Env, names: readonly string[]): URL | undefined => {
  const variables = names.flatMap((name) => {
    const text = readEnvVariable(env, name);
    return text === undefined ? [] : [{ name, text }];
  });
  const variable = variables.find(({ text }) => !isSocksUrl(text)) ?? variables[0];
  return variable === undefined ? undefined : parseProxyUrl(variable.text, `variable ${variable.name}`);
};

/**
 * Reads the proxy from inputs or environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`). Without another,
 * `HTTP_PROXY` also serves `https:`, as in aws-actions/configure-aws-credentials.
 * Variables are parsed when a request uses them.
 * @throws DeliveryError `invalid-input` if the input is not the URL of an HTTP proxy
 */
export const readProxySettings = (inputs: ProxyInputs, env: Env): ProxySettings => {
  const input = trimToUndefined(inputs.httpProxy);
  const fromInput = input === undefined ? undefined : parseProxyUrl(input, "input 'http-proxy'");
  const bypass = trimToUndefined(inputs.noProxy) ?? readEnvVariable(env, 'NO_PROXY') ?? '';
  return {
    https: () => fromInput ?? readProxyVariables(env, ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY']),
    http: () => fromInput ?? readProxyVariables(env, ['HTTP_PROXY', 'ALL_PROXY']),
    bypass: bypass.split(/[,\s]+/u).filter((entry) => entry !== ''),
  };
};

const tryRead = (read: ProxyReader): URL | undefined => {
  try {
    return read();
  } catch {
    // Reported by the request that uses it.
    return undefined;
  }
};

/** Values to mask: proxy passwords, encoded and decoded, and URLs that contain one. */
export const listProxySecrets = ({ https, http }: ProxySettings): string[] => {
  const secrets = [https, http]
    .map(tryRead)
    .flatMap((url) =>
      url === undefined || url.password === ''
        ? []
        : [url.href, url.href.replace(/\/$/u, ''), url.password, decodeURIComponent(url.password)],
    );
  return [...new Set(secrets)];
};

/** Lower case, without the brackets of an IPv6 address. */
const normalizeHost = (host: string): string => host.toLowerCase().replace(/^\[|\]$/gu, '');

/** Whether a host is loopback, by name (RFC 6761: `localhost` and its subdomains) or address. */
export const isLoopback = (host: string): boolean => {
  const normalized = normalizeHost(host);
  return (
    normalized === 'localhost' ||
    normalized.endsWith('.localhost') ||
    normalized === '::1' ||
    (isIP(normalized) === 4 && normalized.startsWith('127.'))
  );
};

const isInSubnet = (host: string, subnet: string): boolean => {
  const [network = '', prefix = ''] = subnet.split('/');
  const getFamily = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  if (isIP(host) === 0 || isIP(network) === 0 || !/^\d{1,3}$/u.test(prefix)) return false;
  if (Number(prefix) > (isIP(network) === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), getFamily(network));
  return list.check(host, getFamily(host));
};

const matchesEntry = (entry: string, host: string, port: number): boolean => {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInSubnet(host, entry);
  const [, entryHost = entry, entryPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/u.exec(entry) ?? [];
  if (entryPort !== undefined && Number(entryPort) !== port) return false;
  const domain = normalizeHost(entryHost).replace(/^\*?\./u, '');
  return host === domain || host.endsWith(`.${domain}`);
};

/** The proxy for a URL; undefined for a direct connection, as always for loopback. */
export const selectProxy = (url: URL, settings: ProxySettings): URL | undefined => {
  const host = normalizeHost(url.hostname);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const isDirect = isLoopback(host) || settings.bypass.some((entry) => matchesEntry(entry, host, port));
  if (isDirect) return undefined;
  return url.protocol === 'https:' ? settings.https() : settings.http();
};
