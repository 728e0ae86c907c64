import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dockerSaveOf, imageOf, indexOf, plant, tarOf } from '../../actions/ecr-push/test/helpers/image.js';
import { Stage } from '../../actions/ecr-push/test/helpers/stage.js';
import { root } from '../../scripts/command.mjs';
import { hasProgram, isRequired, missingOf, RealStage } from './real-registry.js';

const run = promisify(execFile);

const missing = missingOf(['docker-registry', 'skopeo', 'buildah', 'podman']);

/** A folder of images that begin from a common one, and one that cannot be built; gives its name. */
const plantFolders = async (stage: Stage, name: string): Promise<string> => {
  const texts = {
    'common-layer': 'FROM scratch\nCOPY content /opt/common\n',
    billing: 'ARG COMMON_LAYER\nFROM ${COMMON_LAYER}\nARG VERSION\nLABEL version=${VERSION}\nCOPY content /var/task\n',
    broken: 'FROM scratch\nCOPY missing /\n',
  };
  const files = Object.entries(texts).flatMap(([folder, text]) => [
    [`${folder}/Dockerfile`, Buffer.from(text)] as const,
    [`${folder}/content`, Buffer.from(folder)] as const,
  ]);
  const top = `${name}-folders`;
  await plant(join(stage.folder, top), Object.fromEntries(files));
  return top;
};

interface Document {
  readonly [name: string]: unknown;
  readonly layers: readonly { readonly digest: string }[];
  readonly config: { readonly digest: string };
}

/** What the registry gives, read with the login of a step before. */
const pulled = async (stage: Stage, repository: string, path: string): Promise<Document> => {
  const { outputs } = await stage.run();
  const password = Object.entries(outputs).find(([name]) => name.startsWith('docker_password_'))?.[1];
  const authorization = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
  const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const answer = await fetch(`${stage.aws.url}/v2/${repository}/${path}`, { headers: { authorization, accept } });
  return JSON.parse(await answer.text());
};

const expectBuilds = async (stage: Stage, engine: string, variables: Readonly<Record<string, string>>) => {
  const directory = await plantFolders(stage, engine);
  const inputs = {
    'build-directory': directory,
    'repository-prefix': `${engine}/`,
    'build-args': 'VERSION=1.0',
    tags: '1.0',
    engine,
    'create-repository': 'true',
  };
  const { failures, outputs } = await stage.run({ inputs, variables });
  expect(failures).toEqual([expect.stringContaining(`'${directory}/broken': ${engine} could not build it`)]);
  expect(failures[0]).toContain('missing');
  const images = JSON.parse(outputs['images'] ?? '');
  expect(images.map(({ repository }: { repository: string }) => repository)).toEqual([
    `${engine}/common-layer`,
    `${engine}/billing`,
    `${engine}/broken`,
  ]);
  const [base, top] = await Promise.all(
    ['common-layer', 'billing'].map((name) => pulled(stage, `${engine}/${name}`, 'manifests/1.0')),
  );
  expect(top?.layers).toHaveLength(2);
  expect(top?.layers[0]?.digest).toBe(base?.layers[0]?.digest);
  const config = await pulled(stage, `${engine}/billing`, `blobs/${top?.config.digest}`);
  expect(config).toMatchObject({ config: { Labels: { version: '1.0' } } });
};

const expectPull = async (stage: Stage, engine: string, variables: Readonly<Record<string, string>>) => {
  const image = imageOf({ command: `pulled by ${engine}` });
  await stage.push(await stage.layout(`for-${engine}`, image), { tags: `for-${engine}` });
  const destination = 'localhost/pulled:1.0';
  const inputs = { mode: 'pull', repository: 'app', tags: `for-${engine}`, destination, engine };
  const { failures, outputs } = await stage.run({ inputs, variables });
  expect(failures).toEqual([]);
  expect(outputs['digest']).toBe(image.manifest.digest);
  const { stdout } = await run(engine, ['images', '--no-trunc'], { env: variables });
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/u));
  const [, , id = ''] = rows.find(([name, tag]) => `${name}:${tag}` === destination) ?? [];
  expect(image.config.digest).toBe(id.startsWith('sha256:') ? id : `sha256:${id}`);
};

(missing.length === 0 ? describe : describe.skip)('with real parts behind the ECR of local AWS', () => {
  let real: RealStage;
  let stage: Stage;

  beforeAll(async () => {
    real = await RealStage.open({ repositories: { app: {}, web: {} } });
    stage = real.stage;
  });
  afterAll(() => real.close());

  it('skopeo pulls and verifies every platform of what was pushed', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => imageOf({ architecture }));
    const index = indexOf(images, ['amd64', 'arm64']);
    const { failures, outputs } = await stage.push(await stage.layout('index', { index, images }));
    expect(failures).toEqual([]);
    const target = join(stage.folder, 'pulled');
    await real.skopeo('copy', '--all', '--src-tls-verify=false', `docker://${stage.host}/app:1.0`, `oci:${target}:1.0`);
    const { stdout } = await run('skopeo', ['inspect', '--raw', `oci:${target}:1.0`]);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(index.bytes.toString()));
    expect(outputs['digest']).toBe(index.digest);
  });

  it('pulls and pushes again what skopeo pushed, and uploads nothing for it', async () => {
    const source = join(stage.folder, await stage.layout('mine', imageOf()).then((text) => text.slice(4)));
    await real.skopeo('copy', '--dest-tls-verify=false', `oci:${source}:latest`, `docker://${stage.host}/web:theirs`);
    const { failures, operations, outputs } = await stage.push('oci:mine', { repository: 'web', tags: 'theirs' });
    expect(failures).toEqual([]);
    expect(outputs['pushed']).toBe('false');
    expect(operations).toEqual(['GetAuthorizationToken', 'GetManifest']);
  });

  it('skopeo understands and verifies the image that the demo delivers', async () => {
    const folder = join(stage.folder, 'shop');
    await run(process.execPath, [join(root, 'examples', 'delivery', 'image.mjs'), folder]);
    await real.skopeo(
      'copy',
      '--preserve-digests',
      '--dest-tls-verify=false',
      `oci:${folder}`,
      `docker://${stage.host}/web:demo`,
    );
    const { failures, outputs } = await stage.push('oci:shop', { repository: 'web', tags: 'demo' });
    expect(failures).toEqual([]);
    expect(outputs['pushed']).toBe('false');
  });

  describe.each(['buildah', 'podman'] as const)('%s', (engine) => {
    let variables: Record<string, string>;

    beforeAll(async () => {
      const folder = join(stage.folder, engine);
      await mkdir(folder);
      const places = ['graphroot', 'runroot'].map((name) => `${name} = "${join(folder, name)}"`);
      const file = join(folder, 'storage.conf');
      await writeFile(file, ['[storage]', 'driver = "vfs"', ...places, ''].join('\n'));
      variables = { PATH: process.env['PATH'] ?? '', HOME: stage.folder, CONTAINERS_STORAGE_CONF: file };
    });

    it('pushes its own image, and knows it again', async () => {
      const context = join(stage.folder, await plantFolders(stage, engine), 'common-layer');
      const verb = engine === 'buildah' ? 'bud' : 'build';
      await run(engine, [verb, '--tag', 'localhost/shop:1.0', '--file', join(context, 'Dockerfile'), context], {
        env: variables,
      });
      const inputs = { source: 'localhost/shop:1.0', engine, repository: 'app', tags: `${engine}, latest` };
      const first = await stage.run({ inputs, variables });
      expect(first.failures).toEqual([]);
      expect(first.outputs['pushed']).toBe('true');
      const second = await stage.run({ inputs, variables });
      expect(second.failures).toEqual([]);
      expect(second.outputs).toMatchObject({ pushed: 'false', digest: first.outputs['digest'] });
    });

    it('builds folders on their common layer, and pushes them', () => expectBuilds(stage, engine, variables));

    it('pulls what our own client pushed, under a name', () => expectPull(stage, engine, variables));
  });
});

const isDockerHere = process.getuid?.() === 0 && (isRequired || (hasProgram('dockerd') && hasProgram('docker')));
if (!isDockerHere) console.warn('skipped, since it takes root and dockerd: tests with a Docker engine');

(isDockerHere ? describe : describe.skip)('with a Docker engine', () => {
  let stage: Stage;
  let folder: string;
  let engine: ChildProcess;
  let variables: Record<string, string>;

  beforeAll(async () => {
    stage = await Stage.open();
    // A socket's path has little room.
    folder = await mkdtemp(join(tmpdir(), 'dockerd-'));
    const socket = join(folder, 'docker.sock');
    const places = ['data-root', 'exec-root', 'pidfile'].map((name) => `--${name}=${join(folder, name)}`);
    const network = ['--iptables=false', '--ip6tables=false', '--bridge=none'];
    const args = [`--host=unix://${socket}`, '--storage-driver=vfs', ...network, ...places];
    engine = spawn('dockerd', args, { stdio: 'ignore' });
    variables = { PATH: process.env['PATH'] ?? '', HOME: stage.folder, DOCKER_HOST: `unix://${socket}` };
    for (let attempt = 0; attempt < 200 && !existsSync(socket); attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  afterAll(async () => {
    engine.kill();
    await new Promise((resolve) => engine.once('exit', resolve));
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('docker pushes its image once, knows it again, and keeps no name that was only for the way', async () => {
    const image = imageOf({ command: 'docker' });
    const tar = await stage.write('saved.tar', tarOf(dockerSaveOf('shop:1.0', image)));
    await run('docker', ['load', '--input', tar], { env: variables });
    const inputs = { source: 'shop:1.0', repository: 'app', tags: '1.0, latest' };
    const first = await stage.run({ inputs, variables });
    expect(first.failures).toEqual([]);
    expect(first.outputs['pushed']).toBe('true');
    const second = await stage.run({ inputs: { ...inputs, source: 'docker-daemon:shop:1.0' }, variables });
    expect(second.failures).toEqual([]);
    expect(second.outputs).toMatchObject({ pushed: 'false', digest: first.outputs['digest'] });
    const { stdout } = await run('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'], { env: variables });
    expect(stdout.trim()).toBe('shop:1.0');
  });

  it('docker builds folders on their common layer, and pushes them', () => expectBuilds(stage, 'docker', variables));

  it('docker pulls what our own client pushed, under a name', () => expectPull(stage, 'docker', variables));

  it('docker pulls by its digest what our own client pushed, with the login of a step before', async () => {
    const image = imageOf({ command: 'ours' });
    const { outputs } = await stage.push(await stage.layout('ours', image), { tags: 'ours' });
    const { memory } = await stage.run();
    const env = { ...variables, DOCKER_CONFIG: memory.exported['DOCKER_CONFIG'] ?? '' };
    const { stdout } = await run('docker', ['pull', outputs['image-uri'] ?? ''], { env });
    expect(stdout).toContain(image.manifest.digest);
  });
});
