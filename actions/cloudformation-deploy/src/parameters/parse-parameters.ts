import type { AnnotationProperties } from '@aws-delivery/action-kit/host/log';
import { isAssignments, parseAssignments } from '@aws-delivery/action-kit/inputs/parse';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { parseTemplateDocument, type TemplateDocument } from '@aws-delivery/template/document';
import { TemplateError } from '@aws-delivery/template/error';
import { isList, isMapping, type Mapping, type Path, toScalarString, type Value } from '@aws-delivery/template/value';

/** The value that the user assigns to a parameter, and its position. */
export type Assignment = { readonly location: AnnotationProperties } & (
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'previous' }
);

/** Content of a parameter source. Only template configurations have tags and a stack policy. */
export interface ParameterSet {
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly tags: ReadonlyMap<string, string> | undefined;
  /** JSON. */
  readonly stackPolicy: string | undefined;
}

/** Source of parameters. */
export interface Origin {
  /** For messages: a path, an address, or `input 'parameters'`. */
  readonly name: string;
  /** Path for annotations; undefined if it is not a file. */
  readonly file: string | undefined;
}

type AssignmentEntries = readonly (readonly [name: string, assignment: Assignment])[];

/** Reads the parameters of a JSON or YAML document; errors have the line. */
class ParameterReader {
  constructor(
    private readonly source: TemplateDocument,
    private readonly origin: Origin,
  ) {}

  readSet(): ParameterSet {
    const { value } = this.source;
    if (isList(value)) return { ...EMPTY_SET, assignments: this.collect(this.readList(value)) };
    if (!isMapping(value)) {
      throw this.createError(
        [],
        'has no parameters: use key=value, a mapping of names to values, or a list of ParameterKey and ParameterValue',
      );
    }
    if (isList(value['Parameters'])) return this.readCliInput(value, value['Parameters']);
    return isConfiguration(value)
      ? this.readConfiguration(value)
      : { ...EMPTY_SET, assignments: this.collect(this.readMap(value, [])) };
  }

  private readConfiguration(value: Mapping): ParameterSet {
    const { Parameters: parameters = {}, Tags: tags, StackPolicy: policy } = value;
    return {
      assignments: this.collect(this.readMap(isMapping(parameters) ? parameters : {}, ['Parameters'])),
      tags: isMapping(tags)
        ? new Map(Object.entries(tags).map(([key, tag]) => [key, this.readString(tag, ['Tags', key])]))
        : undefined,
      stackPolicy: policy === undefined ? undefined : JSON.stringify(policy),
    };
  }

  /** The JSON of `--cli-input-json`; members other than parameters and tags are not read. */
  private readCliInput({ Tags: tags }: Mapping, parameters: readonly Value[]): ParameterSet {
    return {
      assignments: this.collect(this.readList(parameters, ['Parameters'])),
      tags: isList(tags) ? new Map(tags.map((tag, index) => this.readTag(tag, ['Tags', index]))) : undefined,
      stackPolicy: undefined,
    };
  }

  private readTag(tag: Value, path: Path): readonly [string, string] {
    const { Key: key, Value: value = '' } = isMapping(tag) ? tag : {};
    if (typeof key === 'string' && key !== '') return [key, this.readString(value, [...path, 'Value'])];
    throw this.createError(path, 'must be {"Key": "…", "Value": "…"}');
  }

  private readMap(value: Mapping, path: Path): AssignmentEntries {
    return Object.entries(value).map(([name, item]) => {
      const here = [...path, name];
      const joined = isList(item)
        ? item.map((member, index) => this.readString(member, [...here, index])).join(',')
        : this.readString(item, here);
      return [name, { kind: 'value', value: joined, location: this.getLocation(here) }];
    });
  }

  private readList(value: readonly Value[], path: Path = []): AssignmentEntries {
    return value.map((item, index) => {
      const here = [...path, index];
      if (typeof item === 'string') return this.readPair(item, here);
      if (isMapping(item)) return this.readEntry(item, here);
      throw this.createError(here, 'must be {"ParameterKey": "…", "ParameterValue": "…"} or "key=value"');
    });
  }

  private readPair(item: string, path: Path): AssignmentEntries[number] {
    const equals = item.indexOf('=');
    if (equals < 1) throw this.createError(path, `is '${item}': use "key=value"`);
    return [item.slice(0, equals), { kind: 'value', value: item.slice(equals + 1), location: this.getLocation(path) }];
  }

  private readEntry(item: Mapping, path: Path): AssignmentEntries[number] {
    const { ParameterKey: key, ParameterValue: value, UsePreviousValue: previous = false } = item;
    if (typeof key !== 'string' || key === '') throw this.createError(path, 'must have a ParameterKey');
    const location = this.getLocation(path);
    if (toScalarString(previous) !== 'true') {
      if (value === undefined)
        throw this.createError(path, `requires a ParameterValue for ${key}, or "UsePreviousValue": true`);
      return [key, { kind: 'value', value: this.readString(value, [...path, 'ParameterValue']), location }];
    }
    if (value === undefined) return [key, { kind: 'previous', location }];
    throw this.createError(path, `has both a ParameterValue and "UsePreviousValue": true for ${key}: remove one`);
  }

  private readString(value: Value, path: Path): string {
    const string = toScalarString(value);
    if (string !== undefined) return string;
    const rule = value === null ? "is null: use '' for an empty string" : 'must be a string, number or boolean';
    throw this.createError(path, `(${String(path.at(-1))}) ${rule}`);
  }

  private collect(entries: AssignmentEntries): ReadonlyMap<string, Assignment> {
    const assignments = new Map<string, Assignment>();
    for (const [name, assignment] of entries) {
      if (assignments.has(name))
        throw createParameterError(this.origin, assignment.location.startLine, `${name} is set twice: remove one`);
      assignments.set(name, assignment);
    }
    return assignments;
  }

  private getLocation(path: Path): AnnotationProperties {
    const line = this.source.getPosition(path)?.line;
    return {
      ...(this.origin.file === undefined ? {} : { file: this.origin.file }),
      ...(line === undefined ? {} : { startLine: line }),
    };
  }

  private createError(path: Path, rule: string): DeliveryError {
    return createParameterError(this.origin, this.source.getPosition(path)?.line, rule);
  }
}

const EMPTY_SET: Omit<ParameterSet, 'assignments'> = { tags: undefined, stackPolicy: undefined };

const createParameterError = (
  { name }: Origin,
  line: number | undefined,
  rule: string,
  cause?: unknown,
): DeliveryError =>
  new DeliveryError('invalid-input', `${name}${line === undefined ? '' : `:${line}`}: ${rule}`, { cause });

const CONFIGURATION_SECTIONS = ['Parameters', 'Tags', 'StackPolicy'];

/** CodePipeline's template configuration has only these three sections. Values of parameters are never mappings. */
const isConfiguration = (value: Mapping): boolean => {
  const entries = Object.entries(value);
  return (
    entries.length > 0 && entries.every(([key, section]) => CONFIGURATION_SECTIONS.includes(key) && isMapping(section))
  );
};

const parseDocument = (content: string, origin: Origin): TemplateDocument => {
  let document: TemplateDocument;
  try {
    document = parseTemplateDocument(content, { scalars: 'source' });
  } catch (error) {
    const line = error instanceof TemplateError ? error.position?.line : undefined;
    throw createParameterError(origin, line, errorMessage(error), error);
  }
  const [warning] = document.warnings;
  if (warning === undefined) return document;
  const isDuplicate = warning.code === 'duplicate-key';
  const rule = isDuplicate ? 'a key is set more than once: remove all but one' : warning.message;
  throw createParameterError(origin, warning.position?.line, rule);
};

/**
 * Parses `key=value`. A repeated key makes a list, and a backslash is kept, as in
 * aws-actions/aws-cloudformation-github-deploy.
 */
const parseKeyValues = (content: string, origin: Origin): ParameterSet => {
  const location = origin.file === undefined ? {} : { file: origin.file };
  const values = new Map<string, string>();
  try {
    for (const [name, value] of parseAssignments(content, 'literal')) {
      const earlierValue = values.get(name);
      values.set(name, earlierValue === undefined ? value : `${earlierValue},${value}`);
    }
  } catch (error) {
    throw createParameterError(origin, undefined, errorMessage(error), error);
  }
  const assignments = [...values].map(([name, value]) => [name, { kind: 'value', value, location }] as const);
  return { ...EMPTY_SET, assignments: new Map(assignments) };
};

/**
 * Parses parameters in any of these formats, detected by their structure: the AWS CLI's list or input
 * (`{"Parameters": […]}`), `["key=value"]`,
 * CodePipeline's template configuration, a flat map in JSON or YAML (a list becomes comma-delimited), or `key=value`
 * text. Numbers keep their notation: `007` does not become `7`.
 * @throws DeliveryError `invalid-input` with name and line
 */
export const parseParameters = (content: string, origin: Origin): ParameterSet => {
  const trimmed = content.trim();
  if (trimmed === '') return { ...EMPTY_SET, assignments: new Map() };
  return isAssignments(trimmed)
    ? parseKeyValues(trimmed, origin)
    : new ParameterReader(parseDocument(content, origin), origin).readSet();
};
