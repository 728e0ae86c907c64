import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type RunningServer, startHttpServer } from '@aws-delivery/action-kit/testing/http-servers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness } from '../../../actions/ecr-push/test/harness.js';
import { createImage } from '../../../packages/oci/test/image-fixtures.js';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findProgramObstacle } from '../../required-programs.js';

const run = promisify(execFile);
const image = createImage();

const encodeLogin = (username: string): string => Buffer.from(`${username}:secret`).toString('base64');

/** A registry with one image that accepts one login: this user name with the password `secret`. */
const startRegistry = (username: string): Promise<RunningServer> =>
  startHttpServer((request, response) => {
    if (request.headers.authorization !== `Basic ${encodeLogin(username)}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const blob = [image.manifest, ...image.blobs].find(({ digest }) => request.url?.endsWith(digest));
    const found = request.url?.endsWith('/manifests/1.0') === true ? image.manifest : blob;
    if (found === undefined) response.writeHead(request.url === '/v2/' ? 200 : 404).end('{}');
    else {
      const { mediaType, digest, size, bytes } = found;
      const headers = { 'content-type': mediaType, 'docker-content-digest': digest, 'content-length': size };
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : bytes);
    }
  });

type Command = (reference: string, host: string) => readonly [program: string, ...args: string[]];

/** How each tool reads an image's manifest, or the whole image, with the logins that it finds. */
const TOOLS: Readonly<Record<string, Command>> = {
  docker: (reference) => ['docker', 'manifest', 'inspect', '--insecure', reference],
  podman: (reference) => ['podman', 'pull', '--quiet', '--tls-verify=false', reference],
  buildah: (reference) => ['buildah', 'pull', '--quiet', '--policy=always', '--tls-verify=false', reference],
  skopeo: (reference) => ['skopeo', 'inspect', '--raw', '--tls-verify=false', `docker://${reference}`],
  crane: (reference) => [findProgram('crane') ?? 'crane', 'manifest', '--insecure', reference],
  oras: (reference) => [findProgram('oras') ?? 'oras', 'manifest', 'fetch', '--plain-http', reference],
  regctl: (reference, host) => [
    findProgram('regctl') ?? 'regctl',
    '--host',
    `reg=${host},tls=disabled`,
    'manifest',
    'get',
    reference,
  ],
};

const isInstalled = (tool: string): boolean => {
  const program = ['crane', 'oras', 'regctl'].includes(tool) ? findProgram(tool as 'crane') : tool;
  return program !== undefined && findProgramObstacle([program]) === undefined;
};

/** Whether a tool may read the image of a registry, by the registry's name. */
type Matrix = Readonly<Record<string, boolean>>;

/** Places that logins are stored in, by the user name that the registry of that login accepts. */
const STORES = ['docker', 'podman', 'store'] as const;

describe('the logins that tools find', () => {
  let harness: Harness;
  const registries = new Map<string, RunningServer>();
  let env: Record<string, string>;

  const getHost = (name: string): string => (name === 'ecr' ? harness.host : `127.0.0.1:${registries.get(name)?.port}`);

  const writeHomeFile = async (path: string, content: string): Promise<string> => {
    await mkdir(dirname(join(harness.directory, path)), { recursive: true });
    await writeFile(join(harness.directory, path), content);
    return join(harness.directory, path);
  };

  /** Docker's login and its credential store, and podman's login, as these tools write them. */
  const writeLogins = async (): Promise<void> => {
    const docker = { auths: { [getHost('docker')]: { auth: encodeLogin('docker') }, [getHost('store')]: {} } };
    await writeHomeFile('.docker/config.json', JSON.stringify({ ...docker, credsStore: 'test' }));
    const podman = { auths: { [getHost('podman')]: { auth: encodeLogin('podman') } } };
    await writeHomeFile('run/containers/auth.json', JSON.stringify(podman));
    const credentials = JSON.stringify({ ServerURL: getHost('store'), Username: 'store', Secret: 'secret' });
    const list = JSON.stringify({ [getHost('store')]: 'store' });
    const script = `#!/bin/sh
if [ "$1" = list ]; then echo '${list}'; exit; fi
read server
if [ "$server" = '${getHost('store')}' ]; then echo '${credentials}'; exit; fi
echo 'credentials not found in native keychain'; exit 1
`;
    await chmod(await writeHomeFile('bin/docker-credential-test', script), 0o755);
    const paths = ['graphroot', 'runroot'].map((name) => `${name} = "${join(harness.directory, name)}"`);
    await writeHomeFile('storage.conf', ['[storage]', 'driver = "vfs"', ...paths, ''].join('\n'));
  };

  beforeAll(async () => {
    harness = await Harness.open();
    await harness.push(await harness.writeLayout('image', image));
    for (const name of STORES) registries.set(name, await startRegistry(name));
    await writeLogins();
    env = {
      PATH: [join(harness.directory, 'bin'), process.env['PATH']].join(delimiter),
      HOME: harness.directory,
      XDG_RUNTIME_DIR: join(harness.directory, 'run'),
      CONTAINERS_STORAGE_CONF: join(harness.directory, 'storage.conf'),
    };
  });
  afterAll(async () => {
    for (const registry of registries.values()) await registry.stop();
    await harness.close();
  });

  /** Whether a tool may read the image of a registry. */
  const canRead = async (tool: string, host: string, variables: Readonly<Record<string, string>>): Promise<boolean> => {
    const [program = '', ...args] = TOOLS[tool]?.(`${host}/app:1.0`, host) ?? [];
    return run(program, args, { env: { ...env, ...variables } }).then(
      () => true,
      () => false,
    );
  };

  const readMatrix = async (tool: string, variables: Readonly<Record<string, string>>): Promise<Matrix> =>
    Object.fromEntries(
      await Promise.all(
        [...STORES, 'ecr'].map(async (name) => [name, await canRead(tool, getHost(name), variables)] as const),
      ),
    );

  for (const tool of Object.keys(TOOLS)) {
    const obstacle = isInstalled(tool) ? undefined : `not installed: ${tool}`;
    declareUnless(obstacle, it)(`${tool} keeps its logins and sees the new one until the post step`, async () => {
      const step = await harness.run({ env });
      expect(step.failures).toEqual([]);
      const before = await readMatrix(tool, {});
      expect(before).toMatchObject({ ecr: false });
      expect(Object.values(before)).toContain(true);
      // A tool may see more logins than before; none may be lost.
      const retained = Object.fromEntries(Object.entries(before).filter(([, isRead]) => isRead));
      expect(await readMatrix(tool, step.recorded.exported)).toMatchObject({ ...retained, ecr: true });
      const { exported } = await harness.post(step);
      const variables = Object.fromEntries(Object.entries(exported).filter(([, value]) => value !== ''));
      expect(await readMatrix(tool, variables)).toEqual(before);
    });
  }
});
