import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { computeDigest, createImage, createIndex, createLayer } from '../../../../packages/oci/test/image-fixtures.js';
import { startDisconnectingProxy } from '../disconnecting-proxy.js';
import { ACCOUNT, type Harness, REGION, withHarness } from '../harness.js';

const image = createImage({ layers: [createLayer('large', 3_000_000)] });
const [layer] = image.layers;

describe('a connection that breaks during a blob', () => {
  const withBrokenConnections = async (
    direction: 'up' | 'down',
    times: number,
    use: (harness: Harness, endpoint: string) => Promise<void>,
  ) =>
    withHarness({}, async (harness) => {
      const source = await harness.writeLayout('build', image);
      if (direction === 'down') await harness.push(source);
      const proxy = await startDisconnectingProxy({
        to: harness.aws.url,
        afterBytes: 1_000_000,
        direction,
        maxDisconnects: times,
      });
      try {
        await use(harness, proxy.url);
        expect(proxy.disconnects()).toBeGreaterThanOrEqual(Math.min(times, 6));
      } finally {
        await proxy.close();
      }
    });

  it('repeats the upload of this blob only', async () => {
    await withBrokenConnections('up', 2, async (harness, endpoint) => {
      const { failures, outputs, operations } = await harness.push('oci:build', { 'registry-endpoint': endpoint });
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(image.manifest.digest);
      expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(2);
    });
  });

  it('fails the push without setting the tag when uploads keep breaking', async () => {
    await withBrokenConnections('up', 100, async (harness, endpoint) => {
      const { failures, operations } = await harness.push('oci:build', { 'registry-endpoint': endpoint });
      expect(failures).toHaveLength(1);
      expect(failures[0]).toContain('PUT');
      expect(operations).not.toContain('PutManifest');
      const check = await harness.run({ inputs: { mode: 'check', repository: 'app', tags: '1.0' } });
      expect(check.outputs['exists']).toBe('false');
    });
  });

  it('repeats the download, and the layout is correct', async () => {
    await withBrokenConnections('down', 2, async (harness, endpoint) => {
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const { failures } = await harness.run({ inputs: { ...inputs, 'registry-endpoint': endpoint } });
      expect(failures).toEqual([]);
      const path = join(harness.directory, 'pulled', 'blobs', 'sha256', layer?.blob.digest.slice(7) ?? '');
      expect(computeDigest(await readFile(path))).toBe(layer?.blob.digest);
    });
  });

  it('leaves no index entry and no temporary files when downloads keep breaking', async () => {
    await withBrokenConnections('down', 100, async (harness, endpoint) => {
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const { failures } = await harness.run({ inputs: { ...inputs, 'registry-endpoint': endpoint } });
      expect(failures).toHaveLength(1);
      expect(await readdir(join(harness.directory, 'pulled'))).toEqual(['blobs']);
    });
  });

  it('repeats a copy between registries', async () => {
    const arn = `arn:aws:ecr:us-west-2:${ACCOUNT}:repository/app`;
    await withHarness({ ecr: { naming: 'names', repositories: { app: {}, [arn]: {} } } }, async (harness) => {
      await harness.push(await harness.writeLayout('build', image));
      harness.aws.setFaults([{ fault: 'reset', operation: 'GetBlob', calls: '1-2' }]);
      const source = `docker://${ACCOUNT}.dkr.ecr.${REGION}.localhost:${new URL(harness.aws.url).port}/app:1.0`;
      const { failures, outputs } = await harness.push(source, { regions: 'us-west-2' });
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(image.manifest.digest);
    });
  });
});

describe('a blob that the registry cannot deliver', () => {
  it.each(['pull', 'copy'])('is requested as often as any other request: %s', async (kind) => {
    await withHarness({}, async (harness) => {
      await harness.push(await harness.writeLayout('build', createImage()));
      harness.aws.setFaults([{ fault: 'error', status: 503, operation: 'GetBlob' }]);
      const source = `docker://${harness.host}/app:1.0`;
      const inputs =
        kind === 'pull'
          ? { mode: 'pull', source, destination: 'oci:pulled' }
          : { source, repository: 'web', tags: '1' };
      const { failures, operations } = await harness.run({ inputs });
      expect(failures[0]).toContain('the registry returned status 503');
      // Six attempts for each of the two blobs.
      expect(operations.filter((name) => name === 'GetBlob')).toHaveLength(12);
    });
  });
});

describe('a nested index with exponentially many manifests', () => {
  // Each level lists the one below a hundred times: 100 million manifests without deduplication.
  const levels = [createImage().manifest];
  for (const _ of [1, 2, 3, 4]) {
    const below = levels.at(-1) ?? image.manifest;
    levels.push(createIndex(Array(100).fill({ ...createImage(), manifest: below }), []));
  }
  const [, ...indexes] = levels;
  const top = indexes.at(-1) ?? image.manifest;

  it('is pushed and pulled with one request per manifest', async () => {
    await withHarness({}, async (harness) => {
      const images = [createImage(), ...indexes.map((manifest) => ({ ...createImage(), manifest }))];
      const source = await harness.writeLayout('bomb', { index: top, images });
      const { failures, operations } = await harness.push(source);
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'PutManifest')).toHaveLength(levels.length);
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const pulled = await harness.run({ inputs });
      expect(pulled.failures).toEqual([]);
      expect(pulled.operations.filter((name) => name === 'GetManifest')).toHaveLength(levels.length);
    });
  });
});
