import { parseXML } from '@aws-sdk/xml-builder';
import { NormalizedSchema } from '@smithy/core/schema';

// The only importer of SDK internals (aws-facts §0.2, §0.3): everything else knows a schema as the `Shape` below.

type Schema = ReturnType<typeof NormalizedSchema.of>;
type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];
type OperationTuple = readonly [9, string, string, unknown, SchemaRef, SchemaRef];
type ErrorTuple = SchemaRef & readonly [-3, string, string, ...unknown[]];

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** What a value is on the wire. `blob` is bytes; `document` is any JSON. */
export type Kind =
  | 'structure'
  | 'list'
  | 'map'
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'blob'
  | 'document'
  | 'unit';

const SIMPLE: Readonly<Record<number, Kind>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  15: 'document',
  17: 'number',
  19: 'number',
  21: 'blob',
  42: 'blob',
};

const TIMESTAMPS: Readonly<Record<number, TimestampFormat>> = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };

const kindOf = (schema: Schema): Kind => {
  if (schema.isUnitSchema()) return 'unit';
  if (schema.isStructSchema()) return 'structure';
  if (schema.isListSchema()) return 'list';
  if (schema.isMapSchema()) return 'map';
  const code = schema.getSchema();
  return (typeof code === 'number' ? SIMPLE[code] : undefined) ?? 'document';
};

/** Where a member of a REST operation travels; `body` where no trait says otherwise. */
export type Location =
  | { readonly kind: 'body' | 'payload' | 'status' | 'query-params' }
  | { readonly kind: 'label' | 'query' | 'header' | 'prefix-headers'; readonly name: string };

/** A schema of the SDK, as the protocols see it. Members and items are resolved when asked for: schemas recurse. */
export class Shape {
  readonly kind: Kind;
  /** The name of the structure, `AssumeRoleResponse`. */
  readonly name: string;
  /** The member's own name, or the name a list item or map key has in XML when no trait names it. */
  readonly memberName: string;
  readonly #schema: Schema;
  #members: readonly Shape[] | undefined;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.kind = kindOf(schema);
    this.name = schema.getName() ?? '';
    this.memberName = schema.isMemberSchema() ? schema.getMemberName() : this.name;
  }

  get members(): readonly Shape[] {
    if (this.kind !== 'structure') return [];
    this.#members ??= [...this.#schema.structIterator()].map(([, member]) => new Shape(member));
    return this.#members;
  }

  /** Names of the members that must be given; the SDK lists them first and counts them. */
  get required(): readonly string[] {
    const schema: unknown = this.#schema.getSchema();
    const count: unknown = Array.isArray(schema) ? schema[6] : 0;
    return typeof count === 'number' ? this.members.slice(0, count).map(({ memberName }) => memberName) : [];
  }

  /** A list's items, a map's values. */
  get item(): Shape {
    return new Shape(this.#schema.getValueSchema());
  }

  get key(): Shape {
    return new Shape(this.#schema.getKeySchema());
  }

  /** The element name of this member, item or payload in XML. */
  get xmlName(): string {
    const { xmlName } = this.#schema.getMemberTraits();
    return xmlName ?? this.memberName;
  }

  /** The element name of a document whose root this is. */
  get rootName(): string {
    return this.#schema.getMergedTraits().xmlName ?? this.name;
  }

  /** True for a list or map whose items follow each other without an element around them. */
  get flattened(): boolean {
    return Boolean(this.#schema.getMergedTraits().xmlFlattened);
  }

  /** Its name in restJson documents. */
  get jsonName(): string {
    return this.#schema.getMemberTraits().jsonName ?? this.memberName;
  }

  get timestampFormat(): TimestampFormat | undefined {
    const code: unknown = this.#schema.getSchema();
    return typeof code === 'number' ? TIMESTAMPS[code] : undefined;
  }

  get location(): Location {
    const traits = this.#schema.getMergedTraits();
    if (traits.httpLabel) return { kind: 'label', name: this.memberName };
    if (traits.httpPayload) return { kind: 'payload' };
    if (traits.httpResponseCode) return { kind: 'status' };
    if (traits.httpQueryParams) return { kind: 'query-params' };
    if (traits.httpQuery) return { kind: 'query', name: traits.httpQuery };
    if (traits.httpHeader) return { kind: 'header', name: traits.httpHeader.toLowerCase() };
    if (traits.httpPrefixHeaders) return { kind: 'prefix-headers', name: traits.httpPrefixHeaders.toLowerCase() };
    return { kind: 'body' };
  }

  /** For an error: its HTTP status, and the code it has in awsQuery. */
  get error(): { readonly code: string; readonly status: number } {
    const { awsQueryError, httpError } = this.#schema.getMergedTraits();
    const [code, queryStatus]: readonly unknown[] = Array.isArray(awsQueryError) ? awsQueryError : [];
    const status = [queryStatus, httpError].find((each) => typeof each === 'number');
    return { code: typeof code === 'string' ? code : this.name, status: status ?? 400 };
  }
}

export interface HttpTrait {
  readonly method: string;
  readonly path: string;
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

const readHttp = (traits: unknown): HttpTrait | undefined => {
  if (typeof traits !== 'object' || traits === null || !('http' in traits) || !Array.isArray(traits.http)) return;
  const http: readonly unknown[] = traits.http;
  const [method, uri, status] = http;
  if (typeof method !== 'string' || typeof uri !== 'string' || typeof status !== 'number') return undefined;
  const [path = '/', query = ''] = uri.split('?');
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const { 'x-id': _sdkOnly, ...fixed } = parameters;
  return { method, path, query: fixed, status };
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

/** Reads an XML document into nested objects: text where an element has no children, an array where one repeats. */
export const readXml = (text: string): unknown => parseXML(text);
