import { createHash } from 'node:crypto';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr';
import { Inspector2Client, ListCoverageCommand, ListFindingsCommand } from '@aws-sdk/client-inspector2';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';
import type { ScenarioInput } from '../../../src/scenario.js';

let aws: LocalAws;
afterEach(() => aws.close());

const start = async (ecr: NonNullable<ScenarioInput['ecr']>) => {
  aws = await startLocalAws({ scenario: { iam: { accessKeys: { test: 'test' } }, ecr } });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new ECRClient({ endpoint: aws.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData[0]?.authorizationToken}`;
  const send = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
    fetch(`${aws.url}/v2/${path}`, {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return { client, send };
};

type Send = Awaited<ReturnType<typeof start>>['send'];

const computeDigest = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

const pushBlob = async (send: Send, repository: string, content: string) => {
  const upload = await send('POST', `${repository}/blobs/uploads/`);
  const path = (upload.headers.get('location') ?? '').replace('/v2/', '');
  return send('PUT', `${path}?digest=${computeDigest(content)}`, content);
};

const createManifest = (config: string): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: computeDigest(config),
      size: config.length,
    },
    layers: [],
  });

const pushImage = async (send: Send, config = '{}', tag = '1.0') => {
  await pushBlob(send, 'app', config);
  return send('PUT', `app/manifests/${tag}`, createManifest(config), { 'content-type': MANIFEST });
};

describe('a manifest', () => {
  const valid = JSON.parse(createManifest('{}'));
  const [descriptor] = [valid.config];

  it.each([
    ['that is not JSON', 'junk', MANIFEST],
    ['that is a string', '"junk"', MANIFEST],
    ['that is an empty object', '{}', MANIFEST],
    ['without a configuration', JSON.stringify({ ...valid, config: undefined }), MANIFEST],
    ['without layers', JSON.stringify({ ...valid, layers: undefined }), MANIFEST],
    ['with a layer that is no descriptor', JSON.stringify({ ...valid, layers: ['x'] }), MANIFEST],
    ['with an invalid digest', JSON.stringify({ ...valid, config: { ...descriptor, digest: 'sha256:x' } }), MANIFEST],
    ['without a size', JSON.stringify({ ...valid, config: { ...descriptor, size: undefined } }), MANIFEST],
    ['of schema 1', JSON.stringify({ ...valid, schemaVersion: 1 }), MANIFEST],
    ['of another media type than its header', JSON.stringify(valid), 'application/vnd.oci.image.index.v1+json'],
    ['of an unknown media type', JSON.stringify({ ...valid, mediaType: 'text/plain' }), 'text/plain'],
    ['of no media type', JSON.stringify({ ...valid, mediaType: undefined }), ''],
  ])('%s is rejected', async (_, body, contentType) => {
    const { send } = await start({ repositories: { app: {} } });
    await pushBlob(send, 'app', '{}');
    const response = await send('PUT', 'app/manifests/1.0', body, { 'content-type': contentType });
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [expect.objectContaining({ code: 'MANIFEST_INVALID' })] },
    ]);
    expect((await send('GET', 'app/manifests/1.0')).status).toBe(404);
  });

  it('may have foreign layers, which are not in the repository', async () => {
    const { send } = await start({ repositories: { app: {} } });
    await pushBlob(send, 'app', '{}');
    const layer = { ...descriptor, digest: computeDigest('elsewhere'), urls: ['https://example.com/layer'] };
    const types = [
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    ];
    const layers = types.map((mediaType) => ({ ...layer, mediaType }));
    const put = (document: object) =>
      send('PUT', 'app/manifests/1.0', JSON.stringify(document), { 'content-type': MANIFEST });
    expect((await put({ ...valid, layers })).status).toBe(201);
    expect((await put({ ...valid, layers: [layer] })).status).toBe(404);
  });
});

it.each(['App', 'a', 'app__x', 'app/', '/app', 'app:1', 'a b', 'x'.repeat(257)])(
  'the repository name %j is rejected as ECR rejects it',
  async (repositoryName) => {
    const { client } = await start({});
    const created = client.send(new CreateRepositoryCommand({ repositoryName }));
    await expect(created).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await aws.close();
    await expect(start({ repositories: { [repositoryName]: {} } })).rejects.toThrow('scenario is not valid');
  },
);

/** Code and message of the first error. */
const readError = async (response: Response): Promise<string> => {
  const { errors } = JSON.parse(await response.text());
  return `${errors[0].code}: ${errors[0].message}`;
};

describe('the registry', () => {
  it('rejects requests without a token with a Basic challenge', async () => {
    await start({});
    const response = await fetch(`${aws.url}/v2/`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  });

  it('reports a missing repository', async () => {
    const { send } = await start({});
    const response = await send('GET', 'none/manifests/1.0');
    expect(response.status).toBe(404);
    expect(await readError(response)).toMatch(/^NAME_UNKNOWN: /u);
  });

  it('stores pushed images, which the API returns', async () => {
    const { send, client } = await start({ repositories: { app: {} } });
    expect((await pushImage(send)).status).toBe(201);
    const pulled = await send('GET', 'app/manifests/1.0');
    expect(await pulled.text()).toBe(createManifest('{}'));
    const { imageDetails = [] } = await client.send(new DescribeImagesCommand({ repositoryName: 'app' }));
    expect(imageDetails).toMatchObject([{ imageDigest: computeDigest(createManifest('{}')), imageTags: ['1.0'] }]);
  });

  it('rejects manifests with missing content and blobs with another digest', async () => {
    const { send } = await start({ repositories: { app: {} } });
    const manifest = await send('PUT', 'app/manifests/1.0', createManifest('{"lost":1}'), { 'content-type': MANIFEST });
    expect(manifest.status).toBe(404);
    const upload = await send('POST', 'app/blobs/uploads/');
    const path = (upload.headers.get('location') ?? '').replace('/v2/', '');
    expect(await readError(await send('PUT', `${path}?digest=${computeDigest('other')}`, 'this'))).toMatch(
      /^DIGEST_INVALID: /u,
    );
  });

  it('rejects overwriting an immutable tag, even with the same image', async () => {
    const { send } = await start({
      repositories: { app: { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['dev*'] } },
    });
    await pushImage(send);
    expect(await readError(await pushImage(send))).toMatch(/^TAG_INVALID: /u);
    await pushImage(send, '{}', 'dev-1');
    expect((await pushImage(send, '{"a":1}', 'dev-1')).status).toBe(201);
  });

  it('returns 201 for a PATCH, like ECR', async () => {
    const { send } = await start({ repositories: { app: {} } });
    const upload = await send('POST', 'app/blobs/uploads/');
    expect((await send('PATCH', (upload.headers.get('location') ?? '').replace('/v2/', ''), 'abc')).status).toBe(201);
  });

  it('lists the referrers of an image, and confirms the subject of a pushed referrer', async () => {
    const { send } = await start({ repositories: { app: {} } });
    await pushImage(send);
    const subject = {
      mediaType: MANIFEST,
      digest: computeDigest(createManifest('{}')),
      size: createManifest('{}').length,
    };
    const manifest = JSON.stringify({
      ...JSON.parse(createManifest('{}')),
      artifactType: 'application/spdx+json',
      subject,
    });
    const put = await send('PUT', `app/manifests/${computeDigest(manifest)}`, manifest, { 'content-type': MANIFEST });
    expect(put.headers.get('oci-subject')).toBe(subject.digest);
    const listed = await send('GET', `app/referrers/${subject.digest}`);
    expect(JSON.parse(await listed.text())).toMatchObject({
      manifests: [{ digest: computeDigest(manifest), artifactType: 'application/spdx+json' }],
    });
  });

  it.each([
    ['ENABLED', 201],
    ['DISABLED', 202],
  ] as const)('mounts blobs only if the account setting allows it (%s)', async (mounting, status) => {
    const { send } = await start({ mounting, repositories: { app: {}, web: {} } });
    await pushBlob(send, 'app', 'layer');
    const response = await send('POST', `web/blobs/uploads/?mount=${computeDigest('layer')}&from=app`);
    expect(response.status).toBe(status);
  });

  it('rejects an expired token', async () => {
    const { send } = await start({ tokenLifetime: '12h', repositories: { app: {} } });
    aws.clock.advance(12 * 3_600_000);
    const response = await send('GET', 'app/manifests/1.0');
    expect(response.status).toBe(403);
    expect(await readError(response)).toContain('token has expired');
  });
});

describe('ECR', () => {
  it('creates a repository once', async () => {
    const { client } = await start({});
    const create = new CreateRepositoryCommand({ repositoryName: 'app', imageTagMutability: 'IMMUTABLE' });
    await client.send(create);
    await expect(client.send(create)).rejects.toMatchObject({ name: 'RepositoryAlreadyExistsException' });
    const { repositories = [] } = await client.send(new DescribeRepositoriesCommand({ repositoryNames: ['app'] }));
    expect(repositories).toMatchObject([{ imageTagMutability: 'IMMUTABLE' }]);
  });

  it('scans for a duration, and rejects a second scan', async () => {
    const scanning = { duration: '10s', findings: [{ id: 'CVE-2026-1' }] };
    const { client, send } = await start({ repositories: { app: {} }, scanning });
    await pushImage(send);
    const image = { repositoryName: 'app', imageId: { imageTag: '1.0' } };
    const read = () => client.send(new DescribeImageScanFindingsCommand(image));
    await expect(read()).rejects.toMatchObject({ name: 'ScanNotFoundException' });
    await client.send(new StartImageScanCommand(image));
    expect((await read()).imageScanStatus?.status).toBe('IN_PROGRESS');
    aws.clock.advance(10_000);
    expect((await read()).imageScanFindings?.findingSeverityCounts).toEqual({ HIGH: 1 });
    await expect(client.send(new StartImageScanCommand(image))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    aws.clock.advance(86_400_000);
    await client.send(new StartImageScanCommand(image));
    expect((await read()).imageScanStatus?.status).toBe('IN_PROGRESS');
  });

  it('never reports COMPLETE for an enhanced scan, whose coverage and findings Inspector returns', async () => {
    const scanning = { type: 'ENHANCED' as const, duration: '10s', findings: [{ id: 'CVE-2026-1', fixedIn: '1.0.1' }] };
    const { client, send } = await start({ repositories: { app: {} }, scanning });
    await pushImage(send);
    const image = { repositoryName: 'app', imageId: { imageTag: '1.0' } };
    const { imageScanStatus } = await client.send(new DescribeImageScanFindingsCommand(image));
    expect(imageScanStatus?.status).toBe('ACTIVE');
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const inspector = new Inspector2Client({ endpoint: aws.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
    const getCoverage = async () => (await inspector.send(new ListCoverageCommand({}))).coveredResources?.[0];
    expect((await getCoverage())?.scanStatus).toEqual({ statusCode: 'ACTIVE', reason: 'PENDING_INITIAL_SCAN' });
    aws.clock.advance(10_000);
    const digest = computeDigest(createManifest('{}'));
    expect(await getCoverage()).toMatchObject({
      resourceId: `arn:aws:ecr:eu-west-1:123456789012:repository/app/${digest}`,
      scanStatus: { reason: 'SUCCESSFUL' },
    });
    const listFindings = async (hash: string) => {
      const filterCriteria = { ecrImageHash: [{ comparison: 'EQUALS' as const, value: hash }] };
      return (await inspector.send(new ListFindingsCommand({ filterCriteria }))).findings;
    };
    expect(await listFindings(digest)).toMatchObject([{ fixAvailable: 'YES', severity: 'HIGH' }]);
    expect(await listFindings('sha256:other')).toEqual([]);
    await client.send(new BatchDeleteImageCommand({ repositoryName: 'app', imageIds: [{ imageDigest: digest }] }));
    expect(await getCoverage()).toBeUndefined();
  });
});
