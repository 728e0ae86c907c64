import { errorMessage } from '@aws-delivery/action-kit/util/error';
import {
  JsonShapeDeserializer,
  JsonShapeSerializer,
  XmlShapeDeserializer,
  XmlShapeSerializer,
} from '@aws-sdk/core/protocols';
import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema, translateTraits } from '@smithy/core/schema';
import type { Document } from '../api-call.js';
import { isDocument } from './document.js';
import { PathPattern } from './path-pattern.js';

// The only file that imports SDK internals (docs/aws-facts.md §0.2, §0.3). Other files use `ApiSchema` for schemas and
// `Codec` for what the SDK reads and writes.

type SdkSchema = ReturnType<typeof NormalizedSchema.of>;
type SdkSchemaRef = Parameters<typeof NormalizedSchema.of>[0];
type SchemaTraits = Parameters<typeof translateTraits>[0];
type OperationTuple = readonly [9, string, string, SchemaTraits, SdkSchemaRef, SdkSchemaRef];
type ErrorTuple = SdkSchemaRef & readonly [-3, string, string, ...unknown[]];

/** The HTTP location and name of a member in a REST protocol; `body` if no trait says otherwise. */
export interface HttpBinding {
  readonly kind: 'body' | 'payload' | 'status' | 'label' | 'query' | 'query-params' | 'header' | 'prefix-headers';
  readonly name: string;
}

/** A schema of the SDK. Members are resolved on demand, because schemas are recursive. */
export class ApiSchema {
  /** Name of the structure, for example `AssumeRoleResponse`. */
  readonly name: string;
  private cachedMembers: readonly ApiSchema[] | undefined;
  private cachedBinding: HttpBinding | undefined;

  constructor(readonly sdkSchema: SdkSchema) {
    this.name = sdkSchema.getName() ?? '';
  }

  /** Whether an operation has no input or output at all. */
  get isUnit(): boolean {
    return this.sdkSchema.isUnitSchema();
  }

  get isBlob(): boolean {
    return this.sdkSchema.isBlobSchema();
  }

  get isString(): boolean {
    return this.sdkSchema.isStringSchema();
  }

  get memberName(): string {
    return this.sdkSchema.getMemberName();
  }

  get members(): readonly ApiSchema[] {
    this.cachedMembers ??= [...this.sdkSchema.structIterator()].map(([, member]) => new ApiSchema(member));
    return this.cachedMembers;
  }

  /** The required members. The SDK lists them first and stores their number. */
  get required(): readonly ApiSchema[] {
    const sdkSchema: unknown = this.sdkSchema.getSchema();
    const count: unknown = Array.isArray(sdkSchema) ? sdkSchema[6] : 0;
    return this.members.slice(0, typeof count === 'number' ? count : 0);
  }

  get binding(): HttpBinding {
    this.cachedBinding ??= this.readBinding();
    return this.cachedBinding;
  }

  private readBinding(): HttpBinding {
    const traits = this.sdkSchema.getMergedTraits();
    if (traits.httpLabel) return { kind: 'label', name: this.memberName };
    if (traits.httpPayload) return { kind: 'payload', name: this.memberName };
    if (traits.httpResponseCode) return { kind: 'status', name: this.memberName };
    if (traits.httpQueryParams) return { kind: 'query-params', name: this.memberName };
    if (traits.httpQuery) return { kind: 'query', name: traits.httpQuery };
    if (traits.httpHeader) return { kind: 'header', name: traits.httpHeader.toLowerCase() };
    if (traits.httpPrefixHeaders) return { kind: 'prefix-headers', name: traits.httpPrefixHeaders.toLowerCase() };
    return { kind: 'body', name: this.memberName };
  }

  /** For an error: HTTP status and awsQuery code. */
  get error(): { readonly code: string; readonly status: number } {
    const { awsQueryError, httpError } = this.sdkSchema.getMergedTraits();
    const [code, queryStatus]: readonly unknown[] = Array.isArray(awsQueryError) ? awsQueryError : [];
    const status = [queryStatus, httpError].find((each) => typeof each === 'number');
    return { code: typeof code === 'string' ? code : this.name, status: status ?? 400 };
  }
}

export interface HttpTrait {
  readonly method: string;
  readonly path: PathPattern;
  /** Fixed query parameters, such as `list-type=2`; without the SDK's own `x-id`. */
  readonly query: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface OperationSchema {
  readonly name: string;
  readonly input: ApiSchema;
  readonly output: ApiSchema;
  /** Undefined outside REST protocols. */
  readonly http: HttpTrait | undefined;
}

/** The operations and errors of one service. */
export interface ServiceSchemas {
  readonly operations: ReadonlyMap<string, OperationSchema>;
  /** Schemas of modeled errors, by name and by awsQuery code. */
  readonly errors: ReadonlyMap<string, ApiSchema>;
}

const isOperationTuple = (value: unknown): value is OperationTuple => Array.isArray(value) && value[0] === 9;
const isErrorTuple = (value: unknown): value is ErrorTuple => Array.isArray(value) && value[0] === -3;

const parseHttpTrait = (traits: SchemaTraits): HttpTrait | undefined => {
  const { http } = translateTraits(traits);
  if (http === undefined) return undefined;
  const [method, uri, status] = http;
  const [path = '/', query = ''] = uri.split('?');
  const { 'x-id': _sdkOnly, ...fixed } = Object.fromEntries(new URLSearchParams(query));
  return { method, path: new PathPattern(path), query: fixed, status };
};

/** Reads the schemas that an SDK client exports from its package root. */
export const readSchemas = (client: object): ServiceSchemas => {
  const operations = new Map<string, OperationSchema>();
  const errors = new Map<string, ApiSchema>();
  for (const value of Object.values(client)) {
    if (isOperationTuple(value)) {
      const [, , name, traits, input, output] = value;
      const schemas = {
        input: new ApiSchema(NormalizedSchema.of(input)),
        output: new ApiSchema(NormalizedSchema.of(output)),
      };
      operations.set(name, { name, ...schemas, http: parseHttpTrait(traits) });
    } else if (isErrorTuple(value)) {
      const schema = new ApiSchema(NormalizedSchema.of(value));
      errors.set(schema.name, schema).set(schema.error.code, schema);
    }
  }
  return { operations, errors };
};

/** The JavaScript type that a schema requires; undefined if the SDK has converted or rejected the value itself. */
const getExpectedType = (sdkSchema: SdkSchema): 'object' | 'list' | 'string' | 'number' | 'boolean' | undefined => {
  if (sdkSchema.isStructSchema() || sdkSchema.isMapSchema()) return 'object';
  if (sdkSchema.isListSchema()) return 'list';
  if (sdkSchema.isStringSchema()) return 'string';
  if (sdkSchema.isNumericSchema()) return 'number';
  return sdkSchema.isBooleanSchema() ? 'boolean' : undefined;
};

const hasType = (expected: string, value: unknown): boolean => {
  if (expected === 'object') return isDocument(value);
  return expected === 'list' ? Array.isArray(value) : typeof value === expected && !Number.isNaN(value);
};

/** The SDK accepts values of the wrong type, which a client may do but a service must not. */
const checkType = (sdkSchema: SdkSchema, value: unknown, name: string): void => {
  const expected = getExpectedType(sdkSchema);
  if (expected === undefined) return;
  if (!hasType(expected, value)) throw new SyntaxError(`${name}: expected a ${expected}, got ${JSON.stringify(value)}`);
  if (sdkSchema.isStructSchema() && isDocument(value)) {
    const present = [...sdkSchema.structIterator()].filter(([member]) => value[member] !== undefined);
    for (const [member, each] of present) checkType(each, value[member], member);
  } else if (Array.isArray(value) || isDocument(value)) {
    for (const each of Object.values(value)) checkType(sdkSchema.getValueSchema(), each, name);
  }
};

/** Reads a value with the SDK. Throws SyntaxError if it does not match the schema. */
const readChecked = ({ sdkSchema, name }: ApiSchema, read: () => unknown): unknown => {
  try {
    const value = read();
    checkType(sdkSchema, value, name);
    return value;
  } catch (thrown) {
    throw new SyntaxError(errorMessage(thrown));
  }
};

const readDocument = (schema: ApiSchema, read: () => unknown): Document => {
  const value = readChecked(schema, read);
  return isDocument(value) ? value : {};
};

/** Reads and writes structures in one format. Reading throws SyntaxError for content that does not match the schema. */
export interface Codec {
  readonly contentType: string;
  readonly read: (schema: ApiSchema, content: string) => Document;
  readonly write: (schema: ApiSchema, value: Document) => string;
}

const DATE_TIME = 5;
const EPOCH_SECONDS = 7;

/** restJson uses the trait `jsonName` for the names of members, awsJson does not. */
export const createJsonCodec = (jsonName: boolean): Codec => {
  const settings = { timestampFormat: { useTrait: true, default: EPOCH_SECONDS }, jsonName } as const;
  return {
    contentType: 'application/json',
    read: (schema, content) =>
      readDocument(schema, () => new JsonShapeDeserializer(settings).readObject(schema.sdkSchema, JSON.parse(content))),
    write: (schema, value) => {
      const serializer = new JsonShapeSerializer(settings);
      serializer.write(schema.sdkSchema, value);
      return serializer.flush();
    },
  };
};

const buildXmlSettings = (xmlNamespace: string) =>
  ({ timestampFormat: { useTrait: true, default: DATE_TIME }, xmlNamespace, serviceNamespace: '' }) as const;

/** XML with one root element, which carries the namespace if there is one. */
export const createXmlCodec = (xmlNamespace: string): Codec => ({
  contentType: 'application/xml',
  read: (schema, content) =>
    readDocument(schema, () =>
      new XmlShapeDeserializer(buildXmlSettings(xmlNamespace)).read(schema.sdkSchema, content),
    ),
  write: (schema, value) => {
    const serializer = new XmlShapeSerializer(buildXmlSettings(xmlNamespace));
    serializer.write(schema.sdkSchema, value);
    return String(serializer.flush());
  },
});

/** Reads a document from nested objects named like its XML: `{ Tags: { member: [{ Key: 'a' }] } }`. */
export const parseTree = (schema: ApiSchema, tree: Document): Document =>
  readDocument(schema, () => new XmlShapeDeserializer(buildXmlSettings('')).readSchema(schema.sdkSchema, tree));

const BINDING = { timestampFormat: { useTrait: true, default: DATE_TIME }, httpBindings: true } as const;

/** Reads a value of a label, query parameter or header. */
export const parseString = (schema: ApiSchema, value: string): unknown =>
  readChecked(schema, () => new FromStringShapeDeserializer(BINDING).read(schema.sdkSchema, value));

/** Reads the values of a query parameter, which may be repeated. */
export const parseStrings = (schema: ApiSchema, values: readonly string[]): unknown =>
  schema.sdkSchema.isListSchema()
    ? values.map((value) => parseString(new ApiSchema(schema.sdkSchema.getValueSchema()), value))
    : parseString(schema, values[0] ?? '');

/** Writes a header value. */
export const formatString = (schema: ApiSchema, value: unknown): string => {
  const serializer = new ToStringShapeSerializer(BINDING);
  serializer.write(schema.sdkSchema, value);
  return String(serializer.flush());
};
