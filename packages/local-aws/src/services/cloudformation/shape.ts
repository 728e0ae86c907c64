import type { Resource } from '@aws-delivery/template/resource';
import { type Mapping, textOfScalar, type Value } from '@aws-delivery/template/value';
import type { Random } from '../../random.js';
import { fill, type Place, urlSuffix } from './place.js';
import { lowerCaseTypes, RESOURCE_TYPES } from './resource-type.js';
import type { CloudFormationScenario, TypeShape } from './scenario.js';
import type { ResourceVersion } from './stack.js';

const EMPTY: TypeShape = { ref: '${Name}', attributes: {}, replace: [], conditional: [], durations: {} };

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

  /** The name a resource is given by its own properties; undefined for one that CloudFormation names. */
  ownName(type: string, properties: Mapping): string | undefined {
    const { name } = this.of(type);
    return name === undefined ? undefined : textOfScalar(properties[name]);
  }

  /** A new physical resource. */
  make(resource: Resource, properties: Mapping, place: Place): ResourceVersion {
    const names = new Map([
      ['Name', this.ownName(resource.type, properties) ?? this.#nameOf(resource, place)],
      ['Unique', this.random.hex(17)],
    ]);
    return this.#version(resource, properties, place, names);
  }

  /** The same physical resource with other properties. */
  change(before: ResourceVersion, resource: Resource, properties: Mapping, place: Place): ResourceVersion {
    return { ...this.#version(resource, properties, place, before.names), physicalId: before.physicalId };
  }

  #nameOf({ logicalId, type }: Resource, { stackName }: Place): string {
    const name = `${stackName}-${logicalId}-${this.random.upper(12)}`;
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

const placeNames = ({ account, region, partition, stackName }: Place): readonly [string, string][] => [
  ['AccountId', account],
  ['Region', region],
  ['Partition', partition],
  ['StackName', stackName],
  ['URLSuffix', urlSuffix(partition)],
];
