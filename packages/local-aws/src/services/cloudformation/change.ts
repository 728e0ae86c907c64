import { type Difference, resourceDifferences } from '@aws-delivery/template/change';
import { referencesIn } from '@aws-delivery/template/dependency';
import type { Resource } from '@aws-delivery/template/resource';
import type { Template } from '@aws-delivery/template/template';
import type { Mapping } from '@aws-delivery/template/value';
import type { Document } from '../../call.js';
import { type Blueprint, KNOWN_AFTER_APPLY, type Lookup } from './blueprint.js';
import type { ChangeSet } from './change-set.js';
import { STACK_TYPE } from './journal.js';
import type { NestedStacks } from './nested.js';
import type { Shapes } from './shape.js';
import { type ResourceVersion, type Stack, standing } from './stack.js';
import { judged } from './template-source.js';

export type Replacement = 'True' | 'False' | 'Conditional';

/** One line of a change set. */
export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly type: string;
  readonly resource: Resource;
  readonly differences: readonly Difference[];
  readonly physicalId?: string;
  readonly replacement?: Replacement;
  readonly before?: Mapping;
  readonly after?: Mapping;
}

const isLater = (value: unknown): boolean => (JSON.stringify(value) ?? '').includes(KNOWN_AFTER_APPLY);

/** Compares what a stack has with what a blueprint wants, resource by resource. */
export class Comparison {
  /** Resources that other values must wait for. */
  readonly #later = new Set<string>();

  constructor(
    private readonly stack: Stack,
    private readonly blueprint: Blueprint,
    private readonly shapes: Shapes,
    private readonly nesting: NestedStacks,
  ) {}

  readonly #lookup: Lookup = (logicalId) =>
    this.#later.has(logicalId) ? 'later' : (standing(this.stack.resourceFinally(logicalId)) ?? 'later');

  /** The changes, in the order they would be made; removals last. */
  changes(): readonly Change[] {
    const { order, resources } = this.blueprint;
    const wanted = order.flatMap((logicalId) => {
      const resource = resources.get(logicalId);
      return resource === undefined ? [] : (this.#change(resource) ?? []);
    });
    const gone = [...this.stack.versions().values()].filter(({ resource }) => !resources.has(resource.logicalId));
    return [...wanted, ...gone.map(removal)];
  }

  /** Whether the outputs will be others, as far as that is known before. */
  hasOtherOutputs(): boolean {
    const after = judged(() => this.blueprint.outputs(this.#lookup));
    return JSON.stringify(after) !== JSON.stringify(this.stack.final().deployed.outputs);
  }

  #change(resource: Resource): Change | undefined {
    const fact = this.stack.resourceFinally(resource.logicalId);
    const current = standing(fact);
    const after = judged(() => this.blueprint.properties(resource, this.#lookup));
    const { logicalId, type } = resource;
    if (current === undefined) {
      this.#later.add(logicalId);
      return { action: 'Add', logicalId, type, resource, after, differences: [] };
    }
    const { physicalId, properties } = current;
    const differences = resourceDifferences({ ...current.resource, properties }, { ...resource, properties: after });
    const isSettled = current.nested === undefined || this.nesting.isSettled(current.nested, after);
    const isSame = differences.length === 0 && current.resource.type === type && isSettled;
    if (isSame && fact?.status !== 'UPDATE_FAILED') return undefined;
    const replacement = current.resource.type === type ? this.#replacement(type, differences) : 'True';
    if (replacement !== 'False') this.#later.add(logicalId);
    const before = properties;
    return { action: 'Modify', logicalId, type, resource, physicalId, replacement, differences, before, after };
  }

  #replacement(type: string, differences: readonly Difference[]): Replacement {
    const { replace, conditional } = this.shapes.of(type);
    const touched = differences.filter(({ property }) => property !== undefined);
    const replacing = touched.filter(({ property = '' }) => replace.includes(property));
    if (replacing.some(({ after }) => !isLater(after))) return 'True';
    const maybe = touched.some(({ property = '' }) => conditional.includes(property));
    return replacing.length > 0 || maybe ? 'Conditional' : 'False';
  }
}

const removal = ({ resource, physicalId, properties }: ResourceVersion): Change => {
  const { logicalId, type } = resource;
  return { action: 'Remove', logicalId, type, resource, physicalId, before: properties, differences: [] };
};

const policyOf = ({ action, replacement, resource }: Change): string | undefined => {
  const of = (policy = 'Delete') => (policy === 'RetainExceptOnCreate' ? 'Retain' : policy);
  if (action === 'Remove') return of(resource.deletionPolicy);
  if (replacement === undefined || replacement === 'False') return undefined;
  return `ReplaceAnd${of(resource.updateReplacePolicy)}`;
};

const sourceOf = (difference: Difference, { resource }: Change, { parameters }: Template) => {
  const declared = difference.property === undefined ? undefined : resource.properties[difference.property];
  const [reference] = declared === undefined ? [] : referencesIn(declared);
  if (reference === undefined) return { ChangeSource: 'DirectModification' };
  const { name, attribute } = reference;
  if (parameters.has(name)) return { ChangeSource: 'ParameterReference', CausingEntity: name };
  return attribute === undefined
    ? { ChangeSource: 'ResourceReference', CausingEntity: name }
    : { ChangeSource: 'ResourceAttribute', CausingEntity: `${name}.${attribute}` };
};

const text = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

export interface ChangeView {
  readonly set: ChangeSet;
  readonly shapes: Shapes;
  /** Values of properties are shown on request only (`IncludePropertyValues`). */
  readonly values: boolean;
}

const describeDifference = (difference: Difference, change: Change, { set, shapes, values }: ChangeView): Document => {
  const { attribute, property = '', before, after } = difference;
  const { replace, conditional } = shapes.of(change.type);
  const recreation = replace.includes(property) ? 'Always' : conditional.includes(property) ? 'Conditionally' : 'Never';
  const shown = values
    ? {
        Path: property === '' ? `/${attribute}` : `/Properties/${property}`,
        BeforeValue: text(before),
        AfterValue: text(after),
        AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
      }
    : {};
  return {
    Target: {
      Attribute: attribute,
      ...(property === '' ? {} : { Name: property }),
      RequiresRecreation: isLater(after) && recreation === 'Always' ? 'Conditionally' : recreation,
      ...shown,
    },
    Evaluation: isLater(after) ? 'Dynamic' : 'Static',
    ...sourceOf(difference, change, set.order.deployed.blueprint.template),
  };
};

/** A changed parameter always makes two details, the first of them dynamic (user guide, "Example change sets"). */
const paired = (detail: Document): readonly Document[] =>
  detail['ChangeSource'] === 'ParameterReference'
    ? [{ Target: detail['Target'], Evaluation: 'Dynamic', ChangeSource: 'DirectModification' }, detail]
    : [detail];

/** A change as DescribeChangeSet shows it. */
export const describeChange = (change: Change, view: ChangeView): Document => {
  const { action, logicalId, type, physicalId, replacement, differences, before, after } = change;
  const context = (properties: Mapping | undefined) =>
    properties === undefined ? undefined : JSON.stringify({ Properties: properties });
  const automatic = {
    Target: { Attribute: 'Properties', RequiresRecreation: 'Never' },
    Evaluation: 'Dynamic',
    ChangeSource: 'Automatic',
  };
  const isNested = type === STACK_TYPE && action === 'Modify' && differences.length === 0;
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: policyOf(change),
      Action: action,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Replacement: replacement,
      Scope: isNested ? ['Properties'] : [...new Set(differences.map(({ attribute }) => attribute))],
      Details: isNested
        ? [automatic]
        : differences.flatMap((difference) => paired(describeDifference(difference, change, view))),
      ChangeSetId: view.set.nested.get(logicalId)?.id,
      ...(view.values ? { BeforeContext: context(before), AfterContext: context(after) } : {}),
    },
  };
};
