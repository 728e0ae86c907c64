import { writeFileSync } from 'node:fs';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { createArtifactStore } from '@aws-delivery/aws/s3/artifact-bucket';
import { ArtifactStore, type Store } from '@aws-delivery/aws/s3/artifact-store';
import { FakeS3 } from '@aws-delivery/aws/testing/fake-s3';
import { TemplateError } from '@aws-delivery/template/error';
import { describe, expect, it } from '@jest/globals';
import {
  loadTemplateSource,
  type TemplateArgument,
  type TemplateSource,
  uploadTemplate,
} from '../../src/template/template-source.js';
import { Workspace } from '../workspace.js';

const ACCOUNT = '111122223333';
const region = 'cn-north-1';
const QUEUE = 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n';

const load = (
  workspace: Workspace,
  reference: string,
  s3 = new FakeS3({ account: ACCOUNT }),
): Promise<TemplateSource> =>
  loadTemplateSource(reference, {
    sourceReader: workspace.createSourceReader(s3),
    fetchPreviousTemplate: async () => QUEUE,
    region,
  });

const withObject = (key: string): FakeS3 => {
  const s3 = new FakeS3({ account: ACCOUNT });
  s3.addBucket('shop').objects.set(key, { bytes: Buffer.from(QUEUE), kmsKeyId: undefined });
  return s3;
};

/** A store in a configured bucket. */
const createNamedStore = (s3: FakeS3): Store => {
  s3.addBucket('shop');
  const destination = { bucket: 'shop', owner: ACCOUNT, region, prefix: '', kmsKeyId: undefined };
  return new ArtifactStore(destination, { s3, clock: new VirtualClock() });
};

/** A store in the account's artifact bucket. */
const createOwnStore = (s3: FakeS3): Store =>
  createArtifactStore(
    { owner: ACCOUNT, region, prefix: 'templates', kmsKeyId: undefined, tags: {}, whenAbsent: 'create' },
    { s3, clock: new VirtualClock() },
  );

describe('loadTemplateSource', () => {
  it('reads a path from the workspace', async () => {
    using workspace = new Workspace({ 'stacks/queue.yml': QUEUE });
    expect(await load(workspace, 'stacks/queue.yml')).toMatchObject({
      kind: 'file',
      body: QUEUE,
      file: 'stacks/queue.yml',
      path: workspace.resolvePath('stacks/queue.yml'),
    });
  });

  it.each([
    ['s3://shop/a/b.yml', 'https://s3.cn-north-1.amazonaws.com.cn/shop/a/b.yml'],
    ['s3://shop/a/b.yml?versionId=v%201', 'https://s3.cn-north-1.amazonaws.com.cn/shop/a/b.yml?versionId=v%201'],
    ['https://shop.s3.eu-west-1.amazonaws.com/a/b.yml', 'https://shop.s3.eu-west-1.amazonaws.com/a/b.yml'],
    ['https://s3.amazonaws.com/shop/a/b.yml?versionId=7', 'https://s3.amazonaws.com/shop/a/b.yml?versionId=7'],
  ])('reads %s', async (reference, url) => {
    using workspace = new Workspace();
    expect(await load(workspace, reference, withObject('a/b.yml'))).toMatchObject({ kind: 'object', url, body: QUEUE });
  });

  it('reads the stack’s template for previous, and a file for ./previous', async () => {
    using workspace = new Workspace({ previous: QUEUE });
    expect((await load(workspace, 'previous')).kind).toBe('previous');
    expect((await load(workspace, './previous')).kind).toBe('file');
  });

  it('reads several lines or JSON as the template itself', async () => {
    using workspace = new Workspace();
    expect((await load(workspace, QUEUE)).kind).toBe('inline');
    expect((await load(workspace, '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}')).kind).toBe('inline');
  });

  it.each([
    ['a.yml', 'Resources:\n  A: {}\n', /^a\.yml:2:3: Resources\.A must have a Type/],
    ['absent.yml', undefined, /^'absent\.yml' does not exist/],
    ['https://example.com/a.yml', undefined, /is not the URL of an S3 object/],
  ])('reports %s', async (reference, body, message) => {
    using workspace = new Workspace(body === undefined ? {} : { [reference]: body });
    await expect(load(workspace, reference)).rejects.toThrow(message);
  });

  it('leaves JSON with comments to CloudFormation', async () => {
    using workspace = new Workspace({
      'a.json': '{\n  // queues\n  "Resources": {"Q": {"Type": "AWS::SQS::Queue"}}\n}',
    });
    expect((await load(workspace, 'a.json')).template.isUnread).toBe(true);
  });

  it.each([
    ['a byte order mark', Buffer.from(`\u{feff}${QUEUE}`)],
    ['UTF-16', Buffer.from(`\u{feff}${QUEUE}`, 'utf16le')],
    ['line breaks of Windows', Buffer.from(QUEUE.replaceAll('\n', '\r\n'))],
    ['tabs in JSON', Buffer.from('{\n\t"Resources": {\n\t\t"Queue": {"Type":\t"AWS::SQS::Queue"}\n\t}\n}')],
  ])('reads a file with %s', async (_, content) => {
    using workspace = new Workspace({ 'a.yml': '' });
    writeFileSync(workspace.resolvePath('a.yml'), content);
    expect([...(await load(workspace, 'a.yml')).template.resources.keys()]).toEqual(['Queue']);
  });

  it('leaves a text that cannot be read to CloudFormation', async () => {
    using workspace = new Workspace({ 'a.yml': 'Resources:\n  A: [' });
    const { template } = await load(workspace, 'a.yml');
    expect(template).toMatchObject({
      isUnread: true,
      warnings: [{ message: expect.stringContaining('are not checked'), position: { line: 2, column: 7 } }],
    });
  });

  it('keeps the position of an error in its cause', async () => {
    using workspace = new Workspace({ 'a.yml': 'Resources:\n  A: {}\n' });
    const error: unknown = await load(workspace, 'a.yml').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'invalid-input', cause: { position: { line: 2, column: 3 } } });
    expect(Reflect.get(Object(error), 'cause')).toBeInstanceOf(TemplateError);
  });
});

describe('uploadTemplate', () => {
  const upload = async (
    body: string,
    store: Store,
    { isStored = false, reference = 'a.yml' } = {},
  ): Promise<TemplateArgument> => {
    using workspace = new Workspace({ 'a.yml': body });
    const source = await load(workspace, reference, withObject('a.yml'));
    return uploadTemplate(source, { body: source.body, alwaysUpload: isStored }, store);
  };

  /** A template of exactly so many bytes; `ü` has two. */
  const createTemplateOfBytes = (bytes: number): string => {
    const start = `Description: ü`;
    return `${start}${'x'.repeat(bytes - Buffer.byteLength(start) - Buffer.byteLength(QUEUE) - 1)}\n${QUEUE}`;
  };

  it('passes 51,200 bytes in the call', async () => {
    const s3 = new FakeS3({ account: ACCOUNT });
    const body = createTemplateOfBytes(51_200);
    expect(await upload(body, createOwnStore(s3))).toEqual({ TemplateBody: body });
    expect(s3.calls).toEqual([]);
  });

  it('uploads one byte more to a private bucket that it creates', async () => {
    const s3 = new FakeS3({ account: ACCOUNT });
    const body = createTemplateOfBytes(51_201);
    const bucket = `aws-delivery-${ACCOUNT}-${region}`;
    expect(await upload(body, createOwnStore(s3))).toEqual({
      TemplateURL: expect.stringMatching(
        new RegExp(`^https://s3\\.cn-north-1\\.amazonaws\\.com\\.cn/${bucket}/templates/[0-9a-f]{64}\\.template$`),
      ),
    });
    expect(s3.getBucket(bucket).publicAccess).toBe('blocked');
    expect([...s3.getBucket(bucket).objects.values()].map(({ bytes }) => bytes.toString())).toEqual([body]);
  });

  it('uploads a small template to a configured bucket', async () => {
    const s3 = new FakeS3({ account: ACCOUNT });
    expect(await upload(QUEUE, createNamedStore(s3), { isStored: true })).toEqual({
      TemplateURL: expect.stringMatching(/^https:\/\/s3\.cn-north-1\.amazonaws\.com\.cn\/shop\//),
    });
  });

  it('passes the address of an S3 object', async () => {
    const s3 = new FakeS3({ account: ACCOUNT });
    const options = { isStored: true, reference: 's3://shop/a.yml' };
    expect(await upload(QUEUE, createNamedStore(s3), options)).toEqual({
      TemplateURL: 'https://s3.cn-north-1.amazonaws.com.cn/shop/a.yml',
    });
    expect(s3.calls).toEqual([]);
  });

  it('uses the previous template, but sends its body if its loops would be lost', async () => {
    const store = createOwnStore(new FakeS3({ account: ACCOUNT }));
    expect(await upload('', store, { reference: 'previous' })).toEqual({ UsePreviousTemplate: true });
    using workspace = new Workspace();
    const body = `Transform: AWS::LanguageExtensions\n${QUEUE}`;
    const source = await loadTemplateSource('previous', {
      sourceReader: workspace.createSourceReader(new FakeS3({ account: ACCOUNT })),
      fetchPreviousTemplate: async () => body,
      region,
    });
    expect(await uploadTemplate(source, { body, alwaysUpload: false }, store)).toEqual({
      TemplateBody: body,
    });
  });
});
