import { join } from 'node:path';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import { type Digest, isDigest } from '@aws-delivery/oci/image/digest';
import type { Identity } from '@aws-delivery/oci/image/image-source';
import type { LoginFiles } from '../login/login-directory.js';

/** The engines that are looked for, in this order. */
export const ENGINES = ['docker', 'podman', 'buildah', 'nerdctl', 'finch'] as const;

export type EngineName = (typeof ENGINES)[number];

export interface Execution {
  readonly exitCode: number;
  readonly stdout: string;
  /** What it said last, on both its ways. */
  readonly lastLines: readonly string[];
}

export interface ExecuteOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Hears each line of the output. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Ends the program. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program. One that is not there has the exit code 127. Throws `cancelled` or `timeout` when it is ended. */
export type Execute = (program: string, args: readonly string[], options: ExecuteOptions) => Promise<Execution>;

/** What an engine may see of our environment: where it is and how it gets out, and no credentials of AWS. */
const ALLOWED_ENV =
  /^(?:PATH|HOME|USER|LANG|LC_.*|TMPDIR|TEMP|TMP|SYSTEMROOT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMFILES|XDG_.*|DOCKER_(?:HOST|CONTEXT|TLS_VERIFY|CERT_PATH|BUILDKIT|DEFAULT_PLATFORM)|CONTAINERD_.*|CONTAINER_HOST|CONTAINERS_.*|STORAGE_.*|BUILDAH_.*|HTTPS?_PROXY|NO_PROXY|ALL_PROXY)$/iu;

const buildEnv = (
  env: Env,
  logins: LoginFiles,
  extraEnv: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && ALLOWED_ENV.test(name) ? [[name, value] as const] : [],
    ),
  ),
  DOCKER_CONFIG: logins.dockerConfig,
  REGISTRY_AUTH_FILE: logins.authFile,
  ...extraEnv,
});

/** What engines say of trouble that passes, and of tags that do not move; they hand on the registry's words. */
const ERROR_PATTERNS: readonly (readonly [DeliveryErrorCode, RegExp])[] = [
  ['conflict', /cannot be overwritten|tag invalid|TAG_INVALID/iu],
  ['expired', /token has expired|no basic auth credentials|authentication required|401 Unauthorized/iu],
  ['throttled', /toomanyrequests|429 Too Many|rate exceeded/iu],
  ['unavailable', /\b50[0234]\b|unexpected EOF|connection reset|TLS handshake timeout|i\/o timeout|broken pipe/iu],
];

/** Words of an engine as one line. */
const formatOutput = (lines: readonly string[], limit: number): string => toSingleLine(lines.join(' | '), limit);

const createEngineError = (program: string, command: string, { exitCode, lastLines }: Execution): DeliveryError => {
  const output = formatOutput(lastLines.slice(-3), 500);
  const code = ERROR_PATTERNS.find(([, pattern]) => pattern.test(output))?.[0] ?? 'rejected';
  return new DeliveryError(code, `${program} ${command} failed (${exitCode}): ${output}`);
};

export interface EngineOptions {
  readonly execute: Execute;
  readonly env: Env;
  readonly logins: LoginFiles;
  readonly signal: AbortSignal;
  /** Logs in anew, where the logins are. */
  readonly renew: () => Promise<void>;
}

/** What an engine says that it has pushed; undefined for one that says nothing. */
export interface EnginePushResult {
  readonly digest: Digest | undefined;
}

/** `1.0: digest: sha256:… size: 528`, as docker and its kin end a push. */
const PUSH_DIGEST = /\bdigest: (sha256:[0-9a-f]{64})\b/u;

/** An image to build. */
export interface EngineBuild {
  /** The folder with the Dockerfile, absolute; its only context. */
  readonly path: string;
  /** What the engine shall call the image. */
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

// Docker adds what is not in the Dockerfile, in an index that AWS Lambda does not take and that differs each time.
const BUILD_ENV = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };

/** What engines say of a base image that they may not pull. */
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

/** How an engine is told that a registry speaks plain HTTP. Docker knows by itself, for those on this machine. */
const INSECURE_FLAGS: Readonly<Partial<Record<EngineName, readonly string[]>>> = {
  podman: ['--tls-verify=false'],
  buildah: ['--tls-verify=false'],
  nerdctl: ['--insecure-registry'],
  finch: ['--insecure-registry'],
};

/** Buildah has no `image` commands; podman and buildah push without a tag of their own. */
const getInspectArgs = (name: EngineName, image: string): readonly string[] =>
  name === 'buildah'
    ? ['inspect', '--type', 'image', '--format', '{{.FromImageID}}', image]
    : ['image', 'inspect', '--format', '{{.Id}}', image];

/** One container engine of this machine. */
export class Engine {
  constructor(
    readonly name: EngineName,
    private readonly options: EngineOptions,
  ) {}

  /** The id of an image; undefined where the engine has none of that name, or is not there. */
  async getIdentity(image: string): Promise<Identity | undefined> {
    const { exitCode, stdout } = await this.run(getInspectArgs(this.name, image));
    const id = stdout.trim();
    const digest = id.startsWith('sha256:') ? id : `sha256:${id}`;
    // Docker's older store calls an image by its configuration, containerd by its manifest.
    return exitCode === 0 && isDigest(digest) ? { by: 'either', digest } : undefined;
  }

  /** Pushes an image under a name in a registry; once more with a new login where the old one is over. */
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
      // The name was only for the way.
      if (target !== image) await this.removeImages([target]);
    }
  }

  /** Pulls by digest, which the engine verifies, and gives the image a name. Throws DeliveryError. */
  async pull({ reference, name, plainHttp, onLine }: EnginePull): Promise<void> {
    const flags = plainHttp ? (INSECURE_FLAGS[this.name] ?? []) : [];
    await this.runOrThrow(['pull', ...flags, reference], onLine);
    if (name !== reference) await this.runOrThrow(['tag', reference, name], onLine);
  }

  /** Whether the engine answers: its program may be there without it. */
  async isAvailable(): Promise<boolean> {
    return (await this.run(['info'])).exitCode === 0;
  }

  /** Builds an image. Throws `refused` with the engine's last lines. */
  async build({ path, name, args, onLine }: EngineBuild): Promise<void> {
    const buildArgs = Object.entries(args).map(([key, value]) => `--build-arg=${key}=${value}`);
    const verb = this.name === 'buildah' ? 'bud' : 'build';
    const command = [verb, '--tag', name, '--file', join(path, 'Dockerfile'), ...buildArgs, path];
    const { exitCode, lastLines } = await this.run(command, { onLine, env: BUILD_ENV });
    if (exitCode === 0) return;
    const output = formatOutput(lastLines, 1500);
    const hint = UNAUTHORIZED.test(output) ? '; builds have no credentials unless build-logins: true' : '';
    throw new DeliveryError('rejected', `${this.name} could not build it (exit code ${exitCode}): ${output}${hint}`);
  }

  /** Takes names away, whatever happens; layers that a next build may use stay where the engine can tell them apart. */
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
    { env: extraEnv = {}, ...others }: Partial<ExecuteOptions> = {},
  ): Promise<Execution> {
    const { execute, env, logins, signal } = this.options;
    return execute(this.name, args, { signal, ...others, env: buildEnv(env, logins, extraEnv) });
  }
}

/** An image that an engine of this machine has; the engine itself pushes it. */
export interface EngineImage {
  readonly kind: 'engine';
  readonly name: string;
  getIdentity(): Promise<Identity>;
  push(target: string, plainHttp: boolean, onLine: (line: string) => void): Promise<EnginePushResult>;
  close(): Promise<void>;
}

/** An image that an engine has under a name. */
export const createEngineImage = (engine: Engine, image: string, identity: Identity): EngineImage => ({
  kind: 'engine',
  name: `${image} of ${engine.name}`,
  getIdentity: async () => identity,
  push: (target, plainHttp, onLine) => engine.push(image, target, plainHttp, onLine),
  close: async () => {},
});

/** Finds the engine that has an image: the one named, or the first that has it. Throws `not-found`. */
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
  const subject = engineName ?? `any engine here (${ENGINES.join(', ')})`;
  throw new DeliveryError(
    'not-found',
    `${subject} has no image '${image}': build it, or name a transport such as oci:`,
  );
};

/** The engine named, or the first that answers. Throws `unavailable` where none does. */
export const findEngine = async (engineName: EngineName | undefined, options: EngineOptions): Promise<Engine> => {
  for (const name of engineName === undefined ? ENGINES : [engineName]) {
    const engine = new Engine(name, options);
    if (await engine.isAvailable()) return engine;
  }
  const subject = engineName === undefined ? `none of ${ENGINES.join(', ')} answers` : `${engineName} does not answer`;
  throw new DeliveryError('unavailable', `${subject} to 'info': install an engine, or start its service`);
};
