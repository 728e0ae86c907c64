import type { Template } from '@aws-delivery/template/template';
import { isList, isMapping, type Path, type Value } from '@aws-delivery/template/value';
import { INCLUDE_RULE, METADATA_RULES, RESOURCE_RULES, type Rule } from './packaging-rule.js';

/** A local path in a template. */
export interface LocalReference {
  readonly rule: Rule;
  /** Where the value stands in the document. */
  readonly path: Path;
  /** As it is written. */
  readonly text: string;
}

/** A text that is no address: intrinsic functions are mappings, and what is in S3 already has a scheme. */
const isLocal = (value: Value | undefined): value is string =>
  typeof value === 'string' && value.trim() !== '' && !/^(?!file:)[a-z][a-z0-9+.-]+:/iu.test(value);

const valueAt = (value: Value | undefined, path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>((found, key) => (isMapping(found) ? found[key] : undefined), value);

const byRule = (value: Value | undefined, path: Path, rule: Rule): readonly LocalReference[] => {
  const text = valueAt(value, rule.property);
  return isLocal(text) ? [{ rule, path: [...path, ...rule.property], text }] : [];
};

const inResource = (resource: Value, path: Path): readonly LocalReference[] => {
  const { Type: type, Properties: properties } = isMapping(resource) ? resource : {};
  const rules = typeof type === 'string' && Object.hasOwn(RESOURCE_RULES, type) ? RESOURCE_RULES[type] : undefined;
  return (rules ?? []).flatMap((rule) => byRule(properties, [...path, 'Properties'], rule));
};

/** Resources, and those that a loop (`Fn::ForEach::…: [name, values, resources]`) makes. */
const inResources = (resources: Value | undefined, path: Path): readonly LocalReference[] =>
  Object.entries(isMapping(resources) ? resources : {}).flatMap(([name, resource]) =>
    name.startsWith('Fn::ForEach::') && isList(resource)
      ? inResources(resource[2], [...path, name, 2])
      : inResource(resource, [...path, name]),
  );

const inMetadata = (metadata: Value | undefined): readonly LocalReference[] =>
  Object.entries(METADATA_RULES).flatMap(([name, rules]) =>
    rules.flatMap((rule) => byRule(isMapping(metadata) ? metadata[name] : undefined, ['Metadata', name], rule)),
  );

const include = (transform: Value | undefined, path: Path): readonly LocalReference[] => {
  if (isList(transform)) return transform.flatMap((one, index) => include(one, [...path, index]));
  return isMapping(transform) && transform['Name'] === 'AWS::Include' ? byRule(transform, path, INCLUDE_RULE) : [];
};

const includesIn = (value: Value, path: Path): readonly LocalReference[] => {
  if (isList(value)) return value.flatMap((item, index) => includesIn(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, key];
    return [...(key === 'Fn::Transform' ? include(item, here) : []), ...includesIn(item, here)];
  });
};

/** Every local path in a template, wherever `aws cloudformation package` would look for one. */
export const localReferencesIn = ({ document }: Pick<Template, 'document'>): readonly LocalReference[] => [
  ...inMetadata(document['Metadata']),
  ...inResources(document['Resources'], ['Resources']),
  ...include(document['Transform'], ['Transform']),
  ...includesIn(document, []),
];
