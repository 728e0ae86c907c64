import { describeError } from './aws-json.js';
import { readHttpInput, writeHttpOutput } from './http-binding.js';
import { createTextResponse, type Protocol } from './protocol.js';
import { createJsonCodec } from './schema.js';

const codec = createJsonCodec(true);

/** restJson1: operation by method and path, JSON bodies (AppConfig, CodeGuru Reviewer, Inspector). */
export const restJson: Protocol = {
  decode: (operation, context) => readHttpInput(operation, context, context.request.body, codec),
  encode: (operation, output, { requestId }) => {
    const response = writeHttpOutput(operation, output, codec);
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId } };
  },
  encodeError: (error, context) => {
    const { name, members } = describeError(error, context);
    const body = JSON.stringify({ message: error.message, ...members });
    const headers = { 'x-amzn-errortype': name, 'x-amzn-requestid': context.requestId };
    return createTextResponse(error.status ?? 400, codec.contentType, body, headers);
  },
};
