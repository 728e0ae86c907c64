import type { ApiError, Document, HttpRequest, HttpResponse } from '../api-call.js';
import type { OperationSchema, ServiceSchemas } from './schema.js';

export type ProtocolName = 'aws-query' | 'aws-json' | 'rest-json' | 'rest-xml';

/** What encoding and decoding need besides the document. */
export interface ProtocolContext {
  readonly request: HttpRequest;
  /** Decoded labels of the path: `{ ApplicationId: 'abc' }`; empty for protocols other than REST. */
  readonly labels: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** The namespace of XML documents. */
  readonly xmlNamespace: string;
  readonly schemas: ServiceSchemas | undefined;
}

/** The server side of an AWS protocol. */
export interface Protocol {
  /** Reads the input; throws SyntaxError if the request does not match the operation's schema. */
  readonly decode: (operation: OperationSchema, context: ProtocolContext) => Document;
  readonly encode: (operation: OperationSchema, output: Document, context: ProtocolContext) => HttpResponse;
  readonly encodeError: (error: ApiError, context: ProtocolContext) => HttpResponse;
}

export const createTextResponse = (
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({ status, headers: { 'content-type': type, ...headers }, body: Buffer.from(body) });

export const createJsonResponse = (status: number, value: unknown): HttpResponse =>
  createTextResponse(status, 'application/json', `${JSON.stringify(value)}\n`);

/** An element whose content is XML. */
export const renderElement = (name: string, content: string, xmlns?: string): string =>
  `<${name}${xmlns === undefined ? '' : ` xmlns="${xmlns}"`}>${content}</${name}>`;

/** An element with text, which is escaped. */
export const renderTextElement = (name: string, text: string): string =>
  renderElement(
    name,
    text.replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`),
  );

/** The content of the root element. */
export const extractContent = (xml: string): string => /^<[^>]*>(.*)<\/[^>]*>$/s.exec(xml)?.[1] ?? '';
