import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Account, REGION, readOutcome } from './account.js';
import { buildParameters, Stack } from './cloudformation/stack.js';
import { CHAIN, QUEUE } from './cloudformation/templates.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { buildPolicy, buildTrustPolicy, ISSUER } from './principals.js';
import { miniStackObstacle } from './reference-emulator.js';

const BUCKET = 'artifacts-behind-the-gateway';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/delivery`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/delivery/run-1`;

const allowed = buildPolicy(
  {
    Effect: 'Allow',
    Action: 'cloudformation:*',
    Resource: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/shop/*`,
  },
  { Effect: 'Allow', Action: 's3:*', Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`] },
);

const scenario = {
  account: ACCOUNT,
  region: REGION,
  iam: {
    oidcProviders: [{ url: ISSUER }],
    roles: { delivery: { trust: buildTrustPolicy('octocat/my-repo'), policies: { allowed } } },
  },
};

declareUnless(miniStackObstacle, describe)('local AWS in front of MiniStack', () => {
  let emulator: MiniStack;
  let gateway: LocalAws;
  /** Root's clients of MiniStack itself: the state behind the gateway. */
  let behind: Account;
  /** Clients of the gateway with the session of a job, obtained with an identity token. */
  let job: Account;
  const lines: string[] = [];

  beforeAll(async () => {
    emulator = await startMiniStack();
    behind = new Account(emulator.url);
    gateway = await startLocalAws({ scenario, upstream: { '*': emulator.url }, log: (line) => lines.push(line) });
  });

  afterAll(async () => {
    behind.destroy();
    await Promise.all([gateway.close(), emulator.close()]);
  });

  beforeEach(async () => {
    await emulator.reset();
    gateway.reset();
    lines.length = 0;
    const anonymous = new Account(gateway.url);
    const WebIdentityToken = await gateway.issueToken({ audience: 'sts.amazonaws.com' });
    const input = { RoleArn: ROLE, RoleSessionName: 'run-1', WebIdentityToken };
    const { Credentials } = await anonymous.sts.send(new AssumeRoleWithWebIdentityCommand(input));
    anonymous.destroy();
    job = new Account(gateway.url, {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    });
  });

  const shop = (account: Account) => new Stack({ account, advance: async () => {} }, 'shop');
  const createBucket = () =>
    job.s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  const readStored = async (Key: string) => {
    const { Body } = await behind.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };

  it('a session of the gateway creates resources upstream in the same account', async () => {
    const stack = shop(job);
    await stack.create({ TemplateBody: CHAIN, ClientRequestToken: 'run-1' });
    await expect(stack.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    const { BucketName = '' } = await stack.getOutputs();
    await expect(readOutcome(behind.s3.send(new HeadBucketCommand({ Bucket: BucketName })))).resolves.toBe('accepted');
    await expect(shop(behind).getStatus()).resolves.toBe('CREATE_COMPLETE');
    expect((await shop(behind).describe()).StackId).toContain(`:${REGION}:${ACCOUNT}:stack/shop/`);
    const { Arn } = await job.sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(SESSION);
  });

  it('every call is logged with its principal and the actions it required', async () => {
    await shop(job).create({ TemplateBody: QUEUE });
    const call = gateway.calls().find(({ operation }) => operation === 'CreateStack');
    expect(call).toMatchObject({
      service: 'cloudformation',
      write: true,
      region: REGION,
      principal: SESSION,
      actions: ['cloudformation:CreateStack'],
      verdict: 'allowed',
      status: 200,
    });
    const logged = lines.map((line): unknown => JSON.parse(line));
    expect(logged).toContainEqual(expect.objectContaining({ operation: 'CreateStack', principal: SESSION }));
    expect(lines.join('')).not.toContain('AWS::SQS::Queue');
  });

  it('a call that the role does not allow is not forwarded', async () => {
    const other = new Stack({ account: job, advance: async () => {} }, 'other');
    await expect(readOutcome(other.create({ TemplateBody: QUEUE }))).resolves.toMatch(
      /^AccessDenied: User: \S+:assumed-role\/delivery\/run-1 is not authorized to perform: cloudformation:CreateStack on resource: \S+:stack\/other\/\S* because no identity-based policy allows/,
    );
    const Bucket = 'somebody-elses-bucket';
    const bucket = job.s3.send(new CreateBucketCommand({ Bucket }));
    await expect(readOutcome(bucket)).resolves.toMatch(/^AccessDenied: /);
    const there = await behind.cloudformation.send(new DescribeStacksCommand({}));
    expect(there.Stacks).toEqual([]);
    await expect(readOutcome(behind.s3.send(new HeadBucketCommand({ Bucket })))).resolves.toMatch(/^NotFound: /);
    expect(gateway.calls().filter(({ verdict }) => verdict === 'denied')).toHaveLength(2);
  });

  it.each([
    ['whole', (bytes: Buffer) => bytes],
    ['in chunks', (bytes: Buffer) => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)])],
  ])('an object sent %s is forwarded and returned unchanged', async (_, body) => {
    await createBucket();
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (__, index) => (index * 7) % 256));
    const key = 'a b/ü+%&?=#/x.bin';
    const input = { Bucket: BUCKET, Key: key, Body: body(bytes), ContentLength: bytes.length };
    const { ETag } = await job.s3.send(new PutObjectCommand({ ...input, Metadata: { owner: 'me' } }));
    expect(ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    expect((await readStored(key)).equals(bytes)).toBe(true);
    const response = await job.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, ChecksumMode: 'ENABLED' }));
    expect(Buffer.from((await response.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect(response.Metadata).toEqual({ owner: 'me' });
    const head = await job.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }));
    expect(head.ContentLength).toBe(bytes.length);
  });

  it('errors of the upstream are returned unchanged', async () => {
    await createBucket();
    const missing = new GetObjectCommand({ Bucket: BUCKET, Key: 'none' });
    const expected = await readOutcome(behind.s3.send(missing));
    expect(expected).toMatch(/^NoSuchKey: /);
    await expect(readOutcome(job.s3.send(missing))).resolves.toBe(expected);
    const wrong = createHash('sha256').update('something else').digest('base64');
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'text', ChecksumSHA256: wrong });
    await expect(readOutcome(job.s3.send(put))).resolves.toMatch(/^BadDigest: /);
    await shop(job).create({ TemplateBody: QUEUE });
    await shop(job).waitForTerminal();
    const none = shop(job).update({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: undefined }) });
    await expect(readOutcome(none)).resolves.toBe('ValidationError: No updates are to be performed.');
  });

  it('a throttled call is not forwarded; the next one is', async () => {
    gateway.setFaults([{ fault: 'throttle', service: 'cloudformation', operation: 'CreateStack', calls: 1 }]);
    await expect(readOutcome(shop(job).create({ TemplateBody: QUEUE }))).resolves.toMatch(
      /^Throttling\S*: Rate exceeded/,
    );
    await expect(readOutcome(shop(behind).describe())).resolves.toMatch(/does not exist$/);
    await expect(shop(job).create({ TemplateBody: QUEUE })).resolves.toContain(':stack/shop/');
    const verdicts = gateway.calls().flatMap(({ operation, verdict }) => (operation === 'CreateStack' ? verdict : []));
    expect(verdicts).toEqual(['disturbed', 'allowed']);
  });

  it('a call whose response is lost takes effect upstream', async () => {
    gateway.setFaults([{ fault: 'lost-reply', operation: 'CreateStack', calls: 1 }]);
    const create = () => shop(job).create({ TemplateBody: QUEUE, ClientRequestToken: 'run-1' });
    await expect(readOutcome(create())).resolves.toMatch(/socket hang up|ECONNRESET/);
    await expect(shop(behind).waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    await expect(readOutcome(create())).resolves.toBe('AlreadyExistsException: Stack [shop] already exists');
  });

  it('a connection reset drops an upload before it is forwarded', async () => {
    await createBucket();
    gateway.setFaults([{ fault: 'reset', service: 's3', operation: 'PutObject', calls: 1 }]);
    const put = () => job.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'text' }));
    await expect(readOutcome(put())).resolves.toMatch(/socket hang up|ECONNRESET/);
    await expect(readOutcome(readStored('k'))).resolves.toMatch(/^NoSuchKey: /);
    await put();
    await expect(readStored('k')).resolves.toEqual(Buffer.from('text'));
  });

  it('a call of an expired session is not forwarded', async () => {
    gateway.clock.advance(3_600_001);
    await expect(readOutcome(shop(job).create({ TemplateBody: QUEUE }))).resolves.toMatch(/^ExpiredToken/);
    await expect(readOutcome(shop(behind).describe())).resolves.toMatch(/does not exist$/);
  });
});
