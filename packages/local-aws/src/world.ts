import type { Call, Handle, Layer, Reply, WireRequest } from './call.js';
import { createCatalogue } from './catalogue/services.js';
import { createClock, type ServerClock } from './clock.js';
import { FaultPlan } from './faults.js';
import { refusalText } from './iam/authorisation.js';
import { Identity } from './iam/identity.js';
import { trusts } from './iam/policy.js';
import { Journal } from './journal.js';
import { authenticate } from './layers/authenticate.js';
import { authorise } from './layers/authorise.js';
import { fault, stale } from './layers/fault.js';
import type { Ground } from './layers/ground.js';
import { log } from './layers/log.js';
import { refusalOf } from './layers/refusal.js';
import { type Upstream, upstream } from './layers/upstream.js';
import { validate } from './layers/validate.js';
import type { Principal } from './principal.js';
import { createRandom, type Random } from './random.js';
import type { Scenario } from './scenario.js';
import { HOME, type InnerCall, notModelled, type ServiceContext } from './service.js';
import { createServices, type Services } from './services.js';

export interface WorldOptions {
  readonly scenario: Scenario;
  /** Emulators by service; `*` is every service but the ones that say who is who. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly clock?: ServerClock | undefined;
  /** One JSON line a call. */
  readonly log?: ((line: string) => void) | undefined;
  readonly url: () => string;
}

/** Roles are the scenario's: IAM goes upstream only when it is named, the keepers of sessions never. */
const staysHome = (service: string): boolean => service === 'iam' || HOME.has(service);

const NO_WIRE: WireRequest = { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.alloc(0) };

/** Everything behind the port: the state of one run, and the handles that calls go through. */
export class World implements Ground {
  readonly clock: ServerClock;
  readonly catalogue = createCatalogue();
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly identity: Identity;
  readonly services: Services;
  /** log ∘ fault, around everything that is answered */
  readonly watched: Layer;
  /** watched ∘ authenticate ∘ authorise ∘ stale ∘ (model | upstream | 501) */
  readonly handle: Handle;
  /** What services ask of each other: authorise ∘ (model | 501) */
  readonly #inner: Handle;
  readonly resolve: Ground['resolve'] = (call, resource) =>
    this.services.models.get(call.service)?.resolve?.(call, resource) ?? resource;
  /** What stacks have made is there for the services whose it is: IAM, S3. */
  readonly #provisioned: ServiceContext<unknown>['provisioned'] = (type, at) =>
    this.services.models.get('cloudformation')?.provisioned?.(type, at) ?? [];
  readonly #options: WorldOptions;
  readonly #upstreams: ReadonlyMap<string, Handle>;
  readonly #random: Random;
  readonly #calls: Random;

  constructor(options: WorldOptions) {
    const { scenario } = options;
    const { account, partition } = scenario;
    this.#options = options;
    this.#random = createRandom(scenario.seed);
    this.#calls = this.#random.fork('calls');
    this.clock = options.clock ?? createClock(scenario.clock);
    this.journal = new Journal(options.log);
    this.faults = new FaultPlan(scenario.faults, this.#random.fork('faults'));
    const random = this.#random.fork('identity');
    this.identity = new Identity({
      scenario: scenario.iam,
      account,
      partition,
      random,
      provisioned: this.#provisioned,
    });
    this.#upstreams = new Map([...options.upstreams].map(([name, target]) => [name, upstream(target)]));
    const context = <Slice>(name: string, slice: Slice) => this.#context(name, slice);
    this.services = createServices({ scenario, identity: this.identity, context });
    const dispatch: Handle = (call) => this.#dispatch(call);
    this.watched = (next) => log(this.journal)(fault(this)(next));
    this.handle = this.watched(authenticate(this)(authorise(this)(stale(this.faults)(dispatch))));
    this.#inner = authorise(this)(dispatch);
  }

  /** A call with a fresh id, at the server's present; nobody has signed it yet. */
  call(asked: Pick<Call, 'service' | 'operation' | 'input' | 'region' | 'wire'>): Call {
    const { write } = this.catalogue.operation(asked.service, asked.operation);
    const principal: Principal = { kind: 'anonymous' };
    return { ...asked, id: this.#calls.uuid(), principal, at: this.clock.now(), write };
  }

  /** Is the service answered by an emulator? */
  isUpstream(service: string): boolean {
    return this.#upstreamOf(service) !== undefined;
  }

  #upstreamOf(service: string): Handle | undefined {
    return this.#upstreams.get(service) ?? (staysHome(service) ? undefined : this.#upstreams.get('*'));
  }

  async #dispatch(call: Call): Promise<Reply> {
    const upstream = this.#upstreamOf(call.service);
    if (upstream !== undefined) return upstream(call);
    const model = this.services.models.get(call.service);
    if (model === undefined) return notModelled(call.service, call.operation);
    return validate(this.catalogue)((each) => model.handle(each))(call);
  }

  #context<Slice>(name: string, scenario: Slice): ServiceContext<Slice> {
    const { account, partition } = this.#options.scenario;
    return {
      account,
      partition,
      scenario,
      random: this.#random.fork(name),
      clock: this.clock,
      url: this.#options.url,
      authorise: (principal, demands, at) => {
        const text = refusalText(this.identity, principal, demands, at);
        return text === undefined ? undefined : refusalOf('denied', this.catalogue.protocol(name), text);
      },
      serviceRole: (roleArn, sessionName, at) => this.#serviceRole(`${name}.amazonaws.com`, roleArn, sessionName, at),
      invoke: (call) => this.#invoke(name, call),
      provisioned: this.#provisioned,
    };
  }

  /** A service's session lives as long as what it does: no operation here outlives twelve hours. */
  #serviceRole(service: string, roleArn: string, sessionName: string, at: number): Principal | undefined {
    const role = this.identity.role(roleArn, at);
    const asker = { kind: 'Service', names: [service], accountNames: [] } as const;
    if (role === undefined || !trusts(role.trust, asker, 'sts:AssumeRole', new Map())) return undefined;
    const life = { issuedAt: at, expiresAt: at + 12 * 3_600_000 };
    return this.identity.open(role, { sessionName, ...life, policies: [], tags: {}, transitiveTagKeys: [] }).principal;
  }

  #invoke(via: string, { principal, at, ...asked }: InnerCall) {
    if (this.isUpstream(asked.service)) {
      const remedy = `send ${via} upstream too, or keep ${asked.service} here`;
      throw new Error(`${via} cannot call ${asked.service}, which is upstream: ${remedy}`);
    }
    return log(this.journal, via)(this.#inner)({ ...this.call({ ...asked, wire: NO_WIRE }), principal, at });
  }
}
