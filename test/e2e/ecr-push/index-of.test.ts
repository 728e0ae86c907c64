import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Harness } from '../../../actions/ecr-push/test/harness.js';
import { createImage, type Image } from '../../../packages/oci/test/image-fixtures.js';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findProgramObstacle, findToolObstacle } from '../../required-programs.js';
import { RegistryHarness } from './registry-harness.js';

const run = promisify(execFile);
const obstacle = findProgramObstacle(['docker-registry', 'skopeo']) ?? findToolObstacle(['crane', 'regctl']);

declareUnless(obstacle, describe)('an index of images from two jobs', () => {
  let registry: RegistryHarness;
  let harness: Harness;
  let dockerConfig: string;
  const images: Readonly<Record<string, Image>> = {
    amd64: createImage({ architecture: 'amd64' }),
    arm64: createImage({ architecture: 'arm64' }),
  };

  const runTool = async (tool: 'crane' | 'regctl' | 'skopeo', ...args: readonly string[]): Promise<string> => {
    const program = tool === 'skopeo' ? tool : (findProgram(tool) ?? tool);
    const authFile = `${dockerConfig}/config.json`;
    const env = {
      PATH: process.env['PATH'],
      HOME: harness.directory,
      DOCKER_CONFIG: dockerConfig,
      REGISTRY_AUTH_FILE: authFile,
    };
    return (await run(program, [...args], { env })).stdout.trim();
  };

  beforeAll(async () => {
    registry = await RegistryHarness.open({ repositories: { app: {} } });
    harness = registry.harness;
    const items: string[] = [];
    for (const [architecture, image] of Object.entries(images)) {
      const source = await harness.writeLayout(architecture, image);
      items.push((await harness.push(source, { tags: architecture })).outputs['digest'] ?? '');
    }
    const inputs = { 'index-of': items.join(','), repository: 'app', tags: '1.0' };
    expect((await harness.run({ inputs })).failures).toEqual([]);
    dockerConfig = (await harness.run()).recorded.exported['DOCKER_CONFIG'] ?? '';
  });
  afterAll(() => registry.close());

  it.each(Object.entries(images))('crane, regctl and skopeo find the image for %s', async (architecture, image) => {
    const name = `${harness.host}/app:1.0`;
    const platform = `linux/${architecture}`;
    expect(await runTool('crane', 'digest', '--insecure', '--platform', platform, name)).toBe(image.manifest.digest);
    const host = ['--host', `reg=${harness.host},tls=disabled`];
    expect(await runTool('regctl', ...host, 'image', 'digest', '--platform', platform, name)).toBe(
      image.manifest.digest,
    );
    const options = ['--override-os', 'linux', '--override-arch', architecture, 'inspect', '--tls-verify=false'];
    const inspected = JSON.parse(await runTool('skopeo', ...options, `docker://${name}`));
    expect(inspected).toMatchObject({
      Architecture: architecture,
      Layers: image.layers.map(({ blob }) => blob.digest),
    });
  });

  it('is valid for crane', async () => {
    await runTool('crane', 'validate', '--insecure', '--remote', `${harness.host}/app:1.0`);
  });
});
