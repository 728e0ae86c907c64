import type { ApiError } from '../call.js';
import { isDocument } from './json.js';
import { type Exchange, type Protocol, textResponse } from './protocol.js';
import { jsonCodec } from './schema.js';

const codec = jsonCodec(false);

/** A client that used to speak awsQuery to the service wants the old code in a header besides. */
const queryCompatible = ({ code, status = 400 }: ApiError, { request }: Exchange): Readonly<Record<string, string>> =>
  request.headers['x-amzn-query-mode'] === 'true'
    ? { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` }
    : {};

/** The name of a modelled error, and its further members as JSON has them; an unmodelled one has none. */
export const describeError = ({ code, members = {} }: ApiError, { schemas }: Exchange) => {
  const shape = schemas?.errors.get(code);
  const written: unknown = shape === undefined ? {} : JSON.parse(codec.write(shape, members));
  return { name: shape?.name ?? code, members: isDocument(written) ? written : {} };
};

const answer = (status: number, text: string, { request, requestId }: Exchange, headers = {}) =>
  textResponse(status, request.headers['content-type'] ?? 'application/x-amz-json-1.1', text, {
    'x-amzn-requestid': requestId,
    ...headers,
  });

/** awsJson 1.0 and 1.1: one path, the operation in `x-amz-target`, JSON both ways (ECR, Health, Secrets Manager). */
export const awsJson: Protocol = {
  decode: ({ input }, { request }) => {
    if (input.isUnit) return {};
    return codec.read(input, request.body.length === 0 ? '{}' : request.body.toString());
  },
  encode: ({ output: shape }, output, exchange) =>
    answer(200, shape.isUnit ? '{}' : codec.write(shape, output), exchange),
  fail: (error, exchange) => {
    const { name, members } = describeError(error, exchange);
    const text = JSON.stringify({ __type: name, message: error.message, ...members });
    return answer(error.status ?? 400, text, exchange, queryCompatible(error, exchange));
  },
};
