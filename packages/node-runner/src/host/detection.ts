import { RunnerError } from '../runner-error.js';
import { AzureDevOpsHost } from './azure-devops.js';
import { GitHubHost } from './github.js';
import { GitLabHost } from './gitlab.js';
import type { CiHost, Surroundings, Variables } from './host.js';
import { ShellHost } from './shell.js';

export interface HostWishes {
  /** A host by name, instead of the one that the variables tell. */
  readonly name?: string | undefined;
  /** Azure DevOps: whose token is asked for. */
  readonly serviceConnection?: string | undefined;
}

interface Known {
  readonly isHere: (variables: Variables) => boolean;
  readonly make: (surroundings: Surroundings, wishes: HostWishes) => CiHost;
}

const hosts: Readonly<Record<string, Known>> = {
  github: {
    isHere: (variables) => variables['GITHUB_ACTIONS'] === 'true',
    make: (surroundings) => new GitHubHost(surroundings),
  },
  'azure-devops': {
    isHere: (variables) => variables['TF_BUILD']?.toLowerCase() === 'true',
    make: (surroundings, { serviceConnection }) => new AzureDevOpsHost(surroundings, serviceConnection),
  },
  gitlab: {
    isHere: (variables) => variables['GITLAB_CI'] === 'true',
    make: (surroundings) => new GitLabHost(surroundings),
  },
  shell: { isHere: () => true, make: (surroundings) => new ShellHost(surroundings) },
};

/**
 * The host this runs on, found by its variables; a shell where nothing else is.
 * @throws RunnerError `usage` for a name that is no host's
 */
export const findHost = (surroundings: Surroundings, wishes: HostWishes = {}): CiHost => {
  const name = wishes.name ?? Object.keys(hosts).find((key) => hosts[key]?.isHere(surroundings.variables));
  const known = Object.hasOwn(hosts, name ?? '') ? hosts[name ?? ''] : undefined;
  if (known !== undefined) return known.make(surroundings, wishes);
  throw new RunnerError('usage', `unknown host '${name}': one of ${Object.keys(hosts).join(', ')}`);
};
