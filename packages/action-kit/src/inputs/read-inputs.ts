import { suggestClosest } from '../util/closest-match.js';
import type { Env } from '../util/env.js';
import { DeliveryError, errorMessage } from '../util/error.js';
import type { Definition, Input, Inputs, Translation } from './definition.js';
import { parseBoolean } from './parse.js';

/** Set by the node runner. Then every `INPUT_*` variable is an input of the action. */
export const RUNNER_VARIABLE = 'AWS_DELIVERY_RUNNER';

const toVariableName = (name: string): string => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;

/** The trimmed value of an input; an empty one counts as absent on every host. */
const readRawInput = (env: Env, name: string): string | undefined => {
  const value = env[toVariableName(name)]?.trim();
  return value === '' ? undefined : value;
};

/**
 * Reads, masks, translates and validates every declared input. Absent and empty inputs have their default.
 * @throws DeliveryError `missing` for a required input, `invalid-input` for an invalid value or an alias with another
 * value, `unknown-input` for an undeclared input
 */
export const readInputs = <D extends Definition>(
  definition: D,
  env: Env,
  mask: (secret: string) => void,
): Inputs<D> => {
  const provided = Object.entries(definition.inputs).map(([name, input]) => ({
    name,
    input,
    values: collectProvidedValues(name, input, env),
  }));
  for (const { input, values } of provided) {
    if (input.secret) for (const { value } of values) mask(value);
  }
  rejectUnknownInputs(definition, env);
  return Object.fromEntries(
    provided.map(({ name, input, values }) => [name, resolveValue(name, input, values)]),
  ) as Inputs<D>;
};

/**
 * An environment in which inputs have other values, by their names or aliases. Every other input keeps its value.
 * @throws DeliveryError `unknown-input` for an undeclared name
 */
export const overrideInputs = (definition: Definition, env: Env, values: Readonly<Record<string, string>>): Env => {
  const overridden = Object.entries(values).flatMap(([name, value]) => {
    const names = listSynonyms(definition, name);
    return [...names.map((synonym) => [toVariableName(synonym), '']), [toVariableName(name), value]];
  });
  return { ...env, ...Object.fromEntries(overridden) };
};

/** The declared name of an input and its aliases. */
const listSynonyms = (definition: Definition, name: string): readonly string[] => {
  const groups = Object.entries(definition.inputs).map(([declared, input]) => [
    declared,
    ...Object.keys(input.aliases ?? {}),
  ]);
  const found = groups.find((group) => group.includes(name));
  if (found !== undefined) return found;
  const suggestion = suggestClosest(name, groups.flat());
  const hint = suggestion === undefined ? 'remove it' : `did you mean '${suggestion.name}'?`;
  throw new DeliveryError('unknown-input', `unknown input '${name}' for ${definition.name}: ${hint}`);
};

interface ProvidedValue {
  readonly inputName: string;
  /** The value, translated from the alias. */
  readonly value: string;
}

/** The values of an input under its name and its aliases, translated. */
const collectProvidedValues = (name: string, input: Input<unknown>, env: Env): readonly ProvidedValue[] => {
  const own = readRawInput(env, name);
  const others = Object.entries(input.aliases ?? {}).flatMap(([inputName, translation]) => {
    const value = readRawInput(env, inputName);
    const translated = value === undefined ? undefined : translateAlias(inputName, value, translation);
    return translated === undefined ? [] : [{ inputName, value: translated }];
  });
  return own === undefined ? others : [{ inputName: name, value: own }, ...others];
};

const translateAlias = (inputName: string, value: string, translation: Translation): string | undefined => {
  if (typeof translation === 'string') return translation.replace('%', () => value);
  const keys = Object.keys(translation);
  const isSwitch = keys.every((key) => key === 'true' || key === 'false');
  const key = isSwitch ? String(parseNamedInput(inputName, () => parseBoolean(value))) : value.toLowerCase();
  return keys.includes(key) ? translation[key] : undefined;
};

const resolveValue = (name: string, input: Input<unknown>, values: readonly ProvidedValue[]): unknown => {
  const [first, ...others] = values;
  if (first === undefined) {
    if (!input.required) return input.default;
    throw new DeliveryError('missing', `input '${name}' is required`);
  }
  const other = others.find(({ value }) => value !== first.value);
  if (other !== undefined) {
    throw new DeliveryError(
      'invalid-input',
      `inputs '${first.inputName}' and '${other.inputName}' are the same input with different values: keep '${name}'`,
    );
  }
  return parseNamedInput(first.inputName, () => input.parse(first.value), input.secret);
};

/** Adds the input's name to a parser's error. The error of a secret contains neither its value nor the parser's message. */
const parseNamedInput = <T>(name: string, parse: () => T, secret?: true): T => {
  try {
    return parse();
  } catch (error) {
    if (secret) throw new DeliveryError('invalid-input', `input '${name}': the value (hidden) has an invalid format`);
    throw new DeliveryError('invalid-input', `input '${name}': ${errorMessage(error)}`, { cause: error });
  }
};

/**
 * Rejects an undeclared `INPUT_*` variable when it has a hyphen (which ordinary variables cannot have), differs from a
 * known name by one or two letters, or was passed by the node runner. Others may be variables of the job.
 */
const rejectUnknownInputs = (definition: Definition, env: Env): void => {
  const known = Object.entries(definition.inputs).flatMap(([name, input]) => [
    name,
    ...Object.keys(input.aliases ?? {}),
  ]);
  const knownVariables = new Set(known.map(toVariableName));
  const throughRunner = env[RUNNER_VARIABLE] !== undefined;
  for (const variableName of Object.keys(env)) {
    if (!variableName.startsWith('INPUT_') || knownVariables.has(variableName) || env[variableName] === '') continue;
    const name = variableName.slice('INPUT_'.length).toLowerCase();
    const suggestion = suggestClosest(name, known);
    if (!throughRunner && !name.includes('-') && suggestion?.distance !== 1 && suggestion?.distance !== 2) continue;
    const hint = suggestion === undefined ? `known inputs: ${known.join(', ')}` : `did you mean '${suggestion.name}'?`;
    throw new DeliveryError('unknown-input', `unknown input '${name}' for ${definition.name}: ${hint}`);
  }
};
