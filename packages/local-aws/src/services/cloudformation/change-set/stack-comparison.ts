import { findReferences } from '@aws-delivery/template/dependency-graph';
import { type Difference, diffResource } from '@aws-delivery/template/resource-changes';
import type { Resource, Template } from '@aws-delivery/template/template';
import type { Mapping } from '@aws-delivery/template/value';
import type { Document } from '../../../api-call.js';
import type { NestedStacks } from '../operation/nested-stacks.js';
import type { ResourceAttributes } from '../resource/resource-attributes.js';
import { findUsableVersion, type ResourceVersion, type Stack } from '../stack/stack.js';
import { STACK_TYPE } from '../stack/stack-event-log.js';
import { KNOWN_AFTER_APPLY, type ResolvedTemplate, type ResourceLookup } from '../template/resolved-template.js';
import { withValidationErrors } from '../template/template-source.js';

export type Replacement = 'True' | 'False' | 'Conditional';

/** A change to one resource in a change set. */
export interface ResourceChange {
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

const isKnownAfterApply = (value: unknown): boolean => (JSON.stringify(value) ?? '').includes(KNOWN_AFTER_APPLY);

/** Compares a stack's resources with a resolved template. */
export class StackComparison {
  /** Logical ids of resources that will be created or replaced: references to them are not known yet. */
  private readonly pendingIds = new Set<string>();

  constructor(
    private readonly stack: Stack,
    private readonly resolvedTemplate: ResolvedTemplate,
    private readonly resourceAttributes: ResourceAttributes,
    private readonly nestedStacks: NestedStacks,
  ) {}

  private readonly findVersion: ResourceLookup = (logicalId) =>
    this.pendingIds.has(logicalId)
      ? 'pending'
      : (findUsableVersion(this.stack.getFinalResource(logicalId)) ?? 'pending');

  /** The changes in order of execution; removals are last. */
  listChanges(): readonly ResourceChange[] {
    const { order, resources } = this.resolvedTemplate;
    const changed = order.flatMap((logicalId) => {
      const resource = resources.get(logicalId);
      return resource === undefined ? [] : (this.compareResource(resource) ?? []);
    });
    const removed = [...this.stack.getFinalVersions().values()].filter(
      ({ resource }) => !resources.has(resource.logicalId),
    );
    return [...changed, ...removed.map(createRemoval)];
  }

  /** Whether outputs change, as far as this is known before the deployment. */
  hasOtherOutputs(): boolean {
    const after = withValidationErrors(() => this.resolvedTemplate.evaluateOutputs(this.findVersion));
    return JSON.stringify(after) !== JSON.stringify(this.stack.getFinalSnapshot().deployed.outputs);
  }

  private compareResource(resource: Resource): ResourceChange | undefined {
    const snapshot = this.stack.getFinalResource(resource.logicalId);
    const current = findUsableVersion(snapshot);
    const after = withValidationErrors(() => this.resolvedTemplate.evaluateProperties(resource, this.findVersion));
    const { logicalId, type } = resource;
    if (current === undefined) {
      this.pendingIds.add(logicalId);
      return { action: 'Add', logicalId, type, resource, after, differences: [] };
    }
    const { physicalId, properties } = current;
    const differences = diffResource({ ...current.resource, properties }, { ...resource, properties: after });
    const hasCurrentNested = current.nested === undefined || this.nestedStacks.isCurrent(current.nested, after);
    const isSame = differences.length === 0 && current.resource.type === type && hasCurrentNested;
    if (isSame && snapshot?.status !== 'UPDATE_FAILED') return undefined;
    const replacement = current.resource.type === type ? this.classifyReplacement(type, differences) : 'True';
    if (replacement !== 'False') this.pendingIds.add(logicalId);
    const before = properties;
    return { action: 'Modify', logicalId, type, resource, physicalId, replacement, differences, before, after };
  }

  private classifyReplacement(type: string, differences: readonly Difference[]): Replacement {
    const { replace, conditional } = this.resourceAttributes.getTypeSpec(type);
    const propertyDifferences = differences.filter(({ property }) => property !== undefined);
    const replacing = propertyDifferences.filter(({ property = '' }) => replace.includes(property));
    if (replacing.some(({ after }) => !isKnownAfterApply(after))) return 'True';
    const isConditional = propertyDifferences.some(({ property = '' }) => conditional.includes(property));
    return replacing.length > 0 || isConditional ? 'Conditional' : 'False';
  }
}

const createRemoval = ({ resource, physicalId, properties }: ResourceVersion): ResourceChange => {
  const { logicalId, type } = resource;
  return { action: 'Remove', logicalId, type, resource, physicalId, before: properties, differences: [] };
};

const getPolicyAction = ({ action, replacement, resource }: ResourceChange): string | undefined => {
  const normalizePolicy = (policy = 'Delete') => (policy === 'RetainExceptOnCreate' ? 'Retain' : policy);
  if (action === 'Remove') return normalizePolicy(resource.deletionPolicy);
  if (replacement === undefined || replacement === 'False') return undefined;
  return `ReplaceAnd${normalizePolicy(resource.updateReplacePolicy)}`;
};

const describeSource = (difference: Difference, { resource }: ResourceChange, { parameters }: Template) => {
  const declared = difference.property === undefined ? undefined : resource.properties[difference.property];
  const [reference] = declared === undefined ? [] : findReferences(declared);
  if (reference === undefined) return { ChangeSource: 'DirectModification' };
  const { name, attribute } = reference;
  if (parameters.has(name)) return { ChangeSource: 'ParameterReference', CausingEntity: name };
  return attribute === undefined
    ? { ChangeSource: 'ResourceReference', CausingEntity: name }
    : { ChangeSource: 'ResourceAttribute', CausingEntity: `${name}.${attribute}` };
};

const formatValue = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

export interface DescribeChangeOptions {
  readonly template: Template;
  readonly nestedChangeSets: ReadonlyMap<string, { readonly id: string }>;
  readonly resourceAttributes: ResourceAttributes;
  /** Whether to include property values (`IncludePropertyValues`). */
  readonly includeValues: boolean;
}

const describeDifference = (
  difference: Difference,
  change: ResourceChange,
  { template, resourceAttributes, includeValues }: DescribeChangeOptions,
): Document => {
  const { attribute, property = '', before, after } = difference;
  const { replace, conditional } = resourceAttributes.getTypeSpec(change.type);
  const recreation = replace.includes(property) ? 'Always' : conditional.includes(property) ? 'Conditionally' : 'Never';
  const valueMembers = includeValues
    ? {
        Path: property === '' ? `/${attribute}` : `/Properties/${property}`,
        BeforeValue: formatValue(before),
        AfterValue: formatValue(after),
        AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
      }
    : {};
  return {
    Target: {
      Attribute: attribute,
      ...(property === '' ? {} : { Name: property }),
      RequiresRecreation: isKnownAfterApply(after) && recreation === 'Always' ? 'Conditionally' : recreation,
      ...valueMembers,
    },
    Evaluation: isKnownAfterApply(after) ? 'Dynamic' : 'Static',
    ...describeSource(difference, change, template),
  };
};

/**
 * A changed parameter gives two details, the first of them dynamic (CloudFormation user guide, "Example change sets").
 */
const expandDetail = (detail: Document): readonly Document[] =>
  detail['ChangeSource'] === 'ParameterReference'
    ? [{ Target: detail['Target'], Evaluation: 'Dynamic', ChangeSource: 'DirectModification' }, detail]
    : [detail];

/** A change in the format of DescribeChangeSet. */
export const describeChange = (change: ResourceChange, options: DescribeChangeOptions): Document => {
  const { action, logicalId, type, physicalId, replacement, differences, before, after } = change;
  const formatContext = (properties: Mapping | undefined) =>
    properties === undefined ? undefined : JSON.stringify({ Properties: properties });
  const automaticDetail = {
    Target: { Attribute: 'Properties', RequiresRecreation: 'Never' },
    Evaluation: 'Dynamic',
    ChangeSource: 'Automatic',
  };
  const isNested = type === STACK_TYPE && action === 'Modify' && differences.length === 0;
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: getPolicyAction(change),
      Action: action,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Replacement: replacement,
      Scope: isNested ? ['Properties'] : [...new Set(differences.map(({ attribute }) => attribute))],
      Details: isNested
        ? [automaticDetail]
        : differences.flatMap((difference) => expandDetail(describeDifference(difference, change, options))),
      ChangeSetId: options.nestedChangeSets.get(logicalId)?.id,
      ...(options.includeValues ? { BeforeContext: formatContext(before), AfterContext: formatContext(after) } : {}),
    },
  };
};
