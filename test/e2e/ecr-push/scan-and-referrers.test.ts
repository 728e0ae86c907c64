import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Harness } from '../../../actions/ecr-push/test/harness.js';
import { computeDigest, createImage } from '../../../packages/oci/test/image-fixtures.js';
import { findProgramObstacle } from '../../required-programs.js';
import { RegistryHarness } from './registry-harness.js';

const run = promisify(execFile);
const obstacle = findProgramObstacle(['docker-registry', 'skopeo', 'buildah']);

const SBOM = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6' });

declareUnless(obstacle, describe)('scans and referrers with a real registry behind ECR', () => {
  let registry: RegistryHarness;
  let harness: Harness;

  beforeAll(async () => {
    // Scans end at once: local AWS runs in real time here.
    const scanning = { duration: '0s', findings: [{ id: 'CVE-2026-1' }] };
    registry = await RegistryHarness.open({ repositories: { app: {} }, scanning });
    harness = registry.harness;
  });
  afterAll(() => registry.close());

  it('a referrer is an artifact with the file as its layer, which skopeo verifies', async () => {
    await harness.writeWorkspaceFile('sbom.cdx.json', SBOM);
    const image = createImage({ command: 'sbom' });
    const source = await harness.writeLayout('sbom', image);
    const { failures, outputs } = await harness.push(source, { tags: 'sbom', referrers: 'sbom.cdx.json' });
    expect(failures).toEqual([]);
    const [{ referrers }] = JSON.parse(outputs['images'] ?? '');
    const name = `docker://${harness.host}/app@${referrers[0].digest}`;
    const { stdout } = await registry.runSkopeo('inspect', '--raw', '--tls-verify=false', name);
    expect(computeDigest(Buffer.from(stdout))).toBe(referrers[0].digest);
    expect(JSON.parse(stdout)).toMatchObject({
      artifactType: 'application/vnd.cyclonedx+json',
      subject: { digest: image.manifest.digest, size: image.manifest.size },
    });
    const target = join(harness.directory, 'artifact');
    await registry.runSkopeo('copy', '--src-tls-verify=false', name, `dir:${target}`);
    const [layer] = JSON.parse(stdout).layers;
    expect(await readFile(join(target, layer.digest.slice('sha256:'.length)), 'utf8')).toBe(SBOM);
  });

  it('an engine’s image is scanned and gets its referrers', async () => {
    await harness.writeWorkspaceFile('sbom.cdx.json', SBOM);
    const image = `localhost/gated-${process.pid}:1.0`;
    const { stdout: container } = await run('buildah', ['from', 'scratch']);
    await run('buildah', ['config', '--cmd', '/run', container.trim()]);
    await run('buildah', ['commit', '--rm', container.trim(), image]);
    try {
      const variables = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
      const inputs = { source: image, engine: 'buildah', repository: 'app', tags: 'built' };
      const gateInputs = { scan: 'auto', referrers: 'sbom.cdx.json' };
      const { failures, outputs } = await harness.run({ inputs: { ...inputs, ...gateInputs }, env: variables });
      expect(failures).toEqual(['scan gate blocked: 1 failing finding (1 high)']);
      expect(outputs).toMatchObject({ pushed: 'true', verdict: 'blocked' });
      expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([
        { referrers: [{ artifactType: 'application/vnd.cyclonedx+json' }], scanCounts: { high: 1 } },
      ]);
    } finally {
      await run('buildah', ['rmi', image]);
    }
  });
});
