import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { PathIssue } from '../validation-issue.js';

export type SchemaValidator = (value: unknown) => readonly PathIssue[];

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

/** Compiles a JSON Schema in draft-04, the draft of AppConfig's validators. Throws `invalid-input` for other text. */
export const compileSchema = async (text: string): Promise<SchemaValidator> => {
  const { default: draft04 } = await import('ajv-draft-04');
  try {
    const schema: unknown = JSON.parse(text);
    if (!isRecord(schema)) throw new DeliveryError('invalid-input', 'is not a JSON object');
    const validate = new draft04.default({ allErrors: true, strict: false, logger: false }).compile(schema);
    return (value) =>
      validate(value)
        ? []
        : (validate.errors ?? []).map((error) => ({
            path: parsePointer(error.instancePath),
            message: formatSchemaError(error),
          }));
  } catch (cause) {
    throw new DeliveryError('invalid-input', `is not a JSON Schema in draft-04: ${errorMessage(cause)}`, { cause });
  }
};
