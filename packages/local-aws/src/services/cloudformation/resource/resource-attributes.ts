import type { Resource } from '@aws-delivery/template/template';
import { type Mapping, toScalarString, type Value } from '@aws-delivery/template/value';
import type { Random } from '../../../random.js';
import type { CloudFormationScenario, ResourceTypeSpec } from '../scenario.js';
import type { ResourceVersion } from '../stack/stack.js';
import { getUrlSuffix, type StackRef } from '../stack/stack-ref.js';
import { findDeclaredType, LOWER_CASE_TYPES, RESOURCE_TYPES } from './resource-type.js';

const DEFAULT_TYPE_SPEC: ResourceTypeSpec = { ref: '${Name}', attributes: {}, replace: [], conditional: [] };

/** The value at a path such as `a.b.0.c`. */
export const getValueAt = (properties: Mapping, path: string): Value | undefined => {
  let value: unknown = properties;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Object.entries(value).find(([key]) => key === step)?.[1];
  }
  return value as Value;
};

/** Physical ids, attributes and replacement rules of resources, by resource type. */
export class ResourceAttributes {
  constructor(
    private readonly scenario: CloudFormationScenario,
    private readonly random: Random,
    /** The server's base URL. */
    private readonly getServerUrl: () => string,
  ) {}

  getTypeSpec(type: string): ResourceTypeSpec {
    return findDeclaredType(type, this.scenario) ?? { ...DEFAULT_TYPE_SPEC, ...RESOURCE_TYPES.get(type) };
  }

  /** Creates a physical resource. */
  createVersion(resource: Resource, properties: Mapping, stackRef: StackRef): ResourceVersion {
    const { name = '' } = this.getTypeSpec(resource.type);
    const names = new Map([
      // A URL as a name loses its scheme, as with OIDC providers.
      ['Name', toScalarString(properties[name])?.replace(/^https:\/\//, '') ?? this.generateName(resource, stackRef)],
      ['Unique', this.random.hex(17)],
    ]);
    return this.buildVersion(resource, properties, stackRef, names);
  }

  /** Updates a physical resource in place. */
  updateVersion(before: ResourceVersion, resource: Resource, properties: Mapping, stackRef: StackRef): ResourceVersion {
    return { ...this.buildVersion(resource, properties, stackRef, before.names), physicalId: before.physicalId };
  }

  /** The ARN of a resource, from a template of its type; `before` is its physical resource, if there is one. */
  buildArn(arn: string, resource: Resource, properties: Mapping, stackRef: StackRef, before?: ResourceVersion): string {
    const { name: nameProperty = '' } = this.getTypeSpec(resource.type);
    const name = toScalarString(properties[nameProperty]) ?? this.generateName(resource, stackRef, 'XXXXXXXXXXXX');
    const names = before?.names ?? new Map([['Name', name.replace(/^https:\/\//, '')]]);
    return expandPlaceholders(arn, this.createResolver(resource, properties, stackRef, names));
  }

  private generateName({ logicalId, type }: Resource, stackRef: StackRef, unique = this.random.upper(12)): string {
    const name = `${stackRef.name}-${logicalId}-${unique}`;
    return LOWER_CASE_TYPES.has(type) ? name.toLowerCase() : name;
  }

  private buildVersion(
    resource: Resource,
    properties: Mapping,
    stackRef: StackRef,
    names: ReadonlyMap<string, string>,
  ): ResourceVersion {
    const typeSpec = this.getTypeSpec(resource.type);
    const resolve = this.createResolver(resource, properties, stackRef, names);
    const physicalId = expandPlaceholders(typeSpec.ref, resolve);
    const resolveAttribute = (name: string) => (name === 'PhysicalId' ? physicalId : resolve(name));
    const attributes = Object.entries(typeSpec.attributes).map(([name, template]): [string, string] => [
      name,
      expandPlaceholders(template, resolveAttribute),
    ]);
    return { resource, physicalId, names, properties, attributes: new Map(attributes) };
  }

  private createResolver(
    { logicalId }: Resource,
    properties: Mapping,
    stackRef: StackRef,
    names: ReadonlyMap<string, string>,
  ): (name: string) => string | undefined {
    const known = new Map([
      ...names,
      ...buildPlaceholderNames(stackRef),
      ['LogicalId', logicalId],
      ['Path', toScalarString(properties['Path']) ?? '/'],
      ['ServerUrl', this.getServerUrl()],
    ]);
    return (name) =>
      known.get(name) ??
      (name.startsWith('Properties.')
        ? toScalarString(getValueAt(properties, name.slice('Properties.'.length)))
        : undefined);
  }
}

const buildPlaceholderNames = ({ account, region, partition, name }: StackRef): readonly [string, string][] => [
  ['AccountId', account],
  ['Region', region],
  ['Partition', partition],
  ['StackName', name],
  ['URLSuffix', getUrlSuffix(partition)],
];

/** Replaces `${Name}`. Unknown names stay, so that typing errors in a scenario are visible. */
export const expandPlaceholders = (template: string, resolve: (name: string) => string | undefined): string =>
  template.replace(/\$\{([^}$]+)\}/g, (placeholder, name: string) => resolve(name) ?? placeholder);
