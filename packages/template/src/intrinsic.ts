import { TemplateError } from './error.js';
import { splitAttribute } from './short-tags.js';
import { findIntrinsic, isList, isMapping, isSame, type Mapping, toScalarString, type Value } from './value.js';

/** Lookups for an evaluation; undefined means not found. */
export interface EvaluationScope {
  /** `Ref` of a parameter, pseudo parameter or resource, except `AWS::NoValue`. */
  resolveReference(name: string): Value | undefined;
  /** `Fn::GetAtt`. */
  resolveAttribute(logicalId: string, attribute: string): Value | undefined;
  readonly mappings: Mapping;
  readonly conditions: ReadonlyMap<string, Value>;
  /** `Fn::ImportValue`. */
  findExport(name: string): string | undefined;
  /** `Fn::GetAZs`. */
  listZones(region: string): readonly string[];
}

type Evaluated = Value | undefined;
type Intrinsic = (argument: Value, scope: EvaluationScope) => Evaluated;

const createEvaluationError = (name: string, rule: string): TemplateError =>
  new TemplateError('evaluation', `${name} ${rule}`);

const requireList = (name: string, value: Evaluated): readonly Value[] => {
  if (isList(value)) return value;
  throw createEvaluationError(name, 'requires a list');
};

const requireScalar = (name: string, value: Evaluated): string => {
  const scalar = toScalarString(value);
  if (scalar !== undefined) return scalar;
  throw createEvaluationError(name, `requires a string, got ${JSON.stringify(value ?? null)}`);
};

const requireArguments = (name: string, argument: Value, minLength: number): readonly Value[] => {
  const list = requireList(name, argument);
  if (list.length >= minLength) return list;
  throw createEvaluationError(name, `requires ${minLength} values, got ${list.length}`);
};

const resolveName = (name: string, scope: EvaluationScope): Evaluated => {
  if (name === 'AWS::NoValue') return undefined;
  const value = scope.resolveReference(name);
  if (value === undefined) throw new TemplateError('reference', `${name} is not a parameter or an existing resource`);
  return value;
};

const getAttribute = (logicalId: string, attribute: string, scope: EvaluationScope): Value => {
  const value = scope.resolveAttribute(logicalId, attribute);
  if (value !== undefined) return value;
  throw new TemplateError('reference', `${logicalId} has no attribute ${attribute}`);
};

const evaluateSub = (argument: Value, scope: EvaluationScope): Value => {
  const [text, variables] = isList(argument) ? argument : [argument, undefined];
  const own = isMapping(variables) ? variables : {};
  const replace = (name: string): Evaluated => {
    const replacement = own[name];
    if (replacement !== undefined) return evaluate(replacement, scope);
    const [id = '', attribute] = splitAttribute(name);
    return attribute === undefined ? resolveName(id, scope) : getAttribute(id, attribute, scope);
  };
  return requireScalar('Fn::Sub', text ?? null).replace(
    /\$\{(!?)([^{}]+)\}/g,
    (_whole, literal: string, name: string) =>
      literal === '!' ? `\${${name}}` : requireScalar('Fn::Sub', replace(name.trim())),
  );
};

const evaluateFindInMap = (argument: Value, scope: EvaluationScope): Evaluated => {
  const [mapName, ...rest] = requireArguments('Fn::FindInMap', argument, 3).map((item) => evaluate(item, scope));
  const keys = [mapName, ...rest.slice(0, 2)].map((key) => requireScalar('Fn::FindInMap', key));
  let found: Value | undefined = scope.mappings;
  for (const key of keys) found = isMapping(found) ? found[key] : undefined;
  const fallback = rest[2];
  const value = found ?? (isMapping(fallback) ? fallback['DefaultValue'] : undefined);
  if (value !== undefined) return value;
  throw createEvaluationError('Fn::FindInMap', `has no value for ${keys.join('.')}`);
};

const evaluateSelect = (argument: Value, scope: EvaluationScope): Evaluated => {
  const [index, list] = requireArguments('Fn::Select', argument, 2).map((item) => evaluate(item, scope));
  const items = requireList('Fn::Select', list);
  const item = items[Number(requireScalar('Fn::Select', index))];
  if (item !== undefined) return item;
  throw createEvaluationError(
    'Fn::Select',
    `cannot select nonexistent value at index ${requireScalar('Fn::Select', index)}`,
  );
};

/**
 * Whether a condition is true.
 * @throws TemplateError `reference` when the template declares no condition of that name
 */
export const evaluateCondition = (name: string, scope: EvaluationScope): boolean => {
  const condition = scope.conditions.get(name);
  if (condition === undefined) throw new TemplateError('reference', `condition ${name} is not declared`);
  return isTrue(condition, scope);
};

/** Whether a condition's expression is true. */
const isTrue = (expression: Value, scope: EvaluationScope): boolean => {
  const value = evaluate(expression, scope);
  return value === true || value === 'true';
};

const evaluateEach = (name: string) => (argument: Value, scope: EvaluationScope) =>
  requireArguments(name, argument, 1).map((item) => isTrue(item, scope));

/** `[ipBlock, count, cidrBits]` → `count` consecutive blocks with `cidrBits` host bits each. IPv4 only. */
const evaluateCidr = (argument: Value, scope: EvaluationScope): Value => {
  const [block = '', count = '', bits = '8'] = requireArguments('Fn::Cidr', argument, 2).map((item) =>
    requireScalar('Fn::Cidr', evaluate(item, scope)),
  );
  const [address = '', prefix] = block.split('/');
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || octets.some(Number.isNaN))
    throw createEvaluationError('Fn::Cidr', `requires an IPv4 block, got ${block}`);
  const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** Number(bits);
  if (Number(count) * size > 2 ** (32 - Number(prefix)))
    throw createEvaluationError('Fn::Cidr', `cannot fit ${count} blocks into ${block}`);
  return Array.from({ length: Number(count) }, (_, index) => {
    const start = first + index * size;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${32 - Number(bits)}`;
  });
};

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => resolveName(requireScalar('Ref', argument), scope),
  Condition: (argument, scope) => evaluateCondition(requireScalar('Condition', argument), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [id, attribute] =
      typeof argument === 'string' ? splitAttribute(argument) : requireArguments('Fn::GetAtt', argument, 2);
    return getAttribute(
      requireScalar('Fn::GetAtt', id),
      requireScalar('Fn::GetAtt', evaluate(attribute ?? null, scope)),
      scope,
    );
  },
  'Fn::Sub': evaluateSub,
  'Fn::Join': (argument, scope) => {
    const [separator, list] = requireArguments('Fn::Join', argument, 2).map((item) => evaluate(item, scope));
    const texts = requireList('Fn::Join', list).map((item) => requireScalar('Fn::Join', item));
    return texts.join(requireScalar('Fn::Join', separator));
  },
  'Fn::If': (argument, scope) => {
    const [name = null, whenTrue = null, whenFalse = null] = requireArguments('Fn::If', argument, 3);
    return evaluate(evaluateCondition(requireScalar('Fn::If', name), scope) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = requireArguments('Fn::Equals', argument, 2).map((item) => evaluate(item, scope));
    return isSame(left, right);
  },
  'Fn::Not': (argument, scope) => !evaluateEach('Fn::Not')(argument, scope)[0],
  'Fn::And': (argument, scope) => evaluateEach('Fn::And')(argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => evaluateEach('Fn::Or')(argument, scope).some(Boolean),
  'Fn::Contains': (argument, scope) => {
    const [list, item] = requireArguments('Fn::Contains', argument, 2).map((part) => evaluate(part, scope));
    return requireList('Fn::Contains', list).some((member) => isSame(member, item));
  },
  'Fn::Select': evaluateSelect,
  'Fn::Split': (argument, scope) => {
    const [separator, text] = requireArguments('Fn::Split', argument, 2).map((item) => evaluate(item, scope));
    return requireScalar('Fn::Split', text).split(requireScalar('Fn::Split', separator));
  },
  'Fn::FindInMap': evaluateFindInMap,
  'Fn::ImportValue': (argument, scope) => {
    const name = requireScalar('Fn::ImportValue', evaluate(argument, scope));
    const value = scope.findExport(name);
    if (value === undefined) throw new TemplateError('reference', `no export named ${name} found`);
    return value;
  },
  'Fn::Base64': (argument, scope) =>
    Buffer.from(requireScalar('Fn::Base64', evaluate(argument, scope)), 'utf8').toString('base64'),
  'Fn::Cidr': evaluateCidr,
  'Fn::GetAZs': (argument, scope) => {
    const region = requireScalar('Fn::GetAZs', evaluate(argument, scope));
    return scope.listZones(
      region === '' ? requireScalar('AWS::Region', scope.resolveReference('AWS::Region')) : region,
    );
  },
  'Fn::Length': (argument, scope) => requireList('Fn::Length', evaluate(argument, scope)).length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(evaluate(argument, scope) ?? null),
};

/**
 * A value with its intrinsic functions evaluated. `AWS::NoValue` evaluates to undefined and removes members from lists
 * and mappings.
 * @throws TemplateError `reference` or `evaluation`
 */
export const evaluate = (value: Value, scope: EvaluationScope): Evaluated => {
  const intrinsic = findIntrinsic(value);
  if (intrinsic !== undefined) {
    const { name, argument } = intrinsic;
    const apply = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
    // IAM policies have a property Condition; only a string argument names a condition of the template.
    if (name !== 'Condition' || typeof argument === 'string') {
      if (apply === undefined) throw createEvaluationError(name, 'cannot be evaluated outside CloudFormation');
      return apply(argument, scope);
    }
  }
  if (isList(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== undefined);
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Evaluated] => [key, evaluate(item, scope)]);
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined));
};
