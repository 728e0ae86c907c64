import { readChunked } from './aws-chunked.js';
import { readBound, writeBound } from './http-binding.js';
import { type Protocol, textResponse } from './protocol.js';
import { type Codec, xmlCodec } from './schema.js';
import { element, textElement } from './xml.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const declared = (codec: Codec): Codec => ({
  ...codec,
  write: (shape, value) => DECLARATION + codec.write(shape, value),
});

/** restXml as S3 speaks it: bodies may be aws-chunked, errors stand alone, a HEAD has no body. */
export const restXml: Protocol = {
  decode: (operation, exchange) =>
    readBound(operation, exchange, readChunked(exchange.request).payload, xmlCodec(exchange.xmlNamespace)),
  encode: (operation, output, { requestId, xmlNamespace }) => {
    const response = writeBound(operation, output, declared(xmlCodec(xmlNamespace)));
    return { ...response, headers: { ...response.headers, 'x-amz-request-id': requestId } };
  },
  fail: ({ code, message, status = 400, members = {} }, { request, requestId }) => {
    const details = { Code: code, Message: message, ...members, RequestId: requestId };
    const content = Object.entries(details).map(([name, value]) => textElement(name, String(value)));
    const text = request.method === 'HEAD' ? '' : DECLARATION + element('Error', content.join(''));
    return textResponse(status, 'application/xml', text, { 'x-amz-request-id': requestId });
  },
};
