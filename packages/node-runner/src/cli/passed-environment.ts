import { machineEnvironment } from '../environment.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** What an action needs to know beside the machine: AWS, proxies, authorities, container engines; `*` stands for any end. */
const passed = [
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

const isNamed = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/**
 * What of the caller's environment the actions see: nothing but this, so that a CI's own secrets stay outside.
 * @param named further variables by name, a `*` at the end for all that begin so
 */
export const passedEnvironment = (variables: Variables, named: readonly string[]): Record<string, string> => {
  const chosen = Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && (isNamed(name.toUpperCase(), passed) || isNamed(name, named))
      ? [[name, value] as const]
      : [],
  );
  return { ...machineEnvironment(variables), ...Object.fromEntries(chosen) };
};
