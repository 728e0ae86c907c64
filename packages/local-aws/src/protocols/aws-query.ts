import type { Document } from '../api-call.js';
import { isDocument } from './document.js';
import { createTextResponse, extractContent, type Protocol, renderElement, renderTextElement } from './protocol.js';
import { createXmlCodec, parseTree } from './schema.js';

/** Converts objects with numbered members to lists. Objects keep integer keys in order. */
const convertLists = (node: Document): unknown => {
  const keys = Object.keys(node);
  const values = Object.values(node).map((value) => (isDocument(value) ? convertLists(value) : value));
  return keys.every((key) => /^\d+$/.test(key)) ? values : Object.fromEntries(keys.map((key, at) => [key, values[at]]));
};

/** `A.member.1.B=x` as `{ A: { member: [{ B: 'x' }] } }`. Objects have no prototype, so that no key can reach one. */
const parseFormTree = (form: URLSearchParams): Document => {
  const root: Record<string, unknown> = Object.create(null);
  for (const [name, value] of form) {
    const path = name.split('.');
    const last = path.pop() ?? name;
    let node = root;
    for (const step of path) {
      const child = node[step];
      const next: Record<string, unknown> = isDocument(child) ? child : Object.create(null);
      node[step] = next;
      node = next;
    }
    node[last] = value;
  }
  const tree = convertLists(root);
  return isDocument(tree) ? tree : {};
};

/** The form of an awsQuery request: the body of a POST or the query of a GET. */
export const parseForm = (request: { readonly body: Buffer; readonly query: string }): URLSearchParams =>
  new URLSearchParams(request.body.length > 0 ? request.body.toString() : request.query);

const codec = createXmlCodec('');

const createResponse = (status: number, requestId: string, body: string) =>
  createTextResponse(status, 'text/xml', body, { 'x-amzn-requestid': requestId });

/** awsQuery: form requests, XML responses (STS, IAM, CloudFormation, SNS). */
export const awsQuery: Protocol = {
  decode: ({ input }, { request }) => (input.isUnit ? {} : parseTree(input, parseFormTree(parseForm(request)))),
  encode: ({ name, output: schema }, output, { requestId, xmlNamespace }) => {
    const result = schema.isUnit ? '' : renderElement(`${name}Result`, extractContent(codec.write(schema, output)));
    const metadata = renderElement('ResponseMetadata', renderTextElement('RequestId', requestId));
    return createResponse(200, requestId, renderElement(`${name}Response`, result + metadata, xmlNamespace));
  },
  encodeError: ({ code, message, status = 400, members = {} }, { requestId, xmlNamespace, schemas }) => {
    const schema = schemas?.errors.get(code);
    const details =
      renderTextElement('Type', status < 500 ? 'Sender' : 'Receiver') +
      renderTextElement('Code', schema?.error.code ?? code) +
      renderTextElement('Message', message) +
      (schema === undefined ? '' : extractContent(codec.write(schema, members)));
    const content = renderElement('Error', details) + renderTextElement('RequestId', requestId);
    return createResponse(status, requestId, renderElement('ErrorResponse', content, xmlNamespace));
  },
};
