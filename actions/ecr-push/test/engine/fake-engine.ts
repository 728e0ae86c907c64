import { readFile, stat, writeFile } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:http';
import { join } from 'node:path';
import type { ProgramOptions, ProgramResult, RunProgram } from '@aws-delivery/action-kit/host/run-program';
import {
  createDockerSaveFiles,
  createImage,
  createLayoutFiles,
  createTar,
  type Image,
} from '../../../../packages/oci/test/image-fixtures.js';

/** A command that the engine received. */
export interface EngineRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: ProgramOptions['env'];
}

const createResult = (exitCode: number, stdout = '', lastLines: readonly string[] = []): ProgramResult => ({
  exitCode,
  stdout,
  lastLines,
});

const getOption = (args: readonly string[], name: string): string => args[args.indexOf(name) + 1] ?? '';

/** A program that runs until its signal aborts, while the clock advances. */
export const hang = ({ signal }: ProgramOptions, advance: () => Promise<void>): Promise<ProgramResult> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    void advance();
  });

/** Sends a request to a registry on this machine; not every resolver resolves names below localhost. */
const sendRequest = (host: string, options: RequestOptions, body?: Buffer): Promise<RegistryResponse> =>
  new Promise((resolve, reject) => {
    const headers = { ...options.headers, host };
    const sent = request({ ...options, hostname: '127.0.0.1', port: host.split(':')[1], headers }, (response) => {
      let received = '';
      response.on('data', (chunk: Buffer) => {
        received += chunk.toString();
      });
      response.once('end', () =>
        resolve({ status: response.statusCode, location: response.headers.location, body: received }),
      );
    });
    sent.once('error', reject).end(body);
  });

interface RegistryResponse {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

/**
 * A container engine in memory. A build produces an image with the Dockerfile as its command; it fails for `RUN false`
 * and for a base image that the engine does not have. Pushes are sent to the registry with the login that the
 * environment points to.
 */
export class FakeEngine {
  readonly runs: EngineRun[] = [];
  readonly images = new Map<string, Image>();
  /** Build arguments by the directory's path. */
  readonly builds = new Map<string, readonly string[]>();
  /** Contents of the secret files, and their permissions, by ID. */
  readonly secrets = new Map<string, string>();
  maxConcurrent = 0;
  private concurrent = 0;

  constructor(private readonly name: string) {}

  readonly runProgram: RunProgram = async (program, args, { env, onLine }) => {
    this.runs.push({ program, args, env });
    if (program !== this.name) return createResult(127, '', ['no such program']);
    switch (args[0]) {
      case 'info':
        return createResult(0);
      case 'pull':
        return this.pull(args.at(-1) ?? '');
      case 'build':
      case 'bud':
        return this.build(args, onLine);
      case 'image':
      case 'inspect':
        return this.inspect(args.at(-1) ?? '');
      case 'tag':
        return this.tag(args[1] ?? '', args[2] ?? '');
      case 'save':
        return this.save(getOption(args, '--output'), args.at(-1) ?? '');
      case 'push': {
        const [, path] = /^oci-archive:(.+)$/u.exec(args.at(-1) ?? '') ?? [];
        return path === undefined ? this.push(args, env, onLine) : this.save(path, args.at(-2) ?? '');
      }
      case 'rmi':
        return createResult(this.images.delete(args.at(-1) ?? '') ? 0 : 1);
      default:
        return createResult(1, '', [`unknown command ${args[0]}`]);
    }
  };

  private async build(args: readonly string[], onLine: ProgramOptions['onLine']): Promise<ProgramResult> {
    this.concurrent += 1;
    this.maxConcurrent = Math.max(this.maxConcurrent, this.concurrent);
    const dockerfile = await readFile(getOption(args, '--file'), 'utf8');
    // Lets parallel builds start meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.concurrent -= 1;
    const buildArgs = args
      .filter((arg) => arg.startsWith('--build-arg='))
      .map((arg) => arg.slice('--build-arg='.length));
    for (const arg of args) {
      const [, id, path] = /^--secret=id=([^,]+),src=(.+)$/u.exec(arg) ?? [];
      if (id === undefined || path === undefined) continue;
      this.secrets.set(id, `${await readFile(path, 'utf8')} ${((await stat(path)).mode & 0o777).toString(8)}`);
    }
    this.builds.set(args.at(-1) ?? '', buildArgs);
    const lines = dockerfile.trim().split('\n');
    for (const line of lines) onLine?.(`STEP ${line}`);
    const base = buildArgs.find((each) => lines.includes(`FROM \${${each.split('=')[0]}}`))?.split('=')[1];
    if (base !== undefined && !this.images.has(base)) return createResult(1, '', [`pull access denied for ${base}`]);
    if (lines.includes('RUN false')) return createResult(1, '', [...lines, 'the command false returned 1']);
    this.images.set(getOption(args, '--tag'), createImage({ command: dockerfile }));
    return createResult(0);
  }

  private inspect(name: string): ProgramResult {
    const image = this.images.get(name);
    return image === undefined ? createResult(1) : createResult(0, `${image.config.digest}\n`);
  }

  /** The content of the image does not matter: the action has found it by digest. */
  private pull(reference: string): ProgramResult {
    this.images.set(reference, createImage());
    return createResult(0);
  }

  /** Writes an archive in the format of the engine. */
  private async save(path: string, name: string): Promise<ProgramResult> {
    const image = this.images.get(name);
    if (image === undefined) return createResult(1, '', [`no such image ${name}`]);
    const files =
      this.name === 'docker'
        ? createDockerSaveFiles(name, image)
        : createLayoutFiles({ [name]: image.manifest }, [image]);
    await writeFile(path, createTar(files));
    return createResult(0);
  }

  private tag(from: string, to: string): ProgramResult {
    const image = this.images.get(from);
    if (image === undefined) return createResult(1, '', [`no such image ${from}`]);
    this.images.set(to, image);
    return createResult(0);
  }

  private async push(args: readonly string[], env: ProgramOptions['env'], onLine: ProgramOptions['onLine']) {
    const target = (args.at(-1) ?? '').replace('docker://', '');
    const image = this.images.get(this.name === 'docker' ? target : (args.at(-2) ?? ''));
    const [, host = '', repository = '', tag = ''] = /^([^/]+)\/(.+):([^:]+)$/u.exec(target) ?? [];
    const config = JSON.parse(await readFile(join(env['DOCKER_CONFIG'] ?? '', 'config.json'), 'utf8'));
    const authorization = `Basic ${config.auths[host]?.auth}`;
    if (image === undefined) return createResult(1, '', [`no such image ${target}`]);
    const base = `/v2/${repository}`;
    for (const { digest, bytes } of image.blobs) {
      const upload = await sendRequest(host, {
        method: 'POST',
        path: `${base}/blobs/uploads/`,
        headers: { authorization },
      });
      if (upload.location === undefined) return createResult(1, '', [upload.body]);
      await sendRequest(
        host,
        { method: 'PUT', path: `${upload.location}?digest=${digest}`, headers: { authorization } },
        bytes,
      );
    }
    const { mediaType, bytes } = image.manifest;
    const headers = { authorization, 'content-type': mediaType };
    const put = await sendRequest(host, { method: 'PUT', path: `${base}/manifests/${tag}`, headers }, bytes);
    if (put.status !== 201) return createResult(1, '', [put.body]);
    onLine?.(`${tag}: digest: ${image.manifest.digest} size: ${bytes.length}`);
    return createResult(0);
  }
}
