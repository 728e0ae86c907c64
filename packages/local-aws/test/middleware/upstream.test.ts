import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../src/local-aws.js';
import { listen } from '../../src/server/http-server.js';
import { createDeployScenario } from '../deploy-scenario.js';

const ROOT = { accessKeyId: 'test', secretAccessKey: 'test' };

describe('an upstream', () => {
  let emulator: LocalAws;
  let gateway: LocalAws;

  beforeAll(async () => {
    // An emulator that verifies signatures with the account number as key, like MiniStack.
    emulator = await startLocalAws({
      scenario: {
        account: '123456789012',
        iam: { accessKeys: { '123456789012': 'test' } },
        secretsmanager: { 'app/key': 'from the emulator' },
      },
    });
    gateway = await startLocalAws({ scenario: createDeployScenario(), upstream: { '*': emulator.url } });
  });

  afterAll(() => Promise.all([emulator.close(), gateway.close()]));

  const createSecretsClient = (credentials = ROOT) =>
    new SecretsManagerClient({ region: 'eu-west-1', endpoint: gateway.url, credentials, maxAttempts: 1 });

  it('receives calls signed with the account number as key; its response is returned', async () => {
    const { SecretString } = await createSecretsClient().send(new GetSecretValueCommand({ SecretId: 'app/key' }));
    expect(SecretString).toBe('from the emulator');
    expect(emulator.calls()).toMatchObject([{ operation: 'GetSecretValue', verdict: 'allowed' }]);
    expect(gateway.calls()).toMatchObject([
      { operation: 'GetSecretValue', principal: 'arn:aws:iam::123456789012:root' },
    ]);
  });

  it('has its errors returned unchanged', async () => {
    await expect(createSecretsClient().send(new GetSecretValueCommand({ SecretId: 'absent' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('does not receive calls that are denied or have an invalid signature', async () => {
    const before = emulator.calls().length;
    const wrong = createSecretsClient({ accessKeyId: 'test', secretAccessKey: 'guess' });
    await expect(wrong.send(new GetSecretValueCommand({ SecretId: 'app/key' }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    expect(emulator.calls()).toHaveLength(before);
  });

  it('does not receive calls to STS', async () => {
    const sts = new STSClient({ region: 'eu-west-1', endpoint: gateway.url, credentials: ROOT });
    const before = emulator.calls().length;
    await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
    expect(emulator.calls()).toHaveLength(before);
  });

  describe('for S3', () => {
    const seen: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
    const sink = createServer((request, response) => {
      buffer(request).then((body) => {
        seen.push({ headers: request.headers, body: body.toString() });
        response.writeHead(200, { etag: '"e"', 'content-length': request.method === 'HEAD' ? 5 : 0 }).end();
      });
    });
    let aws: LocalAws;
    let s3: S3Client;
    let port = 0;

    beforeAll(async () => {
      await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
      const address = sink.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
      aws = await startLocalAws({ upstream: { s3: `http://127.0.0.1:${port}` } });
      s3 = new S3Client({ region: 'us-east-1', endpoint: aws.url, credentials: ROOT, maxAttempts: 1 });
    });

    afterAll(async () => {
      await aws.close();
      await new Promise((resolve) => sink.close(resolve));
    });

    it('receives bodies unchanged', async () => {
      const put = new PutObjectCommand({ Bucket: 'b', Key: 'a b', Body: 'hello', Metadata: { owner: 'me' } });
      await expect(s3.send(put)).resolves.toMatchObject({ ETag: '"e"' });
      expect(seen.at(-1)).toMatchObject({
        body: 'hello',
        headers: { 'x-amz-meta-owner': 'me', host: `127.0.0.1:${port}` },
      });
      expect(seen.at(-1)?.headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=123456789012\//);
    });

    it('receives a streamed body with its chunks and trailer', async () => {
      const body = Readable.from([Buffer.from('hel'), Buffer.from('lo')]);
      await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: body, ContentLength: 5 }));
      expect(seen.at(-1)?.headers['x-amz-content-sha256']).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER');
      expect(seen.at(-1)?.body).toMatch(/^[35]\r\nhel[\s\S]*0\r\nx-amz-checksum-crc32:/);
    });

    it('has the content length of a HEAD response returned', async () => {
      await expect(s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }))).resolves.toMatchObject({
        ContentLength: 5,
      });
    });
  });

  it('is reported if it is unreachable', async () => {
    const stopped = await listen(0, async () => 'reset');
    await stopped.close();
    const aws = await startLocalAws({ upstream: { secretsmanager: stopped.url } });
    const client = new SecretsManagerClient({
      region: 'us-east-1',
      endpoint: aws.url,
      credentials: ROOT,
      maxAttempts: 1,
    });
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'x' }))).rejects.toMatchObject({
      message: expect.stringContaining(`secretsmanager's emulator at ${stopped.url}`),
      $metadata: { httpStatusCode: 502 },
    });
    await aws.close();
  });
});
