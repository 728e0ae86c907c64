import type { ApiError, Document, HttpRequest, HttpResponse } from '../api-call.js';
import type { OperationSchema, ServiceSchemas } from './schema.js';

export type ProtocolName = 'aws-query' | 'aws-json' | 'rest-json' | 'rest-xml';

/** What a protocol must know of one exchange besides the document itself. */
export interface ProtocolContext {
  readonly request: HttpRequest;
  /** The path's labels, decoded: `{ ApplicationId: 'abc' }`; empty outside REST. */
  readonly labels: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** The namespace of XML documents. */
  readonly xmlNamespace: string;
  readonly schemas: ServiceSchemas | undefined;
}

/** One wire protocol, from the server's side. */
export interface Protocol {
  /** Reads the input; throws SyntaxError where the request does not fit the operation's schema. */
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
