import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { apiError, type Call, type Handle, type WireRequest, type WireResponse } from '../call.js';
import { accountOf } from '../principal.js';
import { authorizationOf } from '../sigv4.js';
import { readSignature } from '../wire/signature.js';

export interface Upstream {
  readonly url: URL;
  /** Keys the emulator knows; the caller's account number with secret `test` where left out, as MiniStack wants. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** The account of calls that nobody signed. */
  readonly account: string;
}

const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const SIGNATURE_HEADERS = new Set(['authorization', 'x-amz-security-token', 'content-length']);

const without = (headers: WireRequest['headers'], names: ReadonlySet<string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name) && !HOP_BY_HOP.has(name)));

/** A presigned URL is signed anew in the header: its own signature leaves the query. */
const unsignedQuery = (query: string): string =>
  query
    .split('&')
    .filter((part) => !/^X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)=/.test(part))
    .join('&');

/** The request as the emulator gets it: the same bytes, with another host and another signature. */
export const readdress = (call: Call, { url, credentials, account }: Upstream): WireRequest => {
  const { wire, principal } = call;
  const signature = readSignature(wire);
  const path = url.pathname.replace(/\/$/, '') + wire.path;
  const headers = { ...without(wire.headers, SIGNATURE_HEADERS), host: url.host };
  const request = { ...wire, path, headers, query: unsignedQuery(wire.query) };
  if (signature === undefined) return request;
  const { timestamp, payloadHash } = signature;
  const covered = { ...headers, 'x-amz-date': timestamp, 'x-amz-content-sha256': payloadHash };
  const signedHeaders = Object.keys(covered)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-amz-'))
    .sort();
  const keys = credentials ?? { accessKeyId: accountOf(principal, account), secretAccessKey: 'test' };
  const terms = { ...signature, ...keys, request: { ...request, headers: covered }, signedHeaders };
  return { ...request, headers: { ...covered, authorization: authorizationOf(terms, keys.accessKeyId) } };
};

const send = async ({ method, path, query, headers, body }: WireRequest, url: URL): Promise<WireResponse> => {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const target = { host: url.hostname, port: url.port, method, path: query === '' ? path : `${path}?${query}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ ...target, headers: { ...headers, 'content-length': body.length } }, resolve)
      .on('error', reject)
      .end(body);
  });
  const text = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
  const kept = without(Object.fromEntries(text), new Set());
  return { status: response.statusCode ?? 502, headers: kept, body: await buffer(response) };
};

/** Sends calls on to an emulator and passes its answers back as they are; an emulator that is not there is a 502. */
export const upstream =
  (target: Upstream): Handle =>
  async (call) => {
    try {
      return { kind: 'raw', response: await send(readdress(call, target), target.url) };
    } catch (thrown) {
      const cause = thrown instanceof Error ? thrown.message : String(thrown);
      const place = `${call.service}'s emulator at ${target.url.origin}`;
      return apiError('BadGateway', `${place} does not answer (${cause}): is it running?`, 502);
    }
  };
