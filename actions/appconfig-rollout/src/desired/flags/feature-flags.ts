import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { PatternMatcher } from '../documents/pattern-matcher.js';
import type { PathIssue } from '../validation-issue.js';
import { validateRule } from './flag-rule.js';

type Path = PathIssue['path'];
type JsonObject = Readonly<Record<string, unknown>>;

const KEY_PATTERN = /^[a-z][a-zA-Z\d_-]{0,63}$/;
const MAX_ATTRIBUTES = 25;
const MAX_VALUE_LENGTH = 1024;

const createIssue = (path: Path, message: string): readonly PathIssue[] => [{ path, message }];

const validateMap = (
  value: unknown,
  path: Path,
  validate: (map: JsonObject) => readonly PathIssue[],
): readonly PathIssue[] => (isRecord(value) ? validate(value) : createIssue(path, `'${path.join('.')}' must be a map`));

const validateEntries = (
  value: unknown,
  path: Path,
  validateEntry: (key: string, value: unknown, path: Path) => readonly PathIssue[],
): readonly PathIssue[] =>
  value === undefined
    ? []
    : validateMap(value, path, (map) =>
        Object.entries(map).flatMap(([key, item]) => [
          ...(KEY_PATTERN.test(key)
            ? []
            : createIssue(
                [...path, key],
                `'${key}' is not a valid key: use a lowercase letter, then at most 63 of a-z A-Z 0-9 _ -`,
              )),
          ...validateEntry(key, item, [...path, key]),
        ]),
      );

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
};

const validateConstraints = (value: unknown, path: Path): readonly PathIssue[] =>
  validateMap(value, path, ({ type, pattern }) => [
    ...(typeof type === 'string' && type in TYPES
      ? []
      : createIssue(
          [...path, 'type'],
          `'type' is ${JSON.stringify(type)}: expected one of ${Object.keys(TYPES).join(', ')}`,
        )),
    ...(pattern === undefined || (typeof pattern === 'string' && isValidPattern(pattern))
      ? []
      : createIssue([...path, 'pattern'], `'pattern' ${JSON.stringify(pattern)} is not a valid regular expression`)),
  ]);

const isValidPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
};

const FLAG_KEYS = ['name', 'description', 'attributes', '_createdAt', '_updatedAt', '_deprecation'];

const validateFlag = (key: string, value: unknown, path: Path): readonly PathIssue[] =>
  validateMap(value, path, (flag) => {
    const { name = key, attributes } = flag;
    const count = isRecord(attributes) ? Object.keys(attributes).length : 0;
    return [
      ...(typeof name === 'string' && name.length >= 1 && name.length <= 64
        ? []
        : createIssue([...path, 'name'], `'name' of '${key}' must be a string of 1 to 64 characters`)),
      ...Object.keys(flag)
        .filter((flagKey) => !FLAG_KEYS.includes(flagKey))
        .flatMap((flagKey) =>
          createIssue(
            [...path, flagKey],
            `unknown key '${flagKey}' in a flag: expected one of ${FLAG_KEYS.join(', ')}`,
          ),
        ),
      ...(count <= MAX_ATTRIBUTES
        ? []
        : createIssue(
            path,
            `'${key}' has ${count} attributes, more than the AppConfig limit of ${MAX_ATTRIBUTES}: remove some`,
          )),
      ...validateEntries(attributes, [...path, 'attributes'], (_attribute, attribute, at) =>
        validateMap(attribute, at, ({ constraints }) =>
          constraints === undefined ? [] : validateConstraints(constraints, [...at, 'constraints']),
        ),
      ),
    ];
  });

interface AttributeValue {
  readonly name: string;
  readonly value: unknown;
  readonly path: Path;
  readonly patterns: PatternMatcher;
}

const findConstraintViolation = (
  { minimum, maximum, pattern, enum: choices }: JsonObject,
  value: unknown,
  patterns: PatternMatcher,
): string | undefined => {
  if (typeof value === 'number' && typeof minimum === 'number' && value < minimum) return `is less than ${minimum}`;
  if (typeof value === 'number' && typeof maximum === 'number' && value > maximum) return `is greater than ${maximum}`;
  if (
    typeof value === 'string' &&
    typeof pattern === 'string' &&
    isValidPattern(pattern) &&
    patterns.match(pattern, value) === 'no-match'
  ) {
    return `does not match ${pattern}`;
  }
  if (Array.isArray(choices) && !Array.isArray(value) && !choices.includes(value))
    return `is not one of ${choices.join(', ')}`;
  if (typeof value === 'string' && value.length > MAX_VALUE_LENGTH)
    return `is longer than ${MAX_VALUE_LENGTH} characters`;
  return undefined;
};

const findElementViolation = (
  { elements, ...rest }: JsonObject,
  value: unknown,
  patterns: PatternMatcher,
): string | undefined => {
  if (!Array.isArray(value)) return undefined;
  const rules: JsonObject = {
    ...(isRecord(elements) ? elements : {}),
    ...('enum' in rest ? { enum: rest['enum'] } : {}),
  };
  const type = String(rules['type'] ?? '');
  for (const item of value) {
    const violation =
      TYPES[type]?.(item) === false ? `is not a ${type}` : findConstraintViolation(rules, item, patterns);
    if (violation !== undefined) return `has the element ${JSON.stringify(item)}, which ${violation}`;
  }
  return undefined;
};

const validateAttribute = (
  constraints: JsonObject,
  { name, value, path, patterns }: AttributeValue,
): readonly PathIssue[] => {
  if (value === undefined) {
    return constraints['required'] === true ? createIssue(path, `attribute '${name}' is required`) : [];
  }
  const type = String(constraints['type']);
  const typeViolation = TYPES[type]?.(value) === false ? `is not of type ${type}` : undefined;
  const violation =
    typeViolation ??
    findConstraintViolation(constraints, value, patterns) ??
    findElementViolation(constraints, value, patterns);
  return violation === undefined
    ? []
    : createIssue([...path, name], `attribute '${name}': ${JSON.stringify(value)} ${violation}`);
};

const getAttributes = (flag: JsonObject): JsonObject => (isRecord(flag['attributes']) ? flag['attributes'] : {});

/** A flag, and what matches the patterns of its constraints. */
interface FlagContext {
  readonly flag: JsonObject;
  readonly patterns: PatternMatcher;
}

const validateAttributeValues = (
  { flag, patterns }: FlagContext,
  provided: JsonObject,
  path: Path,
): readonly PathIssue[] => {
  const attributes = getAttributes(flag);
  const undeclared = Object.keys(provided).filter((name) => !Object.hasOwn(attributes, name));
  return [
    ...undeclared.flatMap((name) =>
      createIssue([...path, name], `attribute '${name}' is not declared in the flag: add it to 'attributes'`),
    ),
    ...Object.entries(attributes).flatMap(([name, attribute]) => {
      const constraints = isRecord(attribute) && isRecord(attribute['constraints']) ? attribute['constraints'] : {};
      return validateAttribute(constraints, { name, value: provided[name], path, patterns });
    }),
  ];
};

const validateEnabled = (enabled: unknown, path: Path): readonly PathIssue[] =>
  typeof enabled === 'boolean'
    ? []
    : createIssue([...path, 'enabled'], `'enabled' is ${JSON.stringify(enabled)}: expected true or false`);

const validateVariantRule = (variant: JsonObject, isLast: boolean, path: Path): readonly PathIssue[] => {
  const { name, rule } = variant;
  if (isLast) {
    return rule === undefined
      ? []
      : createIssue([...path, 'rule'], 'the last variant is the default and must not have a rule: remove it');
  }
  if (typeof rule !== 'string')
    return createIssue(path, `variant '${name}' requires a rule: only the last variant can omit it`);
  const violation = validateRule(rule);
  return violation === undefined
    ? []
    : createIssue([...path, 'rule'], `the rule of variant '${name}' is not valid: ${violation}`);
};

const validateVariants = (context: FlagContext, variants: readonly unknown[], path: Path): readonly PathIssue[] =>
  variants.flatMap((item, index) => {
    const at = [...path, '_variants', index];
    return validateMap(item, at, (variant) => {
      const { name, enabled, attributeValues = {} } = variant;
      const values = [...at, 'attributeValues'];
      return [
        ...(typeof name === 'string' && name !== '' ? [] : createIssue(at, 'the name of the variant is required')),
        ...validateEnabled(enabled, at),
        ...validateVariantRule(variant, index === variants.length - 1, at),
        ...validateMap(attributeValues, values, (provided) =>
          enabled === false ? [] : validateAttributeValues(context, provided, values),
        ),
      ];
    });
  });

const validateFlagValue = (
  { flags, patterns }: { readonly flags: JsonObject; readonly patterns: PatternMatcher },
  [key, value]: readonly [string, unknown],
  path: Path,
): readonly PathIssue[] => {
  const flag = Object.hasOwn(flags, key) ? flags[key] : undefined;
  if (!isRecord(flag)) return createIssue(path, `'${key}' has a value, but no flag: define it in 'flags'`);
  // AppConfig returns its timestamps, and a list of variants that may be empty.
  return validateMap(value, path, ({ enabled, _variants, _createdAt, _updatedAt, ...provided }) => {
    if (Array.isArray(_variants) && _variants.length > 0) return validateVariants({ flag, patterns }, _variants, path);
    return [
      ...validateEnabled(enabled, path),
      ...(enabled === true ? validateAttributeValues({ flag, patterns }, provided, path) : []),
    ];
  });
};

const DOCUMENT_KEYS = ['version', 'flags', 'values'];

/** Finds what AppConfig rejects in a document of type AWS.AppConfig.FeatureFlags (docs/aws-facts.md §2.5). */
export const validateFeatureFlags = (document: unknown, patterns: PatternMatcher): readonly PathIssue[] => {
  if (!isRecord(document)) return createIssue([], 'feature flags must be a map with version, flags and values');
  const { version, flags, values } = document;
  const known = isRecord(flags) ? flags : {};
  return [
    ...(version === '1'
      ? []
      : createIssue(['version'], `'version' is ${JSON.stringify(version)}: expected the string "1"`)),
    ...Object.keys(document)
      .filter((key) => !DOCUMENT_KEYS.includes(key))
      .flatMap((key) => createIssue([key], `unknown key '${key}': expected one of ${DOCUMENT_KEYS.join(', ')}`)),
    ...validateEntries(flags, ['flags'], validateFlag),
    ...validateEntries(values, ['values'], (key, value, path) =>
      validateFlagValue({ flags: known, patterns }, [key, value], path),
    ),
  ];
};
