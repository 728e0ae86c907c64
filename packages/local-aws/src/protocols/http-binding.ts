import type { Document } from '../api-call.js';
import { isDocument } from './document.js';
import type { ProtocolContext } from './protocol.js';
import { type ApiSchema, type Codec, formatString, type OperationSchema, parseString, parseStrings } from './schema.js';

const readPrefixedHeaders = (prefix: string, headers: Readonly<Record<string, string>>): Document | undefined => {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  const pairs = found.map(([name, value]) => [name.slice(prefix.length), value] as const);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
};

const readPayload = (schema: ApiSchema, body: Buffer, codec: Codec): unknown => {
  if (schema.isBlob) return body;
  if (body.length === 0) return undefined;
  return schema.isString ? body.toString() : codec.read(schema, body.toString());
};

const readMember = (member: ApiSchema, { labels, request }: ProtocolContext, body: Buffer, codec: Codec): unknown => {
  const { kind, name } = member.binding;
  const query = new URLSearchParams(request.query);
  const parseMember = (value: string | undefined) => (value === undefined ? undefined : parseString(member, value));
  switch (kind) {
    case 'label':
      return parseMember(labels[name]);
    case 'header':
      return parseMember(request.headers[name]);
    case 'query':
      return query.has(name) ? parseStrings(member, query.getAll(name)) : undefined;
    case 'query-params':
      return Object.fromEntries(query);
    case 'prefix-headers':
      return readPrefixedHeaders(name, request.headers);
    case 'payload':
      return readPayload(member, body, codec);
    default:
      return undefined;
  }
};

const isInBody = ({ binding }: ApiSchema): boolean => binding.kind === 'body';

/** Reads a REST input from path, query, headers and `body` (decoded from any transfer coding). */
export const readHttpInput = (
  { input }: OperationSchema,
  context: ProtocolContext,
  body: Buffer,
  codec: Codec,
): Document => {
  const bound = input.members
    .map((member) => [member.memberName, readMember(member, context, body, codec)] as const)
    .filter(([, value]) => value !== undefined);
  const document = input.members.some(isInBody) && body.length > 0 ? codec.read(input, body.toString()) : {};
  return { ...document, ...Object.fromEntries(bound) };
};

const writeHeader = (member: ApiSchema, value: unknown): readonly (readonly [string, string])[] => {
  const { kind, name } = member.binding;
  if (kind === 'header') return [[name, formatString(member, value)]];
  if (kind !== 'prefix-headers' || !isDocument(value)) return [];
  return Object.entries(value).map(([key, headerValue]) => [name + key, String(headerValue)]);
};

const writePayload = (payload: ApiSchema, content: unknown, codec: Codec): Buffer => {
  if (content instanceof Uint8Array) return Buffer.from(content);
  return Buffer.from(isDocument(content) ? codec.write(payload, content) : String(content ?? ''));
};

const writeBody = (output: ApiSchema, value: Document, codec: Codec): Buffer => {
  const payload = output.members.find(({ binding }) => binding.kind === 'payload');
  if (payload !== undefined) return writePayload(payload, value[payload.memberName], codec);
  const names = output.members.filter(isInBody).map(({ memberName }) => memberName);
  const document = Object.fromEntries(names.map((name) => [name, value[name]]));
  return Buffer.from(names.length === 0 ? '' : codec.write(output, document));
};

/** Writes a REST output: status, bound headers, and the body unless the status forbids one. */
export const writeHttpOutput = ({ output, http }: OperationSchema, document: Document, codec: Codec) => {
  const present = output.members.filter(({ memberName }) => document[memberName] != null);
  const status = present.find(({ binding }) => binding.kind === 'status');
  const statusCode = status === undefined ? (http?.status ?? 200) : Number(document[status.memberName]);
  const body = statusCode === 204 ? Buffer.alloc(0) : writeBody(output, document, codec);
  const type = body.length === 0 ? {} : { 'content-type': codec.contentType };
  const headers = present.flatMap((member) => writeHeader(member, document[member.memberName]));
  return { status: statusCode, headers: { ...type, ...Object.fromEntries(headers) }, body };
};
