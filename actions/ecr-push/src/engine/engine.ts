import { join } from 'node:path';
import type { ProgramOptions, ProgramResult, RunProgram } from '@aws-delivery/action-kit/host/run-program';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import { type Digest, isDigest } from '@aws-delivery/oci/image/digest';
import type { Identity, PlatformImage } from '@aws-delivery/oci/image/image-source';
import { MEDIA_TYPES, parseManifest } from '@aws-delivery/oci/image/manifest';
import { buildEngineEnv, type EngineAccess } from './engine-env.js';

/** Supported engines, in order of preference. */
export const ENGINES = ['docker', 'podman', 'buildah', 'nerdctl', 'finch'] as const;

export type EngineName = (typeof ENGINES)[number];

/** Patterns in the output of engines, which repeat the registry's messages, by error code. */
const ERROR_PATTERNS: readonly (readonly [DeliveryErrorCode, RegExp])[] = [
  ['conflict', /cannot be overwritten|tag invalid|TAG_INVALID/iu],
  ['expired', /token has expired|no basic auth credentials|authentication required|401 Unauthorized/iu],
  ['throttled', /toomanyrequests|429 Too Many|rate exceeded/iu],
  ['unavailable', /\b50[0234]\b|unexpected EOF|connection reset|TLS handshake timeout|i\/o timeout|broken pipe/iu],
];

/** Exit code of a program that is not installed. */
const MISSING_PROGRAM = 127;

/** Parses an image ID, with or without the algorithm. */
const parseId = (stdout: string): Digest | undefined => {
  const id = stdout.trim();
  const digest = id.startsWith('sha256:') ? id : `sha256:${id}`;
  return isDigest(digest) ? digest : undefined;
};

const formatOutput = (lines: readonly string[], limit: number): string => toSingleLine(lines.join(' | '), limit);

const createEngineError = (program: string, command: string, { exitCode, lastLines }: ProgramResult): DeliveryError => {
  const output = formatOutput(lastLines.slice(-3), 500);
  const code = ERROR_PATTERNS.find(([, pattern]) => pattern.test(output))?.[0] ?? 'rejected';
  return new DeliveryError(code, `${program} ${command} failed (exit code ${exitCode}): ${output}`);
};

export interface EngineOptions extends EngineAccess {
  readonly runProgram: RunProgram;
  readonly env: Env;
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

/** A secret of a build, in a file. */
export interface BuildSecret {
  readonly id: string;
  readonly path: string;
}

/** An image to build. */
export interface EngineBuild {
  /** Absolute path of the build context. */
  readonly path: string;
  /** Relative to `path`. */
  readonly dockerfile: string;
  /** Undefined for the last stage. */
  readonly target: string | undefined;
  readonly secrets: readonly BuildSecret[];
  /** In the notation of the engine. */
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
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

/** Engines with manifest lists: images of several platforms under one name. */
const hasManifestLists = (name: EngineName): boolean => name === 'podman' || name === 'buildah';

/** Engines whose ID of an image is the digest of one platform's configuration, also for an index. */
const hasConfigIds = (name: EngineName): boolean => name === 'nerdctl' || name === 'finch';

const buildFlags = (
  engine: EngineName,
  { target, args, secrets, cacheFrom, cacheTo }: Omit<EngineBuild, 'path' | 'dockerfile' | 'name' | 'onLine'>,
): readonly string[] => [
  ...(target === undefined ? [] : [`--target=${target}`]),
  ...Object.entries(args).map(([key, value]) => `--build-arg=${key}=${value}`),
  ...secrets.map(({ id, path }) => `--secret=id=${id},src=${path}`),
  // Without it, buildah builds a single layer and uses no cache.
  ...(engine === 'buildah' && cacheFrom.length + cacheTo.length > 0 ? ['--layers'] : []),
  ...cacheFrom.map((cache) => `--cache-from=${cache}`),
  ...cacheTo.map((cache) => `--cache-to=${cache}`),
];

/** Buildah has no `image` commands. */
const getInspectArgs = (name: EngineName, image: string): readonly string[] =>
  name === 'buildah'
    ? ['inspect', '--type', 'image', '--format', '{{.FromImageID}}', image]
    : ['image', 'inspect', '--format', '{{.Id}}', image];

/** Output of engines that do not have an image. */
const NO_IMAGE = /no such (?:image|object)|image not known|no image found/iu;

/** What an engine has under a name; `failed`: the engine's own words, for example that its service does not run. */
export type ImageLookup =
  | { readonly kind: 'found'; readonly identity: Identity }
  | { readonly kind: 'absent' }
  | { readonly kind: 'not-installed' }
  | { readonly kind: 'failed'; readonly output: string };

/** A container engine on this machine. */
export class Engine {
  constructor(
    readonly name: EngineName,
    private readonly options: EngineOptions,
  ) {}

  /** Whether the digest that a push prints identifies the image: its ID does not, because it is of one platform only. */
  get identifiesByPush(): boolean {
    return hasConfigIds(this.name);
  }

  /** Finds an image or a manifest list. */
  async findImage(image: string): Promise<ImageLookup> {
    if (await this.isManifestList(image)) {
      return { kind: 'found', identity: { by: 'platforms', platforms: await this.listPlatforms(image) } };
    }
    const { exitCode, stdout, lastLines } = await this.run(getInspectArgs(this.name, image));
    const id = parseId(stdout);
    // Docker's classic image store uses the configuration's digest as the ID, containerd's the manifest's.
    if (exitCode === 0 && id !== undefined) return { kind: 'found', identity: { by: 'either', digest: id } };
    if (exitCode === MISSING_PROGRAM) return { kind: 'not-installed' };
    const output = formatOutput(lastLines, 500);
    return exitCode === 0 || NO_IMAGE.test(output) ? { kind: 'absent' } : { kind: 'failed', output };
  }

  private async isManifestList(image: string): Promise<boolean> {
    return hasManifestLists(this.name) && (await this.run(['manifest', 'exists', image])).exitCode === 0;
  }

  /** The images of a manifest list: digests in the engine, which change when a push compresses layers. */
  private async listPlatforms(image: string): Promise<readonly PlatformImage[]> {
    const result = await this.run(['manifest', 'inspect', image]);
    if (result.exitCode !== 0) throw createEngineError(this.name, 'manifest inspect', result);
    const manifest = parseManifest(Buffer.from(result.stdout), MEDIA_TYPES.ociIndex, `manifest list ${image}`);
    if (manifest.kind !== 'index') throw new DeliveryError('unexpected', `${image} is not a manifest list`);
    const repository = image.replace(/@.*$/u, '').replace(/:[^/:]*$/u, '');
    const platforms: PlatformImage[] = [];
    for (const { digest } of manifest.manifests) {
      const { stdout } = await this.run(getInspectArgs(this.name, `${repository}@${digest}`));
      platforms.push({ manifest: digest, config: parseId(stdout) });
    }
    return platforms;
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
    if (hasManifestLists(this.name)) {
      // Without --all, podman and buildah push the image of their own platform only.
      const command = (await this.isManifestList(image)) ? ['manifest', 'push', '--all'] : ['push'];
      await this.runOrThrow([...command, ...flags, image, `docker://${target}`], onLine);
      return;
    }
    await this.runOrThrow(['tag', image, target], onLine);
    try {
      await this.runOrThrow(
        ['push', ...flags, ...(hasConfigIds(this.name) ? ['--all-platforms'] : []), target],
        onLine,
      );
    } finally {
      // The name is only needed for the push.
      if (target !== image) await this.removeImages([target]);
    }
  }

  /** Saves an image or a manifest list as an archive of the returned kind. Throws DeliveryError. */
  async save(image: string, path: string, onLine: (line: string) => void): Promise<'docker-archive' | 'oci-archive'> {
    if (hasManifestLists(this.name)) {
      const command = (await this.isManifestList(image)) ? ['manifest', 'push', '--all'] : ['push'];
      await this.runOrThrow([...command, image, `oci-archive:${path}`], onLine);
      return 'oci-archive';
    }
    const flags = hasConfigIds(this.name) ? ['--all-platforms'] : [];
    await this.runOrThrow(['save', ...flags, '--output', path, image], onLine);
    return 'docker-archive';
  }

  /** Pulls by digest, which the engine verifies, and tags the image. Throws DeliveryError. */
  async pull({ reference, name, plainHttp, onLine }: EnginePull): Promise<void> {
    const flags = plainHttp ? (INSECURE_FLAGS[this.name] ?? []) : [];
    await this.runOrThrow(['pull', ...flags, reference], onLine);
    if (name !== reference) await this.runOrThrow(['tag', reference, name], onLine);
  }

  /** Why the engine does not respond, in its own words; undefined when it does. Its CLI may be installed alone. */
  async findProblem(): Promise<string | undefined> {
    const { exitCode, lastLines } = await this.run(['info']);
    if (exitCode === 0) return undefined;
    return exitCode === MISSING_PROGRAM ? 'not installed' : formatOutput(lastLines.slice(-3), 500);
  }

  /** Throws `rejected` with the last lines of the engine's output. */
  async build({ path, dockerfile, name, onLine, ...build }: EngineBuild): Promise<void> {
    const verb = this.name === 'buildah' ? 'bud' : 'build';
    const options = ['--tag', name, '--file', join(path, dockerfile), ...buildFlags(this.name, build)];
    const command = [verb, ...options, path];
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
    return runProgram(this.name, args, { signal, ...others, env: buildEngineEnv(env, this.options, extraEnv) });
  }
}
