import { basename } from 'node:path';
import type { DockerCacheOption, DockerImageAsset } from '@aws-cdk/cloud-assembly-schema';
import {
  type ProgramOptions,
  type ProgramResult,
  type RunProgram,
  selectEnv,
} from '@aws-delivery/action-kit/host/run-program';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';

type ImageBuild = DockerImageAsset['source'];

/** Supported engines, in order of preference. The CDK's variable CDK_DOCKER selects one. */
const ENGINES = ['docker', 'podman', 'buildah', 'nerdctl', 'finch'];

/** Variables for engines: location, configuration and logins. AWS credentials are not passed on. */
const ENGINE_ENV =
  /^(?:DOCKER_(?:HOST|CONTEXT|CONFIG|TLS_VERIFY|CERT_PATH|BUILDKIT|DEFAULT_PLATFORM|API_VERSION)|BUILDX_.*|REGISTRY_AUTH_FILE|CONTAINERD_.*|CONTAINER_(?:HOST|CONNECTION|SSHKEY)|CONTAINERS_.*|STORAGE_.*|BUILDAH_.*|SSH_AUTH_SOCK)$/iu;

/** By default BuildKit adds attestations in an index, which AWS Lambda rejects and which differs with every build. */
const BUILD_ENV = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };

const formatCacheOption = ({ type, params = {} }: DockerCacheOption): string =>
  [`type=${type}`, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(',');

const listPairs = (flag: string, values: Readonly<Record<string, string>> = {}, separator = '='): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}${separator}${value}`]);

const listOptional = (flag: string, value: string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : [flag, value];

/** Arguments of a build in the directory of the Dockerfile, as the CDK passes them to Docker. */
export const buildImageArgs = (source: ImageBuild, tag: string): readonly string[] => [
  ...listPairs('--build-arg', source.dockerBuildArgs),
  ...listPairs('--build-context', source.dockerBuildContexts),
  ...listPairs(
    '--secret',
    Object.fromEntries(Object.entries(source.dockerBuildSecrets ?? {}).map(([id, value]) => [`id=${id}`, value])),
    ',',
  ),
  ...listOptional('--ssh', source.dockerBuildSsh),
  ...['--tag', tag],
  ...listOptional('--target', source.dockerBuildTarget),
  ...listOptional('--file', source.dockerFile),
  ...listOptional('--network', source.networkMode),
  ...listOptional('--platform', source.platform),
  ...(source.dockerOutputs ?? []).map((output) => `--output=${output}`),
  ...(source.cacheFrom ?? []).flatMap((option) => ['--cache-from', formatCacheOption(option)]),
  ...(source.cacheTo === undefined ? [] : ['--cache-to', formatCacheOption(source.cacheTo)]),
  ...(source.cacheDisabled === true ? ['--no-cache'] : []),
  '.',
];

/** Variables that secrets of a build refer to (`type=env,env=NAME`). */
const listSecretVariables = ({ dockerBuildSecrets = {} }: ImageBuild, env: Env): Readonly<Record<string, string>> => {
  const parts = Object.values(dockerBuildSecrets).flatMap((value) => value.split(','));
  const names = parts.flatMap((part) => (part.startsWith('env=') ? [part.slice('env='.length)] : []));
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
};

export interface ImageEngineOptions {
  readonly env: Env;
  readonly runProgram: RunProgram;
  readonly signal: AbortSignal;
}

/** A container engine that builds images of an assembly and saves them as archives. */
export class ImageEngine {
  private constructor(
    private readonly program: string,
    private readonly options: ImageEngineOptions,
  ) {}

  /** @throws DeliveryError `unavailable` with the messages of the engines if none responds */
  static async find(options: ImageEngineOptions): Promise<ImageEngine> {
    const selected = options.env['CDK_DOCKER'];
    const problems: string[] = [];
    for (const program of selected ? [selected] : ENGINES) {
      const engine = new ImageEngine(program, options);
      const { exitCode, lastLines } = await engine.run(['info']);
      if (exitCode === 0) return engine;
      problems.push(`${program}: ${toSingleLine(lastLines.slice(-2).join(' | '), 300)}`);
    }
    const problem = `no container engine responds (${problems.join('; ')})`;
    throw new DeliveryError('unavailable', `${problem}: install an engine, or start its service`);
  }

  get name(): string {
    return basename(this.program);
  }

  /** Builds in `directory`. */
  async build(source: ImageBuild, directory: string, tag: string, onLine: (line: string) => void): Promise<void> {
    const env = { ...BUILD_ENV, ...listSecretVariables(source, this.options.env) };
    const verb = this.name === 'buildah' ? 'bud' : 'build';
    await this.runOrThrow('build', [verb, ...buildImageArgs(source, tag)], { cwd: directory, env, onLine });
  }

  /** Saves an image as an archive of `docker save`. */
  async save(tag: string, path: string): Promise<void> {
    const args =
      this.name === 'buildah' ? ['push', tag, `docker-archive:${path}:${tag}`] : ['save', '--output', path, tag];
    await this.runOrThrow('save', args, {});
  }

  /** Ignores failures, also after an abort. Docker keeps the layers, which later builds can reuse. */
  async remove(tag: string): Promise<void> {
    await this.run(['rmi', ...(this.name === 'docker' ? ['--no-prune'] : []), tag], { signal: undefined });
  }

  private async runOrThrow(step: string, args: readonly string[], options: Partial<ProgramOptions>): Promise<void> {
    const { exitCode, lastLines } = await this.run(args, options);
    if (exitCode === 0) return;
    const output = toSingleLine(lastLines.join(' | '), 1500);
    throw new DeliveryError('rejected', `${this.name} ${step} failed (exit code ${exitCode}): ${output}`);
  }

  private run(
    args: readonly string[],
    { env: extraEnv = {}, ...others }: Partial<ProgramOptions> = {},
  ): Promise<ProgramResult> {
    const { runProgram, env, signal } = this.options;
    return runProgram(this.program, args, { signal, ...others, env: { ...selectEnv(env, ENGINE_ENV), ...extraEnv } });
  }
}
