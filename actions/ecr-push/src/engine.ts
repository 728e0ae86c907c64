import { join } from 'node:path';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { singleLine } from '@aws-delivery/action-kit/untrusted';
import { type Digest, isDigest } from './oci/digest.js';
import type { Identity } from './oci/source.js';
import type { LoginFiles } from './result.js';

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
  readonly follow?: ((line: string) => void) | undefined;
  /** Ends the program. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program. One that is not there has the exit code 127. Throws `cancelled` or `timeout` when it is ended. */
export type Execute = (program: string, args: readonly string[], options: ExecuteOptions) => Promise<Execution>;

/** What an engine may see of our environment: where it is and how it gets out, and no credentials of AWS. */
const PASSED =
  /^(?:PATH|HOME|USER|LANG|LC_.*|TMPDIR|TEMP|TMP|SYSTEMROOT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMFILES|XDG_.*|DOCKER_(?:HOST|CONTEXT|TLS_VERIFY|CERT_PATH|BUILDKIT|DEFAULT_PLATFORM)|CONTAINERD_.*|CONTAINER_HOST|CONTAINERS_.*|STORAGE_.*|BUILDAH_.*|HTTPS?_PROXY|NO_PROXY|ALL_PROXY)$/iu;

const environmentOf = (
  variables: Variables,
  logins: LoginFiles,
  more: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && PASSED.test(name) ? [[name, value] as const] : [],
    ),
  ),
  DOCKER_CONFIG: logins.dockerConfig,
  REGISTRY_AUTH_FILE: logins.authFile,
  ...more,
});

/** What engines say of trouble that passes, and of tags that do not move; they hand on the registry's words. */
const TROUBLE: readonly (readonly [DeliveryErrorCode, RegExp])[] = [
  ['conflict', /cannot be overwritten|tag invalid|TAG_INVALID/iu],
  ['expired', /token has expired|no basic auth credentials|authentication required|401 Unauthorized/iu],
  ['throttled', /toomanyrequests|429 Too Many|rate exceeded/iu],
  ['unavailable', /\b50[0234]\b|unexpected EOF|connection reset|TLS handshake timeout|i\/o timeout|broken pipe/iu],
];

/** Words of an engine as one line. */
const wordsOf = (lines: readonly string[], limit: number): string => singleLine(lines.join(' | '), limit);

const failure = (program: string, what: string, { exitCode, lastLines }: Execution): DeliveryError => {
  const words = wordsOf(lastLines.slice(-3), 500);
  const code = TROUBLE.find(([, pattern]) => pattern.test(words))?.[0] ?? 'refused';
  return new DeliveryError(code, `${program} ${what} failed (${exitCode}): ${words}`);
};

export interface EngineOptions {
  readonly execute: Execute;
  readonly variables: Variables;
  readonly logins: LoginFiles;
  readonly signal: AbortSignal;
  /** Logs in anew, where the logins are. */
  readonly renew: () => Promise<void>;
}

/** What an engine says that it has pushed; undefined for one that says nothing. */
export interface Pushed {
  readonly digest: Digest | undefined;
}

/** `1.0: digest: sha256:… size: 528`, as docker and its kin end a push. */
const ANNOUNCED = /\bdigest: (sha256:[0-9a-f]{64})\b/u;

/** An image to build. */
export interface Build {
  /** The folder with the Dockerfile, absolute; its only context. */
  readonly path: string;
  /** What the engine shall call the image. */
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
  readonly follow: (line: string) => void;
}

// Docker adds what is not in the Dockerfile, in an index that AWS Lambda does not take and that differs each time.
const BUILD_VARIABLES = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };

/** What engines say of a base image that they may not pull. */
const LOCKED = /unauthorized|no basic auth credentials|access denied|authentication required|authorization failed/iu;

/** An image to pull. */
export interface Pull {
  /** `host/repository@digest`. */
  readonly reference: string;
  readonly name: string;
  readonly plainHttp: boolean;
  readonly follow: (line: string) => void;
}

/** How an engine is told that a registry speaks plain HTTP. Docker knows by itself, for those on this machine. */
const INSECURE: Readonly<Partial<Record<EngineName, readonly string[]>>> = {
  podman: ['--tls-verify=false'],
  buildah: ['--tls-verify=false'],
  nerdctl: ['--insecure-registry'],
  finch: ['--insecure-registry'],
};

/** Buildah has no `image` commands; podman and buildah push without a tag of their own. */
const inspectionOf = (name: EngineName, image: string): readonly string[] =>
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
  async identity(image: string): Promise<Identity | undefined> {
    const { exitCode, stdout } = await this.#run(inspectionOf(this.name, image));
    const id = stdout.trim();
    const digest = id.startsWith('sha256:') ? id : `sha256:${id}`;
    // Docker's older store calls an image by its configuration, containerd by its manifest.
    return exitCode === 0 && isDigest(digest) ? { by: 'either', digest } : undefined;
  }

  /** Pushes an image under a name in a registry; once more with a new login where the old one is over. */
  async push(image: string, target: string, plainHttp: boolean, follow: (line: string) => void): Promise<Pushed> {
    let digest: Digest | undefined;
    const listen = (line: string): void => {
      follow(line);
      const [, announced = ''] = ANNOUNCED.exec(line) ?? [];
      if (isDigest(announced)) digest = announced;
    };
    try {
      await this.#push(image, target, plainHttp, listen);
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'expired') throw error;
      await this.options.renew();
      await this.#push(image, target, plainHttp, listen);
    }
    return { digest };
  }

  async #push(image: string, target: string, plainHttp: boolean, follow: (line: string) => void): Promise<void> {
    const flags = plainHttp ? (INSECURE[this.name] ?? []) : [];
    if (this.name === 'podman' || this.name === 'buildah') {
      await this.#must(['push', ...flags, image, `docker://${target}`], follow);
      return;
    }
    await this.#must(['tag', image, target], follow);
    try {
      await this.#must(['push', ...flags, target], follow);
    } finally {
      // The name was only for the way.
      if (target !== image) await this.forget([target]);
    }
  }

  /** Pulls by digest, which the engine verifies, and gives the image a name. Throws DeliveryError. */
  async pull({ reference, name, plainHttp, follow }: Pull): Promise<void> {
    const flags = plainHttp ? (INSECURE[this.name] ?? []) : [];
    await this.#must(['pull', ...flags, reference], follow);
    if (name !== reference) await this.#must(['tag', reference, name], follow);
  }

  /** Whether the engine answers: its program may be there without it. */
  async isHere(): Promise<boolean> {
    return (await this.#run(['info'])).exitCode === 0;
  }

  /** Builds an image. Throws `refused` with the engine's last lines. */
  async build({ path, name, args, follow }: Build): Promise<void> {
    const given = Object.entries(args).map(([key, value]) => `--build-arg=${key}=${value}`);
    const verb = this.name === 'buildah' ? 'bud' : 'build';
    const command = [verb, '--tag', name, '--file', join(path, 'Dockerfile'), ...given, path];
    const { exitCode, lastLines } = await this.#run(command, { follow, env: BUILD_VARIABLES });
    if (exitCode === 0) return;
    const words = wordsOf(lastLines, 1500);
    const remedy = LOCKED.test(words) ? '; builds have no credentials unless build-logins: true' : '';
    throw new DeliveryError('refused', `${this.name} could not build it (exit code ${exitCode}): ${words}${remedy}`);
  }

  /** Takes names away, whatever happens; layers that a next build may use stay where the engine can tell them apart. */
  async forget(names: readonly string[]): Promise<void> {
    const flags = this.name === 'docker' ? ['--no-prune'] : [];
    for (const name of names) await this.#run(['rmi', ...flags, name], { signal: undefined });
  }

  async #must(args: readonly string[], follow: (line: string) => void): Promise<void> {
    const execution = await this.#run(args, { follow });
    if (execution.exitCode !== 0) throw failure(this.name, args[0] ?? '', execution);
  }

  #run(args: readonly string[], { env = {}, ...others }: Partial<ExecuteOptions> = {}): Promise<Execution> {
    const { execute, variables, logins, signal } = this.options;
    return execute(this.name, args, { signal, ...others, env: environmentOf(variables, logins, env) });
  }
}

/** An image that an engine of this machine has; the engine itself pushes it. */
export interface EngineImage {
  readonly kind: 'engine';
  readonly name: string;
  identity(): Promise<Identity>;
  push(target: string, plainHttp: boolean, follow: (line: string) => void): Promise<Pushed>;
  close(): Promise<void>;
}

/** An image that an engine has under a name. */
export const engineImage = (engine: Engine, image: string, identity: Identity): EngineImage => ({
  kind: 'engine',
  name: `${image} of ${engine.name}`,
  identity: async () => identity,
  push: (target, plainHttp, follow) => engine.push(image, target, plainHttp, follow),
  close: async () => {},
});

/** Finds the engine that has an image: the one named, or the first that has it. Throws `not-found`. */
export const findEngineImage = async (
  image: string,
  only: EngineName | undefined,
  options: EngineOptions,
): Promise<EngineImage> => {
  for (const name of only === undefined ? ENGINES : [only]) {
    const engine = new Engine(name, options);
    const identity = await engine.identity(image);
    if (identity !== undefined) return engineImage(engine, image, identity);
  }
  const where = only ?? `any engine here (${ENGINES.join(', ')})`;
  throw new DeliveryError('not-found', `${where} has no image '${image}': build it, or name a transport such as oci:`);
};

/** The engine named, or the first that answers. Throws `unavailable` where none does. */
export const findEngine = async (only: EngineName | undefined, options: EngineOptions): Promise<Engine> => {
  for (const name of only === undefined ? ENGINES : [only]) {
    const engine = new Engine(name, options);
    if (await engine.isHere()) return engine;
  }
  const who = only === undefined ? `none of ${ENGINES.join(', ')} answers` : `${only} does not answer`;
  throw new DeliveryError('unavailable', `${who} to 'info': install an engine, or start its service`);
};
