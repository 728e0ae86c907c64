import type { ApiError } from '../api-call.js';
import { isDocument } from './document.js';
import { createTextResponse, type Protocol, type ProtocolContext } from './protocol.js';
import { createJsonCodec } from './schema.js';

const codec = createJsonCodec(false);

/** Clients that have migrated from awsQuery expect the old error code in an additional header. */
const buildQueryErrorHeaders = (
  { code, status = 400 }: ApiError,
  { request }: ProtocolContext,
): Readonly<Record<string, string>> =>
  request.headers['x-amzn-query-mode'] === 'true'
    ? { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` }
    : {};

/** Name and further members of a modeled error; an unmodeled error has only its code. */
export const describeError = ({ code, members = {} }: ApiError, { schemas }: ProtocolContext) => {
  const schema = schemas?.errors.get(code);
  const serialized: unknown = schema === undefined ? {} : JSON.parse(codec.write(schema, members));
  return { name: schema?.name ?? code, members: isDocument(serialized) ? serialized : {} };
};

const createResponse = (status: number, body: string, { request, requestId }: ProtocolContext, headers = {}) =>
  createTextResponse(status, request.headers['content-type'] ?? 'application/x-amz-json-1.1', body, {
    'x-amzn-requestid': requestId,
    ...headers,
  });

/** awsJson 1.0 and 1.1: operation in `x-amz-target`, JSON bodies (ECR, Health, Secrets Manager). */
export const awsJson: Protocol = {
  decode: ({ input }, { request }) => {
    if (input.isUnit) return {};
    return codec.read(input, request.body.length === 0 ? '{}' : request.body.toString());
  },
  encode: ({ output: schema }, output, context) =>
    createResponse(200, schema.isUnit ? '{}' : codec.write(schema, output), context),
  encodeError: (error, context) => {
    const { name, members } = describeError(error, context);
    const body = JSON.stringify({ __type: name, message: error.message, ...members });
    return createResponse(error.status ?? 400, body, context, buildQueryErrorHeaders(error, context));
  },
};
