import type { Document } from '../call.js';
import { isDocument } from './json.js';
import type { Exchange } from './protocol.js';
import { type Codec, type Operation, readText, readTexts, type Shape, writeText } from './schema.js';

const readPrefixed = (prefix: string, headers: Readonly<Record<string, string>>): Document | undefined => {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  const pairs = found.map(([name, value]) => [name.slice(prefix.length), value] as const);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
};

const readPayload = (shape: Shape, body: Buffer, codec: Codec): unknown => {
  if (shape.isBlob) return body;
  if (body.length === 0) return undefined;
  return shape.isString ? body.toString() : codec.read(shape, body.toString());
};

const readMember = (member: Shape, { labels, request }: Exchange, body: Buffer, codec: Codec): unknown => {
  const { kind, name } = member.location;
  const query = new URLSearchParams(request.query);
  const textOf = (text: string | undefined) => (text === undefined ? undefined : readText(member, text));
  switch (kind) {
    case 'label':
      return textOf(labels[name]);
    case 'header':
      return textOf(request.headers[name]);
    case 'query':
      return query.has(name) ? readTexts(member, query.getAll(name)) : undefined;
    case 'query-params':
      return Object.fromEntries(query);
    case 'prefix-headers':
      return readPrefixed(name, request.headers);
    case 'payload':
      return readPayload(member, body, codec);
    default:
      return undefined;
  }
};

const isInBody = ({ location }: Shape): boolean => location.kind === 'body';

/** Reads a REST input from path, query, headers and `body` (the request's, after any transfer coding is undone). */
export const readBound = ({ input }: Operation, exchange: Exchange, body: Buffer, codec: Codec): Document => {
  const bound = input.members
    .map((member) => [member.memberName, readMember(member, exchange, body, codec)] as const)
    .filter(([, value]) => value !== undefined);
  const document = input.members.some(isInBody) && body.length > 0 ? codec.read(input, body.toString()) : {};
  return { ...document, ...Object.fromEntries(bound) };
};

const writeHeader = (member: Shape, value: unknown): readonly (readonly [string, string])[] => {
  const { kind, name } = member.location;
  if (kind === 'header') return [[name, writeText(member, value)]];
  if (kind !== 'prefix-headers' || !isDocument(value)) return [];
  return Object.entries(value).map(([key, text]) => [name + key, String(text)]);
};

const writePayload = (payload: Shape, content: unknown, codec: Codec): Buffer => {
  if (content instanceof Uint8Array) return Buffer.from(content);
  return Buffer.from(isDocument(content) ? codec.write(payload, content) : String(content ?? ''));
};

const writeBody = (output: Shape, value: Document, codec: Codec): Buffer => {
  const payload = output.members.find(({ location }) => location.kind === 'payload');
  if (payload !== undefined) return writePayload(payload, value[payload.memberName], codec);
  const names = output.members.filter(isInBody).map(({ memberName }) => memberName);
  const document = Object.fromEntries(names.map((name) => [name, value[name]]));
  return Buffer.from(names.length === 0 ? '' : codec.write(output, document));
};

/** Writes a REST output: status, bound headers, and the body unless the status forbids one. */
export const writeBound = ({ output, http }: Operation, value: Document, codec: Codec) => {
  const given = output.members.filter(({ memberName }) => value[memberName] != null);
  const status = given.find(({ location }) => location.kind === 'status');
  const code = status === undefined ? (http?.status ?? 200) : Number(value[status.memberName]);
  const body = code === 204 ? Buffer.alloc(0) : writeBody(output, value, codec);
  const type = body.length === 0 ? {} : { 'content-type': codec.contentType };
  const headers = given.flatMap((member) => writeHeader(member, value[member.memberName]));
  return { status: code, headers: { ...type, ...Object.fromEntries(headers) }, body };
};
