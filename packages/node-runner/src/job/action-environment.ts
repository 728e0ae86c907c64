import type { Env } from '@aws-delivery/action-kit/util/env';

/** Variables of the machine that a process needs to run at all; nothing else of the caller's environment passes. */
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

/** What an action needs to know beside the machine: AWS, proxies, authorities, container engines; `*` stands for any end. */
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
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** The part of an environment that describes the machine: the clean ground a job stands on. */
export const getMachineEnv = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && MACHINE_VARIABLES.includes(name.toUpperCase()) ? [[name, value]] : [],
    ),
  );

/**
 * What of the caller's environment the actions see: nothing but this, so that a CI's own secrets stay outside.
 * @param named further variables by name, a `*` at the end for all that begin so
 */
export const selectActionEnv = (env: Env, extraPatterns: readonly string[]): Record<string, string> => {
  const selected = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (matchesPattern(name.toUpperCase(), PASSED_VARIABLES) || matchesPattern(name, extraPatterns))
      ? [[name, value] as const]
      : [],
  );
  return { ...getMachineEnv(env), ...Object.fromEntries(selected) };
};
