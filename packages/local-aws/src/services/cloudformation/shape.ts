import type { Resource } from '@aws-delivery/template/resource';
import { type Mapping, textOfScalar, type Value } from '@aws-delivery/template/value';
import type { Random } from '../../random.js';
import { fill, type Place, urlSuffix } from './place.js';
import { lowerCaseTypes, RESOURCE_TYPES } from './resource-type.js';
import type { CloudFormationScenario, TypeShape } from './scenario.js';
import type { ResourceVersion } from './stack.js';

const EMPTY: TypeShape = { ref: '${Name}', attributes: {}, replace: [], conditional: [] };

/** A value somewhere inside properties, by `a.b.0.c`. */
export const valueAt = (properties: Mapping, path: string): Value | undefined => {
  let value: unknown = properties;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Object.entries(value).find(([key]) => key === step)?.[1];
  }
  return value as Value;
};

/** What resources look like: physical ids, attributes and replacements, from data alone. */
export class Shapes {
  constructor(
    private readonly scenario: CloudFormationScenario,
    private readonly random: Random,
  ) {}

  of(type: string): TypeShape {
    return this.scenario.types[type] ?? { ...EMPTY, ...RESOURCE_TYPES.get(type) };
  }

  /** A new physical resource. */
  make(resource: Resource, properties: Mapping, place: Place): ResourceVersion {
    const { name = '' } = this.of(resource.type);
    const names = new Map([
      // an address gives its name without the scheme, as identity providers have it
      ['Name', textOfScalar(properties[name])?.replace(/^https:\/\//, '') ?? this.#nameOf(resource, place)],
      ['Unique', this.random.hex(17)],
    ]);
    return this.#version(resource, properties, place, names);
  }

  /** The same physical resource with other properties. */
  change(before: ResourceVersion, resource: Resource, properties: Mapping, place: Place): ResourceVersion {
    return { ...this.#version(resource, properties, place, before.names), physicalId: before.physicalId };
  }

  #nameOf({ logicalId, type }: Resource, stack: Place): string {
    const name = `${stack.name}-${logicalId}-${this.random.upper(12)}`;
    return lowerCaseTypes.has(type) ? name.toLowerCase() : name;
  }

  #version(resource: Resource, properties: Mapping, place: Place, names: ReadonlyMap<string, string>): ResourceVersion {
    const shape = this.of(resource.type);
    const known = new Map([...names, ...placeNames(place), ['LogicalId', resource.logicalId]]);
    const look = (name: string) =>
      known.get(name) ??
      (name.startsWith('Properties.')
        ? textOfScalar(valueAt(properties, name.slice('Properties.'.length)))
        : undefined);
    const physicalId = fill(shape.ref, look);
    known.set('PhysicalId', physicalId);
    const attributes = Object.entries(shape.attributes).map(([name, text]): [string, string] => [
      name,
      fill(text, look),
    ]);
    return { resource, physicalId, names, properties, attributes: new Map(attributes) };
  }
}

const placeNames = ({ account, region, partition, name }: Place): readonly [string, string][] => [
  ['AccountId', account],
  ['Region', region],
  ['Partition', partition],
  ['StackName', name],
  ['URLSuffix', urlSuffix(partition)],
];
