import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition } from '../../actions/ecr-push/action.js';
import { createAction } from '../../actions/ecr-push/src/create-action.js';
import { createImage, createLayoutFiles, writeFiles } from '../../packages/oci/test/image-fixtures.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { miniStackObstacle } from './reference-emulator.js';

declareUnless(miniStackObstacle, describe)('ecr-push on MiniStack, with API and registry on one port', () => {
  let emulator: MiniStack;
  let directory: string;

  beforeAll(async () => {
    emulator = await startMiniStack();
    directory = await mkdtemp(join(tmpdir(), 'ecr-conformance-'));
  });
  afterAll(async () => {
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  const push = async (command: string, inputs: Readonly<Record<string, string>>) => {
    const image = createImage({ command });
    await writeFiles(join(directory, command), createLayoutFiles({ latest: image.manifest }, [image]));
    const host = createFakeHost({
      inputs: {
        'aws-region': 'eu-west-1',
        'registry-endpoint': emulator.url,
        'create-repository': 'true',
        source: `oci:${command}`,
        repository: 'shop/app',
        tags: '1.0',
        ...inputs,
      },
      env: { GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory, HOME: directory },
    });
    const credentials = { accessKeyId: '123456789012', secretAccessKey: 'test' };
    await runAction(
      definition,
      createAction((same) => ({ ...same, endpoint: emulator.url, credentials })),
      host,
    );
    return { ...host.recorded, image };
  };

  it('pushes an image once, and moves a tag to another image', async () => {
    const first = await push('first', {});
    expect(first.failures).toEqual([]);
    expect(first.outputs).toMatchObject({ pushed: 'true', digest: first.image.manifest.digest });
    // Image names contain the registry's ECR host name, whatever its endpoint.
    expect(first.outputs['registry']).toBe('123456789012.dkr.ecr.eu-west-1.amazonaws.com');
    const again = await push('first', {});
    expect(again.outputs).toMatchObject({ pushed: 'false', digest: first.image.manifest.digest });
    const second = await push('second', {});
    expect(second.failures).toEqual([]);
    expect(second.outputs).toMatchObject({ pushed: 'true', digest: second.image.manifest.digest });
  });

  it.each([
    // MiniStack has no basic scans.
    ['basic', /incomplete results from shop\/app:1\.0: DescribeImageScanFindings|StartImageScan/u],
    // MiniStack's Inspector ignores the filter and lists fixed images.
    ['enhanced', /Inspector does not cover the image/u],
    ['auto', /GetRegistryScanningConfiguration/u],
  ])('fails with the verdict unknown where no scan is available: scan: %s', async (scan, reason) => {
    const { failures, outputs, image } = await push('first', { scan, 'scan-timeout': '2s' });
    expect(failures).toEqual([expect.stringMatching(reason)]);
    expect(outputs).toMatchObject({ verdict: 'unknown', digest: image.manifest.digest });
  });

  it('pushes a referrer once although the registry does not list referrers', async () => {
    await writeFile(join(directory, 'sbom.json'), '{"spdxVersion":"SPDX-2.3"}');
    const first = await push('first', { referrers: 'sbom.json' });
    expect(first.failures).toEqual([]);
    expect(first.log.getOutput()).toContain('in the referrers tag: the registry has no referrers API (OCI 1.1)');
    const again = await push('first', { referrers: 'sbom.json' });
    expect(again.failures).toEqual([]);
    expect(again.log.getOutput()).toContain('Referrer sbom.json already exists');
  });

  it('does not move an immutable tag', async () => {
    const inputs = { repository: 'shop/fixed', 'tag-mutability': 'IMMUTABLE' };
    expect((await push('first', inputs)).failures).toEqual([]);
    const second = await push('second', inputs);
    expect(second.failures[0]).toContain('is immutable and points to another image');
    const retained = await push('second', { ...inputs, 'on-existing-tag': 'keep' });
    expect(retained.outputs['digest']).toBe(createImage({ command: 'first' }).manifest.digest);
  });
});
