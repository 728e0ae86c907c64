import type { HttpRequest } from '../api-call.js';
import type { ApiModel } from '../api-model/api-model.js';
import type { ServiceModel } from '../api-model/operation-model.js';
import { parseSignature } from '../sigv4/parse-signature.js';
import { awsJson } from './aws-json.js';
import { awsQuery, parseForm } from './aws-query.js';
import { matchRestOperation, type RestMatch } from './match-rest-operation.js';
import type { Protocol, ProtocolName } from './protocol.js';
import { restJson, restXml } from './rest.js';
import type { OperationSchema, ServiceSchemas } from './schema.js';

/** The bucket of a request and the path below it. */
interface S3Address {
  /** Undefined for operations on the account (ListBuckets). */
  readonly bucket: string | undefined;
  /** Starts with `/`; percent-encoded. */
  readonly path: string;
}

const HOSTS = [/^(?<bucket>.+)\.s3[.-][^:]*(?::\d+)?$/, /^(?<bucket>.+)\.localhost(?::\d+)?$/];

/** Reads virtual-host style (`bucket.s3.…`, `bucket.localhost`) and path style (`/bucket/key`). */
const parseS3Address = ({ headers, path }: HttpRequest): S3Address => {
  const host = headers['host'] ?? '';
  const hostBucket = HOSTS.map((pattern) => pattern.exec(host)?.groups?.['bucket']).find((name) => name !== undefined);
  if (hostBucket !== undefined && hostBucket !== 's3') return { bucket: hostBucket, path };
  const [, bucket = '', remainder = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  return bucket === ''
    ? { bucket: undefined, path: '/' }
    : { bucket: decodeURIComponent(bucket), path: remainder || '/' };
};

export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  'aws-query': awsQuery,
  'aws-json': awsJson,
  'rest-json': restJson,
  'rest-xml': restXml,
};

/** What a request reveals about its operation without the schemas. */
interface DetectedOperation {
  readonly serviceModel: ServiceModel | undefined;
  /** The operation's name; `GET /path` for a service that only an upstream knows. */
  readonly operation: string;
  /** The protocol of the client, which may differ from the service's own. */
  readonly protocol: ProtocolName;
  readonly labels: Readonly<Record<string, string>>;
}

export interface DetectedCall extends DetectedOperation {
  readonly service: string;
  readonly region: string;
  readonly schemas: ServiceSchemas | undefined;
  /** Undefined if the schemas have no such operation. */
  readonly schema: OperationSchema | undefined;
}

const detectByTarget = (
  request: HttpRequest,
  apiModel: ApiModel,
  signingName: string,
): DetectedOperation | undefined => {
  const [, prefix, operation] = /^(.+)\.([^.]+)$/.exec(request.headers['x-amz-target'] ?? '') ?? [];
  if (prefix === undefined || operation === undefined) return undefined;
  const serviceModel = apiModel.findByTarget(prefix) ?? apiModel.listBySigningName(signingName)[0];
  return { serviceModel, operation, protocol: 'aws-json', labels: {} };
};

const isForm = ({ method, headers }: HttpRequest): boolean =>
  method === 'GET' || (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

const detectByAction = (
  request: HttpRequest,
  apiModel: ApiModel,
  signingName: string,
): DetectedOperation | undefined => {
  if (!isForm(request)) return undefined;
  const form = parseForm(request);
  const [operation, version] = [form.get('Action'), form.get('Version')];
  if (operation === null || version === null) return undefined;
  const serviceModel = apiModel.listBySigningName(signingName)[0] ?? apiModel.findByTarget(version);
  return { serviceModel, operation, protocol: 'aws-query', labels: {} };
};

const matchS3 = (schemas: ServiceSchemas, request: HttpRequest): RestMatch | undefined => {
  const { bucket, path } = parseS3Address(request);
  const needsBucket = ({ input }: OperationSchema) => input.required.some(({ memberName }) => memberName === 'Bucket');
  const match = matchRestOperation(
    schemas,
    { ...request, path },
    (each) => needsBucket(each) === (bucket !== undefined),
  );
  return match && { ...match, labels: { ...match.labels, ...(bucket !== undefined && { Bucket: bucket }) } };
};

const detectByPath = async (
  request: HttpRequest,
  apiModel: ApiModel,
  signingName: string,
): Promise<DetectedOperation> => {
  const serviceModels = apiModel.listBySigningName(signingName);
  for (const serviceModel of serviceModels) {
    const match = (serviceModel.name === 's3' ? matchS3 : matchRestOperation)(
      await apiModel.loadSchemas(serviceModel),
      request,
    );
    if (match !== undefined) {
      return { serviceModel, operation: match.operation.name, protocol: serviceModel.protocol, labels: match.labels };
    }
  }
  const [serviceModel] = serviceModels;
  const operation = `${request.method} ${request.path}`;
  return { serviceModel, operation, protocol: serviceModel?.protocol ?? 'rest-json', labels: {} };
};

/** Detects service, operation and protocol of a request; undefined if it is not an AWS API call. */
export const detectCall = async (request: HttpRequest, apiModel: ApiModel): Promise<DetectedCall | undefined> => {
  const { service: signingName = '', region = 'us-east-1' } = parseSignature(request) ?? {};
  const detected =
    detectByTarget(request, apiModel, signingName) ??
    detectByAction(request, apiModel, signingName) ??
    (await detectByPath(request, apiModel, signingName));
  const service = detected.serviceModel?.name ?? signingName;
  if (service === '') return undefined;
  const schemas = detected.serviceModel && (await apiModel.loadSchemas(detected.serviceModel));
  return { ...detected, service, region, schemas, schema: schemas?.operations.get(detected.operation) };
};
