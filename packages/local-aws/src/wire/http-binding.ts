import type { Document, WireRequest } from '../call.js';
import { isDocument } from './json.js';
import type { Exchange } from './protocol.js';
import { readScalar, writeScalar } from './scalar.js';
import type { Operation, Shape } from './schema.js';

/** How a REST protocol reads and writes the document in a body. */
export interface BodyCodec {
  readonly read: (shape: Shape, body: Buffer) => unknown;
  readonly write: (shape: Shape, value: Document) => Buffer;
  readonly contentType: string;
}

const readList = (shape: Shape, texts: readonly string[]): unknown => texts.map((text) => readScalar(shape.item, text));

const readHeader = (shape: Shape, text: string): unknown => {
  if (shape.kind === 'list') return readList(shape, text.split(/\s*,\s*/));
  return shape.kind === 'blob' ? Buffer.from(text, 'base64') : readScalar(shape, text);
};

const readPrefixed = (prefix: string, headers: WireRequest['headers']): Document | undefined => {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
};

const readPayload = (shape: Shape, body: Buffer, codec: BodyCodec): unknown => {
  if (shape.kind === 'blob') return body;
  if (body.length === 0) return undefined;
  return shape.kind === 'string' ? body.toString() : codec.read(shape, body);
};

const readQuery = (shape: Shape, name: string, query: URLSearchParams): unknown => {
  if (shape.kind === 'list') return query.has(name) ? readList(shape, query.getAll(name)) : undefined;
  const text = query.get(name);
  return text === null ? undefined : readScalar(shape, text);
};

const readMember = (member: Shape, { labels, request }: Exchange, body: Buffer, codec: BodyCodec): unknown => {
  const { location } = member;
  switch (location.kind) {
    case 'label':
      return labels[location.name] === undefined ? undefined : readScalar(member, labels[location.name] ?? '');
    case 'query':
      return readQuery(member, location.name, new URLSearchParams(request.query));
    case 'query-params':
      return Object.fromEntries(new URLSearchParams(request.query));
    case 'header': {
      const text = request.headers[location.name];
      return text === undefined ? undefined : readHeader(member, text);
    }
    case 'prefix-headers':
      return readPrefixed(location.name, request.headers);
    case 'payload':
      return readPayload(member, body, codec);
    default:
      return undefined;
  }
};

/** Reads a REST input from path, query, headers and `body` (the request's, after any transfer coding is undone). */
export const readBound = (operation: Operation, exchange: Exchange, body: Buffer, codec: BodyCodec): Document => {
  const { members } = operation.input;
  const bound = members
    .map((member) => [member.memberName, readMember(member, exchange, body, codec)] as const)
    .filter(([, value]) => value !== undefined);
  const inBody = members.some((member) => member.location.kind === 'body');
  const document = inBody && body.length > 0 ? codec.read(operation.input, body) : {};
  return { ...(isDocument(document) ? document : {}), ...Object.fromEntries(bound) };
};

const writeHeader = (member: Shape, value: unknown): string =>
  Array.isArray(value)
    ? value.map((each) => writeScalar(member.item, each, 'http-date')).join(', ')
    : writeScalar(member, value, 'http-date');

const writeHeaders = (output: Shape, value: Document): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  for (const member of output.members) {
    const { location } = member;
    const each = value[member.memberName];
    if (each === undefined || each === null) continue;
    if (location.kind === 'header') headers[location.name] = writeHeader(member, each);
    if (location.kind === 'prefix-headers' && isDocument(each)) {
      for (const [name, text] of Object.entries(each)) headers[location.name + name] = String(text);
    }
  }
  return headers;
};

const writePayload = (payload: Shape, content: unknown, codec: BodyCodec): Buffer => {
  if (content instanceof Uint8Array) return Buffer.from(content);
  if (typeof content === 'string') return Buffer.from(content);
  return isDocument(content) ? codec.write(payload, content) : Buffer.alloc(0);
};

const writeBody = (output: Shape, value: Document, codec: BodyCodec): Buffer => {
  const payload = output.members.find((member) => member.location.kind === 'payload');
  if (payload !== undefined) return writePayload(payload, value[payload.memberName], codec);
  const inBody = output.members.filter((member) => member.location.kind === 'body');
  if (inBody.length === 0) return Buffer.alloc(0);
  return codec.write(output, Object.fromEntries(inBody.map(({ memberName }) => [memberName, value[memberName]])));
};

/** Writes a REST output: status, bound headers, and the body unless the status forbids one. */
export const writeBound = (operation: Operation, output: Document, codec: BodyCodec) => {
  const status = operation.output.members.find((member) => member.location.kind === 'status');
  const code = status === undefined ? operation.http?.status : Number(output[status.memberName]);
  const body = code === 204 ? Buffer.alloc(0) : writeBody(operation.output, output, codec);
  const headers = { ...(body.length > 0 && { 'content-type': codec.contentType }) };
  return { status: code ?? 200, headers: { ...headers, ...writeHeaders(operation.output, output) }, body };
};
