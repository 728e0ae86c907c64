import { readFile } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:http';
import { join } from 'node:path';
import type { Execute, ExecuteOptions, Execution } from '../../src/engine.js';
import { type Image, imageOf } from './image.js';

/** A run of the engine, as it saw it. */
export interface EngineRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: ExecuteOptions['env'];
}

const said = (exitCode: number, stdout = '', lastLines: readonly string[] = []): Execution => ({
  exitCode,
  stdout,
  lastLines,
});

const optionOf = (args: readonly string[], name: string): string => args[args.indexOf(name) + 1] ?? '';

/** A program that does not end by itself, while time goes on. */
export const hang = ({ signal }: ExecuteOptions, pass: () => Promise<void>): Promise<Execution> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    void pass();
  });

/** Asks a registry on this machine, whatever it is called: not every resolver knows names below localhost. */
const ask = (host: string, options: RequestOptions, body?: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { ...options.headers, host };
    const sent = request({ ...options, hostname: '127.0.0.1', port: host.split(':')[1], headers }, (answer) => {
      let text = '';
      answer.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
      answer.once('end', () => resolve({ status: answer.statusCode, location: answer.headers.location, text }));
    });
    sent.once('error', reject).end(body);
  });

interface Answer {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly text: string;
}

/**
 * A container engine in memory. What it builds has the Dockerfile and the build arguments as its command; a Dockerfile
 * with `RUN false` fails, and one that begins from an image of the engine needs it to be there. It pushes over the
 * wire, with the login that its environment points to.
 */
export class FakeEngine {
  readonly runs: EngineRun[] = [];
  readonly images = new Map<string, Image>();
  /** What each build was given, by the folder's path. */
  readonly builds = new Map<string, readonly string[]>();
  mostAtOnce = 0;
  #atOnce = 0;

  constructor(private readonly name: string) {}

  readonly execute: Execute = async (program, args, { env, follow }) => {
    this.runs.push({ program, args, env });
    if (program !== this.name) return said(127, '', ['no such program']);
    switch (args[0]) {
      case 'info':
        return said(0);
      case 'pull':
        return this.#pull(args.at(-1) ?? '');
      case 'build':
      case 'bud':
        return this.#build(args, follow);
      case 'image':
      case 'inspect':
        return this.#inspect(args.at(-1) ?? '');
      case 'tag':
        return this.#tag(args[1] ?? '', args[2] ?? '');
      case 'push':
        return this.#push(args, env, follow);
      case 'rmi':
        return said(this.images.delete(args.at(-1) ?? '') ? 0 : 1);
      default:
        return said(1, '', [`unknown command ${args[0]}`]);
    }
  };

  async #build(args: readonly string[], follow: ExecuteOptions['follow']): Promise<Execution> {
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const text = await readFile(optionOf(args, '--file'), 'utf8');
    // Long enough for others to begin.
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.#atOnce -= 1;
    const given = args.filter((arg) => arg.startsWith('--build-arg=')).map((arg) => arg.slice('--build-arg='.length));
    this.builds.set(args.at(-1) ?? '', given);
    const lines = text.trim().split('\n');
    for (const line of lines) follow?.(`STEP ${line}`);
    const base = given.find((each) => lines.includes(`FROM \${${each.split('=')[0]}}`))?.split('=')[1];
    if (base !== undefined && !this.images.has(base)) return said(1, '', [`pull access denied for ${base}`]);
    if (lines.includes('RUN false')) return said(1, '', [...lines, 'the command false returned 1']);
    this.images.set(optionOf(args, '--tag'), imageOf({ command: text }));
    return said(0);
  }

  #inspect(name: string): Execution {
    const image = this.images.get(name);
    return image === undefined ? said(1) : said(0, `${image.config.digest}\n`);
  }

  /** What is in the registry does not matter here: it was found there by its digest. */
  #pull(reference: string): Execution {
    this.images.set(reference, imageOf());
    return said(0);
  }

  #tag(from: string, to: string): Execution {
    const image = this.images.get(from);
    if (image === undefined) return said(1, '', [`no such image ${from}`]);
    this.images.set(to, image);
    return said(0);
  }

  async #push(args: readonly string[], env: ExecuteOptions['env'], follow: ExecuteOptions['follow']) {
    const target = (args.at(-1) ?? '').replace('docker://', '');
    const image = this.images.get(this.name === 'docker' ? target : (args.at(-2) ?? ''));
    const [, host = '', repository = '', tag = ''] = /^([^/]+)\/(.+):([^:]+)$/u.exec(target) ?? [];
    const config = JSON.parse(await readFile(join(env['DOCKER_CONFIG'] ?? '', 'config.json'), 'utf8'));
    const authorization = `Basic ${config.auths[host]?.auth}`;
    if (image === undefined) return said(1, '', [`no such image ${target}`]);
    const base = `/v2/${repository}`;
    for (const { digest, bytes } of image.blobs) {
      const begun = await ask(host, { method: 'POST', path: `${base}/blobs/uploads/`, headers: { authorization } });
      if (begun.location === undefined) return said(1, '', [begun.text]);
      await ask(host, { method: 'PUT', path: `${begun.location}?digest=${digest}`, headers: { authorization } }, bytes);
    }
    const { mediaType, bytes } = image.manifest;
    const headers = { authorization, 'content-type': mediaType };
    const put = await ask(host, { method: 'PUT', path: `${base}/manifests/${tag}`, headers }, bytes);
    if (put.status !== 201) return said(1, '', [put.text]);
    follow?.(`${tag}: digest: ${image.manifest.digest} size: ${bytes.length}`);
    return said(0);
  }
}
