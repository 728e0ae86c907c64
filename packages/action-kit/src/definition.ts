import {
  parseBoolean,
  parseChoice,
  parseDocument,
  parseDuration,
  parseInteger,
  parseLines,
  parseList,
  parseMapping,
  parseTexts,
  type Range,
} from './parse.js';

/** What an input's text can be. A closed set: every generator is a `Record<KindName, …>`. */
export type KindName =
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
export interface Texts {
  /** One or two sentences in Markdown, without the default, which is added from `default`. */
  readonly help: string;
  /** Heading of the README table it stands under. */
  readonly group?: string;
  /** Masked before anything else happens. */
  readonly secret?: true;
  /** Other names that mean this input, as peers call it. */
  readonly was?: Readonly<Record<string, Translation>>;
  /** A default that only GitHub can fill in: an expression such as `${{ github.token }}`. */
  readonly github?: string;
}

/** One declared input: its kind, its texts, and how its text becomes a `T`. */
export interface Input<T> extends Texts {
  readonly kind: KindName;
  readonly required: boolean;
  readonly default: T | undefined;
  readonly choices: readonly string[];
  /** Throws a DeliveryError that does not name the input. */
  readonly parse: (text: string) => T;
}

/** Makes an input: with a default or required it is a `T`, else a `T | undefined`. */
export interface Kind<T> {
  (texts: Texts & { readonly default: T; readonly required?: never }): Input<T>;
  (texts: Texts & { readonly required: true; readonly default?: never }): Input<T>;
  (texts: Texts & { readonly required?: never; readonly default?: never }): Input<T | undefined>;
}

interface Making<T> {
  readonly kind: KindName;
  readonly choices?: readonly string[];
  readonly parse: (text: string) => T;
}

const makeKind = <T>({ kind, choices = [], parse }: Making<T>): Kind<T> => {
  const make = (texts: Texts & { readonly default?: T; readonly required?: true }): Input<T> => ({
    ...texts,
    kind,
    choices,
    parse,
    required: texts.required ?? false,
    default: texts.default,
  });
  return make as Kind<T>;
};

export const string: Kind<string> = makeKind({ kind: 'string', parse: (text) => text });
export const boolean: Kind<boolean> = makeKind({ kind: 'boolean', parse: parseBoolean });
/** Seconds. */
export const duration: Kind<number> = makeKind({ kind: 'duration', parse: parseDuration });
export const list: Kind<readonly string[]> = makeKind({ kind: 'list', parse: parseList });
export const lines: Kind<readonly string[]> = makeKind({ kind: 'lines', parse: parseLines });
export const mapping: Kind<Readonly<Record<string, string>>> = makeKind({ kind: 'mapping', parse: parseMapping });
/** JSON or YAML, unknown until a guard says otherwise. */
export const document: Kind<unknown> = makeKind({ kind: 'document', parse: parseDocument });
/** The same, but numbers and booleans in it are the text they were written as. */
export const texts: Kind<unknown> = makeKind({ kind: 'document', parse: parseTexts });

export const integer = (range: Range = {}): Kind<number> =>
  makeKind({ kind: 'integer', parse: (text) => parseInteger(text, range) });

export const choice = <const V extends string>(...values: readonly V[]): Kind<V> =>
  makeKind({ kind: 'choice', choices: values, parse: (text) => parseChoice(text, values) });

/** Several of the given words, separated by commas or line ends. */
export const choices = <const V extends string>(...values: readonly V[]): Kind<readonly V[]> =>
  makeKind<readonly V[]>({
    kind: 'choices',
    choices: values,
    parse: (text) => parseList(text).map((item) => parseChoice(item, values)),
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
  readonly why: string;
}

/** What GitHub's `permissions:` must hold for a feature. */
export interface WorkflowPermission {
  readonly permission: string;
  readonly why: string;
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

type ValueOf<I> = I extends Input<infer T> ? T : never;

/** The typed inputs of a definition, under their declared names. */
export type Inputs<D extends Definition> = { readonly [K in keyof D['inputs']]: ValueOf<D['inputs'][K]> };

/** `docker_username_*` as a type: any text where the star is. */
type Spelled<K> = K extends `${infer Before}*${infer After}` ? `${Before}${string}${After}` : K;

/** What an output may hold: text as it is, numbers and booleans as text, anything else as JSON. */
export type OutputValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

/** Values for the declared outputs; `undefined` leaves one unset. */
export type Outputs<D extends Definition> = {
  readonly [K in keyof D['outputs'] as Spelled<K>]?: OutputValue | undefined;
};

/** Values for the declared environment variables. */
export type Environment<D extends Definition> = {
  readonly [K in keyof D['environment'] as Spelled<K>]?: string | undefined;
};

/** The declaration that covers a name: its own, or the family it belongs to. */
export const declarationOf = (
  declared: Readonly<Record<string, Output>> | undefined,
  name: string,
): Output | undefined => {
  if (declared === undefined) return undefined;
  if (Object.hasOwn(declared, name)) return declared[name];
  const family = Object.keys(declared).find((pattern) => pattern.includes('*') && matches(pattern, name));
  return family === undefined ? undefined : declared[family];
};

const matches = (pattern: string, name: string): boolean => {
  const [before = '', after = ''] = pattern.split('*');
  return name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after);
};
