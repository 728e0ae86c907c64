import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Place } from '@aws-delivery/action-kit/log';
import { isAssignments, parseAssignments } from '@aws-delivery/action-kit/parse';
import { TemplateError } from '@aws-delivery/template/error';
import { parseSource, type Source } from '@aws-delivery/template/source';
import { isList, isMapping, type Mapping, type Path, textOfScalar, type Value } from '@aws-delivery/template/value';

/** What is asked for one parameter, and where. */
export type Assignment = { readonly place: Place } & (
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'previous' }
);

/** Everything that parameters are given with. Tags and stack policy are undefined where nobody speaks of them. */
export interface ParameterSet {
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly tags: ReadonlyMap<string, string> | undefined;
  /** JSON. */
  readonly stackPolicy: string | undefined;
}

/** Where a text comes from. */
export interface Origin {
  /** For people: a path, an address, or `input 'parameters'`. */
  readonly name: string;
  /** Path for annotations, where it is a file of the workspace. */
  readonly file: string | undefined;
}

type Given = readonly (readonly [name: string, assignment: Assignment])[];

/** Reads the values of one document, and says by line what it does not understand. */
class Reader {
  constructor(
    private readonly source: Source,
    private readonly origin: Origin,
  ) {}

  set(): ParameterSet {
    const { value } = this.source;
    if (isList(value)) return { ...EMPTY_SET, assignments: this.collect(this.list(value)) };
    if (!isMapping(value)) {
      throw this.wrong(
        [],
        'holds no parameters: write key=value, a mapping of names to values, or a list of ParameterKey and ParameterValue',
      );
    }
    return isConfiguration(value)
      ? this.configuration(value)
      : { ...EMPTY_SET, assignments: this.collect(this.flat(value, [])) };
  }

  private configuration(value: Mapping): ParameterSet {
    const { Parameters: parameters = {}, Tags: tags, StackPolicy: policy } = value;
    return {
      assignments: this.collect(this.flat(isMapping(parameters) ? parameters : {}, ['Parameters'])),
      tags: isMapping(tags)
        ? new Map(Object.entries(tags).map(([key, tag]) => [key, this.text(tag, ['Tags', key])]))
        : undefined,
      stackPolicy: policy === undefined ? undefined : JSON.stringify(policy),
    };
  }

  private flat(value: Mapping, path: Path): Given {
    return Object.entries(value).map(([name, item]) => {
      const here = [...path, name];
      const text = isList(item)
        ? item.map((member, index) => this.text(member, [...here, index])).join(',')
        : this.text(item, here);
      return [name, { kind: 'value', value: text, place: this.place(here) }];
    });
  }

  private list(value: readonly Value[]): Given {
    return value.map((item, index) => {
      if (typeof item === 'string') return this.pair(item, [index]);
      if (isMapping(item)) return this.entry(item, [index]);
      throw this.wrong([index], 'must be {"ParameterKey": "…", "ParameterValue": "…"} or "key=value"');
    });
  }

  private pair(text: string, path: Path): Given[number] {
    const equals = text.indexOf('=');
    if (equals < 1) throw this.wrong(path, `is '${text}': write "key=value"`);
    return [text.slice(0, equals), { kind: 'value', value: text.slice(equals + 1), place: this.place(path) }];
  }

  private entry(item: Mapping, path: Path): Given[number] {
    const { ParameterKey: key, ParameterValue: value, UsePreviousValue: previous = false } = item;
    if (typeof key !== 'string' || key === '') throw this.wrong(path, 'must have a ParameterKey');
    const place = this.place(path);
    if (textOfScalar(previous) !== 'true') {
      if (value === undefined) throw this.wrong(path, `gives ${key} no ParameterValue, nor "UsePreviousValue": true`);
      return [key, { kind: 'value', value: this.text(value, [...path, 'ParameterValue']), place }];
    }
    if (value === undefined) return [key, { kind: 'previous', place }];
    throw this.wrong(path, `gives ${key} both a ParameterValue and "UsePreviousValue": true: keep one`);
  }

  private text(value: Value, path: Path): string {
    const text = textOfScalar(value);
    if (text !== undefined) return text;
    const what = value === null ? "is empty: write '' for an empty text" : 'must be text, number or boolean';
    throw this.wrong(path, `(${String(path.at(-1))}) ${what}`);
  }

  private collect(given: Given): ReadonlyMap<string, Assignment> {
    const seen = new Map<string, Assignment>();
    for (const [name, assignment] of given) {
      if (seen.has(name)) throw faultIn(this.origin, assignment.place.startLine, `${name} is given twice: keep one`);
      seen.set(name, assignment);
    }
    return seen;
  }

  private place(path: Path): Place {
    const line = this.source.positionOf(path)?.line;
    return {
      ...(this.origin.file === undefined ? {} : { file: this.origin.file }),
      ...(line === undefined ? {} : { startLine: line }),
    };
  }

  private wrong(path: Path, rule: string): DeliveryError {
    return faultIn(this.origin, this.source.positionOf(path)?.line, rule);
  }
}

const EMPTY_SET: Omit<ParameterSet, 'assignments'> = { tags: undefined, stackPolicy: undefined };

const faultIn = ({ name }: Origin, line: number | undefined, rule: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `${name}${line === undefined ? '' : `:${line}`}: ${rule}`, { cause });

const CONFIGURATION = ['Parameters', 'Tags', 'StackPolicy'];

/** CodePipeline's template configuration has its three sections and nothing else; a parameter is never a mapping. */
const isConfiguration = (value: Mapping): boolean => {
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([key, section]) => CONFIGURATION.includes(key) && isMapping(section));
};

const parsed = (text: string, origin: Origin): Source => {
  try {
    return parseSource(text);
  } catch (error) {
    const line = error instanceof TemplateError ? error.position?.line : undefined;
    throw faultIn(origin, line, textOf(error), error);
  }
};

/** `key=value` text; a key given twice makes a list, as in aws-actions/aws-cloudformation-github-deploy. */
const assigned = (text: string, origin: Origin): ParameterSet => {
  const place = origin.file === undefined ? {} : { file: origin.file };
  const values = new Map<string, string>();
  try {
    for (const [name, value] of parseAssignments(text)) {
      const before = values.get(name);
      values.set(name, before === undefined ? value : `${before},${value}`);
    }
  } catch (error) {
    throw faultIn(origin, undefined, textOf(error), error);
  }
  const assignments = [...values].map(([name, value]) => [name, { kind: 'value', value, place }] as const);
  return { ...EMPTY_SET, assignments: new Map(assignments) };
};

/**
 * Parameters in any of the forms people have them: the AWS CLI's list, `["key=value"]`, CodePipeline's template
 * configuration, a flat map in JSON or YAML (a list becomes comma-delimited), or `key=value` text. Told apart by their
 * shape. Numbers stay as they are written: `007` does not become `7`.
 * @throws DeliveryError `invalid-input` with name and line
 */
export const parseParameters = (text: string, origin: Origin): ParameterSet => {
  const trimmed = text.trim();
  if (trimmed === '') return { ...EMPTY_SET, assignments: new Map() };
  return isAssignments(trimmed) ? assigned(trimmed, origin) : new Reader(parsed(text, origin), origin).set();
};
