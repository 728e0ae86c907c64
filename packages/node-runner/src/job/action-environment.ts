import type { Env } from '@aws-delivery/action-kit/util/env';
import { matchesWildcard } from '@aws-delivery/action-kit/util/wildcard';

/** Variables that a process needs on this machine. */
const MACHINE_VARIABLES = [
  'COMSPEC',
  'HOME',
  'LANG',
  'PATH',
  'PATHEXT',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'TMPDIR',
  'TZ',
  'USER',
  'USERPROFILE',
  'WINDIR',
];

/** Settings of AWS, proxies, certificate authorities and container engines; a trailing `*` matches any suffix. */
const PASSED_VARIABLES = [
  'AWS_*',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'BUILDX_*',
  'BUILDAH_*',
  'CONTAINERS_*',
  'CONTAINER_HOST',
  'DOCKER_*',
  'REGISTRY_AUTH_FILE',
  'XDG_*',
];

const matchesPattern = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matchesWildcard(name, pattern));

/** The variables of the machine, the default base environment of a job. */
export const getMachineEnv = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && MACHINE_VARIABLES.includes(name.toUpperCase()) ? [[name, value]] : [],
    ),
  );

/**
 * Selects the variables of the caller that actions get. All others are dropped, since they may hold secrets of the CI.
 * @param extraPatterns names of further variables; a trailing `*` matches any suffix
 */
export const selectActionEnv = (env: Env, extraPatterns: readonly string[]): Record<string, string> => {
  const selected = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (matchesPattern(name.toUpperCase(), PASSED_VARIABLES) || matchesPattern(name, extraPatterns))
      ? [[name, value] as const]
      : [],
  );
  return { ...getMachineEnv(env), ...Object.fromEntries(selected) };
};
