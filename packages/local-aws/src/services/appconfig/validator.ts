import draft04 from 'ajv-draft-04';
import { parse } from 'yaml';
import { isDocument } from '../../wire/json.js';
import type { Objection } from './refusal.js';
import type { AppConfigScenario } from './scenario.js';

export interface Validator {
  readonly Type: string;
  readonly Content: string;
}

const objection = (Reason: string, Location = ''): Objection => ({ Type: 'custom', Reason, Location });

const parsed = (content: string, contentType: string): unknown =>
  contentType.includes('yaml') ? parse(content) : JSON.parse(content);

const bySchema = (schema: string, content: string, contentType: string): readonly Objection[] => {
  const validate = new draft04.default({ allErrors: true, strict: false }).compile(JSON.parse(schema));
  try {
    if (validate(parsed(content, contentType))) return [];
  } catch {
    return [{ Type: 'schema', Reason: 'The content is not what its content type says' }];
  }
  return (validate.errors ?? []).map(({ keyword, instancePath, message = '' }) => ({
    Type: 'schema',
    Constraint: keyword,
    Location: instancePath,
    Reason: message,
  }));
};

/** What a profile's validators object to. */
export const objectionsOf = (
  validators: readonly Validator[],
  { content, contentType }: { readonly content: string; readonly contentType: string },
  { validators: scripts }: AppConfigScenario,
): readonly Objection[] =>
  validators.flatMap(({ Type, Content }) => {
    if (Type === 'JSON_SCHEMA') return bySchema(Content, content, contentType);
    const script = scripts[Content] ?? [];
    return script
      .filter(({ contains }) => content.includes(contains))
      .map(({ reason }) => ({ Type: 'lambda', Reason: reason }) as const);
  });

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
};

const constrained = (name: string, constraints: unknown, value: unknown): readonly Objection[] => {
  if (!isDocument(constraints)) return [];
  if (value === undefined) return constraints['required'] === true ? [objection(`'${name}' is required`, name)] : [];
  const fits = TYPES[String(constraints['type'])]?.(value) ?? true;
  return fits ? [] : [objection(`'${name}' is not of type ${constraints['type']}`, name)];
};

const flagObjections = (key: string, flag: unknown, value: unknown): readonly Objection[] => {
  if (!isDocument(flag)) return [objection(`flag '${key}' is not defined`, key)];
  if (!isDocument(value) || '_variants' in value) return [];
  if (typeof value['enabled'] !== 'boolean') return [objection(`'enabled' of '${key}' is not a boolean`, key)];
  const attributes = isDocument(flag['attributes']) ? flag['attributes'] : {};
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    constrained(name, isDocument(attribute) ? attribute['constraints'] : undefined, value[name]),
  );
};

/** What AppConfig itself objects to in feature flags: shape, unknown flags, types and required attributes. */
export const featureFlagObjections = (content: string): readonly Objection[] => {
  const document: unknown = (() => {
    try {
      return JSON.parse(content);
    } catch {
      return undefined;
    }
  })();
  if (!isDocument(document)) return [objection('Feature flags are a JSON object')];
  if (document['version'] !== '1') return [objection("'version' must be '1'", 'version')];
  const flags = isDocument(document['flags']) ? document['flags'] : {};
  const values = isDocument(document['values']) ? document['values'] : {};
  return Object.entries(values).flatMap(([key, value]) => flagObjections(key, flags[key], value));
};
