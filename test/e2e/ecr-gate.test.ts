import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf, imageOf } from '../../actions/ecr-push/test/helpers/image.js';
import type { Stage } from '../../actions/ecr-push/test/helpers/stage.js';
import { missingOf, RealStage } from './real-registry.js';

const run = promisify(execFile);
const missing = missingOf(['docker-registry', 'skopeo', 'buildah']);

const SBOM = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6' });

(missing.length === 0 ? describe : describe.skip)('scans and referrers with a real registry behind ECR', () => {
  let real: RealStage;
  let stage: Stage;

  beforeAll(async () => {
    // Scans that are over at once: local AWS goes by the time of the machine here.
    const scanning = { duration: '0s', findings: [{ id: 'CVE-2026-1' }] };
    real = await RealStage.open({ repositories: { app: {} }, scanning });
    stage = real.stage;
  });
  afterAll(() => real.close());

  it('a referrer is an artifact that skopeo reads and verifies, with the file as its layer', async () => {
    await stage.write('sbom.cdx.json', SBOM);
    const image = imageOf({ command: 'sbom' });
    const source = await stage.layout('sbom', image);
    const { failures, outputs } = await stage.push(source, { tags: 'sbom', referrers: 'sbom.cdx.json' });
    expect(failures).toEqual([]);
    const [{ referrers }] = JSON.parse(outputs['images'] ?? '');
    const name = `docker://${stage.host}/app@${referrers[0].digest}`;
    const { stdout } = await real.skopeo('inspect', '--raw', '--tls-verify=false', name);
    expect(digestOf(Buffer.from(stdout))).toBe(referrers[0].digest);
    expect(JSON.parse(stdout)).toMatchObject({
      artifactType: 'application/vnd.cyclonedx+json',
      subject: { digest: image.manifest.digest, size: image.manifest.size },
    });
    const target = join(stage.folder, 'artifact');
    await real.skopeo('copy', '--src-tls-verify=false', name, `dir:${target}`);
    const [layer] = JSON.parse(stdout).layers;
    expect(await readFile(join(target, layer.digest.slice('sha256:'.length)), 'utf8')).toBe(SBOM);
  });

  it('an engine’s image is gated as any other, and has its referrers', async () => {
    await stage.write('sbom.cdx.json', SBOM);
    const image = `localhost/gated-${process.pid}:1.0`;
    const { stdout: container } = await run('buildah', ['from', 'scratch']);
    await run('buildah', ['config', '--cmd', '/run', container.trim()]);
    await run('buildah', ['commit', '--rm', container.trim(), image]);
    try {
      const variables = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
      const inputs = { source: image, engine: 'buildah', repository: 'app', tags: 'built' };
      const asked = { scan: 'auto', referrers: 'sbom.cdx.json' };
      const { failures, outputs } = await stage.run({ inputs: { ...inputs, ...asked }, variables });
      expect(failures).toEqual(['scan gate blocked: 1 finding (1 high) fails']);
      expect(outputs).toMatchObject({ pushed: 'true', verdict: 'blocked' });
      expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([
        { referrers: [{ artifactType: 'application/vnd.cyclonedx+json' }], scanCounts: { high: 1 } },
      ]);
    } finally {
      await run('buildah', ['rmi', image]);
    }
  });
});
