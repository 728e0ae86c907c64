import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createImage } from '../../../../packages/oci/test/image-fixtures.js';
import { FakeEngine } from '../engine/fake-engine.js';
import { type Harness, type HarnessOptions, TRANSIENT_FAULTS, withHarness } from '../harness.js';
import { createFinding, image } from './scan-harness.js';

const other = createImage({ command: 'other' });
const HIGH = createFinding('CVE-2026-1', { severity: 'HIGH', image: image.manifest.digest });

/** What a tag of the repository `app` points to, as `mode: check` finds it. */
const findDigest = async (harness: Harness, tag: string): Promise<string | undefined> =>
  (await harness.run({ inputs: { mode: 'check', repository: 'app', tags: tag } })).outputs['digest'] || undefined;

const open = <T>(options: HarnessOptions['ecr'], use: (harness: Harness) => Promise<T>, others: HarnessOptions = {}) =>
  withHarness({ oneClock: true, ...others, ecr: { repositories: { app: {} }, ...options } }, use);

const push = (harness: Harness, source: string, inputs: Readonly<Record<string, string>> = {}) =>
  harness.push(source, { scan: 'basic', 'tag-after-scan': 'true', ...inputs });

const listPuts = (calls: Awaited<ReturnType<Harness['push']>>['calls']) =>
  calls.filter(({ operation }) => operation === 'PutManifest');

describe('tag-after-scan', () => {
  it.each(['MUTABLE', 'IMMUTABLE'] as const)('sets the tags of an image that passes (%s)', async (mutability) => {
    await open({ repositories: { app: { mutability } } }, async (harness) => {
      const source = await harness.writeLayout('build', image);
      const { failures, outputs, operations, log } = await push(harness, source, { tags: '1.0, latest' });
      expect(failures).toEqual([]);
      expect(outputs).toMatchObject({ verdict: 'passed', pushed: 'true', digest: image.manifest.digest });
      expect(JSON.parse(outputs['image-uris'] ?? '')).toHaveLength(2);
      expect(operations.lastIndexOf('DescribeImageScanFindings')).toBeLessThan(
        operations.lastIndexOf('PutManifest') - 1,
      );
      expect(log).toContain('app:1.0: Set 1.0, latest after the scan');
      expect(await findDigest(harness, 'latest')).toBe(image.manifest.digest);
      const second = await push(harness, source, { tags: '1.0, latest' });
      expect(second.failures).toEqual([]);
      expect(listPuts(second.calls)).toEqual([]);
    });
  });

  it.each(['MUTABLE', 'IMMUTABLE'] as const)('leaves a blocked image without tags (%s)', async (mutability) => {
    await open({ repositories: { app: { mutability } }, scanning: { findings: [HIGH] } }, async (harness) => {
      const source = await harness.writeLayout('build', image);
      const { failures, outputs, recorded, log } = await push(harness, source, { tags: '1.0, latest' });
      expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 high)']);
      expect(outputs).toMatchObject({ verdict: 'blocked', pushed: 'false', digest: image.manifest.digest });
      expect(JSON.parse(outputs['image-uris'] ?? '')).toEqual([]);
      expect(recorded.summary()).toContain('⛔ not tagged');
      expect(log).toContain('1.0, latest not set, because the scan gate did not pass for this image');
      expect(await findDigest(harness, '1.0')).toBeUndefined();
      const fixed = await push(harness, await harness.writeLayout('fixed', other), { tags: '1.0, latest' });
      expect(fixed.failures).toEqual([]);
      expect(await findDigest(harness, '1.0')).toBe(other.manifest.digest);
    });
  });

  it('keeps a tag on the image that it pointed to when the new one is blocked', async () => {
    await open({ scanning: { findings: [HIGH] } }, async (harness) => {
      await push(harness, await harness.writeLayout('old', other), { tags: 'latest' });
      await push(harness, await harness.writeLayout('build', image), { tags: 'latest' });
      expect(await findDigest(harness, 'latest')).toBe(other.manifest.digest);
    });
  });

  it('sets the tags of the images that pass when another one is blocked', async () => {
    await open({ scanning: { findings: [HIGH] } }, async (harness) => {
      await harness.writeLayout('bad', image);
      await harness.writeLayout('good', other);
      const images = [
        { source: 'oci:bad', repository: 'app', tags: 'bad' },
        { source: 'oci:good', repository: 'app', tags: 'good' },
      ];
      const inputs = { images: JSON.stringify(images), scan: 'basic', 'tag-after-scan': 'true' };
      const { failures, outputs } = await harness.run({ inputs });
      expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 high)']);
      expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([
        { result: 'untagged', verdict: 'blocked' },
        { result: 'pushed', verdict: 'passed' },
      ]);
      expect([await findDigest(harness, 'bad'), await findDigest(harness, 'good')]).toEqual([
        undefined,
        other.manifest.digest,
      ]);
    });
  });

  it.each([
    ['fail', undefined],
    ['warn', image.manifest.digest],
    ['proceed', image.manifest.digest],
  ])('applies on-unavailable: %s to the tags', async (policy, digest) => {
    await open({ scanning: { ends: 'FAILED' } }, async (harness) => {
      await push(harness, await harness.writeLayout('build', image), { 'on-unavailable': policy });
      expect(await findDigest(harness, '1.0')).toBe(digest);
    });
  });

  it.each([
    ['scan-timeout', { 'scan-timeout': '1m' }],
    ['timeout', { timeout: '1m', 'on-unavailable': 'warn' }],
  ])('sets no tag when %s is reached', async (_label, inputs) => {
    await open({ scanning: { duration: '1h' } }, async (harness) => {
      const { failures } = await push(harness, await harness.writeLayout('build', image), inputs);
      expect(failures).toHaveLength(1);
      expect(await findDigest(harness, '1.0')).toBeUndefined();
    });
  });

  it('sets no tag when the job is cancelled during the scan', async () => {
    await open({ scanning: { duration: '1h' } }, async (harness) => {
      const controller = new AbortController();
      const inputs = { source: await harness.writeLayout('build', image), repository: 'app', tags: '1.0' };
      const gate = { scan: 'basic', 'tag-after-scan': 'true', 'on-unavailable': 'warn' };
      const running = harness.run({ inputs: { ...inputs, ...gate }, signal: controller.signal });
      while (!harness.aws.calls().some(({ operation }) => operation === 'DescribeImageScanFindings')) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      controller.abort();
      expect((await running).failures).toHaveLength(1);
      expect(await findDigest(harness, '1.0')).toBeUndefined();
    });
  });

  it('sets absent tags of an image that is kept only when that image passes', async () => {
    await open({ scanning: { findings: [HIGH] } }, async (harness) => {
      await harness.push(await harness.writeLayout('old', image));
      const inputs = { tags: '1.0, latest', 'on-existing-tag': 'keep' };
      const { failures } = await push(harness, await harness.writeLayout('build', other), inputs);
      expect(failures).toHaveLength(1);
      expect(await findDigest(harness, 'latest')).toBeUndefined();
    });
  });

  it('attaches referrers before the scan', async () => {
    await open({ scanning: { findings: [HIGH] } }, async (harness) => {
      await harness.writeWorkspaceFile('sbom.json', '{"spdxVersion":"SPDX-2.3"}');
      const source = await harness.writeLayout('build', image);
      const { outputs } = await push(harness, source, { referrers: 'sbom.json' });
      expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([
        { result: 'untagged', referrers: [{ path: 'sbom.json' }] },
      ]);
    });
  });

  it.each([
    ['docker', []],
    ['docker', [createFinding('CVE-2026-2')]],
    ['podman', []],
    ['buildah', [createFinding('CVE-2026-2')]],
  ] as const)('pushes an image of %s by digest and tags it unless it has findings %j', async (name, findings) => {
    await open({ scanning: { findings: [...findings] } }, async (harness) => {
      const engine = new FakeEngine(name);
      engine.images.set('shop:1.0', image);
      const inputs = { source: 'shop:1.0', repository: 'app', tags: '1.0', engine: name };
      const gate = { scan: 'basic', 'tag-after-scan': 'true' };
      const { failures, outputs } = await harness.run({
        inputs: { ...inputs, ...gate },
        runProgram: engine.runProgram,
      });
      expect(failures).toHaveLength(findings.length);
      expect(await findDigest(harness, '1.0')).toBe(findings.length === 0 ? outputs['digest'] : undefined);
      expect(engine.runs.filter(({ args }) => args.some((arg) => arg.includes(harness.host)))).toEqual([]);
      expect(await readdir(join(harness.directory, 'temp'))).toEqual([`ecr-push-scan-report`]);
    });
  });

  it.each(TRANSIENT_FAULTS)('sets the tag once when its request is %s', async (_label, fault) => {
    await open({ repositories: { app: { mutability: 'IMMUTABLE' } } }, async (harness) => {
      harness.aws.setFaults([{ ...fault, operation: 'PutManifest', calls: 2 }]);
      const { failures } = await push(harness, await harness.writeLayout('build', image));
      harness.aws.setFaults([]);
      expect(failures).toEqual([]);
      expect(await findDigest(harness, '1.0')).toBe(image.manifest.digest);
    });
  });

  it.each([
    ['no scan', { scan: 'none' }],
    ['mode: check', { mode: 'check' }],
  ])('is rejected with %s', async (_label, inputs) => {
    await open({}, async (harness) => {
      const { failures } = await push(harness, 'oci:build', inputs);
      expect(failures[0]).toContain("input 'tag-after-scan' requires mode: push and a scan");
    });
  });
});
