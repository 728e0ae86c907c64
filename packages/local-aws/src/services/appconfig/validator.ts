import draft04 from 'ajv-draft-04';
import { parse } from 'yaml';
import type { Document } from '../../api-call.js';
import { isDocument, readDocument } from '../../protocols/document.js';
import type { AppConfigScenario } from './scenario.js';
import type { ConfigurationErrorDetail } from './service-errors.js';

const createDetail = (Reason: string, Location = ''): ConfigurationErrorDetail => ({
  Type: 'custom',
  Reason,
  Location,
});

const validateBySchema = (
  schema: string,
  content: string,
  contentType: string,
): readonly ConfigurationErrorDetail[] => {
  const validate = new draft04.default({ allErrors: true, strict: false }).compile(JSON.parse(schema));
  try {
    if (validate(contentType.includes('yaml') ? parse(content) : JSON.parse(content))) return [];
  } catch {
    return [{ Type: 'schema', Reason: 'The content does not match its content type' }];
  }
  return (validate.errors ?? []).map(({ keyword, instancePath, message = '' }) => ({
    Type: 'schema',
    Constraint: keyword,
    Location: instancePath,
    Reason: message,
  }));
};

/** The errors that a profile's validators report. */
export const validateContent = (
  validators: readonly Document[],
  { content, contentType }: { readonly content: string; readonly contentType: string },
  { validators: lambdaRules }: AppConfigScenario,
): readonly ConfigurationErrorDetail[] =>
  validators.flatMap(({ Type, Content }) => {
    if (Type === 'JSON_SCHEMA') return validateBySchema(String(Content), content, contentType);
    const rules = lambdaRules[String(Content)] ?? [];
    return rules
      .filter(({ contains }) => content.includes(contains))
      .map(({ reason }) => ({ Type: 'lambda', Reason: reason }) as const);
  });

const TYPE_CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
};

const checkConstraints = (name: string, constraints: unknown, value: unknown): readonly ConfigurationErrorDetail[] => {
  if (!isDocument(constraints)) return [];
  if (value === undefined) return constraints['required'] === true ? [createDetail(`'${name}' is required`, name)] : [];
  const isValid = TYPE_CHECKS[String(constraints['type'])]?.(value) ?? true;
  return isValid ? [] : [createDetail(`'${name}' is not of type ${constraints['type']}`, name)];
};

const checkFlag = (key: string, flag: unknown, value: unknown): readonly ConfigurationErrorDetail[] => {
  if (!isDocument(flag)) return [createDetail(`flag '${key}' is not defined`, key)];
  if (!isDocument(value) || '_variants' in value) return [];
  if (typeof value['enabled'] !== 'boolean') return [createDetail(`'enabled' of '${key}' is not a boolean`, key)];
  const attributes = readDocument(flag['attributes']);
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    checkConstraints(name, readDocument(attribute)['constraints'], value[name]),
  );
};

/** The errors that AppConfig reports for feature flags: format, unknown flags, types and required attributes. */
export const validateFeatureFlags = (content: string): readonly ConfigurationErrorDetail[] => {
  const document: unknown = (() => {
    try {
      return JSON.parse(content);
    } catch {
      return undefined;
    }
  })();
  if (!isDocument(document)) return [createDetail('Feature flags must be a JSON object')];
  if (document['version'] !== '1') return [createDetail("'version' must be '1'", 'version')];
  const flags = readDocument(document['flags']);
  const values = readDocument(document['values']);
  return Object.entries(values).flatMap(([key, value]) => checkFlag(key, flags[key], value));
};
