import {
  parseBoolean,
  parseChoice,
  parseDocument,
  parseDuration,
  parseInteger,
  parseLines,
  parseList,
  parseMapping,
  parseVerbatimDocument,
  type Range,
} from './parse.js';

/** Kind of an input's value. A closed union: generators are a `Record<InputKind, …>`. */
export type InputKind =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'duration'
  | 'choice'
  | 'choices'
  | 'list'
  | 'lines'
  | 'mapping'
  | 'document';

/**
 * Translates the value of an alias: a template in which `%` stands for the value (`%`: unchanged; `%m`: minutes), or a
 * table of values. A value missing from the table means the default; the keys `true` and `false` match every spelling
 * of a boolean.
 */
export type Translation = string | Readonly<Record<string, string>>;

/** Documentation and handling of an input. */
export interface InputOptions {
  /** One or two sentences in Markdown, without the default, which is appended. */
  readonly help: string;
  /** Heading of its table in the README. */
  readonly group?: string;
  /** Masked before the value is parsed. */
  readonly secret?: true;
  /** Names of the same input in other actions, with the translation of their values. */
  readonly aliases?: Readonly<Record<string, Translation>>;
  /** A default in GitHub's expression syntax, for action.yml: `${{ github.token }}`. */
  readonly githubDefault?: string;
}

/** A declared input with a value of type `T`. */
export interface Input<T> extends InputOptions {
  readonly kind: InputKind;
  readonly required: boolean;
  readonly default: T | undefined;
  readonly choices: readonly string[];
  /** @throws DeliveryError which does not name the input */
  readonly parse: (value: string) => T;
}

/** Creates an input: a `T` with a default or when required, otherwise `T | undefined`. */
export interface InputBuilder<T> {
  (options: InputOptions & { readonly default: T; readonly required?: never }): Input<T>;
  (options: InputOptions & { readonly required: true; readonly default?: never }): Input<T>;
  (options: InputOptions & { readonly required?: never; readonly default?: never }): Input<T | undefined>;
}

interface InputKindOptions<T> {
  readonly kind: InputKind;
  readonly choices?: readonly string[];
  readonly parse: (value: string) => T;
}

const defineInputKind = <T>({ kind, choices = [], parse }: InputKindOptions<T>): InputBuilder<T> => {
  const createInput = (options: InputOptions & { readonly default?: T; readonly required?: true }): Input<T> => ({
    ...options,
    kind,
    choices,
    parse,
    required: options.required ?? false,
    default: options.default,
  });
  return createInput as InputBuilder<T>;
};

export const string: InputBuilder<string> = defineInputKind({ kind: 'string', parse: (value) => value });
export const boolean: InputBuilder<boolean> = defineInputKind({ kind: 'boolean', parse: parseBoolean });
/** In seconds. */
export const duration: InputBuilder<number> = defineInputKind({ kind: 'duration', parse: parseDuration });
export const list: InputBuilder<readonly string[]> = defineInputKind({ kind: 'list', parse: parseList });
export const lines: InputBuilder<readonly string[]> = defineInputKind({ kind: 'lines', parse: parseLines });
export const mapping: InputBuilder<Readonly<Record<string, string>>> = defineInputKind({
  kind: 'mapping',
  parse: parseMapping,
});
/** JSON or YAML, `unknown` until validated. */
export const document: InputBuilder<unknown> = defineInputKind({ kind: 'document', parse: parseDocument });
/** JSON or YAML in which numbers and booleans keep their source text. */
export const verbatimDocument: InputBuilder<unknown> = defineInputKind({
  kind: 'document',
  parse: parseVerbatimDocument,
});

export const integer = (range: Range = {}): InputBuilder<number> =>
  defineInputKind({ kind: 'integer', parse: (value) => parseInteger(value, range) });

export const choice = <const V extends string>(...values: readonly V[]): InputBuilder<V> =>
  defineInputKind({ kind: 'choice', choices: values, parse: (value) => parseChoice(value, values) });

/** Several of the given values, separated by commas or line breaks. */
export const choices = <const V extends string>(...values: readonly V[]): InputBuilder<readonly V[]> =>
  defineInputKind<readonly V[]>({
    kind: 'choices',
    choices: values,
    parse: (value) => parseList(value).map((item) => parseChoice(item, values)),
  });

/** An output. A `*` in its name stands for any text (`docker_username_*`, or `*` alone). */
export interface Output {
  readonly help: string;
  /** Masked before the output is set. */
  readonly secret?: true;
}

/** An IAM policy statement and why it is needed. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs with the placeholders `${Region}`, `${Account}` and `${Partition}` for those of the caller. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly reason: string;
}

/** An entry of GitHub's `permissions:` that a feature needs. */
export interface WorkflowPermission {
  readonly permission: string;
  readonly reason: string;
}

/** Definition of an action, from which action.yml, README tables, policies and tasks of other hosts are generated. */
export interface Definition {
  /** Directory name in `actions/`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly branding: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<Record<string, Input<unknown>>>;
  readonly outputs: Readonly<Record<string, Output>>;
  /** Environment variables exported to later steps, by name; `*` as in outputs. */
  readonly environment?: Readonly<Record<string, Output>>;
  /** IAM permissions by feature; every run needs the group `always`. */
  readonly permissions: Readonly<Record<string, readonly Permission[]>>;
  readonly workflow: readonly WorkflowPermission[];
  /** Additional sections of the README by name, in Markdown. */
  readonly sections?: Readonly<Record<string, string>>;
  /** `post-if` in action.yml; default always. */
  readonly postIf?: string;
}

/** Preserves the literal types, from which `Inputs` and `Outputs` are inferred. */
export const defineAction = <const D extends Definition>(definition: D): D => definition;

type InputValue<I> = I extends Input<infer T> ? T : never;

/** The input values of a definition by name. */
export type Inputs<D extends Definition> = { readonly [K in keyof D['inputs']]: InputValue<D['inputs'][K]> };

/** `docker_username_*` as a template literal type. */
type ExpandWildcard<K> = K extends `${infer Before}*${infer After}` ? `${Before}${string}${After}` : K;

/** Strings are set unchanged, numbers and booleans as strings, anything else as JSON. */
export type OutputValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

/** Values of the declared outputs; `undefined` leaves one unset. */
export type Outputs<D extends Definition> = {
  readonly [K in keyof D['outputs'] as ExpandWildcard<K>]?: OutputValue | undefined;
};

/** Values of the declared environment variables. */
export type Environment<D extends Definition> = {
  readonly [K in keyof D['environment'] as ExpandWildcard<K>]?: string | undefined;
};

/** The declaration of a name: its own, or the one whose `*` matches. */
export const findDeclaration = (
  declarations: Readonly<Record<string, Output>> | undefined,
  name: string,
): Output | undefined => {
  if (declarations === undefined) return undefined;
  if (Object.hasOwn(declarations, name)) return declarations[name];
  const family = Object.keys(declarations).find((pattern) => pattern.includes('*') && matches(pattern, name));
  return family === undefined ? undefined : declarations[family];
};

const matches = (pattern: string, name: string): boolean => {
  const [before = '', after = ''] = pattern.split('*');
  return name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after);
};
