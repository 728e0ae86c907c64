import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { Sha256 } from '@aws-crypto/sha256-js';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { type LocalAws, startLocalAws } from '../../src/local-aws.js';

const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

interface SignedRequestOptions {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly at?: number;
  readonly service?: string;
  /** Changes the request after it was signed. */
  readonly tamper?: (request: HttpRequest) => void;
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws();
});

afterAll(() => aws.close());

const send = (request: HttpRequest) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(request.query ?? {})) query.set(key, String(value));
    const path = query.size === 0 ? request.path : `${request.path}?${query}`;
    const { method, headers } = request;
    httpRequest(new URL(path, aws.url), { method, headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    })
      .on('error', reject)
      .end(request.body);
  });

const createUnsignedRequest = ({ path = '/', method = 'POST', body = BODY, headers = {} }: SignedRequestOptions) =>
  new HttpRequest({
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path,
    headers: {
      host: new URL(aws.url).host,
      ...(body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    body,
  });

const createSigner = ({
  accessKeyId = 'test',
  secretAccessKey = 'test',
  sessionToken,
  service = 'sts',
}: SignedRequestOptions) =>
  new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    region: 'us-east-1',
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  });

const sendSigned = async (options: SignedRequestOptions = {}) => {
  const signed = await createSigner(options).sign(createUnsignedRequest(options), {
    signingDate: new Date(options.at ?? Date.now()),
  });
  const request = new HttpRequest(signed);
  options.tamper?.(request);
  return send(request);
};

const MINUTE = 60_000;

describe('authenticate', () => {
  it('accepts a correct signature', async () => {
    await expect(sendSigned()).resolves.toMatchObject({ status: 200 });
  });

  it.each<[string, SignedRequestOptions, number, string]>([
    ['a changed body', { tamper: (r) => Object.assign(r, { body: `${BODY}&x=1` }) }, 403, 'SignatureDoesNotMatch'],
    [
      'a changed header',
      { tamper: (r) => Object.assign(r.headers, { 'content-type': 'application/x-www-form-urlencoded; x' }) },
      403,
      'SignatureDoesNotMatch',
    ],
    ['a changed path', { tamper: (r) => Object.assign(r, { path: '/other' }) }, 403, 'SignatureDoesNotMatch'],
    ['a wrong secret', { secretAccessKey: 'guess' }, 403, 'SignatureDoesNotMatch'],
    ['an unknown key', { accessKeyId: 'AKIAUNKNOWN' }, 403, 'InvalidClientTokenId'],
    ['an unknown session token', { sessionToken: 'made-up' }, 403, 'InvalidClientTokenId'],
    ['an old signature', { at: Date.now() - 16 * MINUTE }, 403, 'SignatureDoesNotMatch'],
    ['a signature from the future', { at: Date.now() + 16 * MINUTE }, 403, 'SignatureDoesNotMatch'],
    [
      'no signature',
      { tamper: (r) => Object.assign(r, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }) },
      403,
      'MissingAuthenticationToken',
    ],
  ])('rejects %s', async (_, options, status, code) => {
    const response = await sendSigned(options);
    expect(response.status).toBe(status);
    expect(response.body).toContain(`<Code>${code}</Code>`);
  });

  it("measures the age of a signature with the machine's clock", async () => {
    const ahead = await startLocalAws({ scenario: { clock: { start: '2020-01-01T00:00:00Z', scale: 0 } } });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new STSClient({ region: 'us-east-1', endpoint: ahead.url, credentials, maxAttempts: 1 });
    await expect(client.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({ Account: '123456789012' });
    await ahead.close();
  });

  it('uses the error codes of S3 and JSON services', async () => {
    const s3 = await sendSigned({
      service: 's3',
      method: 'GET',
      path: '/bucket/key',
      body: '',
      secretAccessKey: 'guess',
    });
    expect(s3).toMatchObject({ status: 403, body: expect.stringContaining('<Code>SignatureDoesNotMatch</Code>') });
    const headers = { 'x-amz-target': 'secretsmanager.ListSecrets', 'content-type': 'application/x-amz-json-1.1' };
    const json = await sendSigned({ service: 'secretsmanager', body: '{}', headers, secretAccessKey: 'guess' });
    expect(json).toMatchObject({ status: 400, body: expect.stringContaining('"__type":"InvalidSignatureException"') });
  });

  it('encodes paths twice, except for S3', async () => {
    const s3 = await sendSigned({ service: 's3', method: 'GET', path: '/bucket/a%20b', body: '' });
    expect(s3.body).not.toContain('SignatureDoesNotMatch');
    const twice = await sendSigned({ service: 'appconfig', method: 'GET', path: '/applications/a%20b', body: '' });
    expect(twice.body).not.toContain('signature');
  });

  const sendPresigned = async (expiresIn: number, at: number, secretAccessKey = 'test') => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    const options = { service: 's3', method: 'GET', path: '/bucket/key', body: '', secretAccessKey, headers };
    const request = await createSigner(options).presign(createUnsignedRequest(options), {
      expiresIn,
      signingDate: new Date(at),
      unsignableHeaders: new Set(['content-type']),
    });
    return send(new HttpRequest(request));
  };

  it('accepts a presigned URL until it expires', async () => {
    expect((await sendPresigned(3600, Date.now() - 30 * MINUTE)).body).not.toMatch(
      /SignatureDoesNotMatch|RequestTimeTooSkewed/,
    );
    expect((await sendPresigned(60, Date.now() - 2 * MINUTE)).status).toBe(403);
    expect((await sendPresigned(3600, Date.now(), 'guess')).body).toContain('SignatureDoesNotMatch');
  });
});
