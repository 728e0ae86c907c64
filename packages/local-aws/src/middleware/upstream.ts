import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { type ApiCall, createErrorResponse, type Handler, type HttpRequest, type HttpResponse } from '../api-call.js';
import { parseSignature } from '../sigv4/parse-signature.js';
import { buildAuthorizationHeader } from '../sigv4/sign.js';

export interface Upstream {
  readonly url: URL;
  /** Keys known to the emulator; default: the caller's account number and `test`, as MiniStack expects. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
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

const omitHeaders = (headers: HttpRequest['headers'], names: ReadonlySet<string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name) && !HOP_BY_HOP.has(name)));

/** Removes the signature of a presigned URL: the request is signed again, in the header. */
const removeQuerySignature = (query: string): string =>
  query
    .split('&')
    .filter((part) => !/^X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)=/.test(part))
    .join('&');

/** The request for the emulator: the same body with another host and signature. */
const redirectRequest = (call: ApiCall, { url, credentials }: Upstream): HttpRequest => {
  const { request: original } = call;
  const signature = parseSignature(original);
  const path = url.pathname.replace(/\/$/, '') + original.path;
  const headers = { ...omitHeaders(original.headers, SIGNATURE_HEADERS), host: url.host };
  const request = { ...original, path, headers, query: removeQuerySignature(original.query) };
  if (signature === undefined) return request;
  const { timestamp, payloadHash } = signature;
  const coveredHeaders = { ...headers, 'x-amz-date': timestamp, 'x-amz-content-sha256': payloadHash };
  const signedHeaders = Object.keys(coveredHeaders)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-amz-'))
    .sort();
  const signingKeys = credentials ?? { accessKeyId: call.account, secretAccessKey: 'test' };
  const input = { ...signature, ...signingKeys, request: { ...request, headers: coveredHeaders }, signedHeaders };
  return {
    ...request,
    headers: { ...coveredHeaders, authorization: buildAuthorizationHeader(input, signingKeys.accessKeyId) },
  };
};

const send = async ({ method, path, query, headers, body }: HttpRequest, url: URL): Promise<HttpResponse> => {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const options = { host: url.hostname, port: url.port, method, path: query === '' ? path : `${path}?${query}` };
  const request = send({ ...options, headers: { ...headers, 'content-length': body.length } }).end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const headerEntries = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
  const forwardedHeaders = omitHeaders(Object.fromEntries(headerEntries), new Set());
  return { status: response.statusCode ?? 502, headers: forwardedHeaders, body: await buffer(response) };
};

/** Forwards calls to an emulator and returns its responses unchanged; 502 if the emulator is unreachable. */
export const createUpstreamHandler =
  (target: Upstream): Handler =>
  async (call) => {
    try {
      return { kind: 'raw', response: await send(redirectRequest(call, target), target.url) };
    } catch (thrown) {
      const emulator = `${call.service}'s emulator at ${target.url.origin}`;
      return createErrorResponse(
        'BadGateway',
        `${emulator} did not respond (${errorMessage(thrown)}): check that it is running`,
        502,
      );
    }
  };
