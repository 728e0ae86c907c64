import {
  buildDependencyGraph,
  type DependencyGraph,
  findResourceReferences,
  sortTopologically,
} from '@aws-delivery/template/dependency-graph';
import { type EvaluationScope, evaluate, evaluateCondition } from '@aws-delivery/template/intrinsic';
import { toParameterValue } from '@aws-delivery/template/parameter';
import { expandLanguageExtensions } from '@aws-delivery/template/processing/language-extensions';
import { findViolatedRules } from '@aws-delivery/template/processing/rules';
import type { Resource, Template } from '@aws-delivery/template/template';
import { isMapping, type Mapping, toScalarString, type Value } from '@aws-delivery/template/value';
import { validationError } from '../responses.js';
import type { CloudFormationScenario } from '../scenario.js';
import { getUrlSuffix, type StackRef } from '../stack/stack-ref.js';

/** Placeholder for a value that is known only after the change set is executed. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** The values that references to a physical resource evaluate to. */
export interface ReferenceTarget {
  readonly physicalId: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Finds the resource with a logical id; `pending` when the operation will create or replace it. */
export type ResourceLookup = (logicalId: string) => ReferenceTarget | 'pending' | undefined;

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

export interface PseudoParameters {
  readonly stackRef: StackRef;
  readonly notificationArns: readonly string[];
  readonly findExport: (name: string) => string | undefined;
  /** Values of parameters of SSM types, by parameter; `parameters` has the names of the SSM parameters. */
  readonly ssmValues: ReadonlyMap<string, string>;
}

/** A template with the parameters of one deployment: its resources, their order and their evaluated values. */
export class ResolvedTemplate {
  /** After the transform AWS::LanguageExtensions. */
  readonly template: Template;
  readonly resources: ReadonlyMap<string, Resource> = new Map();
  readonly graph: DependencyGraph;
  readonly order: readonly string[];
  /** Names of the exports evaluated so far. */
  readonly imports = new Set<string>();
  private readonly conditions: ReadonlyMap<string, boolean>;

  constructor(
    declared: Template,
    readonly parameters: ReadonlyMap<string, string>,
    readonly pseudoParameters: PseudoParameters,
  ) {
    this.template = declared;
    this.template = expandLanguageExtensions(
      declared,
      this.createScope(() => undefined),
    );
    const scope = this.createScope(() => undefined);
    this.conditions = new Map(
      [...this.template.conditions.keys()].map((name) => [name, evaluateCondition(name, scope)]),
    );
    this.resources = new Map(
      [...this.template.resources].filter(([, { condition }]) => this.isConditionMet(condition)),
    );
    this.graph = buildDependencyGraph(this, (name) => this.conditions.get(name));
    this.order = sortTopologically(this.graph);
  }

  /** The evaluated properties of a resource. @throws TemplateError */
  evaluateProperties(resource: Resource, lookup: ResourceLookup): Mapping {
    const value = evaluate(resource.properties, this.createScope(lookup));
    return isMapping(value) ? value : {};
  }

  evaluateOutputs(lookup: ResourceLookup): readonly StackOutput[] {
    const scope = this.createScope(lookup);
    return [...this.template.outputs.values()]
      .filter(({ condition }) => this.isConditionMet(condition))
      .map(({ name, value, description, exportName }) => ({
        key: name,
        value: formatValue(evaluate(value, scope)),
        description,
        exportName: exportName === undefined ? undefined : formatValue(evaluate(exportName, scope)),
      }));
  }

  /**
   * Validates attributes in Fn::GetAtt before any resource is created. `getAttributes` returns the attributes of a
   * type. @throws ServiceError
   */
  checkAttributes(getAttributes: (type: string) => object): void {
    for (const resource of this.resources.values()) {
      for (const { name, attribute } of findResourceReferences(resource, (condition) =>
        this.conditions.get(condition),
      )) {
        const type = this.resources.get(name)?.type;
        if (type === undefined || !attribute || attribute.startsWith('Outputs.')) continue;
        if (Object.hasOwn(getAttributes(type), attribute)) continue;
        const hint = `add the attributes of ${type} to cloudformation.types in the scenario`;
        throw validationError(
          `Template error: resource ${name} does not support attribute type ${attribute} in Fn::GetAtt (${hint})`,
        );
      }
    }
  }

  /** Evaluates Rules; `values` are the attributes that they look up. @throws ServiceError for the first violated one */
  checkRules(values: CloudFormationScenario['values']): void {
    const [violated] = findViolatedRules(this.template, {
      ...this.createScope(() => undefined),
      parameters: this.parameters,
      listParameterValues: (type) => (values[type] === undefined ? undefined : Object.keys(values[type])),
      findValueAttribute: (type, id, attribute) => values[type]?.[id]?.[attribute],
    });
    if (violated !== undefined) throw validationError(`Template error: Rule assertion failed: ${violated}`);
  }

  private isConditionMet(condition: string | undefined): boolean {
    return condition === undefined || this.conditions.get(condition) === true;
  }

  private createScope(lookup: ResourceLookup): EvaluationScope {
    const findResource = (logicalId: string) => (this.resources.has(logicalId) ? lookup(logicalId) : undefined);
    return {
      mappings: this.template.mappings,
      conditions: this.template.conditions,
      findExport: (name) => {
        this.imports.add(name);
        return this.pseudoParameters.findExport(name);
      },
      listZones: (region) => ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
      resolveReference: (name) => {
        const known = this.findParameter(name) ?? this.findPseudoParameter(name);
        if (known !== undefined) return known;
        const version = findResource(name);
        return version === 'pending' ? KNOWN_AFTER_APPLY : version?.physicalId;
      },
      resolveAttribute: (logicalId, attribute) => {
        const version = findResource(logicalId);
        return version === 'pending' ? KNOWN_AFTER_APPLY : version?.attributes.get(attribute);
      },
    };
  }

  private findParameter(name: string): Value | undefined {
    const parameter = this.template.parameters.get(name);
    const value = this.pseudoParameters.ssmValues.get(name) ?? this.parameters.get(name);
    if (parameter === undefined || value === undefined) return undefined;
    return toParameterValue(parameter, value);
  }

  private findPseudoParameter(name: string): Value | undefined {
    const { stackRef, notificationArns } = this.pseudoParameters;
    const values: Readonly<Record<string, Value>> = {
      'AWS::AccountId': stackRef.account,
      'AWS::NotificationARNs': notificationArns,
      'AWS::Partition': stackRef.partition,
      'AWS::Region': stackRef.region,
      'AWS::StackId': stackRef.id,
      'AWS::StackName': stackRef.name,
      'AWS::URLSuffix': getUrlSuffix(stackRef.partition),
    };
    return Object.hasOwn(values, name) ? values[name] : undefined;
  }
}

const formatValue = (value: Value | undefined): string => toScalarString(value) ?? JSON.stringify(value ?? '');
