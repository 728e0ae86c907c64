import { decodeChunkedBody } from '../sigv4/aws-chunked.js';
import { describeError } from './aws-json.js';
import { readHttpInput, writeHttpOutput } from './http-binding.js';
import { createTextResponse, type Protocol, renderElement, renderTextElement } from './protocol.js';
import { type Codec, createJsonCodec, createXmlCodec } from './schema.js';

const jsonCodec = createJsonCodec(true);

/** restJson1: operation by method and path, JSON bodies (AppConfig, CodeGuru Reviewer, Inspector). */
export const restJson: Protocol = {
  decode: (operation, context) => readHttpInput(operation, context, context.request.body, jsonCodec),
  encode: (operation, output, { requestId }) => {
    const response = writeHttpOutput(operation, output, jsonCodec);
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId } };
  },
  encodeError: (error, context) => {
    const { name, members } = describeError(error, context);
    const body = JSON.stringify({ message: error.message, ...members });
    const headers = { 'x-amzn-errortype': name, 'x-amzn-requestid': context.requestId };
    return createTextResponse(error.status ?? 400, jsonCodec.contentType, body, headers);
  },
};

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const withDeclaration = (codec: Codec): Codec => ({
  ...codec,
  write: (schema, value) => DECLARATION + codec.write(schema, value),
});

/**
 * restXml with S3's rules: bodies may be aws-chunked, errors have no wrapper element, a response to HEAD has no body.
 */
export const restXml: Protocol = {
  decode: (operation, context) =>
    readHttpInput(operation, context, decodeChunkedBody(context.request).payload, createXmlCodec(context.xmlNamespace)),
  encode: (operation, output, { requestId, xmlNamespace }) => {
    const response = writeHttpOutput(operation, output, withDeclaration(createXmlCodec(xmlNamespace)));
    return { ...response, headers: { ...response.headers, 'x-amz-request-id': requestId } };
  },
  encodeError: ({ code, message, status = 400, members = {} }, { request, requestId }) => {
    const details = { Code: code, Message: message, ...members, RequestId: requestId };
    const content = Object.entries(details).map(([name, value]) => renderTextElement(name, String(value)));
    const body = request.method === 'HEAD' ? '' : DECLARATION + renderElement('Error', content.join(''));
    return createTextResponse(status, 'application/xml', body, { 'x-amz-request-id': requestId });
  },
};
