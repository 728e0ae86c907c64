import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createImage, createIndex, createLayer } from '../../../../packages/oci/test/image-fixtures.js';
import { Harness, REGION, withHarness } from '../harness.js';

const WRITES = ['StartUpload', 'PatchUpload', 'PutUpload', 'PutManifest'];

describe('pushing an OCI layout', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open();
  });
  afterEach(() => harness.close());

  it('uploads the blobs, then puts the manifest', async () => {
    const image = createImage();
    const { failures, outputs, operations, calls, recorded } = await harness.push(
      await harness.writeLayout('build', image),
    );
    expect(failures).toEqual([]);
    expect(calls.filter(({ verdict, error }) => verdict === 'denied' || error !== undefined)).toEqual([]);
    expect(operations.at(-1)).toBe('PutManifest');
    expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(2);
    expect(outputs).toMatchObject({
      digest: image.manifest.digest,
      'image-uri': `${harness.host}/app@${image.manifest.digest}`,
      'image-uris': JSON.stringify([`${harness.host}/app:1.0`]),
      pushed: 'true',
      registry: harness.host,
    });
    expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([{ repository: 'app', result: 'pushed', tags: ['1.0'] }]);
    expect(recorded.summary()).toContain('1 image: 1 pushed');
  });

  it('skips an existing image with three requests', async () => {
    const source = await harness.writeLayout('build', createImage());
    await harness.push(source);
    const { operations, outputs } = await harness.push(source);
    expect(operations).toEqual(['GetAuthorizationToken', 'GetManifest']);
    expect(outputs['pushed']).toBe('false');
  });

  it('uploads only missing layers', async () => {
    const base = createLayer('base');
    await harness.push(await harness.writeLayout('first', createImage({ layers: [base] })));
    const next = createImage({ layers: [base, createLayer('top')] });
    const { operations, log } = await harness.push(await harness.writeLayout('second', next), { tags: '2.0' });
    expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(2);
    expect(log).toContain('layers: 2 uploaded, 0 mounted, 1 skipped');
  });

  it('puts the manifests of an index before the index', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const index = createIndex(images, ['amd64', 'arm64']);
    const { failures, outputs, operations } = await harness.push(await harness.writeLayout('build', { index, images }));
    expect(failures).toEqual([]);
    expect(outputs['digest']).toBe(index.digest);
    expect(operations.filter((name) => name === 'PutManifest')).toHaveLength(3);
  });

  it('sets only tags that do not point to the image yet', async () => {
    const source = await harness.writeLayout('build', createImage());
    await harness.push(source, { tags: '1.0, build-{run}' });
    const { operations, outputs } = await harness.push(source, { tags: '1.0, build-{run}, {short-commit}, {branch}' });
    expect(operations.filter((name) => WRITES.includes(name))).toEqual(['PutManifest', 'PutManifest']);
    const names = ['1.0', 'build-42', '0123456', 'feature-new-shop'].map((tag) => `${harness.host}/app:${tag}`);
    expect(JSON.parse(outputs['image-uris'] ?? '')).toEqual(names);
  });

  it('reports a missing repository with a hint', async () => {
    const { failures, operations } = await harness.push(await harness.writeLayout('build', createImage()), {
      repository: 'none',
    });
    expect(failures).toEqual([
      `repository 'none' not found in ${harness.host}: create it, or set create-repository: true`,
    ]);
    expect(operations).not.toContain('StartUpload');
  });

  it('masks the password, plain and encoded', async () => {
    const { recorded } = await harness.push(await harness.writeLayout('build', createImage()));
    const password = recorded.outputs[`docker_password_${harness.host.replaceAll(/\W/gu, '_')}`] ?? '';
    expect(recorded.masked).toContain(password);
    expect(recorded.masked).toContain(Buffer.from(`AWS:${password}`).toString('base64'));
  });
});

describe('a tag that points to another image', () => {
  const pushTwice = async (mutability: 'MUTABLE' | 'IMMUTABLE', policy: string) =>
    withHarness({ ecr: { repositories: { app: { mutability } } } }, async (harness) => {
      await harness.push(await harness.writeLayout('first', createImage({ command: 'first' })));
      const second = createImage({ command: 'second' });
      const step = await harness.push(await harness.writeLayout('second', second), { 'on-existing-tag': policy });
      return { step, second, first: createImage({ command: 'first' }) };
    });

  it('is moved if it is mutable', async () => {
    const { step, second } = await pushTwice('MUTABLE', 'move');
    expect(step.failures).toEqual([]);
    expect(step.outputs).toMatchObject({ pushed: 'true', digest: second.manifest.digest });
  });

  it('fails before the upload if it is immutable, and suggests on-existing-tag: keep', async () => {
    const { step } = await pushTwice('IMMUTABLE', 'move');
    expect(step.failures[0]).toContain('is immutable and points to another image');
    expect(step.failures[0]).toContain('on-existing-tag: keep');
    expect(step.operations.filter((name) => WRITES.includes(name))).toEqual([]);
  });

  it('is kept with on-existing-tag: keep, with a warning and its digest as output', async () => {
    const { step, first } = await pushTwice('IMMUTABLE', 'keep');
    expect(step.failures).toEqual([]);
    expect(step.outputs).toMatchObject({ pushed: 'false', digest: first.manifest.digest });
    expect(step.log).toContain('warning: ');
    expect(step.operations.filter((name) => WRITES.includes(name))).toEqual([]);
  });

  it('fails with on-existing-tag: fail', async () => {
    const { step } = await pushTwice('MUTABLE', 'fail');
    expect(step.failures[0]).toContain('already points to another image');
    expect(step.operations.filter((name) => WRITES.includes(name))).toEqual([]);
  });

  it.each([
    ['IMMUTABLE_WITH_EXCLUSION', 'dev-1', true],
    ['IMMUTABLE_WITH_EXCLUSION', '1.0', false],
    ['MUTABLE_WITH_EXCLUSION', 'dev-1', false],
    ['MUTABLE_WITH_EXCLUSION', '1.0', true],
  ] as const)('with %s and the exclusion dev-*, %s can be moved: %s', async (mutability, tags, moves) => {
    await withHarness({ ecr: { repositories: { app: { mutability, exclusions: ['dev-*'] } } } }, async (harness) => {
      await harness.push(await harness.writeLayout('first', createImage({ command: 'first' })), { tags });
      const source = await harness.writeLayout('second', createImage({ command: 'second' }));
      const { failures, operations } = await harness.push(source, { tags });
      expect(failures).toEqual(moves ? [] : [expect.stringContaining('is immutable and points to another image')]);
      expect(operations.includes('PutUpload')).toBe(moves);
    });
  });

  it('does not fail a re-run although it is immutable', async () => {
    await withHarness({ ecr: { repositories: { app: { mutability: 'IMMUTABLE' } } } }, async (harness) => {
      const source = await harness.writeLayout('build', createImage());
      await harness.push(source);
      const { failures, outputs } = await harness.push(source);
      expect(failures).toEqual([]);
      expect(outputs['pushed']).toBe('false');
    });
  });
});

describe('mode: check', () => {
  it('reports whether an image exists, without writing', async () => {
    await withHarness({}, async (harness) => {
      const image = createImage();
      const inputs = { mode: 'check', repository: 'app', tags: '1.0' };
      const before = await harness.run({ inputs });
      expect(before.outputs).toMatchObject({ exists: 'false' });
      await harness.push(await harness.writeLayout('build', image));
      const after = await harness.run({ inputs });
      expect(after.outputs).toMatchObject({ exists: 'true', digest: image.manifest.digest });
      expect([...before.operations, ...after.operations].filter((name) => WRITES.includes(name))).toEqual([]);
    });
  });
});

describe('several registries', () => {
  it('get the same image', async () => {
    const arn = `arn:aws:ecr:us-west-2:999988887777:repository/app`;
    const ecr = { naming: 'names' as const, repositories: { app: {}, [arn]: {} } };
    await withHarness({ ecr }, async (harness) => {
      const inputs = { registries: '123456789012, 999988887777', regions: `${REGION}, us-west-2` };
      const { failures, outputs } = await harness.push(await harness.writeLayout('build', createImage()), inputs);
      const { port } = new URL(harness.aws.url);
      const missing = `999988887777.dkr.ecr.${REGION}.localhost:${port}`;
      expect(failures).toEqual([
        `${missing}/app: repository 'app' not found in ${missing}: create it, or set create-repository: true`,
      ]);
      expect(JSON.parse(outputs['image-uris'] ?? '')).toEqual([
        `123456789012.dkr.ecr.${REGION}.localhost:${port}/app:1.0`,
        `123456789012.dkr.ecr.us-west-2.localhost:${port}/app:1.0`,
        `999988887777.dkr.ecr.us-west-2.localhost:${port}/app:1.0`,
      ]);
      expect(outputs).not.toHaveProperty('registry');
    });
  });
});
