import http from 'node:http';
import https from 'node:https';
import { toCancellationError } from '../host/cancellation.js';
import { getTimeLimit } from '../host/time-limit.js';
import { DeliveryError, errorMessage } from '../util/error.js';
import { getErrorCode } from '../util/error-code.js';
import { toSingleLine } from '../util/sanitize.js';
import { isLoopback } from './proxy.js';

export interface HttpRequest {
  readonly url: string | URL;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal | undefined;
  /** Total time in milliseconds; default the network's request timeout. */
  readonly timeout?: number;
  /** Limit for the response body; default 1 MiB. */
  readonly maxResponseBytes?: number;
  /** Plain `http:` is rejected except on loopback, since requests carry tokens; `allow` permits it. */
  readonly plainHttp?: 'allow';
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
  /** The URL without query and fragment, which may contain secrets. */
  readonly source: string;
}

interface Transport {
  readonly agents: { readonly http: http.Agent; readonly https: http.Agent };
  readonly timeouts: { readonly connect: number; readonly request: number };
}

const MAX_REDIRECTS = 3;
const DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;

/** OpenSSL's and Node's codes for a certificate from an untrusted authority. */
const UNTRUSTED_CERTIFICATE_CODES = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

const parseUrl = ({ url, plainHttp }: HttpRequest): URL => {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new DeliveryError('invalid-input', `'${toSingleLine(String(url), 100)}' is not an http or https URL`);
  }
  if (parsed.protocol === 'http:' && plainHttp !== 'allow' && !isLoopback(parsed.hostname)) {
    throw new DeliveryError('rejected', `${redactUrl(parsed)} uses plain http to another machine: use https`);
  }
  return parsed;
};

const redactUrl = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`;

const readBody = async (response: http.IncomingMessage, maxResponseBytes: number, source: string): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxResponseBytes) {
      response.destroy();
      throw new DeliveryError('rejected', `${source}: the response exceeds the limit of ${maxResponseBytes} bytes`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

const sendOnce = (url: URL, request: HttpRequest, transport: Transport, signal: AbortSignal): Promise<HttpResponse> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, maxResponseBytes = DEFAULT_MAX_RESPONSE_BYTES } = request;
    const secure = url.protocol === 'https:';
    const clientRequest = (secure ? https : http).request(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      agent: secure ? transport.agents.https : transport.agents.http,
    });
    // A request that has no socket yet does not emit an error when destroyed.
    const fail = (error: Error): void => {
      clientRequest.destroy(error);
      reject(error);
    };
    const { connect } = transport.timeouts;
    const timer = setTimeout(() => fail(new Error(`no connection within ${connect / 1000} s`)), connect);
    const onConnected = (): void => clearTimeout(timer);
    const onAbort = (): void => fail(new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    clientRequest.once('socket', (socket) => (socket.connecting ? socket.once('connect', onConnected) : onConnected()));
    clientRequest.once('close', onConnected);
    clientRequest.once('error', reject);
    clientRequest.once('response', (response) => {
      const source = redactUrl(url);
      readBody(response, maxResponseBytes, source).then((bytes) => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, bytes, text: bytes.toString('utf8'), source });
      }, reject);
    });
    clientRequest.end(body);
  });

/** A network error as a DeliveryError: `rejected` for TLS and certificate errors, otherwise `unavailable`. */
export const toNetworkError = (url: URL, method: string, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const code = getErrorCode(error) ?? '';
  const label = `${method} ${redactUrl(url)}: ${errorMessage(error)}`;
  if (UNTRUSTED_CERTIFICATE_CODES.includes(code)) {
    const hint = 'set AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS to the file of your certificate authority';
    return new DeliveryError('rejected', `${label}: ${hint}`, { cause: error });
  }
  if (/^(?:CERT_|ERR_TLS_|ERR_INVALID_|ERR_SSL_)/u.test(code)) {
    return new DeliveryError('rejected', label, { cause: error });
  }
  return new DeliveryError('unavailable', label, { cause: error });
};

const resolveRedirect = ({ status, headers }: HttpResponse, url: URL, method: string): URL | undefined => {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return undefined;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const target = URL.canParse(headers.location, url.href) ? new URL(headers.location, url) : undefined;
  if (target?.origin === url.origin) return target;
  throw new DeliveryError(
    'rejected',
    `${redactUrl(url)} redirects to ${target?.origin ?? 'an invalid URL'}, another host: use the URL of the target`,
  );
};

const sendFollowingRedirects = async (
  start: URL,
  request: HttpRequest,
  transport: Transport,
  signal: AbortSignal,
): Promise<HttpResponse> => {
  const { method = 'GET' } = request;
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await sendOnce(url, request, transport, signal).catch((error) => {
      throw toNetworkError(url, method, error);
    });
    const target = resolveRedirect(response, url, method);
    if (target === undefined) return response;
    url = target;
  }
  throw new DeliveryError('rejected', `${redactUrl(url)} redirects more than ${MAX_REDIRECTS} times`);
};

const describeResponse = (url: URL): string => `a response from ${redactUrl(url)}`;

/**
 * Sends one request and reads the whole response, whatever its status. Redirects of GET and HEAD are followed only
 * within the same origin, since headers may contain a token.
 * @throws DeliveryError `cancelled`, `unavailable` (no connection or timeout: retryable), `rejected` (certificate, size,
 * redirect, plain http), `invalid-input`
 */
export const sendRequest = async (request: HttpRequest, transport: Transport): Promise<HttpResponse> => {
  const { signal } = request;
  const url = parseUrl(request);
  const limit = getTimeLimit();
  const remaining = limit?.getRequestTimeout() ?? Number.POSITIVE_INFINITY;
  const timeout = Math.min(request.timeout ?? transport.timeouts.request, remaining);
  if (limit !== undefined && timeout <= 0) throw limit.createError(describeResponse(url));
  const timeoutController = new AbortController();
  const timer = setTimeout(() => timeoutController.abort(), timeout);
  const onAbort = (): void => timeoutController.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal?.aborted) throw toCancellationError(signal);
    return await sendFollowingRedirects(url, request, transport, timeoutController.signal);
  } catch (error) {
    if (signal?.aborted) throw toCancellationError(signal);
    if (!timeoutController.signal.aborted) throw error;
    if (limit !== undefined && timeout === remaining) throw limit.createError(describeResponse(url), error);
    const message = `${request.method ?? 'GET'} ${redactUrl(url)} timed out after ${timeout / 1000} s`;
    throw new DeliveryError('unavailable', message, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
};

/**
 * Parses a response as JSON.
 * @throws DeliveryError `unexpected` with the start of the body
 */
export const parseJson = ({ text, source, status }: Pick<HttpResponse, 'text' | 'source' | 'status'>): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const start = text === '' ? 'an empty body' : `'${toSingleLine(text, 80)}'`;
    throw new DeliveryError(
      'unexpected',
      `unexpected response from ${source}: expected JSON, got HTTP ${status} with ${start}`,
      { cause },
    );
  }
};

/** Parses JSON; undefined for other text. For text that may contain a secret, which the error of `JSON.parse` would quote. */
export const tryParseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
