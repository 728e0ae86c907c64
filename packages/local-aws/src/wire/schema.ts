import {
  JsonShapeDeserializer,
  JsonShapeSerializer,
  XmlShapeDeserializer,
  XmlShapeSerializer,
} from '@aws-sdk/core/protocols';
import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema, translateTraits } from '@smithy/core/schema';
import type { Document } from '../call.js';
import { isDocument } from './json.js';
import { PathPattern } from './path-pattern.js';

// The only importer of SDK internals (aws-facts §0.2, §0.3): everything else knows a schema as the `Shape` below, and
// what the SDK writes and reads as a `Codec`.

type Schema = ReturnType<typeof NormalizedSchema.of>;
type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];
type SchemaTraits = Parameters<typeof translateTraits>[0];
type OperationTuple = readonly [9, string, string, SchemaTraits, SchemaRef, SchemaRef];
type ErrorTuple = SchemaRef & readonly [-3, string, string, ...unknown[]];

/** Where a member of a REST operation travels, and under which name; in the body where no trait says otherwise. */
export interface Location {
  readonly kind: 'body' | 'payload' | 'status' | 'label' | 'query' | 'query-params' | 'header' | 'prefix-headers';
  readonly name: string;
}

/** A schema of the SDK, as the protocols see it. Members are resolved when asked for: schemas recurse. */
export class Shape {
  /** The name of the structure, `AssumeRoleResponse`. */
  readonly name: string;
  readonly schema: Schema;
  #members: readonly Shape[] | undefined;
  #location: Location | undefined;

  constructor(schema: Schema) {
    this.schema = schema;
    this.name = schema.getName() ?? '';
  }

  /** True for an input or output that is nothing at all. */
  get isUnit(): boolean {
    return this.schema.isUnitSchema();
  }

  get isBlob(): boolean {
    return this.schema.isBlobSchema();
  }

  get isString(): boolean {
    return this.schema.isStringSchema();
  }

  get memberName(): string {
    return this.schema.getMemberName();
  }

  get members(): readonly Shape[] {
    this.#members ??= [...this.schema.structIterator()].map(([, member]) => new Shape(member));
    return this.#members;
  }

  /** The members that must be given; the SDK lists them first and counts them. */
  get required(): readonly Shape[] {
    const schema: unknown = this.schema.getSchema();
    const count: unknown = Array.isArray(schema) ? schema[6] : 0;
    return this.members.slice(0, typeof count === 'number' ? count : 0);
  }

  get location(): Location {
    this.#location ??= this.#readLocation();
    return this.#location;
  }

  #readLocation(): Location {
    const traits = this.schema.getMergedTraits();
    if (traits.httpLabel) return { kind: 'label', name: this.memberName };
    if (traits.httpPayload) return { kind: 'payload', name: this.memberName };
    if (traits.httpResponseCode) return { kind: 'status', name: this.memberName };
    if (traits.httpQueryParams) return { kind: 'query-params', name: this.memberName };
    if (traits.httpQuery) return { kind: 'query', name: traits.httpQuery };
    if (traits.httpHeader) return { kind: 'header', name: traits.httpHeader.toLowerCase() };
    if (traits.httpPrefixHeaders) return { kind: 'prefix-headers', name: traits.httpPrefixHeaders.toLowerCase() };
    return { kind: 'body', name: this.memberName };
  }

  /** For an error: its HTTP status, and the code it has in awsQuery. */
  get error(): { readonly code: string; readonly status: number } {
    const { awsQueryError, httpError } = this.schema.getMergedTraits();
    const [code, queryStatus]: readonly unknown[] = Array.isArray(awsQueryError) ? awsQueryError : [];
    const status = [queryStatus, httpError].find((each) => typeof each === 'number');
    return { code: typeof code === 'string' ? code : this.name, status: status ?? 400 };
  }
}

export interface HttpTrait {
  readonly method: string;
  readonly path: PathPattern;
  /** Fixed query parameters, `list-type=2`; the SDK's own `x-id` is left out. */
  readonly query: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface Operation {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
  /** Only in REST protocols. */
  readonly http: HttpTrait | undefined;
}

/** The operations and errors of one service. */
export interface ServiceSchemas {
  readonly operations: ReadonlyMap<string, Operation>;
  /** The shape of a modelled error, by its name or its wire code. */
  readonly errors: ReadonlyMap<string, Shape>;
}

const isOperation = (value: unknown): value is OperationTuple => Array.isArray(value) && value[0] === 9;
const isError = (value: unknown): value is ErrorTuple => Array.isArray(value) && value[0] === -3;

const readHttp = (traits: SchemaTraits): HttpTrait | undefined => {
  const { http } = translateTraits(traits);
  if (http === undefined) return undefined;
  const [method, uri, status] = http;
  const [path = '/', query = ''] = uri.split('?');
  const { 'x-id': _sdkOnly, ...fixed } = Object.fromEntries(new URLSearchParams(query));
  return { method, path: new PathPattern(path), query: fixed, status };
};

/** Reads the schemas that an SDK client exports from its package root. */
export const readSchemas = (client: object): ServiceSchemas => {
  const operations = new Map<string, Operation>();
  const errors = new Map<string, Shape>();
  for (const value of Object.values(client)) {
    if (isOperation(value)) {
      const [, , name, traits, input, output] = value;
      const shapes = { input: new Shape(NormalizedSchema.of(input)), output: new Shape(NormalizedSchema.of(output)) };
      operations.set(name, { name, ...shapes, http: readHttp(traits) });
    } else if (isError(value)) {
      const shape = new Shape(NormalizedSchema.of(value));
      errors.set(shape.name, shape).set(shape.error.code, shape);
    }
  }
  return { operations, errors };
};

/** What a schema expects of a value; undefined where the SDK has converted or refused it itself. */
const expectation = (schema: Schema): 'object' | 'list' | 'string' | 'number' | 'boolean' | undefined => {
  if (schema.isStructSchema() || schema.isMapSchema()) return 'object';
  if (schema.isListSchema()) return 'list';
  if (schema.isStringSchema()) return 'string';
  if (schema.isNumericSchema()) return 'number';
  return schema.isBooleanSchema() ? 'boolean' : undefined;
};

const isA = (expected: string, value: unknown): boolean => {
  if (expected === 'object') return isDocument(value);
  return expected === 'list' ? Array.isArray(value) : typeof value === expected && !Number.isNaN(value);
};

/** The SDK passes on what does not fit: a client may, a service must not. */
const check = (schema: Schema, value: unknown, name: string): void => {
  const expected = expectation(schema);
  if (expected === undefined) return;
  if (!isA(expected, value)) throw new SyntaxError(`${name} is ${JSON.stringify(value)}: a ${expected} is expected`);
  if (schema.isStructSchema() && isDocument(value)) {
    const given = [...schema.structIterator()].filter(([member]) => value[member] !== undefined);
    for (const [member, each] of given) check(each, value[member], member);
  } else if (Array.isArray(value) || isDocument(value)) {
    for (const each of Object.values(value)) check(schema.getValueSchema(), each, name);
  }
};

/** Reads with the SDK. Throws SyntaxError where the value does not fit the schema. */
const readChecked = ({ schema, name }: Shape, read: () => unknown): unknown => {
  try {
    const value = read();
    check(schema, value, name);
    return value;
  } catch (thrown) {
    throw new SyntaxError(thrown instanceof Error ? thrown.message : String(thrown));
  }
};

const readDocument = (shape: Shape, read: () => unknown): Document => {
  const value = readChecked(shape, read);
  return isDocument(value) ? value : {};
};

/** How structures are written and read in one format. Reading throws SyntaxError where a text does not fit the shape. */
export interface Codec {
  readonly contentType: string;
  readonly read: (shape: Shape, text: string) => Document;
  readonly write: (shape: Shape, value: Document) => string;
}

const DATE_TIME = 5;
const EPOCH_SECONDS = 7;

/** awsJson names members by their own names, restJson by the trait `jsonName`. */
export const jsonCodec = (jsonName: boolean): Codec => {
  const settings = { timestampFormat: { useTrait: true, default: EPOCH_SECONDS }, jsonName } as const;
  return {
    contentType: 'application/json',
    read: (shape, text) =>
      readDocument(shape, () => new JsonShapeDeserializer(settings).readObject(shape.schema, JSON.parse(text))),
    write: (shape, value) => {
      const serializer = new JsonShapeSerializer(settings);
      serializer.write(shape.schema, value);
      return serializer.flush();
    },
  };
};

const xmlSettings = (xmlNamespace: string) =>
  ({ timestampFormat: { useTrait: true, default: DATE_TIME }, xmlNamespace, serviceNamespace: '' }) as const;

/** One element and what is in it; the namespace, where there is one, is the root's. */
export const xmlCodec = (xmlNamespace: string): Codec => ({
  contentType: 'application/xml',
  read: (shape, text) =>
    readDocument(shape, () => new XmlShapeDeserializer(xmlSettings(xmlNamespace)).read(shape.schema, text)),
  write: (shape, value) => {
    const serializer = new XmlShapeSerializer(xmlSettings(xmlNamespace));
    serializer.write(shape.schema, value);
    return String(serializer.flush());
  },
});

/** Reads a document from nested objects that are named as its XML would be: `{ Tags: { member: [{ Key: 'a' }] } }`. */
export const readTree = (shape: Shape, tree: Document): Document =>
  readDocument(shape, () => new XmlShapeDeserializer(xmlSettings('')).readSchema(shape.schema, tree));

const BINDING = { timestampFormat: { useTrait: true, default: DATE_TIME }, httpBindings: true } as const;

/** Reads what is bound to a label, a query parameter or a header. */
export const readText = (shape: Shape, text: string): unknown =>
  readChecked(shape, () => new FromStringShapeDeserializer(BINDING).read(shape.schema, text));

/** Reads the values of a query parameter that may be given many times. */
export const readTexts = (shape: Shape, texts: readonly string[]): unknown =>
  shape.schema.isListSchema()
    ? texts.map((text) => readText(new Shape(shape.schema.getValueSchema()), text))
    : readText(shape, texts[0] ?? '');

/** Writes what is bound to a header. */
export const writeText = (shape: Shape, value: unknown): string => {
  const serializer = new ToStringShapeSerializer(BINDING);
  serializer.write(shape.schema, value);
  return String(serializer.flush());
};
