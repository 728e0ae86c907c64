import type { Mapping } from '@aws-delivery/template/value';
import type { Document } from '../../call.js';
import type { Random } from '../../random.js';
import type { Operation, ResourceFact, Stack, StackFact } from './stack.js';

/** A change of what is true of a stack. */
export type Patch = Partial<Omit<StackFact, 'reason'>> & { readonly reason?: string | undefined };

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Writes the future of one stack under one operation: facts, and the events that tell of them. */
export class Journal {
  constructor(
    readonly stack: Stack,
    readonly operation: Operation,
    private readonly random: Random,
    /** Values of NoEcho parameters: no event shows them. */
    private readonly secrets: readonly string[],
  ) {}

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
    const { logicalId, type, status, reason, version } = fact;
    this.silently(at, fact);
    const moment = new Date(at).toISOString();
    this.#event(at, `${logicalId}-${status}-${moment}-${this.random.hex(4)}`, {
      LogicalResourceId: logicalId,
      PhysicalResourceId: version?.physicalId ?? '',
      ResourceType: type,
      ResourceStatus: status,
      ResourceStatusReason: reason === undefined ? undefined : this.#masked(reason),
      ResourceProperties: properties === undefined ? undefined : this.#masked(JSON.stringify(properties)),
    });
  }

  /** A resource that is other than before without anything having been done to it. */
  silently(at: number, fact: ResourceFact): void {
    const timeline = this.stack.resources.get(fact.logicalId) ?? this.stack.newResource(fact.logicalId);
    timeline.plan(at, fact);
  }

  /** A hook's word on a resource that is about to be touched. */
  hook(at: number, fact: ResourceFact, hook: Document): void {
    this.#event(at, this.random.uuid(), {
      LogicalResourceId: fact.logicalId,
      PhysicalResourceId: fact.version?.physicalId ?? '',
      ResourceType: fact.type,
      ResourceStatus: fact.status,
      ...hook,
    });
  }

  #event(at: number, id: string, members: Document): void {
    this.stack.events.plan(at, { id, operation: this.operation, members });
  }

  #masked(text: string): string {
    return this.secrets.reduce((masked, secret) => (secret === '' ? masked : masked.replaceAll(secret, '****')), text);
  }
}
