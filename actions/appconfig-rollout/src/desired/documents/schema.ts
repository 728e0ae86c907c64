import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Ajv, Options } from 'ajv';
import type { PathIssue } from '../validation-issue.js';
import type { PatternMatcher } from './pattern-matcher.js';

export type SchemaValidator = (value: unknown) => readonly PathIssue[];

/** A compiled JSON Schema. */
export interface CompiledSchema {
  readonly validate: SchemaValidator;
  /** Whether AppConfig accepts it as a validator: its validators are of draft-04. */
  readonly isDraft04: boolean;
}

/** Parses a JSON pointer; numeric parts become indexes. */
export const parsePointer = (pointer: string): readonly (string | number)[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** Characters of a JSON_SCHEMA validator in AppConfig. */
export const MAX_SCHEMA_LENGTH = 32_768;

interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: unknown;
}

const formatSchemaError = ({ instancePath, message = 'is not valid', params }: SchemaError): string => {
  const extra =
    isRecord(params) && 'additionalProperty' in params ? ` ('${String(params['additionalProperty'])}')` : '';
  return `${instancePath === '' ? 'the document' : `'${instancePath}'`} ${message}${extra}`;
};

type Draft = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12';

const DRAFTS: Readonly<Record<string, Draft>> = {
  'http://json-schema.org/schema': 'draft-04',
  'http://json-schema.org/draft-04/schema': 'draft-04',
  'http://json-schema.org/draft-06/schema': 'draft-06',
  'http://json-schema.org/draft-07/schema': 'draft-07',
  'http://json-schema.org/draft/2019-09/schema': '2019-09',
  'http://json-schema.org/draft/2020-12/schema': '2020-12',
};

const detectDraft = (schema: Readonly<Record<string, unknown>>): Draft => {
  const { $schema: uri } = schema;
  if (uri === undefined) return 'draft-04';
  const draft =
    DRAFTS[
      String(uri)
        .replace(/#$/, '')
        .replace(/^https:/, 'http:')
    ];
  if (draft !== undefined) return draft;
  throw new DeliveryError(
    'invalid-input',
    `has the unknown '$schema' ${JSON.stringify(uri)}: expected draft-04, draft-06, draft-07, 2019-09 or 2020-12`,
  );
};

// Bundlers do not see the named exports of these CommonJS modules.
const createAjv = async (draft: Draft, options: Options): Promise<Ajv> => {
  switch (draft) {
    case 'draft-04':
      return new (await import('ajv-draft-04')).default.default(options) as unknown as Ajv;
    case '2019-09':
      return new (await import('ajv/dist/2019.js')).default.default(options);
    case '2020-12':
      return new (await import('ajv/dist/2020.js')).default.default(options);
    case 'draft-06': {
      const ajv = new (await import('ajv')).default.default(options);
      const { default: metaSchema } = await import('ajv/dist/refs/json-schema-draft-06.json', {
        with: { type: 'json' },
      });
      return ajv.addMetaSchema(metaSchema);
    }
    case 'draft-07':
      return new (await import('ajv')).default.default(options);
  }
};

/**
 * Matches the patterns of a schema. AppConfig judges patterns that take too long: they match here or not, as
 * `unknownMatches` says.
 */
class SchemaPatterns {
  unknownMatches = true;
  foundUnknown = false;

  constructor(private readonly patterns: PatternMatcher) {}

  readonly engine = Object.assign(
    (pattern: string, flags: string) => {
      const compiled = new RegExp(pattern, flags);
      return { test: (text: string) => this.matches(pattern, text, flags), toString: () => String(compiled) };
    },
    { code: 'matchPattern' },
  );

  private matches(pattern: string, text: string, flags: string): boolean {
    const result = this.patterns.match(pattern, text, flags);
    if (result !== 'unknown') return result === 'match';
    this.foundUnknown = true;
    return this.unknownMatches;
  }
}

/**
 * Runs a validation, and if it met a pattern of unknown result, again with the other result: what both report does not
 * depend on the pattern. In `not` or `patternProperties`, a pattern that matches may cause an error.
 */
const validateTwice = (schemaPatterns: SchemaPatterns, run: () => readonly PathIssue[]): readonly PathIssue[] => {
  Object.assign(schemaPatterns, { unknownMatches: true, foundUnknown: false });
  const issues = run();
  if (!schemaPatterns.foundUnknown) return issues;
  schemaPatterns.unknownMatches = false;
  const others = new Set(run().map(({ message }) => message));
  return issues.filter(({ message }) => others.has(message));
};

/**
 * Compiles a JSON Schema of draft-04 (also without `$schema`), 06, 07, 2019-09 or 2020-12. Throws `invalid-input` for
 * other text.
 */
export const compileSchema = async (text: string, patterns: PatternMatcher): Promise<CompiledSchema> => {
  let draft: Draft = 'draft-04';
  try {
    const schema: unknown = JSON.parse(text);
    if (!isRecord(schema)) throw new DeliveryError('invalid-input', 'is not a JSON object');
    draft = detectDraft(schema);
    const schemaPatterns = new SchemaPatterns(patterns);
    const code = { regExp: schemaPatterns.engine };
    const ajv = await createAjv(draft, { allErrors: true, strict: false, logger: false, code });
    const { default: formats } = await import('ajv-formats');
    formats.default(ajv);
    const validate = ajv.compile(schema);
    return {
      isDraft04: draft === 'draft-04',
      validate: (value) =>
        validateTwice(schemaPatterns, () =>
          validate(value)
            ? []
            : (validate.errors ?? []).map((error) => ({
                path: parsePointer(error.instancePath),
                message: formatSchemaError(error),
              })),
        ),
    };
  } catch (cause) {
    if (cause instanceof DeliveryError) throw cause;
    throw new DeliveryError('invalid-input', `is not a JSON Schema (${draft}): ${errorMessage(cause)}`, { cause });
  }
};
