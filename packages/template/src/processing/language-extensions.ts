import { TemplateError } from '../error.js';
import { type EvaluationScope, evaluate } from '../intrinsic.js';
import { replaceDocument, type Template } from '../template.js';
import { findIntrinsic, isList, isMapping, type Mapping, toScalarString, type Value } from '../value.js';

/** The transform that expands loops and evaluates intrinsic functions where the language has none. */
export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

const LOOP_PREFIX = 'Fn::ForEach::';
/** CloudFormation's limit of loops inside loops. */
const MAX_LOOP_DEPTH = 5;
/** Resource attributes that may hold intrinsic functions only with the transform. */
const POLICY_ATTRIBUTES = ['DeletionPolicy', 'UpdateReplacePolicy'];

const createTransformError = (reason: string): TemplateError =>
  new TemplateError('service', `Transform ${LANGUAGE_EXTENSIONS} failed with: ${reason}`);

/** The values of a loop's identifier, by the loops around the current part. */
type LoopValues = ReadonlyMap<string, string>;

/** Replaces `${Name}`, and `&{Name}` with the letters and digits of the value. */
const replaceIdentifiers = (text: string, values: LoopValues): string =>
  text.replace(/([$&])\{([A-Za-z0-9]+)\}/g, (placeholder, marker: string, name: string) => {
    const value = values.get(name);
    if (value === undefined) return placeholder;
    return marker === '&' ? value.replace(/[^A-Za-z0-9]/g, '') : value;
  });

interface Loop {
  readonly name: string;
  readonly identifier: string;
  readonly collection: Value;
  readonly body: Mapping;
}

const parseLoop = (name: string, value: Value): Loop => {
  const [identifier, collection, body, ...others] = isList(value) ? value : [];
  const isComplete = typeof identifier === 'string' && collection !== undefined && isMapping(body);
  if (!isComplete || others.length > 0) throw createTransformError(`${name} layout is incorrect`);
  const keys = Object.keys(body).filter((key) => !key.startsWith(LOOP_PREFIX));
  const constant = keys.find((key) => !key.includes(`{${identifier}}`));
  if (constant !== undefined) throw createTransformError(`${name}: the key ${constant} has no \${${identifier}}`);
  return { name, identifier, collection, body };
};

/** Expands the loops of one document. */
class LoopExpansion {
  constructor(private readonly scope: EvaluationScope) {}

  /** A part with the identifiers of the loops around it replaced, and the loops in it expanded. */
  expand(value: Value, values: LoopValues, depth = 0): Value {
    if (typeof value === 'string') return replaceIdentifiers(value, values);
    if (isList(value)) return value.map((item) => this.expand(item, values, depth));
    if (!isMapping(value)) return value;
    const intrinsic = findIntrinsic(value);
    if (intrinsic?.name === 'Ref') return this.expandRef(intrinsic.argument, values);
    if (intrinsic?.name === 'Fn::GetAtt') return { 'Fn::GetAtt': this.expandName(intrinsic.argument, values) };
    return this.expandMapping(value, values, depth);
  }

  private expandMapping(value: Mapping, values: LoopValues, depth: number): Mapping {
    const expanded = new Map<string, Value>();
    const add = (key: string, item: Value) => {
      if (expanded.has(key)) throw createTransformError(`Fn::ForEach could not be resolved: duplicate key ${key}`);
      expanded.set(key, item);
    };
    for (const [key, item] of Object.entries(value)) {
      if (!key.startsWith(LOOP_PREFIX)) add(replaceIdentifiers(key, values), this.expand(item, values, depth));
      else for (const [name, part] of this.expandLoop(parseLoop(key, item), values, depth + 1)) add(name, part);
    }
    return Object.fromEntries(expanded);
  }

  private expandRef(argument: Value, values: LoopValues): Value {
    const name = this.expandName(argument, values);
    return (typeof name === 'string' ? values.get(name) : undefined) ?? { Ref: name };
  }

  /** A name, or the list of a name and an attribute; intrinsic functions in it are evaluated. */
  private expandName(argument: Value, values: LoopValues): Value {
    const expanded = this.expand(argument, values);
    if (isList(expanded)) return expanded.map((item) => this.expandName(item, values));
    return isMapping(expanded) ? (evaluate(expanded, this.scope) ?? null) : expanded;
  }

  private expandLoop(
    { name, identifier, collection, body }: Loop,
    values: LoopValues,
    depth: number,
  ): readonly (readonly [string, Value])[] {
    if (depth > MAX_LOOP_DEPTH) throw createTransformError(`Fn::ForEach can be nested ${MAX_LOOP_DEPTH} times`);
    if (values.has(identifier) || this.scope.resolveReference(identifier) !== undefined)
      throw createTransformError(`${name}: identifier ${identifier} is used already`);
    return this.listItems(name, this.expand(collection, values, depth)).flatMap((item) => {
      const expanded = this.expand(body, new Map([...values, [identifier, item]]), depth);
      return isMapping(expanded) ? Object.entries(expanded) : [];
    });
  }

  /** Only parameters, pseudo parameters and mappings are known before there are resources. */
  private listItems(name: string, collection: Value): readonly string[] {
    const evaluated = evaluate(collection, this.scope);
    const items = (isList(evaluated) ? evaluated.flat() : []).map(toScalarString);
    if (!isList(evaluated) || items.includes(undefined)) throw createTransformError(`${name} layout is incorrect`);
    return items.filter((item) => item !== undefined);
  }
}

/** Evaluates the policies of a resource, which must be strings afterwards. */
const evaluatePolicies = (resource: Value, logicalId: string, scope: EvaluationScope): Value => {
  if (!isMapping(resource)) return resource;
  const policies = POLICY_ATTRIBUTES.flatMap((name) => {
    const policy = resource[name];
    if (policy === undefined) return [];
    const value = evaluate(policy, scope);
    if (typeof value === 'string') return [[name, value] as const];
    throw createTransformError(`${name} of ${logicalId} must be a string`);
  });
  return { ...resource, ...Object.fromEntries(policies) };
};

/**
 * A template with `Fn::ForEach` expanded and policies evaluated, as the transform does before CloudFormation creates
 * resources; a template without the transform is unchanged. Fn::Length, Fn::ToJsonString and the default of
 * Fn::FindInMap are left to the evaluation of properties.
 * @throws TemplateError `service`
 */
export const expandLanguageExtensions = (template: Template, scope: EvaluationScope): Template => {
  if (!template.transforms.includes(LANGUAGE_EXTENSIONS)) return template;
  const expanded = new LoopExpansion(scope).expand(template.document, new Map());
  const document = isMapping(expanded) ? expanded : {};
  const resources = isMapping(document['Resources'])
    ? Object.entries(document['Resources']).map(([id, resource]) => [id, evaluatePolicies(resource, id, scope)])
    : [];
  return replaceDocument(template, { ...document, Resources: Object.fromEntries(resources) });
};
