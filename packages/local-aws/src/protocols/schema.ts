import {
  JsonShapeDeserializer,
  JsonShapeSerializer,
  XmlShapeDeserializer,
  XmlShapeSerializer,
} from '@aws-sdk/core/protocols';
import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema, translateTraits } from '@smithy/core/schema';
import type { Document } from '../api-call.js';
import { errorMessage } from '../service-error.js';
import { isDocument } from './document.js';
import { PathPattern } from './path-pattern.js';

// The only importer of SDK internals (aws-facts §0.2, §0.3): everything else knows a schema as the `Shape` below, and
// what the SDK writes and reads as a `Codec`.

type SdkSchema = ReturnType<typeof NormalizedSchema.of>;
type SdkSchemaRef = Parameters<typeof NormalizedSchema.of>[0];
type SchemaTraits = Parameters<typeof translateTraits>[0];
type OperationTuple = readonly [9, string, string, SchemaTraits, SdkSchemaRef, SdkSchemaRef];
type ErrorTuple = SdkSchemaRef & readonly [-3, string, string, ...unknown[]];

/** Where a member of a REST operation travels, and under which name; in the body where no trait says otherwise. */
export interface HttpBinding {
  readonly kind: 'body' | 'payload' | 'status' | 'label' | 'query' | 'query-params' | 'header' | 'prefix-headers';
  readonly name: string;
}

/** A schema of the SDK, as the protocols see it. Members are resolved when asked for: schemas recurse. */
export class ApiSchema {
  /** The name of the structure, `AssumeRoleResponse`. */
  readonly name: string;
  private cachedMembers: readonly ApiSchema[] | undefined;
  private cachedBinding: HttpBinding | undefined;

  constructor(readonly sdkSchema: SdkSchema) {
    this.name = sdkSchema.getName() ?? '';
  }

  /** True for an input or output that is nothing at all. */
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

  /** The members that must be given; the SDK lists them first and counts them. */
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

  /** For an error: its HTTP status, and the code it has in awsQuery. */
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
  /** Fixed query parameters, `list-type=2`; the SDK's own `x-id` is left out. */
  readonly query: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface OperationSchema {
  readonly name: string;
  readonly input: ApiSchema;
  readonly output: ApiSchema;
  /** Only in REST protocols. */
  readonly http: HttpTrait | undefined;
}

/** The operations and errors of one service. */
export interface ServiceSchemas {
  readonly operations: ReadonlyMap<string, OperationSchema>;
  /** The shape of a modelled error, by its name or its wire code. */
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

/** What a schema expects of a value; undefined where the SDK has converted or refused it itself. */
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

/** The SDK passes on what does not fit: a client may, a service must not. */
const checkType = (sdkSchema: SdkSchema, value: unknown, name: string): void => {
  const expected = getExpectedType(sdkSchema);
  if (expected === undefined) return;
  if (!hasType(expected, value))
    throw new SyntaxError(`${name} is ${JSON.stringify(value)}: a ${expected} is expected`);
  if (sdkSchema.isStructSchema() && isDocument(value)) {
    const present = [...sdkSchema.structIterator()].filter(([member]) => value[member] !== undefined);
    for (const [member, each] of present) checkType(each, value[member], member);
  } else if (Array.isArray(value) || isDocument(value)) {
    for (const each of Object.values(value)) checkType(sdkSchema.getValueSchema(), each, name);
  }
};

/** Reads with the SDK. Throws SyntaxError where the value does not fit the schema. */
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

/** How structures are written and read in one format. Reading throws SyntaxError where a text does not fit the shape. */
export interface Codec {
  readonly contentType: string;
  readonly read: (schema: ApiSchema, content: string) => Document;
  readonly write: (schema: ApiSchema, value: Document) => string;
}

const DATE_TIME = 5;
const EPOCH_SECONDS = 7;

/** awsJson names members by their own names, restJson by the trait `jsonName`. */
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

/** One element and what is in it; the namespace, where there is one, is the root's. */
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

/** Reads a document from nested objects that are named as its XML would be: `{ Tags: { member: [{ Key: 'a' }] } }`. */
export const parseTree = (schema: ApiSchema, tree: Document): Document =>
  readDocument(schema, () => new XmlShapeDeserializer(buildXmlSettings('')).readSchema(schema.sdkSchema, tree));

const BINDING = { timestampFormat: { useTrait: true, default: DATE_TIME }, httpBindings: true } as const;

/** Reads what is bound to a label, a query parameter or a header. */
export const parseString = (schema: ApiSchema, value: string): unknown =>
  readChecked(schema, () => new FromStringShapeDeserializer(BINDING).read(schema.sdkSchema, value));

/** Reads the values of a query parameter that may be given many times. */
export const parseStrings = (schema: ApiSchema, values: readonly string[]): unknown =>
  schema.sdkSchema.isListSchema()
    ? values.map((value) => parseString(new ApiSchema(schema.sdkSchema.getValueSchema()), value))
    : parseString(schema, values[0] ?? '');

/** Writes what is bound to a header. */
export const formatString = (schema: ApiSchema, value: unknown): string => {
  const serializer = new ToStringShapeSerializer(BINDING);
  serializer.write(schema.sdkSchema, value);
  return String(serializer.flush());
};
