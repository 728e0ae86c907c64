import type { Document } from '../call.js';
import { isDocument } from './json.js';
import { type Protocol, textResponse } from './protocol.js';
import { readTree, xmlCodec } from './schema.js';
import { contentOf, element, textElement } from './xml.js';

/** Members that are numbered are a list; objects keep whole numbers in order. */
const arrange = (node: Document): unknown => {
  const keys = Object.keys(node);
  const values = Object.values(node).map((value) => (isDocument(value) ? arrange(value) : value));
  return keys.every((key) => /^\d+$/.test(key)) ? values : Object.fromEntries(keys.map((key, at) => [key, values[at]]));
};

/** `A.member.1.B=x` as `{ A: { member: [{ B: 'x' }] } }`. No prototype: a key cannot reach one. */
const treeOf = (form: URLSearchParams): Document => {
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
  const tree = arrange(root);
  return isDocument(tree) ? tree : {};
};

/** The form of an awsQuery request: the body of a POST, the query of a GET. */
export const readForm = (request: { readonly body: Buffer; readonly query: string }): URLSearchParams =>
  new URLSearchParams(request.body.length > 0 ? request.body.toString() : request.query);

const codec = xmlCodec('');

const answer = (status: number, requestId: string, text: string) =>
  textResponse(status, 'text/xml', text, { 'x-amzn-requestid': requestId });

/** awsQuery: a form in, XML out (STS, IAM, CloudFormation, SNS). */
export const awsQuery: Protocol = {
  decode: ({ input }, { request }) => (input.isUnit ? {} : readTree(input, treeOf(readForm(request)))),
  encode: ({ name, output: shape }, output, { requestId, xmlNamespace }) => {
    const result = shape.isUnit ? '' : element(`${name}Result`, contentOf(codec.write(shape, output)));
    const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
    return answer(200, requestId, element(`${name}Response`, result + metadata, xmlNamespace));
  },
  fail: ({ code, message, status = 400, members = {} }, { requestId, xmlNamespace, schemas }) => {
    const shape = schemas?.errors.get(code);
    const details =
      textElement('Type', status < 500 ? 'Sender' : 'Receiver') +
      textElement('Code', shape?.error.code ?? code) +
      textElement('Message', message) +
      (shape === undefined ? '' : contentOf(codec.write(shape, members)));
    const text = element('Error', details) + textElement('RequestId', requestId);
    return answer(status, requestId, element('ErrorResponse', text, xmlNamespace));
  },
};
