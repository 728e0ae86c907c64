import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { ACCEPTED_MEDIA_TYPES } from '@aws-delivery/oci/image/manifest';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness } from '../../../actions/ecr-push/test/harness.js';
import {
  createDockerSaveFiles,
  createImage,
  createIndex,
  createTar,
  writeFiles,
} from '../../../packages/oci/test/image-fixtures.js';
import { root } from '../../../scripts/command.mjs';
import { findProgramObstacle } from '../../required-programs.js';
import { RegistryHarness } from './registry-harness.js';

const run = promisify(execFile);

const obstacle = findProgramObstacle(['docker-registry', 'skopeo', 'buildah', 'podman']);

/** Writes build directories on a common layer, and one that cannot be built. Returns their parent directory. */
const writeImageDirectories = async (harness: Harness, name: string): Promise<string> => {
  const dockerfiles = {
    'common-layer': 'FROM scratch\nCOPY content /opt/common\n',
    billing: 'ARG COMMON_LAYER\nFROM ${COMMON_LAYER}\nARG VERSION\nLABEL version=${VERSION}\nCOPY content /var/task\n',
    broken: 'FROM scratch\nCOPY missing /\n',
  };
  const files = Object.entries(dockerfiles).flatMap(([directory, content]) => [
    [`${directory}/Dockerfile`, Buffer.from(content)] as const,
    [`${directory}/content`, Buffer.from(directory)] as const,
  ]);
  const top = `${name}-folders`;
  await writeFiles(join(harness.directory, top), Object.fromEntries(files));
  return top;
};

interface Document {
  readonly [name: string]: unknown;
  readonly layers: readonly { readonly digest: string }[];
  readonly config: { readonly digest: string };
}

/** Fetches a JSON document from the registry with the password of a login step. */
const fetchDocument = async (harness: Harness, repository: string, path: string): Promise<Document> => {
  const { outputs } = await harness.run();
  const password = Object.entries(outputs).find(([name]) => name.startsWith('docker_password_'))?.[1];
  const authorization = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
  const accept = ACCEPTED_MEDIA_TYPES;
  const response = await fetch(`${harness.aws.url}/v2/${repository}/${path}`, { headers: { authorization, accept } });
  return JSON.parse(await response.text());
};

const expectBuilds = async (harness: Harness, engine: string, env: Readonly<Record<string, string>>) => {
  const directory = await writeImageDirectories(harness, engine);
  const inputs = {
    'build-directory': directory,
    'repository-prefix': `${engine}/`,
    'build-args': 'VERSION=1.0',
    tags: '1.0',
    engine,
    'create-repository': 'true',
  };
  const { failures, outputs } = await harness.run({ inputs, env });
  expect(failures).toEqual([expect.stringContaining(`'${directory}/broken': ${engine} build failed`)]);
  expect(failures[0]).toContain('missing');
  const images = JSON.parse(outputs['images'] ?? '');
  expect(images.map(({ repository }: { repository: string }) => repository)).toEqual([
    `${engine}/common-layer`,
    `${engine}/billing`,
    `${engine}/broken`,
  ]);
  const [base, top] = await Promise.all(
    ['common-layer', 'billing'].map((name) => fetchDocument(harness, `${engine}/${name}`, 'manifests/1.0')),
  );
  expect(top?.layers).toHaveLength(2);
  expect(top?.layers[0]?.digest).toBe(base?.layers[0]?.digest);
  const config = await fetchDocument(harness, `${engine}/billing`, `blobs/${top?.config.digest}`);
  expect(config).toMatchObject({ config: { Labels: { version: '1.0' } } });
};

/** The image is pushed by its digest from an archive of the engine, and gets its tag after the scan. */
const expectTagAfterScan = async (
  harness: Harness,
  engine: string,
  env: Readonly<Record<string, string>>,
  source: string,
) => {
  const inputs = { source, engine, repository: 'app', tags: `${engine}-scanned` };
  const gate = { scan: 'basic', 'tag-after-scan': 'true' };
  const first = await harness.run({ inputs: { ...inputs, ...gate }, env });
  expect(first.failures).toEqual([]);
  expect(first.outputs).toMatchObject({ pushed: 'true', verdict: 'passed' });
  const second = await harness.run({ inputs, env });
  expect(second.outputs).toMatchObject({ pushed: 'false', digest: first.outputs['digest'] });
};

/** The engine builds a stage of another Dockerfile with secrets. */
const expectBuildInputs = async (harness: Harness, engine: string, env: Readonly<Record<string, string>>) => {
  const dockerfile = 'FROM scratch AS base\nCOPY content /a\nFROM base AS last\nCOPY content /b\n';
  const files = {
    'api/docker/Containerfile': Buffer.from(dockerfile),
    'api/content': Buffer.from('x'),
    token: Buffer.from('y'),
  };
  const top = `${engine}-inputs`;
  await writeFiles(join(harness.directory, top), files);
  const inputs = {
    'build-directory': top,
    'repository-prefix': `${engine}/`,
    'create-repository': 'true',
    dockerfile: 'docker/Containerfile',
    'build-target': 'base',
    'build-secrets': 'npm=value',
    'build-secret-files': `token=${top}/token`,
    tags: 'target',
    engine,
  };
  const { failures } = await harness.run({ inputs, env });
  expect(failures).toEqual([]);
  expect((await fetchDocument(harness, `${engine}/api`, 'manifests/target')).layers).toHaveLength(1);
};

const expectPull = async (harness: Harness, engine: string, env: Readonly<Record<string, string>>) => {
  const image = createImage({ command: `pulled by ${engine}` });
  await harness.push(await harness.writeLayout(`for-${engine}`, image), { tags: `for-${engine}` });
  const destination = 'localhost/pulled:1.0';
  const inputs = { mode: 'pull', repository: 'app', tags: `for-${engine}`, destination, engine };
  const { failures, outputs } = await harness.run({ inputs, env });
  expect(failures).toEqual([]);
  expect(outputs['digest']).toBe(image.manifest.digest);
  const { stdout } = await run(engine, ['images', '--no-trunc'], { env });
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/u));
  const [, , id = ''] = rows.find(([name, tag]) => `${name}:${tag}` === destination) ?? [];
  expect(image.config.digest).toBe(id.startsWith('sha256:') ? id : `sha256:${id}`);
};

declareUnless(obstacle, describe)('ecr-push with a real registry and engines', () => {
  let registry: RegistryHarness;
  let harness: Harness;

  beforeAll(async () => {
    registry = await RegistryHarness.open({ repositories: { app: {}, web: {} }, scanning: { duration: '0s' } });
    harness = registry.harness;
  });
  afterAll(() => registry.close());

  it('pushes an index whose platforms skopeo pulls and verifies', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const index = createIndex(images, ['amd64', 'arm64']);
    const { failures, outputs } = await harness.push(await harness.writeLayout('index', { index, images }));
    expect(failures).toEqual([]);
    const target = join(harness.directory, 'pulled');
    await registry.runSkopeo(
      'copy',
      '--all',
      '--src-tls-verify=false',
      `docker://${harness.host}/app:1.0`,
      `oci:${target}:1.0`,
    );
    const { stdout } = await run('skopeo', ['inspect', '--raw', `oci:${target}:1.0`]);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(index.bytes.toString()));
    expect(outputs['digest']).toBe(index.digest);
  });

  it('does not upload an image again that skopeo pushed', async () => {
    const source = join(
      harness.directory,
      await harness.writeLayout('mine', createImage()).then((imageSource) => imageSource.slice(4)),
    );
    await registry.runSkopeo(
      'copy',
      '--dest-tls-verify=false',
      `oci:${source}:latest`,
      `docker://${harness.host}/web:theirs`,
    );
    const { failures, operations, outputs } = await harness.push('oci:mine', { repository: 'web', tags: 'theirs' });
    expect(failures).toEqual([]);
    expect(outputs['pushed']).toBe('false');
    expect(operations).toEqual(['GetAuthorizationToken', 'GetManifest']);
  });

  it('accepts the demo’s image after skopeo verified and pushed it', async () => {
    const directory = join(harness.directory, 'shop');
    await run(process.execPath, [join(root, 'examples', 'delivery', 'image.mjs'), directory]);
    await registry.runSkopeo(
      'copy',
      '--preserve-digests',
      '--dest-tls-verify=false',
      `oci:${directory}`,
      `docker://${harness.host}/web:demo`,
    );
    const { failures, outputs } = await harness.push('oci:shop', { repository: 'web', tags: 'demo' });
    expect(failures).toEqual([]);
    expect(outputs['pushed']).toBe('false');
  });

  describe.each(['buildah', 'podman'] as const)('%s', (engine) => {
    let env: Record<string, string>;

    beforeAll(async () => {
      const directory = join(harness.directory, engine);
      await mkdir(directory);
      const storageLines = ['graphroot', 'runroot'].map((name) => `${name} = "${join(directory, name)}"`);
      const file = join(directory, 'storage.conf');
      await writeFile(file, ['[storage]', 'driver = "vfs"', ...storageLines, ''].join('\n'));
      env = { PATH: process.env['PATH'] ?? '', HOME: harness.directory, CONTAINERS_STORAGE_CONF: file };
    });

    it('has its image pushed once', async () => {
      const context = join(harness.directory, await writeImageDirectories(harness, engine), 'common-layer');
      const verb = engine === 'buildah' ? 'bud' : 'build';
      await run(engine, [verb, '--tag', 'localhost/shop:1.0', '--file', join(context, 'Dockerfile'), context], {
        env,
      });
      const inputs = { source: 'localhost/shop:1.0', engine, repository: 'app', tags: `${engine}, latest` };
      const first = await harness.run({ inputs, env });
      expect(first.failures).toEqual([]);
      expect(first.outputs['pushed']).toBe('true');
      const second = await harness.run({ inputs, env });
      expect(second.failures).toEqual([]);
      expect(second.outputs).toMatchObject({ pushed: 'false', digest: first.outputs['digest'] });
    });

    it('has its manifest list pushed whole and once', async () => {
      const context = join(harness.directory, `${engine}-list`);
      await writeFiles(context, { Dockerfile: Buffer.from('FROM scratch\nCOPY content /\n') });
      for (const architecture of ['amd64', 'arm64']) {
        await writeFile(join(context, 'content'), architecture);
        const options = ['--isolation', 'chroot', '--platform', `linux/${architecture}`, '--manifest', 'multi:1'];
        await run('buildah', ['bud', ...options, context], { env });
      }
      const inputs = { source: 'multi:1', engine, repository: 'app', tags: `${engine}-list` };
      const first = await harness.run({ inputs, env });
      expect(first.failures).toEqual([]);
      const index = await fetchDocument(harness, 'app', `manifests/${engine}-list`);
      const platforms = (index['manifests'] as { platform: { architecture: string } }[]).map(
        ({ platform }) => platform,
      );
      expect(platforms.map(({ architecture }) => architecture).sort()).toEqual(['amd64', 'arm64']);
      const second = await harness.run({ inputs, env });
      expect(second.outputs).toMatchObject({ pushed: 'false', digest: first.outputs['digest'] });
    });

    it('builds directories on their common layer, which are pushed', () => expectBuilds(harness, engine, env));

    it('builds a stage of another Dockerfile with secrets', () => expectBuildInputs(harness, engine, env));

    it('has its image and its manifest list tagged after the scan', async () => {
      await expectTagAfterScan(harness, engine, env, 'localhost/shop:1.0');
      await expectTagAfterScan(harness, engine, env, 'multi:1');
    });

    it('pulls an image that our client pushed', () => expectPull(harness, engine, env));
  });
});

const dockerObstacle = process.getuid?.() === 0 ? findProgramObstacle(['dockerd', 'docker']) : 'not root';

declareUnless(dockerObstacle, describe)('ecr-push with a Docker engine', () => {
  let harness: Harness;
  let directory: string;
  let engine: ChildProcess;
  let env: Record<string, string>;

  beforeAll(async () => {
    harness = await Harness.open({ ecr: { repositories: { app: {} }, scanning: { duration: '0s' } } });
    // The path of a Unix socket is limited to about 100 bytes.
    directory = await mkdtemp(join(tmpdir(), 'dockerd-'));
    const socket = join(directory, 'docker.sock');
    const storagePaths = ['data-root', 'exec-root', 'pidfile'].map((name) => `--${name}=${join(directory, name)}`);
    const network = ['--iptables=false', '--ip6tables=false', '--bridge=none'];
    const args = [`--host=unix://${socket}`, '--storage-driver=vfs', ...network, ...storagePaths];
    engine = spawn('dockerd', args, { stdio: 'ignore' });
    env = { PATH: process.env['PATH'] ?? '', HOME: harness.directory, DOCKER_HOST: `unix://${socket}` };
    for (let attempt = 0; attempt < 200 && !existsSync(socket); attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  afterAll(async () => {
    engine.kill();
    await new Promise((resolve) => engine.once('exit', resolve));
    await harness.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('pushes docker’s image once, and removes temporary tags', async () => {
    const image = createImage({ command: 'docker' });
    const tar = await harness.writeWorkspaceFile('saved.tar', createTar(createDockerSaveFiles('shop:1.0', image)));
    await run('docker', ['load', '--input', tar], { env });
    const inputs = { source: 'shop:1.0', repository: 'app', tags: '1.0, latest' };
    const first = await harness.run({ inputs, env });
    expect(first.failures).toEqual([]);
    expect(first.outputs['pushed']).toBe('true');
    const second = await harness.run({ inputs: { ...inputs, source: 'docker-daemon:shop:1.0' }, env });
    expect(second.failures).toEqual([]);
    expect(second.outputs).toMatchObject({ pushed: 'false', digest: first.outputs['digest'] });
    const { stdout } = await run('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'], { env });
    expect(stdout.trim()).toBe('shop:1.0');
  });

  it('tags docker’s image after the scan', () => expectTagAfterScan(harness, 'docker', env, 'shop:1.0'));

  it('builds directories on their common layer with docker, and pushes them', () =>
    expectBuilds(harness, 'docker', env));

  it('pulls an image with docker that our client pushed', () => expectPull(harness, 'docker', env));

  it('logs docker in, which then pulls an image by digest', async () => {
    const image = createImage({ command: 'ours' });
    const { outputs } = await harness.push(await harness.writeLayout('ours', image), { tags: 'ours' });
    const { recorded } = await harness.run();
    const dockerEnv = { ...env, DOCKER_CONFIG: recorded.exported['DOCKER_CONFIG'] ?? '' };
    const { stdout } = await run('docker', ['pull', outputs['image-uri'] ?? ''], { env: dockerEnv });
    expect(stdout).toContain(image.manifest.digest);
  });
});
