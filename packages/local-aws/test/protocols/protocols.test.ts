import { describe, expect, it } from '@jest/globals';
import type { Document, HttpRequest } from '../../src/api-call.js';
import { ApiModel } from '../../src/api-model/api-model.js';
import type { ProtocolContext, ProtocolName } from '../../src/protocols/protocol.js';
import { detectCall, PROTOCOLS } from '../../src/protocols/protocol-detection.js';
import { readSchemas } from '../../src/protocols/schema.js';

// The fixtures are written by hand from AWS's API references and the Smithy protocol definitions, so that a schema
// error on both sides is detected.

const createAuthorization = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

const createRequest = (fields: Partial<HttpRequest>): HttpRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: {},
  body: Buffer.alloc(0),
  ...fields,
});

const createSignedRequest = (service: string, fields: Partial<HttpRequest>): HttpRequest =>
  createRequest({ ...fields, headers: { ...fields.headers, authorization: createAuthorization(service) } });

const createForm = (body: string) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body: Buffer.from(body),
});

const decodeRequest = async (request: HttpRequest) => {
  const found = await detectCall(request, new ApiModel());
  if (found?.schema === undefined) throw new Error(`not recognised: ${found?.service}:${found?.operation}`);
  const context: ProtocolContext = {
    request,
    labels: found.labels,
    requestId: 'r-1',
    xmlNamespace: '',
    schemas: undefined,
  };
  const input = PROTOCOLS[found.protocol].decode(found.schema, context);
  return { service: found.service, operation: found.operation, region: found.region, input };
};

const CLIENTS = {
  sts: () => import('@aws-sdk/client-sts'),
  cloudformation: () => import('@aws-sdk/client-cloudformation'),
  appconfig: () => import('@aws-sdk/client-appconfig'),
  ecr: () => import('@aws-sdk/client-ecr'),
  s3: () => import('@aws-sdk/client-s3'),
};

const createContext = async (
  client: keyof typeof CLIENTS,
  request: HttpRequest = createRequest({}),
): Promise<ProtocolContext> => ({
  request,
  labels: {},
  requestId: 'r-1',
  xmlNamespace: 'https://example.com/doc/',
  schemas: readSchemas(await CLIENTS[client]()),
});

const encodeResponse = async (
  protocol: ProtocolName,
  client: keyof typeof CLIENTS,
  operation: string,
  output: Document,
) => {
  const context = await createContext(client);
  const schema = context.schemas?.operations.get(operation);
  if (schema === undefined) throw new Error(`no operation ${operation}`);
  const response = PROTOCOLS[protocol].encode(schema, output, context);
  return { ...response, body: response.body.toString() };
};

describe('awsQuery', () => {
  it('reads structures, lists, maps of tags, numbers and booleans from a form', async () => {
    const body =
      'Action=CreateChangeSet&Version=2010-05-15&StackName=app&ChangeSetName=c1&ChangeSetType=CREATE' +
      '&Parameters.member.1.ParameterKey=Shards&Parameters.member.1.ParameterValue=0' +
      '&Parameters.member.2.ParameterKey=Name&Parameters.member.2.UsePreviousValue=true' +
      '&Capabilities.member.1=CAPABILITY_IAM&Tags=&RollbackConfiguration.MonitoringTimeInMinutes=5&Unknown=1';
    await expect(decodeRequest(createSignedRequest('cloudformation', createForm(body)))).resolves.toEqual({
      service: 'cloudformation',
      operation: 'CreateChangeSet',
      region: 'eu-west-1',
      input: {
        StackName: 'app',
        ChangeSetName: 'c1',
        ChangeSetType: 'CREATE',
        Parameters: [
          { ParameterKey: 'Shards', ParameterValue: '0' },
          { ParameterKey: 'Name', UsePreviousValue: true },
        ],
        Capabilities: ['CAPABILITY_IAM'],
        Tags: [],
        RollbackConfiguration: { MonitoringTimeInMinutes: 5 },
      },
    });
  });

  it('keeps the order of more than nine list members', async () => {
    const members = Array.from({ length: 11 }, (_, index) => `TransitiveTagKeys.member.${index + 1}=k${index + 1}`);
    const body = `Action=AssumeRole&Version=2011-06-15&RoleArn=a&RoleSessionName=s&${members.reverse().join('&')}`;
    const { input } = await decodeRequest(createSignedRequest('sts', createForm(body)));
    expect(input['TransitiveTagKeys']).toEqual(['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9', 'k10', 'k11']);
  });

  it('detects an unsigned call by its API version', async () => {
    const body = 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=a&RoleSessionName=s&WebIdentityToken=t';
    await expect(decodeRequest(createRequest(createForm(body)))).resolves.toMatchObject({
      service: 'sts',
      operation: 'AssumeRoleWithWebIdentity',
    });
  });

  it('reads the parameters of a GET from its query', async () => {
    const request = createSignedRequest('sts', { method: 'GET', query: 'Action=GetCallerIdentity&Version=2011-06-15' });
    await expect(decodeRequest(request)).resolves.toMatchObject({ operation: 'GetCallerIdentity', input: {} });
  });

  it('writes a result as STS documents it', async () => {
    const output = { Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/A&B', UserId: 'AIDA' };
    const { status, headers, body } = await encodeResponse('aws-query', 'sts', 'GetCallerIdentity', output);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/xml');
    expect(body).toBe(
      '<GetCallerIdentityResponse xmlns="https://example.com/doc/"><GetCallerIdentityResult>' +
        '<UserId>AIDA</UserId><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/A&amp;B</Arn>' +
        '</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>' +
        '</GetCallerIdentityResponse>',
    );
  });

  it('writes lists, times and empty results', async () => {
    const stacks = {
      Stacks: [
        {
          StackName: 'app',
          CreationTime: new Date(0),
          StackStatus: 'CREATE_COMPLETE',
          Outputs: [{ OutputKey: 'Url', OutputValue: 'https://x' }],
          DisableRollback: false,
        },
      ],
    };
    const { body } = await encodeResponse('aws-query', 'cloudformation', 'DescribeStacks', stacks);
    expect(body).toContain(
      '<Stacks><member><StackName>app</StackName><CreationTime>1970-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>',
    );
    expect(body).toContain('<DisableRollback>false</DisableRollback>');
    expect(body).toContain(
      '<Outputs><member><OutputKey>Url</OutputKey><OutputValue>https://x</OutputValue></member></Outputs>',
    );
    const deleted = await encodeResponse('aws-query', 'cloudformation', 'DeleteStack', {});
    expect(deleted.body).toBe(
      '<DeleteStackResponse xmlns="https://example.com/doc/"><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></DeleteStackResponse>',
    );
  });

  it('writes an error with the awsQuery code of its schema', async () => {
    const error = { code: 'InvalidIdentityTokenException', message: 'Incorrect token audience' };
    const { status, body } = PROTOCOLS['aws-query'].encodeError(error, await createContext('sts'));
    expect(status).toBe(400);
    expect(body.toString()).toBe(
      '<ErrorResponse xmlns="https://example.com/doc/"><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code>' +
        '<Message>Incorrect token audience</Message></Error><RequestId>r-1</RequestId></ErrorResponse>',
    );
  });
});

describe('awsJson', () => {
  it('reads the operation from the target header and the input from JSON', async () => {
    const request = createSignedRequest('secretsmanager', {
      headers: { 'x-amz-target': 'secretsmanager.ListSecrets', 'content-type': 'application/x-amz-json-1.1' },
      body: Buffer.from('{"Filters":[{"Key":"name","Values":["app/"]}],"MaxResults":5,"Unknown":1}'),
    });
    await expect(decodeRequest(request)).resolves.toMatchObject({
      service: 'secretsmanager',
      operation: 'ListSecrets',
      input: { Filters: [{ Key: 'name', Values: ['app/'] }], MaxResults: 5 },
    });
  });

  it('rejects a value whose type differs from the schema', async () => {
    const request = createSignedRequest('secretsmanager', {
      headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
      body: Buffer.from('{"SecretId":5}'),
    });
    await expect(decodeRequest(request)).rejects.toThrow('SecretId: expected a string, got 5');
  });

  it('writes times as seconds and bytes as Base64', async () => {
    const output = {
      authorizationData: [
        { authorizationToken: 'QVdT', expiresAt: new Date(1_800_000_000_500), proxyEndpoint: 'https://r' },
      ],
    };
    const { headers, body } = await encodeResponse('aws-json', 'ecr', 'GetAuthorizationToken', output);
    expect(headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(body).toBe(
      '{"authorizationData":[{"authorizationToken":"QVdT","expiresAt":1800000000.5,"proxyEndpoint":"https://r"}]}',
    );
  });

  it('writes an error with type and members, and the awsQuery code for clients that request it', async () => {
    const context = await createContext('ecr', createRequest({ headers: { 'x-amzn-query-mode': 'true' } }));
    const error = { code: 'ImageNotFoundException', message: 'no image' };
    const { status, headers, body } = PROTOCOLS['aws-json'].encodeError(error, context);
    expect(status).toBe(400);
    expect(headers['x-amzn-query-error']).toBe('ImageNotFoundException;Sender');
    expect(body.toString()).toBe('{"__type":"ImageNotFoundException","message":"no image"}');
  });
});

describe('restJson', () => {
  it('writes bound headers, the unchanged payload and the documented status', async () => {
    const output = { ApplicationId: 'a1', VersionNumber: 3, ContentType: 'text/plain', Content: Buffer.from('x: 1\n') };
    const response = await encodeResponse('rest-json', 'appconfig', 'CreateHostedConfigurationVersion', output);
    expect(response).toMatchObject({
      status: 201,
      headers: { 'application-id': 'a1', 'version-number': '3', 'content-type': 'text/plain' },
      body: 'x: 1\n',
    });
  });

  it('writes ISO times and omits undefined members', async () => {
    const { body } = await encodeResponse('rest-json', 'appconfig', 'GetDeployment', {
      DeploymentNumber: 1,
      StartedAt: new Date(0),
      PercentageComplete: 50,
    });
    expect(JSON.parse(body)).toEqual({
      DeploymentNumber: 1,
      StartedAt: '1970-01-01T00:00:00Z',
      PercentageComplete: 50,
    });
  });

  it('writes no body for a status without one', async () => {
    await expect(encodeResponse('rest-json', 'appconfig', 'DeleteApplication', {})).resolves.toMatchObject({
      status: 204,
      body: '',
    });
  });

  it('writes the error code to a header', async () => {
    const error = { code: 'ResourceNotFoundException', message: 'gone', status: 404, members: { ResourceName: 'a1' } };
    const { status, headers, body } = PROTOCOLS['rest-json'].encodeError(error, await createContext('appconfig'));
    expect(status).toBe(404);
    expect(headers['x-amzn-errortype']).toBe('ResourceNotFoundException');
    expect(JSON.parse(body.toString())).toEqual({ message: 'gone', ResourceName: 'a1' });
  });
});

describe('restXml', () => {
  const decodeS3Request = (method: string, path: string, query = '', headers = {}) =>
    decodeRequest(createSignedRequest('s3', { method, path, query, headers: { host: '127.0.0.1:4580', ...headers } }));

  it.each([
    ['GET', '/', '', 'ListBuckets'],
    ['PUT', '/bucket', '', 'CreateBucket'],
    ['HEAD', '/bucket', '', 'HeadBucket'],
    ['GET', '/bucket', 'list-type=2&prefix=a', 'ListObjectsV2'],
    ['GET', '/bucket', 'location=', 'GetBucketLocation'],
    ['PUT', '/bucket/key', '', 'PutObject'],
    ['PUT', '/bucket/key', 'partNumber=1&uploadId=u', 'UploadPart'],
    ['GET', '/bucket/a/b%20c', '', 'GetObject'],
    ['GET', '/bucket/key', 'x-id=GetObject', 'GetObject'],
    ['POST', '/bucket/key', 'uploads=', 'CreateMultipartUpload'],
    ['DELETE', '/bucket/key', '', 'DeleteObject'],
    ['PUT', '/bucket', 'publicAccessBlock=', 'PutPublicAccessBlock'],
  ])('detects %s %s?%s as %s', async (method, path, query, operation) => {
    await expect(decodeS3Request(method, path, query)).resolves.toMatchObject({ operation });
  });

  it('distinguishes a copy from an upload by its header', async () => {
    await expect(decodeS3Request('PUT', '/bucket/key', '', { 'x-amz-copy-source': 'a/b' })).resolves.toMatchObject({
      operation: 'CopyObject',
      input: { Bucket: 'bucket', Key: 'key', CopySource: 'a/b' },
    });
  });

  it.each(['bucket.s3.eu-west-1.amazonaws.com', 'bucket.localhost:4580', 'bucket.s3.localhost'])(
    'reads the bucket from the host %s',
    async (host) => {
      await expect(decodeS3Request('GET', '/a/b%20c', '', { host })).resolves.toMatchObject({
        operation: 'GetObject',
        input: { Bucket: 'bucket', Key: 'a/b c' },
      });
    },
  );

  it('reads headers, prefixed headers and a body of bytes', async () => {
    const request = createSignedRequest('s3', {
      method: 'PUT',
      path: '/bucket/key',
      headers: {
        host: '127.0.0.1',
        'content-type': 'text/plain',
        'x-amz-meta-owner': 'me',
        'x-amz-expected-bucket-owner': '1',
      },
      body: Buffer.from('hello'),
    });
    const { input } = await decodeRequest(request);
    expect(input).toEqual({
      Bucket: 'bucket',
      Key: 'key',
      ContentType: 'text/plain',
      Metadata: { owner: 'me' },
      ExpectedBucketOwner: '1',
      Body: Buffer.from('hello'),
    });
  });

  it('decodes aws-chunked bodies with trailers', async () => {
    const request = createSignedRequest('s3', {
      method: 'PUT',
      path: '/bucket/key',
      headers: { host: '127.0.0.1', 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
      body: Buffer.from('5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'),
    });
    expect((await decodeRequest(request)).input['Body']).toEqual(Buffer.from('hello!'));
  });

  it('rejects a truncated aws-chunked body', async () => {
    const request = createSignedRequest('s3', {
      method: 'PUT',
      path: '/bucket/key',
      headers: { host: '127.0.0.1', 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
      body: Buffer.from('5\r\nhel'),
    });
    await expect(decodeRequest(request)).rejects.toThrow('truncated');
  });

  it('reads an XML payload with flattened lists', async () => {
    const request = createSignedRequest('s3', {
      method: 'POST',
      path: '/bucket',
      query: 'delete=',
      headers: { host: '127.0.0.1' },
      body: Buffer.from(
        '<?xml version="1.0"?><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key></Object><Quiet>true</Quiet></Delete>',
      ),
    });
    await expect(decodeRequest(request)).resolves.toMatchObject({
      operation: 'DeleteObjects',
      input: { Delete: { Objects: [{ Key: 'a&b' }, { Key: 'c' }], Quiet: true } },
    });
  });

  it('writes a listing as S3 documents it', async () => {
    const output = {
      Name: 'bucket',
      KeyCount: 1,
      IsTruncated: false,
      Contents: [{ Key: 'a', LastModified: new Date(0), Size: 5 }],
    };
    const { headers, body } = await encodeResponse('rest-xml', 's3', 'ListObjectsV2', output);
    expect(headers['content-type']).toBe('application/xml');
    expect(body).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<ListBucketResult xmlns="[^"]+">/);
    expect(body).toContain(
      '<Contents><Key>a</Key><LastModified>1970-01-01T00:00:00Z</LastModified><Size>5</Size></Contents>',
    );
  });

  it('writes an error without wrapper, and no body for HEAD', async () => {
    const error = { code: 'NoSuchBucket', message: 'The specified bucket does not exist', status: 404 };
    const { body } = PROTOCOLS['rest-xml'].encodeError(error, await createContext('s3'));
    expect(body.toString()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><RequestId>r-1</RequestId></Error>',
    );
    const head = PROTOCOLS['rest-xml'].encodeError(error, await createContext('s3', createRequest({ method: 'HEAD' })));
    expect(head).toMatchObject({ status: 404, body: Buffer.alloc(0) });
  });
});

describe('detectCall', () => {
  it('names an operation that only an upstream knows by method and path', async () => {
    const found = await detectCall(
      createSignedRequest('lambda', { method: 'GET', path: '/2015-03-31/functions' }),
      new ApiModel(),
    );
    expect(found).toMatchObject({ service: 'lambda', operation: 'GET /2015-03-31/functions', schema: undefined });
  });

  it('does not detect a call in an unsigned request without action', async () => {
    await expect(
      detectCall(createRequest({ method: 'GET', path: '/favicon.ico' }), new ApiModel()),
    ).resolves.toBeUndefined();
  });
});
