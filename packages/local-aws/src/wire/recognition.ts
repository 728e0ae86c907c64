import type { WireRequest } from '../call.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { ServiceEntry } from '../catalogue/entry.js';
import { awsJson } from './aws-json.js';
import { awsQuery, readForm } from './aws-query.js';
import { credentialScope } from './credential-scope.js';
import type { Protocol, ProtocolName } from './protocol.js';
import { restJson } from './rest-json.js';
import { matchRest, type RestMatch } from './rest-path.js';
import { restXml } from './rest-xml.js';
import { readS3Address } from './s3-address.js';
import type { Operation, ServiceSchemas } from './schema.js';

export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  'aws-query': awsQuery,
  'aws-json': awsJson,
  'rest-json': restJson,
  'rest-xml': restXml,
};

/** What a request turned out to mean. */
export interface Recognised {
  readonly service: string;
  /** The operation's name; `GET /path` where a service is known to nobody but its upstream. */
  readonly operation: string;
  readonly region: string;
  /** The protocol the client speaks, which need not be the service's first. */
  readonly protocol: ProtocolName;
  readonly entry: ServiceEntry | undefined;
  readonly schemas: ServiceSchemas | undefined;
  /** Undefined where the schemas do not know the operation. */
  readonly schema: Operation | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

interface Named {
  readonly entry: ServiceEntry | undefined;
  readonly service: string;
  readonly operation: string;
  readonly protocol: ProtocolName;
}

const byTarget = (request: WireRequest, catalogue: Catalogue, signed: string): Named | undefined => {
  const [, prefix, operation] = /^(.+)\.([^.]+)$/.exec(request.headers['x-amz-target'] ?? '') ?? [];
  if (prefix === undefined || operation === undefined) return undefined;
  const entry = catalogue.targeted(prefix) ?? catalogue.signedAs(signed)[0];
  return { entry, service: entry?.name ?? signed, operation, protocol: 'aws-json' };
};

const isForm = ({ method, headers }: WireRequest): boolean =>
  method === 'GET' || (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

const byAction = (request: WireRequest, catalogue: Catalogue, signed: string): Named | undefined => {
  if (!isForm(request)) return undefined;
  const form = readForm(request);
  const [operation, version] = [form.get('Action'), form.get('Version')];
  if (operation === null || version === null) return undefined;
  const entry = catalogue.signedAs(signed)[0] ?? catalogue.targeted(version);
  return { entry, service: entry?.name ?? signed, operation, protocol: 'aws-query' };
};

const matchS3 = (schemas: ServiceSchemas, request: WireRequest): RestMatch | undefined => {
  const { bucket, path } = readS3Address(request);
  const match = matchRest(
    schemas,
    request,
    path,
    ({ input }) => input.required.some(({ memberName }) => memberName === 'Bucket') === (bucket !== undefined),
  );
  return match === undefined || bucket === undefined
    ? match
    : { ...match, labels: { ...match.labels, Bucket: bucket } };
};

const byPath = async (request: WireRequest, catalogue: Catalogue, signed: string) => {
  for (const entry of catalogue.signedAs(signed)) {
    const schemas = await catalogue.schemas(entry);
    const match = entry.name === 's3' ? matchS3(schemas, request) : matchRest(schemas, request);
    if (match !== undefined) return { entry, schemas, match };
  }
  return undefined;
};

/** Finds service, operation and protocol of a request; undefined for what is no call to AWS at all. */
export const recognise = async (request: WireRequest, catalogue: Catalogue): Promise<Recognised | undefined> => {
  const scope = credentialScope(request);
  const region = scope?.region ?? 'us-east-1';
  const signed = scope?.service ?? '';
  const named = byTarget(request, catalogue, signed) ?? byAction(request, catalogue, signed);
  if (named !== undefined && named.service !== '') {
    const schemas = named.entry === undefined ? undefined : await catalogue.schemas(named.entry);
    return { ...named, region, schemas, schema: schemas?.operations.get(named.operation), labels: {} };
  }
  if (scope === undefined) return undefined;
  const found = await byPath(request, catalogue, signed);
  const entry = found?.entry ?? catalogue.signedAs(signed)[0];
  return {
    service: entry?.name ?? signed,
    operation: found?.match.operation.name ?? `${request.method} ${request.path}`,
    region,
    protocol: entry?.protocol ?? 'rest-json',
    entry,
    schemas: found?.schemas,
    schema: found?.match.operation,
    labels: found?.match.labels ?? {},
  };
};
