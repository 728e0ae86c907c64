import { type ChildProcess, execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Harness } from '../../../actions/ecr-push/test/harness.js';
import { findFreePort } from '../../../packages/action-kit/src/testing/http-servers.js';
import { createImage, createIndex } from '../../../packages/oci/test/image-fixtures.js';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findProgramObstacle, findToolObstacle } from '../../required-programs.js';
import { RegistryHarness, startRegistry } from './registry-harness.js';

const run = promisify(execFile);
const obstacle = findProgramObstacle(['docker-registry', 'skopeo']) ?? findToolObstacle(['oras']);

interface DiscoveredManifest {
  readonly digest: string;
  readonly artifactType?: string;
  readonly referrers?: readonly DiscoveredManifest[];
}

declareUnless(obstacle, describe)('copy-referrers from a registry that oras has written to', () => {
  let registry: RegistryHarness;
  let harness: Harness;
  let source: ChildProcess;
  let sourceHost: string;
  const platforms = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
  const index = createIndex(platforms, ['amd64', 'arm64']);

  const runOras = async (...args: readonly string[]): Promise<string> => {
    const options = { cwd: harness.directory, env: { PATH: process.env['PATH'], HOME: harness.directory } };
    return (await run(findProgram('oras') ?? 'oras', [...args], options)).stdout;
  };

  beforeAll(async () => {
    registry = await RegistryHarness.open({ repositories: { app: {} } });
    harness = registry.harness;
    const port = await findFreePort();
    sourceHost = `127.0.0.1:${port}`;
    await mkdir(join(harness.directory, 'source'));
    source = await startRegistry(join(harness.directory, 'source'), port);
    await harness.writeLayout('image', { index, images: platforms });
    const destination = `docker://${sourceHost}/app:1.0`;
    await run('skopeo', [
      'copy',
      '--all',
      '--dest-tls-verify=false',
      `oci:${harness.directory}/image:latest`,
      destination,
    ]);
  });
  afterAll(async () => {
    source.kill();
    await registry.close();
  });

  it('oras discovers the same referrers in ECR, and cosign’s tags are there', async () => {
    const attach = async (subject: string, file: string, type: string): Promise<void> => {
      await writeFile(join(harness.directory, file), file);
      await runOras('attach', '--plain-http', '--artifact-type', type, `${sourceHost}/app@${subject}`, file);
    };
    const discover = async (host: string, digest: string, config: string): Promise<readonly DiscoveredManifest[]> => {
      const options = ['--plain-http', '--format', 'json', '--registry-config', config];
      return JSON.parse(await runOras('discover', ...options, `${host}/app@${digest}`)).referrers ?? [];
    };
    const platform = platforms[0]?.manifest.digest ?? '';
    await attach(index.digest, 'sbom.json', 'application/spdx+json');
    await attach(index.digest, 'report.txt', 'text/plain');
    await attach(platform, 'platform.json', 'application/vnd.cyclonedx+json');
    const empty = join(harness.directory, 'empty.json');
    await writeFile(empty, '{}');
    const [first] = await discover(sourceHost, index.digest, empty);
    await attach(first?.digest ?? '', 'signature.txt', 'application/vnd.dev.sigstore.bundle.v0.3+json');
    const cosignTag = `${index.digest.replace(':', '-')}.sig`;
    await runOras('push', '--plain-http', `${sourceHost}/app:${cosignTag}`, 'report.txt');

    const inputs = { source: `docker://${sourceHost}/app:1.0`, 'copy-referrers': 'true' };
    const { failures, outputs } = await harness.push(inputs.source, inputs);
    expect(failures).toEqual([]);
    expect(JSON.parse(outputs['images'] ?? '')[0].referrers).toHaveLength(5);

    const { recorded } = await harness.run();
    const config = join(recorded.exported['DOCKER_CONFIG'] ?? dirname(empty), 'config.json');
    const toComparable = (found: readonly DiscoveredManifest[]): unknown =>
      found
        .map(({ digest, artifactType, referrers = [] }) => ({
          digest,
          artifactType,
          referrers: toComparable(referrers),
        }))
        .sort((a, b) => (a.digest < b.digest ? -1 : 1));
    for (const digest of [index.digest, platform]) {
      const expected = toComparable(await discover(sourceHost, digest, empty));
      expect(expected).not.toEqual([]);
      expect(toComparable(await discover(harness.host, digest, config))).toEqual(expected);
    }
    const options = ['--plain-http', '--registry-config', config];
    const { digest } = JSON.parse(
      await runOras('manifest', 'fetch', '--plain-http', '--descriptor', `${sourceHost}/app:${cosignTag}`),
    );
    const copied = await runOras('manifest', 'fetch', ...options, '--descriptor', `${harness.host}/app:${cosignTag}`);
    expect(JSON.parse(copied).digest).toBe(digest);
    const pulled = join(harness.directory, 'pulled');
    await runOras('pull', ...options, '--output', pulled, `${harness.host}/app@${first?.digest}`);
  });
});
