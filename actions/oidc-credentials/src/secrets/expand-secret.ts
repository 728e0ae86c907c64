import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { isLosslessNumber, parse, stringify } from 'lossless-json';

/** A line of `secret-ids`. */
export interface SecretSelector {
  readonly kind: 'single' | 'prefix';
  /** Name, ARN, or the prefix without its star. */
  readonly id: string;
  /** Name of the variable; undefined when the line names none. */
  readonly variable: string | undefined;
}

/** A variable with the value of a secret. */
export interface SecretVariable {
  readonly name: string;
  readonly value: string;
  /** Name of the secret. */
  readonly secret: string;
}

// A shorter prefix would match many secrets by mistake.
const MIN_PREFIX_LENGTH = 3;

const createInputError = (line: string, rule: string): DeliveryError =>
  new DeliveryError('invalid-input', `input 'secret-ids': '${line}' ${rule}`);

const parseSelector = (line: string): SecretSelector => {
  const parts = line.split(',').map((part) => part.trim());
  const [first = '', second] = parts;
  const id = second ?? first;
  const variable = second === undefined || first === '' ? undefined : first;
  if (parts.length > 2 || id === '') throw createInputError(line, "is not valid: use a secret, or 'VARIABLE, secret'");
  if (variable !== undefined && variable !== toVariableName(variable)) {
    throw createInputError(
      line,
      `has a variable name with characters other than A-Z, 0-9 and _: use ${toVariableName(variable)}`,
    );
  }
  if (!id.includes('*')) return { kind: 'single', id, variable };
  const prefix = id.slice(0, -1);
  if (!id.endsWith('*') || prefix.includes('*') || prefix.length < MIN_PREFIX_LENGTH) {
    throw createInputError(
      line,
      `is not a valid prefix: use at least ${MIN_PREFIX_LENGTH} characters and one * at the end`,
    );
  }
  return { kind: 'prefix', id: prefix, variable };
};

/**
 * Parses the lines of `secret-ids`: a name, an ARN or a prefix with `*`, optionally after a variable's name and a
 * comma.
 * @throws DeliveryError `invalid-input`
 */
export const parseSelectors = (lines: readonly string[]): readonly SecretSelector[] => lines.map(parseSelector);

/** Converts the name of a secret or member to that of a variable: `prod/db-password` → `PROD_DB_PASSWORD`. */
export const toVariableName = (name: string): string =>
  name
    .replace(/^(?=\d)/u, '_')
    .replaceAll(/[^A-Za-z0-9_]/gu, '_')
    .toUpperCase();

/** Members of a JSON object; undefined for any other text. Numbers keep their digits: `1.10`, `12345678901234567890`. */
const parseMembers = (content: string): readonly (readonly [string, unknown])[] | undefined => {
  try {
    // As in JSON.parse, the last of several members of the same name applies.
    const document = parse(content, undefined, { onDuplicateKey: ({ newValue }) => newValue });
    return isRecord(document) && !isLosslessNumber(document) ? Object.entries(document) : undefined;
  } catch {
    return undefined;
  }
};

/** The variables of a secret: one, or with `members` one for each member of a JSON object, nested ones included. */
export const expandSecret = (secret: SecretVariable, form: 'whole' | 'members'): readonly SecretVariable[] => {
  const members = form === 'members' ? parseMembers(secret.value) : undefined;
  if (members === undefined) return [secret];
  return members.flatMap(([key, value]) => {
    const memberValue = typeof value === 'string' ? value : (stringify(value) ?? '');
    return expandSecret({ ...secret, name: `${secret.name}_${toVariableName(key)}`, value: memberValue }, form);
  });
};
