import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cancellationOf } from '@aws-delivery/action-kit/cancel';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { troubleWith } from '@aws-delivery/action-kit/http';
import type { Network } from '@aws-delivery/action-kit/network';
import { isLoopback } from '@aws-delivery/action-kit/proxy';

/** A request whose body, where it has one, is never in memory as a whole. */
export interface Outgoing {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** `open` gives the content from its beginning each time: a request may have to be sent twice. */
  readonly body?: { readonly open: () => AsyncIterable<Uint8Array>; readonly size: number };
}

/** An answer; its body must be read or dropped. */
export interface Incoming {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body. Throws `refused` past `limit` bytes. */
  bytes(limit: number): Promise<Buffer>;
  drop(): void;
}

export type Exchange = (outgoing: Outgoing) => Promise<Incoming>;

// Names below localhost are this machine (RFC 6761), which not every resolver knows.
const lookupHere: LookupFunction = (_name, options, done) => {
  if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};

const refusePlainHttp = ({ url }: Outgoing): void => {
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return;
  throw new DeliveryError('refused', `${url.origin} is plain http on another machine: use https`);
};

const readAll = async (body: AsyncIterable<Uint8Array>, limit: number, from: URL): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > limit) throw new DeliveryError('refused', `${from.host} answered more than the ${limit} bytes expected`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

/** What breaks off in the middle is the connection's fault, unless it is an error of our own. */
const guarded = async function* (response: http.IncomingMessage, outgoing: Outgoing): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of response) yield piece;
  } catch (error) {
    throw troubleWith(outgoing.url, outgoing.method, error);
  }
};

const incomingOf = (response: http.IncomingMessage, sent: http.ClientRequest, outgoing: Outgoing): Incoming => {
  // An answer that came before the request's end leaves a connection nobody can use again.
  const release = (): void => {
    if (!sent.writableFinished) sent.destroy();
  };
  const body = guarded(response, outgoing);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    bytes: (limit) => readAll(body, limit, outgoing.url).finally(release),
    drop: () => {
      response.resume();
      release();
    },
  };
};

const open = (outgoing: Outgoing, network: Network): http.ClientRequest => {
  const { url, method, headers, body } = outgoing;
  const secure = url.protocol === 'https:';
  return (secure ? https : http).request(url, {
    method,
    headers: { ...headers, ...(method === 'GET' || method === 'HEAD' ? {} : { 'content-length': body?.size ?? 0 }) },
    agent: secure ? network.agents.https : network.agents.http,
    ...(url.hostname.endsWith('.localhost') ? { lookup: lookupHere } : {}),
  });
};

const send = (outgoing: Outgoing, network: Network, signal: AbortSignal): Promise<Incoming> =>
  new Promise((resolve, reject) => {
    const sent = open(outgoing, network);
    const { request: patience } = network.timeouts;
    // Counts standing still, not the whole: a large blob may take its time.
    sent.setTimeout(patience, () => sent.destroy(new Error(`nothing moved for ${patience / 1000} s`)));
    const onAbort = (): void => {
      sent.destroy(cancellationOf(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    sent.once('close', () => signal.removeEventListener('abort', onAbort));
    sent.on('error', reject);
    sent.once('response', (response) => resolve(incomingOf(response, sent, outgoing)));
    if (outgoing.body === undefined) sent.end();
    else pipeline(Readable.from(outgoing.body.open(), { objectMode: false }), sent).catch(reject);
  });

/**
 * Sends a request and gives the beginning of its answer; any status is one, redirects too. Throws DeliveryError:
 * `unavailable` (worth another try), `cancelled`, `refused` (certificate, plain http), or what the body's source threw.
 */
export const createExchange =
  (network: Network, signal: AbortSignal): Exchange =>
  async (outgoing) => {
    refusePlainHttp(outgoing);
    if (signal.aborted) throw cancellationOf(signal);
    try {
      return await send(outgoing, network, signal);
    } catch (error) {
      throw troubleWith(outgoing.url, outgoing.method, error);
    }
  };
