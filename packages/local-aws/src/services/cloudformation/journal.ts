import type { Mapping } from '@aws-delivery/template/value';
import type { Document } from '../../call.js';
import type { Random } from '../../random.js';
import { secretsOf } from './parameter.js';
import type { Operation, ResourceFact, Stack, StackFact } from './stack.js';

/** A change of what is true of a stack. */
export type Patch = Partial<StackFact>;

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Writes the future of one stack under one operation: facts, and the events that tell of them. */
export class Journal {
  constructor(
    readonly stack: Stack,
    readonly operation: Operation,
    private readonly random: Random,
  ) {}

  /** Those of the stack with this one as the newest. */
  get operations(): readonly Operation[] {
    return [this.operation, ...this.stack.final().operations];
  }

  /** A deployment begins. */
  begin(at: number, kind: 'CREATE' | 'UPDATE', patch: Patch): void {
    const updated = kind === 'CREATE' ? {} : { updatedAt: at };
    const { operations } = this;
    this.status(at, `${kind}_IN_PROGRESS`, 'User Initiated', { ...patch, ...updated, operations });
  }

  /** Changes what is true, without an event. */
  note(at: number, patch: Patch): void {
    this.stack.facts.plan(at, { ...this.stack.final(), ...patch });
  }

  /** The stack comes to a new status. */
  status(at: number, status: string, reason?: string, patch: Patch = {}): void {
    this.note(at, { ...patch, status, reason });
    const { id, name } = this.stack.identity;
    this.#event(at, this.random.uuid(), {
      LogicalResourceId: name,
      PhysicalResourceId: id,
      ResourceType: STACK_TYPE,
      ResourceStatus: status,
      ResourceStatusReason: reason,
    });
  }

  /** A resource comes to a new status. `properties` are those it is being made from. */
  resource(at: number, fact: ResourceFact, properties?: Mapping): void {
    const { logicalId, status, reason } = fact;
    this.silently(at, fact);
    this.#event(at, `${logicalId}-${status}-${new Date(at).toISOString()}-${this.random.hex(4)}`, {
      ...rowOf(fact),
      ResourceStatusReason: this.#masked(reason),
      ResourceProperties: this.#masked(properties && JSON.stringify(properties)),
    });
  }

  /** A resource that is other than before without anything having been done to it. */
  silently(at: number, fact: ResourceFact): void {
    const timeline = this.stack.resources.get(fact.logicalId) ?? this.stack.newResource(fact.logicalId);
    timeline.plan(at, fact);
  }

  /** A hook's word on a resource that is about to be touched. */
  hook(at: number, fact: ResourceFact, hook: Document): void {
    this.#event(at, this.random.uuid(), { ...rowOf(fact), ...hook });
  }

  #event(at: number, id: string, members: Document): void {
    this.stack.events.plan(at, { id, operation: this.operation, members });
  }

  /** No event shows the values of NoEcho parameters, those that a rollback goes back to included. */
  #masked(text: string | undefined): string | undefined {
    const { deployed, stable = { deployed } } = this.stack.final();
    const secrets = [...secretsOf(deployed.blueprint), ...secretsOf(stable.deployed.blueprint)];
    return secrets.reduce((masked, secret) => masked?.replaceAll(secret, '****'), text);
  }
}

const rowOf = ({ logicalId, type, status, version }: ResourceFact): Document => ({
  LogicalResourceId: logicalId,
  PhysicalResourceId: version?.physicalId ?? '',
  ResourceType: type,
  ResourceStatus: status,
});
