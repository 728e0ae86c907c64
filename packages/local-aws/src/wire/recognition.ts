import type { WireRequest } from '../call.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { ServiceEntry } from '../catalogue/entry.js';
import { awsJson } from './aws-json.js';
import { awsQuery, readForm } from './aws-query.js';
import type { Protocol, ProtocolName } from './protocol.js';
import { restJson } from './rest-json.js';
import { matchRest, type RestMatch } from './rest-path.js';
import { restXml } from './rest-xml.js';
import { readS3Address } from './s3-address.js';
import type { Operation, ServiceSchemas } from './schema.js';
import { readSignature } from './signature.js';

export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  'aws-query': awsQuery,
  'aws-json': awsJson,
  'rest-json': restJson,
  'rest-xml': restXml,
};

/** What a request asks for, as far as it can be told without the schemas. */
interface Named {
  readonly entry: ServiceEntry | undefined;
  /** The operation's name; `GET /path` where a service is known to nobody but its upstream. */
  readonly operation: string;
  /** The protocol the client speaks, which need not be the service's first. */
  readonly protocol: ProtocolName;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a request turned out to mean. */
export interface Recognised extends Named {
  readonly service: string;
  readonly region: string;
  readonly schemas: ServiceSchemas | undefined;
  /** Undefined where the schemas do not know the operation. */
  readonly schema: Operation | undefined;
}

const byTarget = (request: WireRequest, catalogue: Catalogue, signed: string): Named | undefined => {
  const [, prefix, operation] = /^(.+)\.([^.]+)$/.exec(request.headers['x-amz-target'] ?? '') ?? [];
  if (prefix === undefined || operation === undefined) return undefined;
  const entry = catalogue.targeted(prefix) ?? catalogue.signedAs(signed)[0];
  return { entry, operation, protocol: 'aws-json', labels: {} };
};

const isForm = ({ method, headers }: WireRequest): boolean =>
  method === 'GET' || (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

const byAction = (request: WireRequest, catalogue: Catalogue, signed: string): Named | undefined => {
  if (!isForm(request)) return undefined;
  const form = readForm(request);
  const [operation, version] = [form.get('Action'), form.get('Version')];
  if (operation === null || version === null) return undefined;
  const entry = catalogue.signedAs(signed)[0] ?? catalogue.targeted(version);
  return { entry, operation, protocol: 'aws-query', labels: {} };
};

const matchS3 = (schemas: ServiceSchemas, request: WireRequest): RestMatch | undefined => {
  const { bucket, path } = readS3Address(request);
  const wantsBucket = ({ input }: Operation) => input.required.some(({ memberName }) => memberName === 'Bucket');
  const match = matchRest(schemas, { ...request, path }, (each) => wantsBucket(each) === (bucket !== undefined));
  return match && { ...match, labels: { ...match.labels, ...(bucket !== undefined && { Bucket: bucket }) } };
};

const byPath = async (request: WireRequest, catalogue: Catalogue, signed: string): Promise<Named> => {
  const entries = catalogue.signedAs(signed);
  for (const entry of entries) {
    const match = (entry.name === 's3' ? matchS3 : matchRest)(await catalogue.schemas(entry), request);
    if (match !== undefined) {
      return { entry, operation: match.operation.name, protocol: entry.protocol, labels: match.labels };
    }
  }
  const [entry] = entries;
  const operation = `${request.method} ${request.path}`;
  return { entry, operation, protocol: entry?.protocol ?? 'rest-json', labels: {} };
};

/** Finds service, operation and protocol of a request; undefined for what is no call to AWS at all. */
export const recognise = async (request: WireRequest, catalogue: Catalogue): Promise<Recognised | undefined> => {
  const { service: signed = '', region = 'us-east-1' } = readSignature(request) ?? {};
  const named =
    byTarget(request, catalogue, signed) ??
    byAction(request, catalogue, signed) ??
    (await byPath(request, catalogue, signed));
  const service = named.entry?.name ?? signed;
  if (service === '') return undefined;
  const schemas = named.entry && (await catalogue.schemas(named.entry));
  return { ...named, service, region, schemas, schema: schemas?.operations.get(named.operation) };
};
