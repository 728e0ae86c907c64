import { TemplateError } from './error.js';
import type { Resource } from './resource.js';
import { splitAttribute } from './tag.js';
import type { Template } from './template.js';
import { intrinsicOf, isList, isMapping, type Path, type Value } from './value.js';

/** One place where a value names a parameter, a pseudo parameter or a resource. */
export interface Reference {
  /** Logical id, parameter name, or `AWS::…`. */
  readonly name: string;
  /** Attribute of a resource, for `Fn::GetAtt` and `${A.B}`; undefined for `Ref`. */
  readonly attribute: string | undefined;
  readonly path: Path;
}

/** Which branch of `Fn::If` counts; undefined while conditions are not decided: then both do. */
export type Decide = (condition: string) => boolean | undefined;

const undecided: Decide = () => undefined;

/** Names in `${…}` of a text for `Fn::Sub`; `${!literal}` is none. */
export const placeholdersOf = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{([^!{}][^{}]*)\}/g)].map(([, name = '']) => name.trim());

const referenceTo = (name: string, path: Path): Reference => {
  const [id = '', attribute] = splitAttribute(name);
  return { name: id, attribute, path };
};

const inSub = (argument: Value, path: Path, decide: Decide): readonly Reference[] => {
  const [text, variables] = isList(argument) ? argument : [argument, undefined];
  const own = isMapping(variables) ? variables : {};
  const names = typeof text === 'string' ? placeholdersOf(text).filter((name) => !Object.hasOwn(own, name)) : [];
  return [...names.map((name) => referenceTo(name, path)), ...referencesIn(own, [...path, 'Fn::Sub', 1], decide)];
};

const inGetAtt = (argument: Value, path: Path, decide: Decide): readonly Reference[] => {
  const [name, attribute] = typeof argument === 'string' ? splitAttribute(argument) : isList(argument) ? argument : [];
  if (typeof name !== 'string') return [];
  const own = { name, attribute: typeof attribute === 'string' ? attribute : '', path };
  return [own, ...referencesIn(attribute ?? null, [...path, 'Fn::GetAtt', 1], decide)];
};

const inIf = (argument: Value, path: Path, decide: Decide): readonly Reference[] => {
  if (!isList(argument)) return [];
  const [condition, whenTrue = null, whenFalse = null] = argument;
  const chosen = typeof condition === 'string' ? decide(condition) : undefined;
  return [
    ...(chosen === false ? [] : referencesIn(whenTrue, [...path, 'Fn::If', 1], decide)),
    ...(chosen === true ? [] : referencesIn(whenFalse, [...path, 'Fn::If', 2], decide)),
  ];
};

/** Every reference in a value, in the order of the text. */
export const referencesIn = (value: Value, path: Path = [], decide: Decide = undecided): readonly Reference[] => {
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Ref' && typeof intrinsic.argument === 'string') {
    return [{ name: intrinsic.argument, attribute: undefined, path }];
  }
  if (intrinsic?.name === 'Fn::GetAtt') return inGetAtt(intrinsic.argument, path, decide);
  if (intrinsic?.name === 'Fn::Sub') return inSub(intrinsic.argument, path, decide);
  if (intrinsic?.name === 'Fn::If') return inIf(intrinsic.argument, path, decide);
  if (isList(value)) return value.flatMap((item, index) => referencesIn(item, [...path, index], decide));
  if (isMapping(value)) {
    return Object.entries(value).flatMap(([key, item]) => referencesIn(item, [...path, key], decide));
  }
  return [];
};

/** The references of a resource's properties and the like. */
export const referencesOf = (resource: Resource, decide: Decide = undecided): readonly Reference[] =>
  referencesIn(resource.properties, ['Resources', resource.logicalId, 'Properties'], decide);

/** Logical id → logical ids it needs first (references and `DependsOn`), among the resources given. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** What each resource of a template needs first. With `decide`, only through the branches that count. */
export const dependenciesOf = (template: Pick<Template, 'resources'>, decide: Decide = undecided): Graph =>
  new Map(
    [...template.resources].map(([logicalId, resource]) => {
      const needed = [...resource.dependsOn, ...referencesOf(resource, decide).map(({ name }) => name)];
      return [logicalId, new Set(needed.filter((name) => template.resources.has(name)))];
    }),
  );

/**
 * Logical ids so that each comes after what it needs; otherwise in the order of the graph.
 * @throws TemplateError `reference` naming the resources of a circle
 */
export const orderOf = (graph: Graph): readonly string[] => {
  const ordered: string[] = [];
  const open = new Set(graph.keys());
  while (open.size > 0) {
    const ready = [...open].filter((id) => [...(graph.get(id) ?? [])].every((need) => !open.has(need)));
    if (ready.length === 0) {
      const circle = `circular dependency between resources: [${[...open].join(', ')}]`;
      throw new TemplateError('reference', `${circle}: break it with a resource of its own for the link`);
    }
    for (const id of ready) open.delete(id);
    ordered.push(...ready);
  }
  return ordered;
};
