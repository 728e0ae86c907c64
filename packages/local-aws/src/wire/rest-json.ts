import { describeError } from './aws-json.js';
import { readBound, writeBound } from './http-binding.js';
import { type Protocol, textResponse } from './protocol.js';
import { jsonCodec } from './schema.js';

const codec = jsonCodec(true);

/** restJson1: method and path name the operation, JSON bodies (AppConfig, CodeGuru Reviewer, Inspector). */
export const restJson: Protocol = {
  decode: (operation, exchange) => readBound(operation, exchange, exchange.request.body, codec),
  encode: (operation, output, { requestId }) => {
    const response = writeBound(operation, output, codec);
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId } };
  },
  fail: (error, exchange) => {
    const { name, members } = describeError(error, exchange);
    const text = JSON.stringify({ message: error.message, ...members });
    const headers = { 'x-amzn-errortype': name, 'x-amzn-requestid': exchange.requestId };
    return textResponse(error.status ?? 400, codec.contentType, text, headers);
  },
};
