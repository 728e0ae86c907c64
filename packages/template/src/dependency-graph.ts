import { TemplateError } from './error.js';
import { splitAttribute } from './short-tags.js';
import type { Resource, Template } from './template.js';
import { findIntrinsic, isList, isMapping, type Path, type Value } from './value.js';

/** A reference to a parameter, pseudo parameter or resource. */
export interface Reference {
  /** Logical id, parameter name, or `AWS::…`. */
  readonly name: string;
  /** Attribute of a resource, for `Fn::GetAtt` and `${A.B}`; undefined for `Ref`. */
  readonly attribute: string | undefined;
  readonly path: Path;
}

/** Decides which branch of `Fn::If` is followed; undefined follows both. */
export type ConditionResolver = (condition: string) => boolean | undefined;

const leaveUndecided: ConditionResolver = () => undefined;

/** Names in `${…}` of a string for `Fn::Sub`, without `${!literal}`. */
const findPlaceholders = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{([^!{}][^{}]*)\}/g)].map(([, name = '']) => name.trim());

const createReference = (name: string, path: Path): Reference => {
  const [id = '', attribute] = splitAttribute(name);
  return { name: id, attribute, path };
};

const findSubReferences = (argument: Value, path: Path, resolveCondition: ConditionResolver): readonly Reference[] => {
  const [text, variables] = isList(argument) ? argument : [argument, undefined];
  const own = isMapping(variables) ? variables : {};
  const names = typeof text === 'string' ? findPlaceholders(text).filter((name) => !Object.hasOwn(own, name)) : [];
  return [
    ...names.map((name) => createReference(name, path)),
    ...findReferences(own, [...path, 'Fn::Sub', 1], resolveCondition),
  ];
};

const findGetAttReferences = (
  argument: Value,
  path: Path,
  resolveCondition: ConditionResolver,
): readonly Reference[] => {
  const [name, attribute] = typeof argument === 'string' ? splitAttribute(argument) : isList(argument) ? argument : [];
  if (typeof name !== 'string') return [];
  const own = { name, attribute: typeof attribute === 'string' ? attribute : '', path };
  return [own, ...findReferences(attribute ?? null, [...path, 'Fn::GetAtt', 1], resolveCondition)];
};

const findIfReferences = (argument: Value, path: Path, resolveCondition: ConditionResolver): readonly Reference[] => {
  if (!isList(argument)) return [];
  const [condition, whenTrue = null, whenFalse = null] = argument;
  const chosen = typeof condition === 'string' ? resolveCondition(condition) : undefined;
  return [
    ...(chosen === false ? [] : findReferences(whenTrue, [...path, 'Fn::If', 1], resolveCondition)),
    ...(chosen === true ? [] : findReferences(whenFalse, [...path, 'Fn::If', 2], resolveCondition)),
  ];
};

/** Every reference in a value, in document order. */
export const findReferences = (
  value: Value,
  path: Path = [],
  resolveCondition: ConditionResolver = leaveUndecided,
): readonly Reference[] => {
  const intrinsic = findIntrinsic(value);
  if (intrinsic?.name === 'Ref' && typeof intrinsic.argument === 'string') {
    return [{ name: intrinsic.argument, attribute: undefined, path }];
  }
  if (intrinsic?.name === 'Fn::GetAtt') return findGetAttReferences(intrinsic.argument, path, resolveCondition);
  if (intrinsic?.name === 'Fn::Sub') return findSubReferences(intrinsic.argument, path, resolveCondition);
  if (intrinsic?.name === 'Fn::If') return findIfReferences(intrinsic.argument, path, resolveCondition);
  if (isList(value)) return value.flatMap((item, index) => findReferences(item, [...path, index], resolveCondition));
  if (isMapping(value)) {
    return Object.entries(value).flatMap(([key, item]) => findReferences(item, [...path, key], resolveCondition));
  }
  return [];
};

/** Every reference in a resource's properties. */
export const findResourceReferences = (
  resource: Resource,
  resolveCondition: ConditionResolver = leaveUndecided,
): readonly Reference[] =>
  findReferences(resource.properties, ['Resources', resource.logicalId, 'Properties'], resolveCondition);

/** Logical id → logical ids of the resources it depends on (references and `DependsOn`). */
export type DependencyGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** The dependencies of each resource; with `resolveCondition`, only through the branches taken. */
export const buildDependencyGraph = (
  template: Pick<Template, 'resources'>,
  resolveCondition: ConditionResolver = leaveUndecided,
): DependencyGraph =>
  new Map(
    [...template.resources].map(([logicalId, resource]) => {
      const needed = [
        ...resource.dependsOn,
        ...findResourceReferences(resource, resolveCondition).map(({ name }) => name),
      ];
      return [logicalId, new Set(needed.filter((name) => template.resources.has(name)))];
    }),
  );

/**
 * Logical ids in dependency order: each after its dependencies, otherwise in the order of the graph.
 * @throws TemplateError `reference` naming the resources of a cycle
 */
export const sortTopologically = (graph: DependencyGraph): readonly string[] => {
  const ordered: string[] = [];
  const open = new Set(graph.keys());
  while (open.size > 0) {
    const ready = [...open].filter((id) => [...(graph.get(id) ?? [])].every((need) => !open.has(need)));
    if (ready.length === 0) {
      const cycle = `circular dependency between resources: [${[...open].join(', ')}]`;
      throw new TemplateError('reference', `${cycle}: break it with a separate resource for the connection`);
    }
    for (const id of ready) open.delete(id);
    ordered.push(...ready);
  }
  return ordered;
};
