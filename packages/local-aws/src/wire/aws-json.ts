import type { ApiError, Document } from '../call.js';
import { isDocument, ownName, readJsonValue, writeJsonValue } from './json.js';
import { type Exchange, type Protocol, textResponse } from './protocol.js';

const answer = (status: number, document: unknown, { request, requestId }: Exchange, headers = {}) =>
  textResponse(status, request.headers['content-type'] ?? 'application/x-amz-json-1.1', JSON.stringify(document), {
    'x-amzn-requestid': requestId,
    ...headers,
  });

/** A client that used to speak awsQuery to the service wants the old code in a header besides. */
const queryCompatible = ({ code, status = 400 }: ApiError, { request }: Exchange): Readonly<Record<string, string>> =>
  request.headers['x-amzn-query-mode'] === 'true'
    ? { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` }
    : {};

/** The members of a modelled error as JSON; an unmodelled one has none. */
export const errorMembers = ({ code, members = {} }: ApiError, { schemas }: Exchange): Document => {
  const shape = schemas?.errors.get(code);
  const written = shape === undefined ? {} : writeJsonValue(shape, members, ownName);
  return isDocument(written) ? written : {};
};

/** awsJson 1.0 and 1.1: one path, the operation in `x-amz-target`, JSON both ways (ECR, Health, Secrets Manager). */
export const awsJson: Protocol = {
  decode: (operation, { request }) => {
    const value: unknown = request.body.length === 0 ? {} : JSON.parse(request.body.toString());
    const input = operation.input.kind === 'unit' ? {} : readJsonValue(operation.input, value, ownName);
    return isDocument(input) ? input : {};
  },
  encode: (operation, output, exchange) =>
    operation.output.kind === 'unit'
      ? answer(200, {}, exchange)
      : answer(200, writeJsonValue(operation.output, output, ownName), exchange),
  fail: (error, exchange) =>
    answer(
      error.status ?? 400,
      {
        __type: exchange.schemas?.errors.get(error.code)?.name ?? error.code,
        message: error.message,
        ...errorMembers(error, exchange),
      },
      exchange,
      queryCompatible(error, exchange),
    ),
};
