import { TemplateError } from './error.js';
import { splitAttribute } from './tag.js';
import { intrinsicOf, isList, isMapping, isSame, type Mapping, textOfScalar, type Value } from './value.js';

/** What an evaluation looks things up in. Undefined means: there is no such thing. */
export interface Scope {
  /** `Ref`: a parameter's value, a pseudo parameter's, a resource's. `AWS::NoValue` is not asked for. */
  reference(name: string): Value | undefined;
  /** `Fn::GetAtt`. */
  attribute(logicalId: string, attribute: string): Value | undefined;
  readonly mappings: Mapping;
  readonly conditions: ReadonlyMap<string, Value>;
  /** Another stack's export. */
  imported(name: string): string | undefined;
  /** Availability Zones of a Region. */
  zones(region: string): readonly string[];
}

type Evaluated = Value | undefined;
type Intrinsic = (argument: Value, scope: Scope) => Evaluated;

const impossible = (name: string, rule: string): TemplateError => new TemplateError('evaluation', `${name} ${rule}`);

const listOf = (name: string, value: Evaluated): readonly Value[] => {
  if (isList(value)) return value;
  throw impossible(name, 'takes a list');
};

const scalarOf = (name: string, value: Evaluated): string => {
  const text = textOfScalar(value);
  if (text !== undefined) return text;
  throw impossible(name, `takes texts, not ${JSON.stringify(value ?? null)}`);
};

const rawList = (name: string, argument: Value, least: number): readonly Value[] => {
  const list = listOf(name, argument);
  if (list.length >= least) return list;
  throw impossible(name, `takes ${least} values, not ${list.length}`);
};

const lookUp = (name: string, scope: Scope): Evaluated => {
  if (name === 'AWS::NoValue') return undefined;
  const value = scope.reference(name);
  if (value === undefined)
    throw new TemplateError('reference', `${name} is neither a parameter nor a resource that exists`);
  return value;
};

const getAttribute = (logicalId: string, attribute: string, scope: Scope): Value => {
  const value = scope.attribute(logicalId, attribute);
  if (value !== undefined) return value;
  throw new TemplateError('reference', `${logicalId} has no attribute ${attribute}`);
};

const substitute = (argument: Value, scope: Scope): Value => {
  const [text, variables] = isList(argument) ? argument : [argument, undefined];
  const own = isMapping(variables) ? variables : {};
  const replace = (name: string): Evaluated => {
    const replacement = own[name];
    if (replacement !== undefined) return compute(replacement, scope);
    const [id = '', attribute] = splitAttribute(name);
    return attribute === undefined ? lookUp(id, scope) : getAttribute(id, attribute, scope);
  };
  return scalarOf('Fn::Sub', text ?? null).replace(/\$\{(!?)([^{}]+)\}/g, (_whole, literal: string, name: string) =>
    literal === '!' ? `\${${name}}` : scalarOf('Fn::Sub', replace(name.trim())),
  );
};

const findInMap = (argument: Value, scope: Scope): Evaluated => {
  const [mapName, ...rest] = rawList('Fn::FindInMap', argument, 3).map((item) => compute(item, scope));
  const keys = [mapName, ...rest.slice(0, 2)].map((key) => scalarOf('Fn::FindInMap', key));
  let found: Value | undefined = scope.mappings;
  for (const key of keys) found = isMapping(found) ? found[key] : undefined;
  const fallback = rest[2];
  const value = found ?? (isMapping(fallback) ? fallback['DefaultValue'] : undefined);
  if (value !== undefined) return value;
  throw impossible('Fn::FindInMap', `finds nothing under ${keys.join('.')}`);
};

const select = (argument: Value, scope: Scope): Evaluated => {
  const [index, list] = rawList('Fn::Select', argument, 2).map((item) => compute(item, scope));
  const items = listOf('Fn::Select', list);
  const item = items[Number(scalarOf('Fn::Select', index))];
  if (item !== undefined) return item;
  throw impossible('Fn::Select', `cannot select nonexistent value at index ${scalarOf('Fn::Select', index)}`);
};

const conditionNamed = (name: string, scope: Scope): boolean => {
  const condition = scope.conditions.get(name);
  if (condition === undefined) throw new TemplateError('reference', `there is no condition ${name}`);
  return holds(condition, scope);
};

/** Whether a condition's expression is true. */
const holds = (expression: Value, scope: Scope): boolean => {
  const value = compute(expression, scope);
  return value === true || value === 'true';
};

const all = (name: string) => (argument: Value, scope: Scope) =>
  rawList(name, argument, 1).map((item) => holds(item, scope));

/** `[address block, how many, bits of each]` → that many address blocks, one after the other. IPv4 only. */
const cidr = (argument: Value, scope: Scope): Value => {
  const [block = '', count = '', bits = '8'] = rawList('Fn::Cidr', argument, 2).map((item) =>
    scalarOf('Fn::Cidr', compute(item, scope)),
  );
  const [address = '', prefix] = block.split('/');
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || octets.some(Number.isNaN))
    throw impossible('Fn::Cidr', `takes an IPv4 block, not ${block}`);
  const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** Number(bits);
  if (Number(count) * size > 2 ** (32 - Number(prefix)))
    throw impossible('Fn::Cidr', `does not fit ${count} blocks into ${block}`);
  return Array.from({ length: Number(count) }, (_, index) => {
    const start = first + index * size;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${32 - Number(bits)}`;
  });
};

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => lookUp(scalarOf('Ref', argument), scope),
  Condition: (argument, scope) => conditionNamed(scalarOf('Condition', argument), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [id, attribute] =
      typeof argument === 'string' ? splitAttribute(argument) : rawList('Fn::GetAtt', argument, 2);
    return getAttribute(scalarOf('Fn::GetAtt', id), scalarOf('Fn::GetAtt', compute(attribute ?? null, scope)), scope);
  },
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope) => {
    const [separator, list] = rawList('Fn::Join', argument, 2).map((item) => compute(item, scope));
    const texts = listOf('Fn::Join', list).map((item) => scalarOf('Fn::Join', item));
    return texts.join(scalarOf('Fn::Join', separator));
  },
  'Fn::If': (argument, scope) => {
    const [name = null, whenTrue = null, whenFalse = null] = rawList('Fn::If', argument, 3);
    return compute(conditionNamed(scalarOf('Fn::If', name), scope) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = rawList('Fn::Equals', argument, 2).map((item) => compute(item, scope));
    return isSame(left, right);
  },
  'Fn::Not': (argument, scope) => !all('Fn::Not')(argument, scope)[0],
  'Fn::And': (argument, scope) => all('Fn::And')(argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => all('Fn::Or')(argument, scope).some(Boolean),
  'Fn::Contains': (argument, scope) => {
    const [list, item] = rawList('Fn::Contains', argument, 2).map((part) => compute(part, scope));
    return listOf('Fn::Contains', list).some((member) => isSame(member, item));
  },
  'Fn::Select': select,
  'Fn::Split': (argument, scope) => {
    const [separator, text] = rawList('Fn::Split', argument, 2).map((item) => compute(item, scope));
    return scalarOf('Fn::Split', text).split(scalarOf('Fn::Split', separator));
  },
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': (argument, scope) => {
    const name = scalarOf('Fn::ImportValue', compute(argument, scope));
    const value = scope.imported(name);
    if (value === undefined) throw new TemplateError('reference', `no export named ${name} found`);
    return value;
  },
  'Fn::Base64': (argument, scope) =>
    Buffer.from(scalarOf('Fn::Base64', compute(argument, scope)), 'utf8').toString('base64'),
  'Fn::Cidr': cidr,
  'Fn::GetAZs': (argument, scope) => {
    const region = scalarOf('Fn::GetAZs', compute(argument, scope));
    return scope.zones(region === '' ? scalarOf('AWS::Region', scope.reference('AWS::Region')) : region);
  },
  'Fn::Length': (argument, scope) => listOf('Fn::Length', compute(argument, scope)).length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(compute(argument, scope) ?? null),
};

const compute = (value: Value, scope: Scope): Evaluated => {
  const intrinsic = intrinsicOf(value);
  if (intrinsic !== undefined) {
    const { name, argument } = intrinsic;
    const apply = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
    // A property may be called Condition (in policies it is): only a text names a condition of the template.
    if (name !== 'Condition' || typeof argument === 'string') {
      if (apply === undefined) throw impossible(name, 'cannot be evaluated outside CloudFormation');
      return apply(argument, scope);
    }
  }
  if (isList(value)) return value.map((item) => compute(item, scope)).filter((item) => item !== undefined);
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Evaluated] => [key, compute(item, scope)]);
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined));
};

/**
 * A value with its intrinsic functions computed; undefined where it is `AWS::NoValue`, which also takes members out of
 * lists and mappings.
 * @throws TemplateError `reference` or `evaluation`
 */
export const evaluate = (value: Value, scope: Scope): Value | undefined => compute(value, scope);

/** Whether the condition of that name holds. @throws TemplateError `reference` when there is none of that name */
export const evaluateCondition = (name: string, scope: Scope): boolean => conditionNamed(name, scope);
