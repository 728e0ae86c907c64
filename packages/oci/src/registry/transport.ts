import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import type { Network } from '@aws-delivery/action-kit/http/network';
import { isLoopback } from '@aws-delivery/action-kit/http/proxy';
import { toNetworkError } from '@aws-delivery/action-kit/http/request';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** An HTTP request with a streamed body. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * `open` streams the content from its beginning, once for each time the request is sent. A chunk must be valid until
   * the next one is requested.
   */
  readonly body?: { readonly open: () => AsyncIterable<Uint8Array>; readonly size: number };
}

/** An HTTP response; its body must be read or dropped. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: AsyncIterable<Uint8Array>;
  /** Reads the whole body. Throws `rejected` when it is longer than `limit` bytes. */
  readBytes(limit: number): Promise<Buffer>;
  drop(): void;
}

export type HttpTransport = (request: HttpRequest) => Promise<HttpResponse>;

// Names below `localhost` are loopback (RFC 6761), which not every resolver implements.
const lookupLoopback: LookupFunction = (_name, options, done) => {
  if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};

const rejectPlainHttp = ({ url }: HttpRequest): void => {
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return;
  throw new DeliveryError(
    'rejected',
    `${url.origin} uses plain HTTP, which is only allowed for loopback addresses: use https`,
  );
};

const readBody = async (body: AsyncIterable<Uint8Array>, limit: number, url: URL): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit)
      throw new DeliveryError('rejected', `${url.host} sent a response larger than the limit of ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Streams the body; a broken connection is thrown as a network error, a DeliveryError unchanged. */
const streamBody = async function* (response: http.IncomingMessage, request: HttpRequest): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk;
  } catch (error) {
    throw toNetworkError(request.url, request.method, error);
  }
};

const toHttpResponse = (
  response: http.IncomingMessage,
  clientRequest: http.ClientRequest,
  request: HttpRequest,
): HttpResponse => {
  // After a response that arrives before the whole request was sent, the connection cannot be reused.
  const release = (): void => {
    if (!clientRequest.writableFinished) clientRequest.destroy();
  };
  const body = streamBody(response, request);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    readBytes: (limit) => readBody(body, limit, request.url).finally(release),
    drop: () => {
      response.resume();
      release();
    },
  };
};

const openRequest = (request: HttpRequest, network: Network): http.ClientRequest => {
  const { url, method, headers, body } = request;
  const isSecure = url.protocol === 'https:';
  return (isSecure ? https : http).request(url, {
    method,
    headers: { ...headers, ...(method === 'GET' || method === 'HEAD' ? {} : { 'content-length': body?.size ?? 0 }) },
    agent: isSecure ? network.agents.https : network.agents.http,
    ...(url.hostname.endsWith('.localhost') ? { lookup: lookupLoopback } : {}),
  });
};

/**
 * Writes the body chunk by chunk. The next chunk is requested when the system has the one before, since sources use
 * their buffers again.
 */
const sendBody = async (clientRequest: http.ClientRequest, content: AsyncIterable<Uint8Array>): Promise<void> => {
  let onClose = (): void => {};
  clientRequest.once('close', () => onClose());
  for await (const chunk of content) {
    if (clientRequest.destroyed) return;
    await new Promise<void>((resolve) => {
      onClose = resolve;
      clientRequest.write(chunk, () => resolve());
    });
  }
  clientRequest.end();
};

const send = (request: HttpRequest, network: Network, signal: AbortSignal): Promise<HttpResponse> =>
  new Promise((resolve, reject) => {
    const clientRequest = openRequest(request, network);
    const { request: requestTimeout } = network.timeouts;
    // The timeout applies to inactivity, not to the whole request: a large blob may take long.
    clientRequest.setTimeout(requestTimeout, () =>
      clientRequest.destroy(new Error(`no data for ${requestTimeout / 1000} s`)),
    );
    const onAbort = (): void => {
      clientRequest.destroy(toCancellationError(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    clientRequest.once('close', () => signal.removeEventListener('abort', onAbort));
    clientRequest.on('error', reject);
    clientRequest.once('response', (response) => resolve(toHttpResponse(response, clientRequest, request)));
    if (request.body === undefined) clientRequest.end();
    else {
      sendBody(clientRequest, request.body.open()).catch((error: unknown) => {
        clientRequest.destroy();
        reject(error);
      });
    }
  });

/**
 * Sends a request and resolves with the response's head, whatever its status; redirects are not followed. Throws
 * DeliveryError: `unavailable` (retryable), `cancelled`, `rejected` (certificate, plain HTTP), or the error of the
 * body's source.
 */
export const createTransport =
  (network: Network, signal: AbortSignal): HttpTransport =>
  async (request) => {
    rejectPlainHttp(request);
    if (signal.aborted) throw toCancellationError(signal);
    try {
      return await send(request, network, signal);
    } catch (error) {
      throw toNetworkError(request.url, request.method, error);
    }
  };

const MAX_REDIRECTS = 5;

/**
 * Sends a request and follows redirects unless it has a body. Registries redirect to the storage of blobs, so
 * `authorization` is sent to the origin of the first URL only.
 */
export const sendWithRedirects = async (
  transport: HttpTransport,
  request: HttpRequest,
  authorization: string | undefined,
): Promise<HttpResponse> => {
  let { url } = request;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const isAuthorized = url.origin === request.url.origin && authorization !== undefined;
    const headers = { ...request.headers, ...(isAuthorized ? { authorization } : {}) };
    const response = await transport({ ...request, url, headers });
    const { location } = response.headers;
    const isRedirect = [301, 302, 303, 307, 308].includes(response.status) && location !== undefined;
    if (!isRedirect || request.body !== undefined || !URL.canParse(location, url.href)) return response;
    response.drop();
    url = new URL(location, url);
  }
  throw new DeliveryError('rejected', `${request.url.href} redirects more than ${MAX_REDIRECTS} times`);
};
