import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DockerImageAsset } from '@aws-cdk/cloud-assembly-schema';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { withLabel } from '@aws-delivery/action-kit/host/log';
import { runProgram } from '@aws-delivery/action-kit/host/run-program';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { openArchive } from '@aws-delivery/oci/archive/open-archive';
import { openDockerArchive } from '@aws-delivery/oci/archive/open-docker-archive';
import type { ImageSource } from '@aws-delivery/oci/image/image-source';
import { resolveInside } from '../assembly/read-assembly.js';
import { ImageEngine } from './image-engine.js';

/** The name of an image asset for messages. */
export const getImageLabel = ({ displayName, source }: DockerImageAsset): string =>
  displayName ?? source.directory ?? source.executable?.[0] ?? 'without a name';

/** What `TarballImageAsset` of the CDK runs; earlier versions have the path in the script. */
const LOAD_SCRIPT = /^\S+ load -i (\S+) \| tail -n 1 \| sed "s\/Loaded image(?:\[\^:\]\*)?: \/\/g"$/u;
const PATH_ARGUMENT = '"$1"';

/** The archive that CDK's command for tarballs loads; undefined for any other command. */
export const parseTarballCommand = (executable: readonly string[]): string | undefined => {
  const [shell, flag, script = '', , argument, ...others] = executable;
  const [, path] = LOAD_SCRIPT.exec(script) ?? [];
  if (shell !== 'sh' || flag !== '-c' || path === undefined || others.length > 0) return undefined;
  if (path === PATH_ARGUMENT) return argument;
  return executable.length === 3 && /^[\w./@+-]+$/u.test(path) ? path : undefined;
};

/** Builds image assets, or opens their archives. */
export class ImageOpener {
  private engine: Promise<ImageEngine> | undefined;
  private tempDirectory: Promise<string> | undefined;
  private fileCount = 0;
  private readonly tags: string[] = [];

  /** @param root of the assembly */
  constructor(
    private readonly root: string,
    private readonly host: Host,
  ) {}

  /**
   * @param directory of the asset manifest
   * @throws DeliveryError `rejected` for a command that is not CDK's for tarballs, and for a failed build
   */
  async open(asset: DockerImageAsset, directory: string): Promise<ImageSource> {
    const label = `image asset '${getImageLabel(asset)}'`;
    const { env, signal } = this.host;
    const path = await this.getArchive(asset, directory, label);
    const createTempPath = (name: string): Promise<string> => this.createTempPath(name);
    const files = await openArchive(path, { createTempPath, runProgram, env, signal });
    return openDockerArchive(label, files, undefined, createTempPath);
  }

  /** Removes archives and images that were built. */
  async close(): Promise<void> {
    const engine = await this.engine?.catch(() => undefined);
    for (const tag of this.tags) await engine?.remove(tag);
    const tempDirectory = await this.tempDirectory?.catch(() => undefined);
    if (tempDirectory !== undefined) await rm(tempDirectory, { recursive: true, force: true });
  }

  private async getArchive({ source }: DockerImageAsset, directory: string, label: string): Promise<string> {
    if (source.executable !== undefined) {
      const archive = parseTarballCommand(source.executable);
      if (archive !== undefined) return resolveInside(this.root, directory, archive);
      const problem = `${label} is made by a program (${source.executable[0] ?? 'none'}), which is not run`;
      throw new DeliveryError('rejected', `${problem}: use an asset with a directory, or deploy with the CDK`);
    }
    if (source.directory === undefined) {
      throw new DeliveryError('invalid-input', `${label} has no directory: synthesize the application again`);
    }
    return this.build(source, await resolveInside(this.root, directory, source.directory), label);
  }

  private async build(source: DockerImageAsset['source'], directory: string, label: string): Promise<string> {
    const { env, signal, log } = this.host;
    this.engine ??= ImageEngine.find({ env, runProgram, signal });
    const engine = await this.engine;
    const buildLog = withLabel(log, label);
    buildLog.info(`Building with ${engine.name}`);
    // Unique, so that parallel jobs on one machine do not save each other's images.
    const tag = `localhost/cdk-asset:${randomUUID()}`;
    this.tags.push(tag);
    await engine.build(source, directory, tag, (line) => buildLog.info(line));
    const path = await this.createTempPath('image.tar');
    await engine.save(tag, path);
    return path;
  }

  private async createTempPath(name: string): Promise<string> {
    this.tempDirectory ??= mkdtemp(join(this.host.env['RUNNER_TEMP'] || tmpdir(), 'image-assets-'));
    this.fileCount += 1;
    return join(await this.tempDirectory, `${this.fileCount}-${name}`);
  }
}
