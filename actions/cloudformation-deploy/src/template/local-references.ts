import type { Template } from '@aws-delivery/template/template';
import { isList, isMapping, type Path, type Value } from '@aws-delivery/template/value';
import { INCLUDE_RULE, METADATA_RULES, type PackagingRule, RESOURCE_RULES } from './packaging-rules.js';

/** A local path in a template. */
export interface LocalReference {
  readonly rule: PackagingRule;
  /** Where the value stands in the document. */
  readonly path: Path;
  /** As it is written. */
  readonly localPath: string;
}

/** A text that is no address: intrinsic functions are mappings, and what is in S3 already has a scheme. */
const isLocal = (value: Value | undefined): value is string =>
  typeof value === 'string' && value.trim() !== '' && !/^(?!file:)[a-z][a-z0-9+.-]+:/iu.test(value);

const getValue = (value: Value | undefined, path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>((current, key) => (isMapping(current) ? current[key] : undefined), value);

const findByRule = (value: Value | undefined, path: Path, rule: PackagingRule): readonly LocalReference[] => {
  const localPath = getValue(value, rule.property);
  return isLocal(localPath) ? [{ rule, path: [...path, ...rule.property], localPath }] : [];
};

const findInResource = (resource: Value, path: Path): readonly LocalReference[] => {
  const { Type: type, Properties: properties } = isMapping(resource) ? resource : {};
  const rules = typeof type === 'string' && Object.hasOwn(RESOURCE_RULES, type) ? RESOURCE_RULES[type] : undefined;
  return (rules ?? []).flatMap((rule) => findByRule(properties, [...path, 'Properties'], rule));
};

/** Resources, and those that a loop (`Fn::ForEach::…: [name, values, resources]`) makes. */
const findInResources = (resources: Value | undefined, path: Path): readonly LocalReference[] =>
  Object.entries(isMapping(resources) ? resources : {}).flatMap(([name, resource]) =>
    name.startsWith('Fn::ForEach::') && isList(resource)
      ? findInResources(resource[2], [...path, name, 2])
      : findInResource(resource, [...path, name]),
  );

const findInMetadata = (metadata: Value | undefined): readonly LocalReference[] =>
  Object.entries(METADATA_RULES).flatMap(([name, rules]) =>
    rules.flatMap((rule) => findByRule(isMapping(metadata) ? metadata[name] : undefined, ['Metadata', name], rule)),
  );

const findInclude = (transform: Value | undefined, path: Path): readonly LocalReference[] => {
  if (isList(transform)) return transform.flatMap((item, index) => findInclude(item, [...path, index]));
  return isMapping(transform) && transform['Name'] === 'AWS::Include' ? findByRule(transform, path, INCLUDE_RULE) : [];
};

const findNestedIncludes = (value: Value, path: Path): readonly LocalReference[] => {
  if (isList(value)) return value.flatMap((item, index) => findNestedIncludes(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, key];
    return [...(key === 'Fn::Transform' ? findInclude(item, here) : []), ...findNestedIncludes(item, here)];
  });
};

/** Every local path in a template, wherever `aws cloudformation package` would look for one. */
export const findLocalReferences = ({ document }: Pick<Template, 'document'>): readonly LocalReference[] => [
  ...findInMetadata(document['Metadata']),
  ...findInResources(document['Resources'], ['Resources']),
  ...findInclude(document['Transform'], ['Transform']),
  ...findNestedIncludes(document, []),
];
