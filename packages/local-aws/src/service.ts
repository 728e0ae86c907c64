import {
  type ApiCall,
  type ApiError,
  createErrorResponse,
  type Document,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  output,
  type RequiredPermission,
  type ServiceResponse,
} from './api-call.js';
import type { Principal } from './iam/principal.js';
import type { Random } from './random.js';
import { ServiceError } from './service-error.js';
import type { Clock } from './time/clock.js';

/** A call of one service to another, in process. */
export interface InternalCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Document;
  /** The caller's principal, or the session from `assumeServiceRole`. */
  readonly principal: Principal;
  readonly region: string;
  /** Server time; pass `call.at` on. */
  readonly at: number;
}

/**
 * What a service gets from the server. A service is a function from its context to a `Service`:
 *
 *     export const createQueues = (context: ServiceContext<QueuesScenario>): Service => {
 *       const queues = new QueueStore(context); // all state is in here, none at module level
 *       return { handle: dispatchByOperation({ CreateQueue: (call) => queues.create(call) }) };
 *     };
 *
 * Time comes from `call.at`: a service reads no clock and has no timers (see `Timeline`).
 */
export interface ServiceContext<ServiceScenario> {
  /** The server's default account, 12 digits. Principals of other accounts carry their own. */
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov` or `aws-eusc`: the second part of every ARN. */
  readonly partition: string;
  /** An ARN of this service in the server's account. */
  readonly buildArn: (region: string, resource: string) => string;
  /** Random values for this service only. */
  readonly random: Random;
  /** The service's part of the scenario, parsed by the schema in services/<name>/scenario.ts. */
  readonly scenario: ServiceScenario;
  /** Only for code without a call, such as creating a scenario's initial state; elsewhere use `call.at`. */
  readonly clock: Clock;
  /** Base URL of the server, for example `http://127.0.0.1:4580`; known once the server listens. */
  readonly url: () => string;
  /** Evaluates IAM policies: an AccessDenied error, or undefined if all permissions are allowed. */
  readonly authorise: (
    principal: Principal,
    permissions: readonly RequiredPermission[],
    at: number,
  ) => ApiError | undefined;
  /**
   * Creates a session of a service role (CloudFormation's `RoleARN`); undefined if the role does not trust the service.
   */
  readonly assumeServiceRole: (roleArn: string, sessionName: string, at: number) => Principal | undefined;
  /** Calls another service in process, authorized as `principal` and logged like any call. */
  readonly invoke: (call: InternalCall) => Promise<ServiceResponse>;
  /** Resources of a type that stacks have provisioned, for the service that models this type. */
  readonly listProvisionedResources: (type: string, at: number) => readonly ProvisionedResource[];
}

/** A resource provisioned by a stack. As long as it is unchanged, `properties` is the same object. */
export interface ProvisionedResource {
  readonly physicalId: string;
  readonly account: string;
  readonly region: string;
  /** Time of the last change. */
  readonly since: number;
  /** Properties with intrinsic functions evaluated. */
  readonly properties: Document;
}

/**
 * An HTTP path outside AWS's APIs, such as GitHub's token endpoint or an OCI registry. Its calls are logged and get
 * faults like API calls.
 */
export interface Route {
  /** Service name in the call log and in fault rules. */
  readonly service: string;
  /**
   * The operation of a request; undefined if the request is not for this route. Routes are matched before API calls.
   */
  readonly matchOperation: (request: HttpRequest) => string | undefined;
  readonly isWrite: (operation: string) => boolean;
  readonly handle: (request: HttpRequest, at: number) => Promise<HttpResponse>;
}

/** A simulated service: one handler for all operations, and optional routes. */
export interface Service {
  readonly handle: Handler;
  readonly routes?: readonly Route[];
  /** The full ARN of a resource that the API model names with a wildcard (`stack/name/*`). */
  readonly resolveArn?: (call: ApiCall, resource: string) => string;
  /** Resources of a type that its stacks have provisioned. */
  readonly listProvisionedResources?: (type: string, at: number) => readonly ProvisionedResource[];
}

/** Services that are never sent upstream: calls are authenticated with the sessions and tokens that they issue. */
export const LOCAL_ONLY_SERVICES: ReadonlySet<string> = new Set(['sts', 'oidc']);

/** HTTP 501 with the operation's name, for an operation that is not modeled. */
export const createNotImplementedResponse = (service: string, operation: string): ServiceResponse => {
  const hint = LOCAL_ONLY_SERVICES.has(service)
    ? ''
    : `: forward the service to another emulator with --upstream ${service}=URL`;
  return createErrorResponse('NotImplemented', `Local AWS does not support ${service}:${operation}${hint}`, 501);
};

/** Handles one operation: returns its output, or throws a ServiceError. */
export type OperationHandler = (call: ApiCall) => Document | Promise<Document>;
export type OperationHandlers = Readonly<Record<string, OperationHandler>>;

/** Dispatches calls to one handler for each operation; 501 for all others. */
export const dispatchByOperation =
  (handlers: OperationHandlers): Handler =>
  async (call) => {
    const handler = Object.hasOwn(handlers, call.operation) ? handlers[call.operation] : undefined;
    if (handler === undefined) return createNotImplementedResponse(call.service, call.operation);
    try {
      return output(await handler(call));
    } catch (thrown) {
      if (thrown instanceof ServiceError) return { kind: 'error', error: thrown.error };
      throw thrown;
    }
  };
