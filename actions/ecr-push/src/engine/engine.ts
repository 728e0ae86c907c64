import { join } from 'node:path';
import {
  type ProgramOptions,
  type ProgramResult,
  type RunProgram,
  selectEnv,
} from '@aws-delivery/action-kit/host/run-program';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import { type Digest, isDigest } from '@aws-delivery/oci/image/digest';
import type { Identity } from '@aws-delivery/oci/image/image-source';
import type { LoginFiles } from '../login/login-directory.js';

/** Supported engines, in order of preference. */
export const ENGINES = ['docker', 'podman', 'buildah', 'nerdctl', 'finch'] as const;

export type EngineName = (typeof ENGINES)[number];

/** Variables for engines besides the common ones: location and configuration. AWS credentials are not passed on. */
const ENGINE_ENV =
  /^(?:DOCKER_(?:HOST|CONTEXT|TLS_VERIFY|CERT_PATH|BUILDKIT|DEFAULT_PLATFORM|API_VERSION)|CONTAINERD_.*|CONTAINER_(?:HOST|CONNECTION)|CONTAINERS_.*|STORAGE_.*|BUILDAH_.*)$/iu;

/** An engine on another machine is reached through ssh, which needs the agent. */
const SSH_ENV = /^(?:SSH_AUTH_SOCK|SSH_AGENT_PID|CONTAINER_SSHKEY)$/u;

const buildEnv = (
  env: Env,
  { logins, usesSsh }: Pick<EngineOptions, 'logins' | 'usesSsh'>,
  extraEnv: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  ...selectEnv(env, ENGINE_ENV),
  ...selectEnv(env, usesSsh ? SSH_ENV : ENGINE_ENV),
  DOCKER_CONFIG: logins.dockerConfig,
  REGISTRY_AUTH_FILE: logins.authFile,
  ...extraEnv,
});

/** Patterns in the output of engines, which repeat the registry's messages, by error code. */
const ERROR_PATTERNS: readonly (readonly [DeliveryErrorCode, RegExp])[] = [
  ['conflict', /cannot be overwritten|tag invalid|TAG_INVALID/iu],
  ['expired', /token has expired|no basic auth credentials|authentication required|401 Unauthorized/iu],
  ['throttled', /toomanyrequests|429 Too Many|rate exceeded/iu],
  ['unavailable', /\b50[0234]\b|unexpected EOF|connection reset|TLS handshake timeout|i\/o timeout|broken pipe/iu],
];

const formatOutput = (lines: readonly string[], limit: number): string => toSingleLine(lines.join(' | '), limit);

const createEngineError = (program: string, command: string, { exitCode, lastLines }: ProgramResult): DeliveryError => {
  const output = formatOutput(lastLines.slice(-3), 500);
  const code = ERROR_PATTERNS.find(([, pattern]) => pattern.test(output))?.[0] ?? 'rejected';
  return new DeliveryError(code, `${program} ${command} failed (exit code ${exitCode}): ${output}`);
};

export interface EngineOptions {
  readonly runProgram: RunProgram;
  readonly env: Env;
  readonly logins: LoginFiles;
  /** Whether the engine is reached through ssh. */
  readonly usesSsh: boolean;
  readonly signal: AbortSignal;
  /** Writes renewed logins into the same files. */
  readonly renew: () => Promise<void>;
}

/** The digest is undefined for engines that do not print it. */
export interface EnginePushResult {
  readonly digest: Digest | undefined;
}

/** `1.0: digest: sha256:… size: 528`: last line of a push by docker, nerdctl and finch. */
const PUSH_DIGEST = /\bdigest: (sha256:[0-9a-f]{64})\b/u;

/** An image to build. */
export interface EngineBuild {
  /** Absolute path of the directory with the Dockerfile; also the build context. */
  readonly path: string;
  /** Name that the engine gives the image. */
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

// By default BuildKit adds attestations in an index, which AWS Lambda rejects and which differs with every build.
const BUILD_ENV = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };

/** Output of engines when they are not allowed to pull a base image. */
const UNAUTHORIZED =
  /unauthorized|no basic auth credentials|access denied|authentication required|authorization failed/iu;

/** An image to pull. */
export interface EnginePull {
  /** `host/repository@digest`. */
  readonly reference: string;
  readonly name: string;
  readonly plainHttp: boolean;
  readonly onLine: (line: string) => void;
}

/** Flags for a registry with plain HTTP. Docker detects a loopback registry itself. */
const INSECURE_FLAGS: Readonly<Partial<Record<EngineName, readonly string[]>>> = {
  podman: ['--tls-verify=false'],
  buildah: ['--tls-verify=false'],
  nerdctl: ['--insecure-registry'],
  finch: ['--insecure-registry'],
};

/** Buildah has no `image` commands. */
const getInspectArgs = (name: EngineName, image: string): readonly string[] =>
  name === 'buildah'
    ? ['inspect', '--type', 'image', '--format', '{{.FromImageID}}', image]
    : ['image', 'inspect', '--format', '{{.Id}}', image];

/** A container engine on this machine. */
export class Engine {
  constructor(
    readonly name: EngineName,
    private readonly options: EngineOptions,
  ) {}

  /** The ID of an image; undefined when the engine does not have the image or is not installed. */
  async getIdentity(image: string): Promise<Identity | undefined> {
    const { exitCode, stdout } = await this.run(getInspectArgs(this.name, image));
    const id = stdout.trim();
    const digest = id.startsWith('sha256:') ? id : `sha256:${id}`;
    // Docker's classic image store uses the configuration's digest as the ID, containerd's the manifest's.
    return exitCode === 0 && isDigest(digest) ? { by: 'either', digest } : undefined;
  }

  /** Pushes an image as `target`; tries again with new logins when the login has expired. Throws DeliveryError. */
  async push(
    image: string,
    target: string,
    plainHttp: boolean,
    onLine: (line: string) => void,
  ): Promise<EnginePushResult> {
    let digest: Digest | undefined;
    const listen = (line: string): void => {
      onLine(line);
      const [, announced = ''] = PUSH_DIGEST.exec(line) ?? [];
      if (isDigest(announced)) digest = announced;
    };
    try {
      await this.pushOnce(image, target, plainHttp, listen);
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'expired') throw error;
      await this.options.renew();
      await this.pushOnce(image, target, plainHttp, listen);
    }
    return { digest };
  }

  private async pushOnce(
    image: string,
    target: string,
    plainHttp: boolean,
    onLine: (line: string) => void,
  ): Promise<void> {
    const flags = plainHttp ? (INSECURE_FLAGS[this.name] ?? []) : [];
    if (this.name === 'podman' || this.name === 'buildah') {
      await this.runOrThrow(['push', ...flags, image, `docker://${target}`], onLine);
      return;
    }
    await this.runOrThrow(['tag', image, target], onLine);
    try {
      await this.runOrThrow(['push', ...flags, target], onLine);
    } finally {
      // The name is only needed for the push.
      if (target !== image) await this.removeImages([target]);
    }
  }

  /** Pulls by digest, which the engine verifies, and tags the image. Throws DeliveryError. */
  async pull({ reference, name, plainHttp, onLine }: EnginePull): Promise<void> {
    const flags = plainHttp ? (INSECURE_FLAGS[this.name] ?? []) : [];
    await this.runOrThrow(['pull', ...flags, reference], onLine);
    if (name !== reference) await this.runOrThrow(['tag', reference, name], onLine);
  }

  /** Whether the engine responds; its CLI may be installed without a running service. */
  async isAvailable(): Promise<boolean> {
    return (await this.run(['info'])).exitCode === 0;
  }

  /** Throws `rejected` with the last lines of the engine's output. */
  async build({ path, name, args, onLine }: EngineBuild): Promise<void> {
    const buildArgs = Object.entries(args).map(([key, value]) => `--build-arg=${key}=${value}`);
    const verb = this.name === 'buildah' ? 'bud' : 'build';
    const command = [verb, '--tag', name, '--file', join(path, 'Dockerfile'), ...buildArgs, path];
    const { exitCode, lastLines } = await this.run(command, { onLine, env: BUILD_ENV });
    if (exitCode === 0) return;
    const output = formatOutput(lastLines, 1500);
    const hint = UNAUTHORIZED.test(output) ? '. Builds have no registry credentials: set build-logins: true' : '';
    throw new DeliveryError('rejected', `${this.name} build failed (exit code ${exitCode}): ${output}${hint}`);
  }

  /**
   * Removes image names and ignores failures, also after an abort. Docker keeps the untagged layers, which later builds
   * can reuse.
   */
  async removeImages(names: readonly string[]): Promise<void> {
    const flags = this.name === 'docker' ? ['--no-prune'] : [];
    for (const name of names) await this.run(['rmi', ...flags, name], { signal: undefined });
  }

  private async runOrThrow(args: readonly string[], onLine: (line: string) => void): Promise<void> {
    const execution = await this.run(args, { onLine });
    if (execution.exitCode !== 0) throw createEngineError(this.name, args[0] ?? '', execution);
  }

  private run(
    args: readonly string[],
    { env: extraEnv = {}, ...others }: Partial<ProgramOptions> = {},
  ): Promise<ProgramResult> {
    const { runProgram, env, signal } = this.options;
    return runProgram(this.name, args, { signal, ...others, env: buildEnv(env, this.options, extraEnv) });
  }
}

/** An image in an engine on this machine, pushed by that engine. */
export interface EngineImage {
  readonly kind: 'engine';
  readonly name: string;
  getIdentity(): Promise<Identity>;
  push(target: string, plainHttp: boolean, onLine: (line: string) => void): Promise<EnginePushResult>;
  close(): Promise<void>;
}

export const createEngineImage = (engine: Engine, image: string, identity: Identity): EngineImage => ({
  kind: 'engine',
  name: `${image} in ${engine.name}`,
  getIdentity: async () => identity,
  push: (target, plainHttp, onLine) => engine.push(image, target, plainHttp, onLine),
  close: async () => {},
});

/** Finds an image in the given engine, or in the first one that has it. Throws `not-found`. */
export const findEngineImage = async (
  image: string,
  engineName: EngineName | undefined,
  options: EngineOptions,
): Promise<EngineImage> => {
  for (const name of engineName === undefined ? ENGINES : [engineName]) {
    const engine = new Engine(name, options);
    const identity = await engine.getIdentity(image);
    if (identity !== undefined) return createEngineImage(engine, image, identity);
  }
  const subject = engineName ?? `any container engine (${ENGINES.join(', ')})`;
  throw new DeliveryError(
    'not-found',
    `image '${image}' not found in ${subject}: build or pull it in an earlier step, or use a source with a transport, for example oci:`,
  );
};

/** Returns the given engine, or the first one that responds. Throws `unavailable` when none responds. */
export const findEngine = async (engineName: EngineName | undefined, options: EngineOptions): Promise<Engine> => {
  for (const name of engineName === undefined ? ENGINES : [engineName]) {
    const engine = new Engine(name, options);
    if (await engine.isAvailable()) return engine;
  }
  const subject = engineName ?? `container engine (${ENGINES.join(', ')})`;
  throw new DeliveryError(
    'unavailable',
    `no response from ${subject} to the command 'info': install an engine, or start its service`,
  );
};
