import type { Principal } from './iam/principal.js';

/** An input or output as the API's schema describes it: objects, lists, strings, numbers, booleans, Dates, bytes. */
export type Document = Readonly<Record<string, unknown>>;

/** A permission that an operation requires. */
export interface RequiredPermission {
  /** IAM action, for example `cloudformation:CreateChangeSet`. */
  readonly action: string;
  /** ARN of the resource acted on, or `*`. */
  readonly resource: string;
  /** Condition keys the service supplies, for example `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** One API call: operation, input, principal and the server time of the call. */
export interface ApiCall {
  /** The request id, in the response and in the call log. */
  readonly id: string;
  /** Service name as in `AWS_ENDPOINT_URL_<NAME>`, in lower case: `sts`, `cloudformation`, `s3`, `ecr`. */
  readonly service: string;
  readonly operation: string;
  readonly input: Document;
  readonly principal: Principal;
  /** The principal's account; the server's own for an unsigned call. */
  readonly account: string;
  /** The Region in the signature; `us-east-1` for an unsigned request. */
  readonly region: string;
  /** Milliseconds since the epoch, on the server's clock. A stale read is a call with an earlier `at`. */
  readonly at: number;
  /** Whether the operation changes state. */
  readonly write: boolean;
  /** The request as received, for middleware that needs its bytes (signature check, upstream). */
  readonly request: HttpRequest;
}

/** The HTTP request as received. `path` starts with `/` and has no query string; header names are in lower case. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An AWS error. `code` is the code of the response; `members` are the other members of a modeled error. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  /** HTTP status; default 400. */
  readonly status?: number;
  readonly members?: Document;
}

/** The response to a call: an output, an error, a raw HTTP response (from an upstream), or a closed connection. */
export type ServiceResponse =
  | { readonly kind: 'output'; readonly output: Document; readonly uncheckedTypes?: readonly string[] }
  | { readonly kind: 'error'; readonly error: ApiError }
  | { readonly kind: 'raw'; readonly response: HttpResponse }
  | { readonly kind: 'reset' };

/** Handles a call. Services, upstreams and middleware all have this type. */
export type Handler = (call: ApiCall) => Promise<ServiceResponse>;

/** Wraps a handler: it may return a response itself, or change the call or the response. */
export type Middleware = (next: Handler) => Handler;

export const output = (document: Document): ServiceResponse => ({ kind: 'output', output: document });

export const createErrorResponse = (
  code: string,
  message: string,
  status = 400,
  members: Document = {},
): ServiceResponse => ({
  kind: 'error',
  error: { code, message, status, members },
});
