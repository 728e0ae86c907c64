import type { Principal } from './iam/principal.js';

/** A document as the wire schema describes it: objects, lists, strings, numbers, booleans, Dates, bytes. */
export type Document = Readonly<Record<string, unknown>>;

/** What the catalogue says of an operation: does it write, which IAM actions on which resource it needs. */
export interface RequiredPermission {
  /** IAM action, for example `cloudformation:CreateChangeSet`. */
  readonly action: string;
  /** ARN of the resource acted on, or `*`. */
  readonly resource: string;
  /** Condition keys the service supplies, for example `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** One API call: what the client asked for, who asked, and at which moment of the server's clock. */
export interface ApiCall {
  /** The request id of the answer; also the call's line in the log. */
  readonly id: string;
  /** Service name as in its endpoint variable, in lower case: `sts`, `cloudformation`, `s3`, `ecr`. */
  readonly service: string;
  readonly operation: string;
  readonly input: Document;
  readonly principal: Principal;
  /** Region the request was signed for; `us-east-1` where it was not signed. */
  readonly region: string;
  /** Milliseconds since the epoch, on the server's clock. A stale read is a call with an earlier `at`. */
  readonly at: number;
  /** True when the operation changes state. */
  readonly write: boolean;
  /** The request as it arrived, for layers that work on bytes (signature check, upstream). */
  readonly request: HttpRequest;
}

/** The HTTP request as received. `path` starts with `/` and has no query string. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The HTTP response as it goes out. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An error as AWS would answer it. `code` is the wire code; `members` are further members of a modelled error. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  /** HTTP status; 400 where left out. */
  readonly status?: number;
  readonly members?: Document;
}

/** What a call ends in: an output document, an error, a raw response (S3 bodies, upstream), or a cut connection. */
export type ServiceResponse =
  | { readonly kind: 'output'; readonly output: Document }
  | { readonly kind: 'error'; readonly error: ApiError }
  | { readonly kind: 'raw'; readonly response: HttpResponse }
  | { readonly kind: 'reset' };

/** The one seam: everything that answers a call has this shape. */
export type Handler = (call: ApiCall) => Promise<ServiceResponse>;

/** Something around a handle: it may answer itself, change the call, or change the reply. */
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
