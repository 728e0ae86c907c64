import http from 'node:http';
import https from 'node:https';
import { codeOf } from './aws-error.js';
import { cancellationOf } from './cancel.js';
import { DeliveryError, textOf } from './error.js';
import { isLoopback } from './proxy.js';
import { singleLine } from './untrusted.js';

export interface HttpRequest {
  readonly url: string | URL;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal | undefined;
  /** How long all of it may take, in milliseconds; by default the network's request timeout. */
  readonly timeout?: number;
  /** The longest answer that is read, in bytes; by default 1 MiB. */
  readonly limit?: number;
  /** `http:` is refused for any host but this machine, since tokens travel here; `allow` lets it pass. */
  readonly plainHttp?: 'allow';
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The bytes as UTF-8. */
  readonly text: string;
  /** Where the answer came from, without query and fragment: they may hold secrets. */
  readonly from: string;
}

interface Ways {
  readonly agents: { readonly http: http.Agent; readonly https: http.Agent };
  readonly timeouts: { readonly connect: number; readonly request: number };
}

const MOST_REDIRECTS = 3;
const DEFAULT_LIMIT = 1024 * 1024;

/** Codes of OpenSSL and Node for a certificate nobody vouches for. */
const UNTRUSTED_CERTIFICATE = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

const parseAddress = ({ url, plainHttp }: HttpRequest): URL => {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new DeliveryError('invalid-input', `'${singleLine(String(url), 100)}' is not an http or https address`);
  }
  if (parsed.protocol === 'http:' && plainHttp !== 'allow' && !isLoopback(parsed.hostname)) {
    throw new DeliveryError('refused', `${nameOf(parsed)} is plain http on another machine: use https`);
  }
  return parsed;
};

const nameOf = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`;

const readBody = async (response: http.IncomingMessage, limit: number, from: string): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limit) {
      response.destroy();
      throw new DeliveryError('refused', `${from} answered more than the ${limit} bytes that are read`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

const exchange = (url: URL, request: HttpRequest, ways: Ways, signal: AbortSignal): Promise<HttpResponse> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, limit = DEFAULT_LIMIT } = request;
    const secure = url.protocol === 'https:';
    const sent = (secure ? https : http).request(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      agent: secure ? ways.agents.https : ways.agents.http,
    });
    // A request without a socket yet does not tell of its end by itself.
    const giveUp = (error: Error): void => {
      sent.destroy(error);
      reject(error);
    };
    const { connect } = ways.timeouts;
    const timer = setTimeout(() => giveUp(new Error(`no connection within ${connect / 1000} s`)), connect);
    const connected = (): void => clearTimeout(timer);
    const onAbort = (): void => giveUp(new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    sent.once('socket', (socket) => (socket.connecting ? socket.once('connect', connected) : connected()));
    sent.once('close', connected);
    sent.once('error', reject);
    sent.once('response', (response) => {
      const from = nameOf(url);
      readBody(response, limit, from).then((bytes) => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, bytes, text: bytes.toString('utf8'), from });
      }, reject);
    });
    sent.end(body);
  });

/** What was thrown on the way to an address, as the kit's own: `refused` for a certificate, else `unavailable`. */
export const troubleWith = (url: URL, method: string, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const code = codeOf(error) ?? '';
  const what = `${method} ${nameOf(url)}: ${textOf(error)}`;
  if (UNTRUSTED_CERTIFICATE.includes(code)) {
    const remedy = 'name the file of your certificate authority in AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS';
    return new DeliveryError('refused', `${what}: ${remedy}`, { cause: error });
  }
  if (/^(?:CERT_|ERR_TLS_|ERR_INVALID_|ERR_SSL_)/u.test(code)) {
    return new DeliveryError('refused', what, { cause: error });
  }
  return new DeliveryError('unavailable', what, { cause: error });
};

const redirectOf = ({ status, headers }: HttpResponse, url: URL, method: string): URL | undefined => {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return undefined;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const target = URL.canParse(headers.location, url.href) ? new URL(headers.location, url) : undefined;
  if (target?.origin === url.origin) return target;
  throw new DeliveryError(
    'refused',
    `${nameOf(url)} redirects to ${target?.origin ?? 'no address'}, another host: use the address it leads to`,
  );
};

const follow = async (start: URL, request: HttpRequest, ways: Ways, signal: AbortSignal): Promise<HttpResponse> => {
  const { method = 'GET' } = request;
  let url = start;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await exchange(url, request, ways, signal).catch((error) => {
      throw troubleWith(url, method, error);
    });
    const target = redirectOf(response, url, method);
    if (target === undefined) return response;
    url = target;
  }
  throw new DeliveryError('refused', `${nameOf(url)} redirects more than ${MOST_REDIRECTS} times`);
};

/**
 * Sends one request and reads the answer whole. Any status is an answer; a redirect of a GET or HEAD is followed on
 * the same origin only, since headers may carry a token. Throws DeliveryError: `cancelled`, `unavailable` (no
 * connection, no answer in time: worth a retry), `refused` (certificate, size, redirect, plain http), `invalid-input`.
 */
export const sendRequest = async (request: HttpRequest, ways: Ways): Promise<HttpResponse> => {
  const { signal, timeout = ways.timeouts.request } = request;
  const address = parseAddress(request);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeout);
  const onAbort = (): void => late.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal?.aborted) throw cancellationOf(signal);
    return await follow(address, request, ways, late.signal);
  } catch (error) {
    if (signal?.aborted) throw cancellationOf(signal);
    if (!late.signal.aborted) throw error;
    const message = `${request.method ?? 'GET'} ${nameOf(address)} was not answered within ${timeout / 1000} s`;
    throw new DeliveryError('unavailable', message, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
};

/** The JSON of an answer, still `unknown`. Throws `unexpected` with the beginning of what came instead. */
export const parseJson = ({ text, from, status }: Pick<HttpResponse, 'text' | 'from' | 'status'>): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = text === '' ? 'nothing' : `'${singleLine(text, 80)}'`;
    throw new DeliveryError('unexpected', `${from} answered ${status} with ${start} where JSON belongs`, { cause });
  }
};
