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

/** What an input's text can be. A closed set: every generator is a `Record<KindName, …>`. */
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
 * How a peer's value becomes ours: a template in which `%` stands for the value (`%` alone: the same; `%m`: minutes),
 * or a table of values. A value that a table does not name means our default; `true` and `false` in a table match
 * every spelling of a boolean.
 */
export type Translation = string | Readonly<Record<string, string>>;

/** What people read about an input, and how it is treated. */
export interface InputOptions {
  /** One or two sentences in Markdown, without the default, which is added from `default`. */
  readonly help: string;
  /** Heading of the README table it stands under. */
  readonly group?: string;
  /** Masked before anything else happens. */
  readonly secret?: true;
  /** Other names that mean this input, as peers call it. */
  readonly aliases?: Readonly<Record<string, Translation>>;
  /** A default that only GitHub can fill in: an expression such as `${{ github.token }}`. */
  readonly githubDefault?: string;
}

/** One declared input: its kind, its texts, and how its text becomes a `T`. */
export interface Input<T> extends InputOptions {
  readonly kind: InputKind;
  readonly required: boolean;
  readonly default: T | undefined;
  readonly choices: readonly string[];
  /** Throws a DeliveryError that does not name the input. */
  readonly parse: (value: string) => T;
}

/** Makes an input: with a default or required it is a `T`, else a `T | undefined`. */
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
/** Seconds. */
export const duration: InputBuilder<number> = defineInputKind({ kind: 'duration', parse: parseDuration });
export const list: InputBuilder<readonly string[]> = defineInputKind({ kind: 'list', parse: parseList });
export const lines: InputBuilder<readonly string[]> = defineInputKind({ kind: 'lines', parse: parseLines });
export const mapping: InputBuilder<Readonly<Record<string, string>>> = defineInputKind({
  kind: 'mapping',
  parse: parseMapping,
});
/** JSON or YAML, unknown until a guard says otherwise. */
export const document: InputBuilder<unknown> = defineInputKind({ kind: 'document', parse: parseDocument });
/** The same, but numbers and booleans in it are the text they were written as. */
export const verbatimDocument: InputBuilder<unknown> = defineInputKind({
  kind: 'document',
  parse: parseVerbatimDocument,
});

export const integer = (range: Range = {}): InputBuilder<number> =>
  defineInputKind({ kind: 'integer', parse: (value) => parseInteger(value, range) });

export const choice = <const V extends string>(...values: readonly V[]): InputBuilder<V> =>
  defineInputKind({ kind: 'choice', choices: values, parse: (value) => parseChoice(value, values) });

/** Several of the given words, separated by commas or line ends. */
export const choices = <const V extends string>(...values: readonly V[]): InputBuilder<readonly V[]> =>
  defineInputKind<readonly V[]>({
    kind: 'choices',
    choices: values,
    parse: (value) => parseList(value).map((item) => parseChoice(item, values)),
  });

/** One output. A name with `*` is a family: the star stands for any text (`docker_username_*`, or `*` alone). */
export interface Output {
  readonly help: string;
  /** Masked before it is set. */
  readonly secret?: true;
}

/** One IAM permission and why it is needed. Permissions of one feature form a group. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs, in which `${Region}`, `${Account}` and `${Partition}` stand for the caller's. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly reason: string;
}

/** What GitHub's `permissions:` must hold for a feature. */
export interface WorkflowPermission {
  readonly permission: string;
  readonly reason: string;
}

/** Everything that is declared of an action; action.yml, tables, policies and other hosts' tasks come from it. */
export interface Definition {
  /** Folder name under `actions/`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly branding: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<Record<string, Input<unknown>>>;
  readonly outputs: Readonly<Record<string, Output>>;
  /** Environment variables exported to later steps, by name; `*` as in outputs. */
  readonly environment?: Readonly<Record<string, Output>>;
  /** IAM permissions by feature; the group `always` is needed in every run. */
  readonly permissions: Readonly<Record<string, readonly Permission[]>>;
  readonly workflow: readonly WorkflowPermission[];
  /** Further sections of the README by name, in Markdown. */
  readonly sections?: Readonly<Record<string, string>>;
  /** A condition under which GitHub runs the post step, where it is not always. */
  readonly postIf?: string;
}

/** Keeps a definition's literal types, from which `Inputs` and `Outputs` are inferred. */
export const defineAction = <const D extends Definition>(definition: D): D => definition;

type InputValue<I> = I extends Input<infer T> ? T : never;

/** The typed inputs of a definition, under their declared names. */
export type Inputs<D extends Definition> = { readonly [K in keyof D['inputs']]: InputValue<D['inputs'][K]> };

/** `docker_username_*` as a type: any text where the star is. */
type ExpandWildcard<K> = K extends `${infer Before}*${infer After}` ? `${Before}${string}${After}` : K;

/** What an output may hold: text as it is, numbers and booleans as text, anything else as JSON. */
export type OutputValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

/** Values for the declared outputs; `undefined` leaves one unset. */
export type Outputs<D extends Definition> = {
  readonly [K in keyof D['outputs'] as ExpandWildcard<K>]?: OutputValue | undefined;
};

/** Values for the declared environment variables. */
export type Environment<D extends Definition> = {
  readonly [K in keyof D['environment'] as ExpandWildcard<K>]?: string | undefined;
};

/** The declaration that covers a name: its own, or the family it belongs to. */
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
