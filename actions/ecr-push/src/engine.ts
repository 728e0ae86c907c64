import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { singleLine } from '@aws-delivery/action-kit/untrusted';
import { isDigest } from './oci/digest.js';
import type { Identity } from './oci/source.js';
import type { LoginFolder } from './result.js';

/** The engines that are looked for, in this order. */
export const ENGINES = ['docker', 'podman', 'buildah', 'nerdctl', 'finch'] as const;

export type EngineName = (typeof ENGINES)[number];

export interface Execution {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program; `follow` hears each line of its output. A program that is not there has the exit code 127. */
export type Execute = (
  program: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly follow?: (line: string) => void },
) => Promise<Execution>;

/** What an engine may see of our environment: where it is and how it gets out, and no credentials of AWS. */
const PASSED =
  /^(?:PATH|HOME|USER|LANG|LC_.*|TMPDIR|TEMP|TMP|SYSTEMROOT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMFILES|XDG_.*|DOCKER_(?:HOST|CONTEXT|TLS_VERIFY|CERT_PATH)|CONTAINERD_.*|CONTAINER_HOST|CONTAINERS_.*|STORAGE_.*|BUILDAH_.*|HTTPS?_PROXY|NO_PROXY|ALL_PROXY)$/iu;

const environmentOf = (variables: Variables, logins: LoginFolder): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && PASSED.test(name) ? [[name, value] as const] : [],
    ),
  ),
  DOCKER_CONFIG: logins.dockerConfig,
  REGISTRY_AUTH_FILE: logins.authFile,
});

/** What engines say of trouble that passes, and of tags that do not move; they hand on the registry's words. */
const TROUBLE: readonly (readonly [DeliveryErrorCode, RegExp])[] = [
  ['conflict', /cannot be overwritten|tag invalid|TAG_INVALID/iu],
  ['throttled', /toomanyrequests|429 Too Many|rate exceeded/iu],
  ['unavailable', /\b50[0234]\b|unexpected EOF|connection reset|TLS handshake timeout|i\/o timeout|broken pipe/iu],
];

const failure = (program: string, what: string, { exitCode, stderr, stdout }: Execution): DeliveryError => {
  const words = (stderr.trim() || stdout.trim()).split('\n').slice(-3).join(' ');
  const code = TROUBLE.find(([, pattern]) => pattern.test(words))?.[0] ?? 'refused';
  return new DeliveryError(code, `${program} ${what} failed (${exitCode}): ${singleLine(words, 500)}`);
};

export interface EngineOptions {
  readonly execute: Execute;
  readonly variables: Variables;
  readonly logins: LoginFolder;
}

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

  /** Pushes an image under a name in a registry. Throws DeliveryError. */
  async push(image: string, target: string, plainHttp: boolean, follow: (line: string) => void): Promise<void> {
    if (this.name === 'podman' || this.name === 'buildah') {
      const flags = plainHttp ? ['--tls-verify=false'] : [];
      await this.#must(['push', ...flags, image, `docker://${target}`], follow);
      return;
    }
    await this.#must(['tag', image, target], follow);
    const flags = plainHttp && this.name !== 'docker' ? ['--insecure-registry'] : [];
    try {
      await this.#must(['push', ...flags, target], follow);
    } finally {
      // The name was only for the way.
      if (target !== image) await this.#run(['rmi', target]);
    }
  }

  async #must(args: readonly string[], follow: (line: string) => void): Promise<void> {
    const execution = await this.#run(args, follow);
    if (execution.exitCode !== 0) throw failure(this.name, args[0] ?? '', execution);
  }

  #run(args: readonly string[], follow?: (line: string) => void): Promise<Execution> {
    const { execute, variables, logins } = this.options;
    const env = environmentOf(variables, logins);
    return execute(this.name, args, { env, ...(follow === undefined ? {} : { follow }) });
  }
}

/** An image that an engine of this machine has; the engine itself pushes it. */
export interface EngineImage {
  readonly kind: 'engine';
  readonly name: string;
  identity(): Promise<Identity>;
  push(target: string, plainHttp: boolean, follow: (line: string) => void): Promise<void>;
  close(): Promise<void>;
}

/** Finds the engine that has an image: the one named, or the first that has it. Throws `not-found`. */
export const findEngineImage = async (
  image: string,
  only: EngineName | undefined,
  options: EngineOptions,
): Promise<EngineImage> => {
  for (const name of only === undefined ? ENGINES : [only]) {
    const engine = new Engine(name, options);
    const identity = await engine.identity(image);
    if (identity === undefined) continue;
    return {
      kind: 'engine',
      name: `${image} of ${name}`,
      identity: async () => identity,
      push: (target, plainHttp, follow) => engine.push(image, target, plainHttp, follow),
      close: async () => {},
    };
  }
  const where = only ?? `any engine here (${ENGINES.join(', ')})`;
  throw new DeliveryError('not-found', `${where} has no image '${image}': build it, or name a transport such as oci:`);
};
