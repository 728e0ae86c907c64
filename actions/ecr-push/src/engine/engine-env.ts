import { selectEnv } from '@aws-delivery/action-kit/host/run-program';
import type { Env } from '@aws-delivery/action-kit/util/env';
import type { LoginFiles } from '../login/login-directory.js';

/** Variables for engines besides the common ones: location and configuration. AWS credentials are not passed on. */
const ENGINE_ENV =
  /^(?:DOCKER_(?:HOST|CONTEXT|TLS_VERIFY|CERT_PATH|BUILDKIT|DEFAULT_PLATFORM|API_VERSION)|CONTAINERD_.*|CONTAINER_(?:HOST|CONNECTION)|CONTAINERS_.*|STORAGE_.*|BUILDAH_.*)$/iu;

/** An engine on another machine is reached through ssh, which needs the agent. */
const SSH_ENV = /^(?:SSH_AUTH_SOCK|SSH_AGENT_PID|CONTAINER_SSHKEY)$/u;

/** How an engine is reached, and where it finds logins. */
export interface EngineAccess {
  readonly logins: LoginFiles;
  /** Whether the engine is reached through ssh. */
  readonly usesSsh: boolean;
}

/** The environment of an engine: no credentials but the logins to registries. */
export const buildEngineEnv = (
  env: Env,
  { logins, usesSsh }: EngineAccess,
  extraEnv: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  ...selectEnv(env, ENGINE_ENV),
  ...selectEnv(env, usesSsh ? SSH_ENV : ENGINE_ENV),
  DOCKER_CONFIG: logins.dockerConfig,
  REGISTRY_AUTH_FILE: logins.authFile,
  ...extraEnv,
});
