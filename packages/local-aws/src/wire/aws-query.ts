import type { Document } from '../call.js';
import { isDocument } from './json.js';
import { type Protocol, textResponse } from './protocol.js';
import { readScalar } from './scalar.js';
import type { Shape } from './schema.js';
import { element, textElement, writeMembers } from './xml.js';

/** `A.member.1.B=x` as nested objects. Keys that would reach the prototype stay plain members of a null prototype. */
const readTree = (form: URLSearchParams): Document => {
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
  return root;
};

const inOrder = (node: Document): readonly unknown[] =>
  Object.keys(node)
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => node[key]);

const readItems = (shape: Shape, value: unknown): unknown[] => {
  const { item } = shape;
  // an empty list is sent as `Tags=`
  if (!isDocument(value)) return [];
  const items = shape.flattened ? value : value[item.xmlName];
  return isDocument(items) ? inOrder(items).map((each) => readMember(item, each)) : [];
};

const readEntries = (shape: Shape, value: unknown): Document => {
  const { key, item } = shape;
  const entries = isDocument(value) ? (shape.flattened ? value : value['entry']) : undefined;
  if (!isDocument(entries)) return {};
  return Object.fromEntries(
    inOrder(entries)
      .filter(isDocument)
      .map((entry) => [String(entry[key.xmlName]), readMember(item, entry[item.xmlName])]),
  );
};

const readMember = (shape: Shape, value: unknown): unknown => {
  if (shape.kind === 'list') return readItems(shape, value);
  if (shape.kind === 'map') return readEntries(shape, value);
  if (shape.kind === 'structure') return isDocument(value) ? readStructure(shape, value) : {};
  return readScalar(shape, String(value));
};

const readStructure = (shape: Shape, tree: Document): Document =>
  Object.fromEntries(
    shape.members
      .filter((member) => tree[member.xmlName] !== undefined)
      .map((member) => [member.memberName, readMember(member, tree[member.xmlName])]),
  );

/** The form of an awsQuery request: the body of a POST, the query of a GET. */
export const readForm = (request: { readonly body: Buffer; readonly query: string }): URLSearchParams =>
  new URLSearchParams(request.body.length > 0 ? request.body.toString() : request.query);

const answer = (status: number, requestId: string, text: string) =>
  textResponse(status, 'text/xml', text, { 'x-amzn-requestid': requestId });

/** awsQuery: a form in, XML out (STS, IAM, CloudFormation, SNS). */
export const awsQuery: Protocol = {
  decode: (operation, { request }) => readStructure(operation.input, readTree(readForm(request))),
  encode: (operation, output, { requestId, xmlNamespace }) => {
    const result =
      operation.output.kind === 'unit'
        ? ''
        : element(`${operation.name}Result`, writeMembers(operation.output, output));
    const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
    return answer(200, requestId, element(`${operation.name}Response`, result + metadata, { xmlns: xmlNamespace }));
  },
  fail: ({ code, message, status = 400, members = {} }, { requestId, xmlNamespace, schemas }) => {
    const shape = schemas?.errors.get(code);
    const details =
      textElement('Type', status < 500 ? 'Sender' : 'Receiver') +
      textElement('Code', shape?.error.code ?? code) +
      textElement('Message', message) +
      (shape === undefined ? '' : writeMembers(shape, members));
    const text = element('Error', details) + textElement('RequestId', requestId);
    return answer(status, requestId, element('ErrorResponse', text, { xmlns: xmlNamespace }));
  },
};
