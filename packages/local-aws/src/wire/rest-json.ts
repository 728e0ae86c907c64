import { errorMembers } from './aws-json.js';
import { type BodyCodec, readBound, writeBound } from './http-binding.js';
import { jsonName, readJsonValue, writeJsonValue } from './json.js';
import { type Protocol, textResponse } from './protocol.js';

const body: BodyCodec = {
  contentType: 'application/json',
  read: (shape, bytes) => readJsonValue(shape, JSON.parse(bytes.toString()), jsonName),
  write: (shape, value) => Buffer.from(JSON.stringify(writeJsonValue(shape, value, jsonName))),
};

/** restJson1: method and path name the operation, JSON bodies (AppConfig, CodeGuru Reviewer, Inspector). */
export const restJson: Protocol = {
  decode: (operation, exchange) => readBound(operation, exchange, exchange.request.body, body),
  encode: (operation, output, { requestId }) => {
    const response = writeBound(operation, output, body);
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId } };
  },
  fail: (error, exchange) =>
    textResponse(
      error.status ?? 400,
      'application/json',
      JSON.stringify({ message: error.message, ...errorMembers(error, exchange) }),
      {
        'x-amzn-errortype': exchange.schemas?.errors.get(error.code)?.name ?? error.code,
        'x-amzn-requestid': exchange.requestId,
      },
    ),
};
