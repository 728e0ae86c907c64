import { isMapping } from '@aws-delivery/action-kit/parse';
import { ruleFault } from './flag-rule.js';

/** Something that AppConfig would refuse in feature flags, and where. */
export interface FlagFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Path = readonly (string | number)[];
type Mapping = Readonly<Record<string, unknown>>;

const KEY = /^[a-z][a-zA-Z\d_-]{0,63}$/;
const MOST_ATTRIBUTES = 25;
const LONGEST_VALUE = 1024;

const fault = (path: Path, message: string): readonly FlagFault[] => [{ path, message }];

const mappingAt = (
  value: unknown,
  path: Path,
  then: (mapping: Mapping) => readonly FlagFault[],
): readonly FlagFault[] => (isMapping(value) ? then(value) : fault(path, `'${path.join('.')}' is not a map`));

const entriesAt = (
  value: unknown,
  path: Path,
  each: (key: string, value: unknown, path: Path) => readonly FlagFault[],
): readonly FlagFault[] =>
  value === undefined
    ? []
    : mappingAt(value, path, (mapping) =>
        Object.entries(mapping).flatMap(([key, item]) => [
          ...(KEY.test(key)
            ? []
            : fault([...path, key], `'${key}' is no key: a small letter, then at most 63 of a-z A-Z 0-9 _ -`)),
          ...each(key, item, [...path, key]),
        ]),
      );

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
};

const constraintFaults = (value: unknown, path: Path): readonly FlagFault[] =>
  mappingAt(value, path, ({ type, pattern }) => [
    ...(typeof type === 'string' && type in TYPES
      ? []
      : fault([...path, 'type'], `'type' is ${JSON.stringify(type)}: one of ${Object.keys(TYPES).join(', ')}`)),
    ...(pattern === undefined || (typeof pattern === 'string' && isPattern(pattern))
      ? []
      : fault([...path, 'pattern'], `'pattern' ${JSON.stringify(pattern)} is no regular expression`)),
  ]);

const isPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
};

const FLAG_KEYS = ['name', 'description', 'attributes', '_createdAt', '_updatedAt', '_deprecation'];

const definitionFaults = (key: string, value: unknown, path: Path): readonly FlagFault[] =>
  mappingAt(value, path, (flag) => {
    const { name = key, attributes } = flag;
    const count = isMapping(attributes) ? Object.keys(attributes).length : 0;
    return [
      ...(typeof name === 'string' && name.length >= 1 && name.length <= 64
        ? []
        : fault([...path, 'name'], `'name' of '${key}' is not a text of 1 to 64 characters`)),
      ...Object.keys(flag)
        .filter((each) => !FLAG_KEYS.includes(each))
        .flatMap((each) => fault([...path, each], `'${each}' is not known in a flag: one of ${FLAG_KEYS.join(', ')}`)),
      ...(count <= MOST_ATTRIBUTES
        ? []
        : fault(path, `'${key}' has ${count} attributes, at most ${MOST_ATTRIBUTES} are allowed`)),
      ...entriesAt(attributes, [...path, 'attributes'], (_attribute, attribute, at) =>
        mappingAt(attribute, at, ({ constraints }) =>
          constraints === undefined ? [] : constraintFaults(constraints, [...at, 'constraints']),
        ),
      ),
    ];
  });

interface Constrained {
  readonly name: string;
  readonly value: unknown;
  readonly path: Path;
}

const rangeFault = ({ minimum, maximum, pattern, enum: choices }: Mapping, value: unknown): string | undefined => {
  if (typeof value === 'number' && typeof minimum === 'number' && value < minimum) return `is less than ${minimum}`;
  if (typeof value === 'number' && typeof maximum === 'number' && value > maximum) return `is more than ${maximum}`;
  if (
    typeof value === 'string' &&
    typeof pattern === 'string' &&
    isPattern(pattern) &&
    !new RegExp(pattern).test(value)
  ) {
    return `does not match ${pattern}`;
  }
  if (Array.isArray(choices) && !Array.isArray(value) && !choices.includes(value))
    return `is not one of ${choices.join(', ')}`;
  if (typeof value === 'string' && value.length > LONGEST_VALUE) return `is longer than ${LONGEST_VALUE} characters`;
  return undefined;
};

const elementFault = ({ elements, ...own }: Mapping, value: unknown): string | undefined => {
  if (!Array.isArray(value)) return undefined;
  const rules: Mapping = { ...(isMapping(elements) ? elements : {}), ...('enum' in own ? { enum: own['enum'] } : {}) };
  const type = String(rules['type'] ?? '');
  for (const item of value) {
    const wrong = TYPES[type]?.(item) === false ? `is not a ${type}` : rangeFault(rules, item);
    if (wrong !== undefined) return `has the element ${JSON.stringify(item)}, which ${wrong}`;
  }
  return undefined;
};

const attributeFaults = (constraints: Mapping, { name, value, path }: Constrained): readonly FlagFault[] => {
  if (value === undefined) {
    return constraints['required'] === true ? fault(path, `attribute '${name}' is required and not given`) : [];
  }
  const type = String(constraints['type']);
  const wrongType = TYPES[type]?.(value) === false ? `is not of type ${type}` : undefined;
  const wrong = wrongType ?? rangeFault(constraints, value) ?? elementFault(constraints, value);
  return wrong === undefined ? [] : fault([...path, name], `attribute '${name}': ${JSON.stringify(value)} ${wrong}`);
};

const attributesOf = (flag: Mapping): Mapping => (isMapping(flag['attributes']) ? flag['attributes'] : {});

const givenFaults = (flag: Mapping, given: Mapping, path: Path): readonly FlagFault[] => {
  const attributes = attributesOf(flag);
  const strangers = Object.keys(given).filter((name) => !Object.hasOwn(attributes, name));
  return [
    ...strangers.flatMap((name) => fault([...path, name], `attribute '${name}' is not declared in the flag`)),
    ...Object.entries(attributes).flatMap(([name, attribute]) => {
      const constraints = isMapping(attribute) && isMapping(attribute['constraints']) ? attribute['constraints'] : {};
      return attributeFaults(constraints, { name, value: given[name], path });
    }),
  ];
};

const enabledFault = (enabled: unknown, path: Path): readonly FlagFault[] =>
  typeof enabled === 'boolean'
    ? []
    : fault([...path, 'enabled'], `'enabled' is ${JSON.stringify(enabled)}: true or false`);

const ruleFaults = (variant: Mapping, isLast: boolean, path: Path): readonly FlagFault[] => {
  const { name, rule } = variant;
  if (isLast) {
    return rule === undefined ? [] : fault([...path, 'rule'], 'the last variant is for everybody else: it has no rule');
  }
  if (typeof rule !== 'string') return fault(path, `variant '${name}' has no rule, which only the last one may lack`);
  const wrong = ruleFault(rule);
  return wrong === undefined ? [] : fault([...path, 'rule'], `the rule of variant '${name}' cannot be read: ${wrong}`);
};

const variantFaults = (flag: Mapping, variants: readonly unknown[], path: Path): readonly FlagFault[] =>
  variants.flatMap((each, index) => {
    const at = [...path, '_variants', index];
    return mappingAt(each, at, (variant) => {
      const { name, enabled, attributeValues = {} } = variant;
      const values = [...at, 'attributeValues'];
      return [
        ...(typeof name === 'string' && name !== '' ? [] : fault(at, 'a variant has no name')),
        ...enabledFault(enabled, at),
        ...ruleFaults(variant, index === variants.length - 1, at),
        ...mappingAt(attributeValues, values, (given) => (enabled === false ? [] : givenFaults(flag, given, values))),
      ];
    });
  });

const valueFaults = (flags: Mapping, key: string, value: unknown, path: Path): readonly FlagFault[] => {
  const flag = Object.hasOwn(flags, key) ? flags[key] : undefined;
  if (!isMapping(flag)) return fault(path, `'${key}' has a value, but no flag of that name is defined`);
  return mappingAt(value, path, ({ enabled, _variants, ...given }) => {
    if (Array.isArray(_variants)) return variantFaults(flag, _variants, path);
    return [...enabledFault(enabled, path), ...(enabled === true ? givenFaults(flag, given, path) : [])];
  });
};

const TOP = ['version', 'flags', 'values'];

/** What AppConfig would refuse in a document of the type AWS.AppConfig.FeatureFlags (aws-facts §2.5). */
export const flagFaults = (document: unknown): readonly FlagFault[] => {
  if (!isMapping(document)) return fault([], 'feature flags are a map with version, flags and values');
  const { version, flags, values } = document;
  const known = isMapping(flags) ? flags : {};
  return [
    ...(version === '1' ? [] : fault(['version'], `'version' is ${JSON.stringify(version)}: it must be the text "1"`)),
    ...Object.keys(document)
      .filter((key) => !TOP.includes(key))
      .flatMap((key) => fault([key], `'${key}' is not known: one of ${TOP.join(', ')}`)),
    ...entriesAt(flags, ['flags'], definitionFaults),
    ...entriesAt(values, ['values'], (key, value, path) => valueFaults(known, key, value, path)),
  ];
};
