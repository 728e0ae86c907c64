import type { Env } from '@aws-delivery/action-kit/util/env';
import { createUsageError } from '../runner-error.js';
import { AzureDevOpsHost } from './azure-devops.js';
import { GitHubHost } from './github.js';
import { GitLabHost } from './gitlab.js';
import type { CiHost, HostEnvironment } from './host.js';
import { ShellHost } from './shell.js';

export interface HostOptions {
  /** Name of the host; default: detected by its variables. */
  readonly name?: string | undefined;
  /** Azure DevOps: id of the service connection whose token is requested. */
  readonly serviceConnection?: string | undefined;
}

interface HostFactory {
  readonly isCurrent: (env: Env) => boolean;
  readonly create: (environment: HostEnvironment, options: HostOptions) => CiHost;
}

const HOSTS: Readonly<Record<string, HostFactory>> = {
  github: {
    isCurrent: (env) => env['GITHUB_ACTIONS'] === 'true',
    create: (environment) => new GitHubHost(environment),
  },
  'azure-devops': {
    isCurrent: (env) => env['TF_BUILD']?.toLowerCase() === 'true',
    create: (environment, { serviceConnection }) => new AzureDevOpsHost(environment, serviceConnection),
  },
  gitlab: {
    isCurrent: (env) => env['GITLAB_CI'] === 'true',
    create: (environment) => new GitLabHost(environment),
  },
  shell: { isCurrent: () => true, create: (environment) => new ShellHost(environment) },
};

/**
 * The host of this process, detected by its variables; a shell if no other host is detected.
 * @throws RunnerError `usage` for an unknown name
 */
export const findHost = (environment: HostEnvironment, options: HostOptions = {}): CiHost => {
  const name = options.name ?? Object.keys(HOSTS).find((key) => HOSTS[key]?.isCurrent(environment.env));
  const factory = Object.hasOwn(HOSTS, name ?? '') ? HOSTS[name ?? ''] : undefined;
  if (factory !== undefined) return factory.create(environment, options);
  throw createUsageError(`unknown host '${name}': expected one of ${Object.keys(HOSTS).join(', ')}`);
};
