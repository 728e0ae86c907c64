import { dependenciesOf, type Graph, orderOf, referencesOf } from '@aws-delivery/template/dependency';
import { evaluate, evaluateCondition, type Scope } from '@aws-delivery/template/intrinsic';
import { valueOfParameter } from '@aws-delivery/template/parameter';
import type { Resource } from '@aws-delivery/template/resource';
import type { Template } from '@aws-delivery/template/template';
import { isMapping, type Mapping, textOfScalar, type Value } from '@aws-delivery/template/value';
import { type Place, urlSuffix } from './place.js';
import { invalid } from './refusal.js';
import type { Shapes } from './shape.js';
import type { ResourceVersion, StackOutput } from './stack.js';

/** What a change set says of a value that is known only once it is executed. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** Resources that exist, by logical id; `later` where they are still to be made. */
export type Lookup = (logicalId: string) => ResourceVersion | 'later' | undefined;

export interface Surroundings {
  readonly place: Place;
  readonly notificationArns: readonly string[];
  readonly imported: (name: string) => string | undefined;
}

/** A template with the parameters of one deployment: which resources there are, in which order, with which values. */
export class Blueprint {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly graph: Graph;
  readonly order: readonly string[];
  /** Names of exports that were looked up so far. */
  readonly imports = new Set<string>();
  readonly #conditions: ReadonlyMap<string, boolean>;

  constructor(
    readonly template: Template,
    readonly parameters: ReadonlyMap<string, string>,
    private readonly around: Surroundings,
  ) {
    const scope = this.#scope(() => undefined);
    this.#conditions = new Map([...template.conditions.keys()].map((name) => [name, evaluateCondition(name, scope)]));
    this.resources = new Map([...template.resources].filter(([, { condition }]) => this.#holds(condition)));
    this.graph = dependenciesOf(this, (name) => this.#conditions.get(name));
    this.order = orderOf(this.graph);
  }

  /** A resource's properties with everything computed. @throws TemplateError where that cannot be */
  properties(resource: Resource, lookup: Lookup): Mapping {
    const value = evaluate(resource.properties, this.#scope(lookup));
    return isMapping(value) ? value : {};
  }

  outputs(lookup: Lookup): readonly StackOutput[] {
    const scope = this.#scope(lookup);
    return [...this.template.outputs.values()]
      .filter(({ condition }) => this.#holds(condition))
      .map(({ name, value, description, exportName }) => ({
        key: name,
        value: textOf(evaluate(value, scope)),
        description,
        exportName: exportName === undefined ? undefined : textOf(evaluate(exportName, scope)),
      }));
  }

  /** Attributes that no resource of their type has: refused before anything is made, as CloudFormation does. */
  checkAttributes(shapes: Shapes): void {
    for (const resource of this.resources.values()) {
      for (const { name, attribute } of referencesOf(resource, (condition) => this.#conditions.get(condition))) {
        const type = this.resources.get(name)?.type;
        if (type === undefined || !attribute || attribute.startsWith('Outputs.')) continue;
        if (Object.hasOwn(shapes.of(type).attributes, attribute)) continue;
        const hint = `local AWS takes attributes of ${type} from its scenario, cloudformation.types`;
        throw invalid(
          `Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt (${hint})`,
        );
      }
    }
  }

  #holds(condition: string | undefined): boolean {
    return condition === undefined || this.#conditions.get(condition) === true;
  }

  #scope(lookup: Lookup): Scope {
    const found = (logicalId: string) => (this.resources.has(logicalId) ? lookup(logicalId) : undefined);
    return {
      mappings: this.template.mappings,
      conditions: this.template.conditions,
      imported: (name) => {
        this.imports.add(name);
        return this.around.imported(name);
      },
      zones: (region) => ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
      reference: (name) => {
        const known = this.#parameter(name) ?? this.#pseudo(name);
        if (known !== undefined) return known;
        const version = found(name);
        return version === 'later' ? KNOWN_AFTER_APPLY : version?.physicalId;
      },
      attribute: (logicalId, attribute) => {
        const version = found(logicalId);
        return version === 'later' ? KNOWN_AFTER_APPLY : version?.attributes.get(attribute);
      },
    };
  }

  #parameter(name: string): Value | undefined {
    const parameter = this.template.parameters.get(name);
    const text = this.parameters.get(name);
    if (parameter === undefined || text === undefined) return undefined;
    return valueOfParameter(parameter, text);
  }

  #pseudo(name: string): Value | undefined {
    const { place, notificationArns } = this.around;
    const values: Readonly<Record<string, Value>> = {
      'AWS::AccountId': place.account,
      'AWS::NotificationARNs': notificationArns,
      'AWS::Partition': place.partition,
      'AWS::Region': place.region,
      'AWS::StackId': place.id,
      'AWS::StackName': place.name,
      'AWS::URLSuffix': urlSuffix(place.partition),
    };
    return Object.hasOwn(values, name) ? values[name] : undefined;
  }
}

const textOf = (value: Value | undefined): string => textOfScalar(value) ?? JSON.stringify(value ?? '');
