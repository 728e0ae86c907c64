import type { ApiCall, Handler, HttpRequest, Middleware, ServiceResponse } from './api-call.js';
import { ApiModel } from './api-model/api-model.js';
import { CallLog } from './call-log.js';
import { createServices, type Services } from './create-services.js';
import { FaultPlan } from './faults/fault-plan.js';
import { explainDenial } from './iam/authorisation.js';
import { IdentityStore } from './iam/identity.js';
import { allowsPrincipal } from './iam/policy.js';
import { getPrincipalAccount, type Principal } from './iam/principal.js';
import { authenticate } from './middleware/authenticate.js';
import { authorise } from './middleware/authorise.js';
import { createCommonError } from './middleware/common-error.js';
import { injectFaults, simulateStaleReads } from './middleware/inject-faults.js';
import { logCalls } from './middleware/log-calls.js';
import type { MiddlewareContext } from './middleware/middleware-context.js';
import { createUpstreamHandler, type Upstream } from './middleware/upstream.js';
import { validateInput } from './middleware/validate-input.js';
import { createRandom, type Random } from './random.js';
import type { Scenario } from './scenario.js';
import {
  createNotImplementedResponse,
  type InternalCall,
  LOCAL_ONLY_SERVICES,
  type ServiceContext,
} from './service.js';
import { createClock, type ServerClock } from './time/clock.js';
import { HOUR_MS } from './time/duration.js';

export interface SimulatorOptions {
  readonly scenario: Scenario;
  /** Emulators by service; `*` is every service except IAM, STS and OIDC. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly clock?: ServerClock | undefined;
  /** Gets one JSON line for each call. */
  readonly log?: ((line: string) => void) | undefined;
  readonly url: () => string;
}

/** Roles come from the scenario: IAM goes upstream only if it is named, STS and OIDC never. */
const isLocalOnly = (service: string): boolean => service === 'iam' || LOCAL_ONLY_SERVICES.has(service);

const EMPTY_REQUEST: HttpRequest = { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.alloc(0) };

/** State and handlers of one run of the server. */
export class Simulator implements MiddlewareContext {
  readonly clock: ServerClock;
  readonly apiModel = new ApiModel();
  readonly callLog: CallLog;
  readonly faults: FaultPlan;
  readonly identity: IdentityStore;
  readonly services: Services;
  /** Adds call log and faults: logCalls ∘ injectFaults. */
  readonly wrapHandler: Middleware;
  /**
   * Handles calls of clients: wrapHandler ∘ authenticate ∘ authorise ∘ simulateStaleReads ∘ (service | upstream | 501).
   */
  readonly handle: Handler;
  /** Handles calls between services: authorise ∘ (service | 501). */
  private readonly handleInternalCall: Handler;
  readonly resolveArn: MiddlewareContext['resolveArn'] = (call, resource) =>
    this.services.byName.get(call.service)?.resolveArn?.(call, resource) ?? resource;
  /** Gives services such as IAM and S3 access to resources that stacks have provisioned. */
  private readonly listProvisionedResources: ServiceContext<unknown>['listProvisionedResources'] = (type, at) =>
    this.services.byName.get('cloudformation')?.listProvisionedResources?.(type, at) ?? [];
  private readonly upstreams: ReadonlyMap<string, Handler>;
  private readonly random: Random;
  private readonly callIds: Random;

  constructor(private readonly options: SimulatorOptions) {
    const { scenario } = options;
    const { account, partition } = scenario;
    this.random = createRandom(scenario.seed);
    this.callIds = this.random.fork('calls');
    this.clock = options.clock ?? createClock(scenario.clock);
    this.callLog = new CallLog(options.log);
    this.faults = new FaultPlan(scenario.faults, this.random.fork('faults'));
    const random = this.random.fork('identity');
    this.identity = new IdentityStore({
      scenario: scenario.iam,
      account,
      partition,
      random,
      listProvisionedResources: this.listProvisionedResources,
    });
    this.upstreams = new Map([...options.upstreams].map(([name, target]) => [name, createUpstreamHandler(target)]));
    const createContext = <ServiceScenario>(name: string, serviceScenario: ServiceScenario) =>
      this.createContext(name, serviceScenario);
    this.services = createServices({ scenario, identity: this.identity, createContext });
    const dispatch: Handler = (call) => this.dispatch(call);
    this.wrapHandler = (next) => logCalls(this.callLog)(injectFaults(this)(next));
    this.handle = this.wrapHandler(authenticate(this)(authorise(this)(simulateStaleReads(this.faults)(dispatch))));
    this.handleInternalCall = authorise(this)(dispatch);
  }

  /** Creates an unsigned call with a new id, at the current server time. */
  createCall(fields: Pick<ApiCall, 'service' | 'operation' | 'input' | 'region' | 'request'>): ApiCall {
    const { write } = this.apiModel.getOperation(fields.service, fields.operation);
    const { account } = this.options.scenario;
    return {
      ...fields,
      id: this.callIds.uuid(),
      principal: { kind: 'anonymous' },
      account,
      at: this.clock.now(),
      write,
    };
  }

  /** Whether calls of the service go to an emulator. */
  isUpstream(service: string): boolean {
    return this.findUpstream(service) !== undefined;
  }

  private findUpstream(service: string): Handler | undefined {
    return this.upstreams.get(service) ?? (isLocalOnly(service) ? undefined : this.upstreams.get('*'));
  }

  private async dispatch(call: ApiCall): Promise<ServiceResponse> {
    const upstreamHandler = this.findUpstream(call.service);
    if (upstreamHandler !== undefined) return upstreamHandler(call);
    const service = this.services.byName.get(call.service);
    if (service === undefined) return createNotImplementedResponse(call.service, call.operation);
    return validateInput(this.apiModel)((apiCall) => service.handle(apiCall))(call);
  }

  private createContext<ServiceScenario>(name: string, scenario: ServiceScenario): ServiceContext<ServiceScenario> {
    const { account, partition } = this.options.scenario;
    return {
      account,
      partition,
      scenario,
      buildArn: (region, resource) => `arn:${partition}:${name}:${region}:${account}:${resource}`,
      random: this.random.fork(name),
      clock: this.clock,
      url: this.options.url,
      authorise: (principal, permissions, at) => {
        const message = explainDenial(this.identity, principal, permissions, at);
        return message === undefined
          ? undefined
          : createCommonError('denied', this.apiModel.getProtocol(name), message);
      },
      assumeServiceRole: (roleArn, sessionName, at) =>
        this.assumeServiceRole(`${name}.amazonaws.com`, roleArn, sessionName, at),
      invoke: (call) => this.invokeService(name, call),
      listProvisionedResources: this.listProvisionedResources,
    };
  }

  /** The session lasts 12 hours: longer than any operation of a service. */
  private assumeServiceRole(service: string, roleArn: string, sessionName: string, at: number): Principal | undefined {
    const role = this.identity.findRole(roleArn, at);
    const principal = { kind: 'Service', names: [service], accountNames: [] } as const;
    if (role === undefined || !allowsPrincipal(role.trust, principal, 'sts:AssumeRole', new Map())) return undefined;
    const lifetime = { issuedAt: at, expiresAt: at + 12 * HOUR_MS };
    return this.identity.createSession(role, {
      sessionName,
      ...lifetime,
      policies: [],
      tags: {},
      transitiveTagKeys: [],
    }).principal;
  }

  private invokeService(via: string, { principal, at, ...target }: InternalCall) {
    if (this.isUpstream(target.service)) {
      const hint = `forward ${via} as well, or do not forward ${target.service}`;
      throw new Error(`${via} cannot call ${target.service}, which is forwarded: ${hint}`);
    }
    return logCalls(this.callLog, via)(this.handleInternalCall)({
      ...this.createCall({ ...target, request: EMPTY_REQUEST }),
      principal,
      account: getPrincipalAccount(principal, this.options.scenario.account),
      at,
    });
  }
}
