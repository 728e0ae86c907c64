import type {
  ApiCall,
  ApiError,
  Document,
  Handler,
  HttpRequest,
  HttpResponse,
  RequiredPermission,
  ServiceResponse,
} from './api-call.js';
import { createErrorResponse } from './api-call.js';
import type { Principal } from './iam/principal.js';
import type { Random } from './random.js';
import type { Clock } from './time/clock.js';

/** A call that one service makes to another inside the server. */
export interface InternalCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Document;
  /** Who pays for it: the caller's principal, or the service role's (`serviceRole`). */
  readonly principal: Principal;
  readonly region: string;
  /** Server time; pass `call.at` on. */
  readonly at: number;
}

/**
 * What a service model is given. A service is a function from its context to a `Service`:
 *
 *     export const createQueues = (context: ServiceContext<QueuesScenario>): Service => {
 *       const state = new QueueState(context);          // all state lives in here, none in the module
 *       return { handle: byOperation({ CreateQueue: async (call) => output(state.create(call)) }) };
 *     };
 *
 * Time comes from `call.at`: a model never reads a clock and owns no timer (see `Timeline`).
 */
export interface ServiceContext<ServiceScenario> {
  /** The account the server plays, 12 digits. Principals of other accounts carry their own. */
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov` or `aws-eusc`: the second part of every ARN. */
  readonly partition: string;
  /** The service's own source of ids. */
  readonly random: Random;
  /** The service's own part of the scenario, parsed by the schema in services/<name>/scenario.ts. */
  readonly scenario: ServiceScenario;
  /** Only for what has no call, for example the start of a scenario's initial state. */
  readonly clock: Clock;
  /** Base URL of the server, for example `http://127.0.0.1:4580`; known once the server listens. */
  readonly url: () => string;
  /** Would IAM let `principal` do this? The AccessDenied error when not, undefined when it would. */
  readonly authorise: (
    principal: Principal,
    permissions: readonly RequiredPermission[],
    at: number,
  ) => ApiError | undefined;
  /** A session of a service role (CloudFormation's `RoleARN`) as the principal of what a service does for a caller. */
  readonly assumeServiceRole: (roleArn: string, sessionName: string, at: number) => Principal | undefined;
  /** Calls another service in process, authorised as `principal` and logged like any call. */
  readonly invoke: (call: InternalCall) => Promise<ServiceResponse>;
  /** What stacks have of a resource type at a moment: a service that models the type reads its own from there. */
  readonly listProvisionedResources: (type: string, at: number) => readonly ProvisionedResource[];
}

/** A resource that a stack has made. The same `properties` object means: untouched since. */
export interface ProvisionedResource {
  readonly physicalId: string;
  readonly account: string;
  readonly region: string;
  /** When it came to be as it is. */
  readonly since: number;
  /** Evaluated. */
  readonly properties: Document;
}

/** A path that is no AWS API: GitHub's token endpoint, an OCI registry. Its calls are logged and disturbed like any. */
export interface Route {
  /** The name its calls have in the log and in fault rules. */
  readonly service: string;
  /** What the request asks of this route; undefined when it is not for it. Asked before it is read as an API call. */
  readonly matchOperation: (request: HttpRequest) => string | undefined;
  /** Whether an operation of it changes anything. */
  readonly isWrite: (operation: string) => boolean;
  readonly handle: (request: HttpRequest, at: number) => Promise<HttpResponse>;
}

/** What a service model is: one handle for all its operations, and routes where it has any. */
export interface Service {
  readonly handle: Handler;
  readonly routes?: readonly Route[];
  /** The full ARN of what the catalogue could name only in part (`stack/name/*`), where the service knows it. */
  readonly resolveArn?: (call: ApiCall, resource: string) => string;
  /** The resources of a type that it has made for stacks, where it makes any. */
  readonly listProvisionedResources?: (type: string, at: number) => readonly ProvisionedResource[];
}

/** What never goes upstream: every call is judged by the sessions and tokens that are opened here. */
export const LOCAL_ONLY_SERVICES: ReadonlySet<string> = new Set(['sts', 'oidc']);

/** The refusal for what is not modelled: HTTP 501 with the operation's name, never an invented success. */
export const createNotImplementedResponse = (service: string, operation: string): ServiceResponse => {
  const hint = LOCAL_ONLY_SERVICES.has(service) ? '' : `: run it against an emulator with --upstream ${service}=URL`;
  return createErrorResponse('NotImplemented', `local AWS does not model ${service}:${operation}${hint}`, 501);
};

/** A handle that gives each operation to its own handle, and refuses the ones that are not there. */
export const dispatchByOperation =
  (handlers: Readonly<Record<string, Handler>>): Handler =>
  async (call) => {
    const handler = Object.hasOwn(handlers, call.operation) ? handlers[call.operation] : undefined;
    return handler === undefined ? createNotImplementedResponse(call.service, call.operation) : handler(call);
  };
