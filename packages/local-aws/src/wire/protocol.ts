import type { ApiError, Document, WireRequest, WireResponse } from '../call.js';
import type { Operation, ServiceSchemas } from './schema.js';

export type ProtocolName = 'aws-query' | 'aws-json' | 'rest-json' | 'rest-xml';

/** What a protocol must know of one exchange besides the document itself. */
export interface Exchange {
  readonly request: WireRequest;
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
  readonly decode: (operation: Operation, exchange: Exchange) => Document;
  readonly encode: (operation: Operation, output: Document, exchange: Exchange) => WireResponse;
  readonly fail: (error: ApiError, exchange: Exchange) => WireResponse;
}

export const textResponse = (
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): WireResponse => ({ status, headers: { 'content-type': type, ...headers }, body: Buffer.from(text) });

export const jsonResponse = (status: number, value: unknown): WireResponse =>
  textResponse(status, 'application/json', `${JSON.stringify(value)}\n`);
