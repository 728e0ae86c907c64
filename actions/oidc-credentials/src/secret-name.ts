import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';

/** One line of `secret-ids`. */
export interface SecretSelector {
  readonly kind: 'one' | 'prefix';
  /** Name, ARN, or the prefix without its star. */
  readonly id: string;
  /** The variable's name, where the line gives one. */
  readonly variable: string | undefined;
}

/** A secret on its way to the environment. */
export interface SecretVariable {
  readonly name: string;
  readonly value: string;
  /** The secret it comes from. */
  readonly secret: string;
}

/** Shorter prefixes fetch more than anybody meant to. */
const SHORTEST_PREFIX = 3;

const invalid = (line: string, rule: string): DeliveryError =>
  new DeliveryError('invalid-input', `input 'secret-ids': '${line}' ${rule}`);

const selectorIn = (line: string): SecretSelector => {
  const parts = line.split(',').map((part) => part.trim());
  const [first = '', second] = parts;
  const id = second ?? first;
  const variable = second === undefined || first === '' ? undefined : first;
  if (parts.length > 2 || id === '') throw invalid(line, "is neither a secret nor 'VARIABLE, secret'");
  if (variable !== undefined && variable !== variableName(variable)) {
    throw invalid(line, `has a variable's name with other than A-Z, 0-9 and _: write ${variableName(variable)}`);
  }
  if (!id.includes('*')) return { kind: 'one', id, variable };
  const prefix = id.slice(0, -1);
  if (!id.endsWith('*') || prefix.includes('*') || prefix.length < SHORTEST_PREFIX) {
    throw invalid(line, `is not a prefix: write at least ${SHORTEST_PREFIX} characters and one * at the end`);
  }
  return { kind: 'prefix', id: prefix, variable };
};

/** The lines of `secret-ids`: a name, an ARN or a prefix with `*`, each perhaps after a variable's name. */
export const selectorsIn = (lines: readonly string[]): readonly SecretSelector[] => lines.map(selectorIn);

/** A secret's or a member's name as the name of a variable: `prod/db-password` → `PROD_DB_PASSWORD`. */
export const variableName = (name: string): string =>
  name
    .replace(/^(?=\d)/u, '_')
    .replaceAll(/[^A-Za-z0-9_]/gu, '_')
    .toUpperCase();

const membersOf = (text: string): readonly (readonly [string, unknown])[] | undefined => {
  try {
    const document: unknown = JSON.parse(text);
    return isMapping(document) ? Object.entries(document) : undefined;
  } catch {
    return undefined;
  }
};

/** The variables of a secret: one, or one for each member of a JSON object, and of objects within. */
export const variablesOf = (secret: SecretVariable, form: 'whole' | 'members'): readonly SecretVariable[] => {
  const members = form === 'members' ? membersOf(secret.value) : undefined;
  if (members === undefined) return [secret];
  return members.flatMap(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return variablesOf({ ...secret, name: `${secret.name}_${variableName(key)}`, value: text }, form);
  });
};
