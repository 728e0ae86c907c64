import type { Definition, Input, Inputs, Translation } from './definition.js';
import { DeliveryError, textOf } from './error.js';
import { nearest } from './nearest.js';
import { parseBoolean } from './parse.js';

/** Environment variables as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Marks a run by the node runner, whose `INPUT_*` variables are all meant for the action. */
export const runnerMark = 'AWS_DELIVERY_RUNNER';

const variableOf = (name: string): string => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;

/** The text of an input, trimmed; an empty text is an absent input on every host. */
const textIn = (variables: Variables, name: string): string | undefined => {
  const text = variables[variableOf(name)]?.trim();
  return text === '' ? undefined : text;
};

/**
 * Reads, masks, translates and validates every declared input. Absent and empty inputs have their default. Throws a
 * DeliveryError that names the input, the value and the rule: for a missing required input, for a text that its kind
 * refuses, for one input given under two names with different values, and for an unknown input.
 */
export const readInputs = <D extends Definition>(
  definition: D,
  variables: Variables,
  mask: (secret: string) => void,
): Inputs<D> => {
  const given = Object.entries(definition.inputs).map(([name, input]) => ({
    name,
    input,
    texts: textsOf(name, input, variables),
  }));
  for (const { input, texts } of given) {
    if (input.secret) for (const { text } of texts) mask(text);
  }
  refuseUnknown(definition, variables);
  return Object.fromEntries(
    given.map(({ name, input, texts }) => [name, resolveValue(name, input, texts)]),
  ) as Inputs<D>;
};

interface Given {
  readonly under: string;
  /** The text in our own terms. */
  readonly text: string;
}

/** What was given for an input, under its name and under peers' names, each in our own terms. */
const textsOf = (name: string, input: Input<unknown>, variables: Variables): readonly Given[] => {
  const own = textIn(variables, name);
  const others = Object.entries(input.was ?? {}).flatMap(([under, translation]) => {
    const text = textIn(variables, under);
    const translated = text === undefined ? undefined : translate(under, text, translation);
    return translated === undefined ? [] : [{ under, text: translated }];
  });
  return own === undefined ? others : [{ under: name, text: own }, ...others];
};

const translate = (under: string, text: string, translation: Translation): string | undefined => {
  if (typeof translation === 'string') return translation.replace('%', () => text);
  const keys = Object.keys(translation);
  const isSwitch = keys.every((key) => key === 'true' || key === 'false');
  const key = isSwitch ? String(named(under, () => parseBoolean(text))) : text.toLowerCase();
  return keys.includes(key) ? translation[key] : undefined;
};

const resolveValue = (name: string, input: Input<unknown>, texts: readonly Given[]): unknown => {
  const [first, ...others] = texts;
  if (first === undefined) {
    if (!input.required) return input.default;
    throw new DeliveryError('missing', `input '${name}' is required and was not given: add '${name}:' under 'with:'`);
  }
  const other = others.find(({ text }) => text !== first.text);
  if (other !== undefined) {
    throw new DeliveryError(
      'invalid-input',
      `inputs '${first.under}' and '${other.under}' mean the same and have different values: keep '${name}'`,
    );
  }
  return named(first.under, () => input.parse(first.text), input.secret);
};

/** Adds the input's name to a parser's error; of a secret neither the value nor the parser's text is shown. */
const named = <T>(name: string, parse: () => T, secret?: true): T => {
  try {
    return parse();
  } catch (error) {
    if (secret) throw new DeliveryError('invalid-input', `input '${name}': its value (hidden) has the wrong form`);
    throw new DeliveryError('invalid-input', `input '${name}': ${textOf(error)}`, { cause: error });
  }
};

/**
 * An unknown `INPUT_*` variable is an error when it must be meant for us: it has a hyphen (which an ordinary variable
 * cannot have), it is within two letters of a known name, or the node runner passed it. Others are a job's own.
 */
const refuseUnknown = (definition: Definition, variables: Variables): void => {
  const known = Object.entries(definition.inputs).flatMap(([name, input]) => [name, ...Object.keys(input.was ?? {})]);
  const variablesKnown = new Set(known.map(variableOf));
  const throughRunner = variables[runnerMark] !== undefined;
  for (const variable of Object.keys(variables)) {
    if (!variable.startsWith('INPUT_') || variablesKnown.has(variable) || variables[variable] === '') continue;
    const name = variable.slice('INPUT_'.length).toLowerCase();
    const suggestion = nearest(name, known);
    if (!throughRunner && !name.includes('-') && suggestion?.distance !== 1 && suggestion?.distance !== 2) continue;
    const remedy =
      suggestion === undefined ? `known inputs: ${known.join(', ')}` : `did you mean '${suggestion.name}'?`;
    throw new DeliveryError('unknown-input', `unknown input '${name}' for ${definition.name}: ${remedy}`);
  }
};
