import { readChunked } from './aws-chunked.js';
import { type BodyCodec, readBound, writeBound } from './http-binding.js';
import { isDocument } from './json.js';
import { type Protocol, textResponse } from './protocol.js';
import { readXml, type Shape } from './schema.js';
import { element, readXmlValue, textElement, writeMembers } from './xml.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const readBody = (shape: Shape, bytes: Buffer): unknown => {
  const parsed = readXml(bytes.toString());
  const [root] = isDocument(parsed) ? Object.values(parsed) : [];
  return readXmlValue(shape, root);
};

const codec = (xmlNamespace: string): BodyCodec => ({
  contentType: 'application/xml',
  read: readBody,
  write: (shape, value) =>
    Buffer.from(DECLARATION + element(shape.rootName, writeMembers(shape, value), { xmlns: xmlNamespace })),
});

/** restXml as S3 speaks it: bodies may be aws-chunked, errors stand alone, a HEAD has no body. */
export const restXml: Protocol = {
  decode: (operation, exchange) =>
    readBound(operation, exchange, readChunked(exchange.request).payload, codec(exchange.xmlNamespace)),
  encode: (operation, output, { requestId, xmlNamespace }) => {
    const response = writeBound(operation, output, codec(xmlNamespace));
    return { ...response, headers: { ...response.headers, 'x-amz-request-id': requestId } };
  },
  fail: ({ code, message, status = 400, members = {} }, { request, requestId }) => {
    const details = { Code: code, Message: message, ...members, RequestId: requestId };
    const content = Object.entries(details).map(([name, value]) => textElement(name, String(value)));
    const text = request.method === 'HEAD' ? '' : DECLARATION + element('Error', content.join(''));
    return textResponse(status, 'application/xml', text, { 'x-amz-request-id': requestId });
  },
};
