import type { ApiCall, Document } from '../../api-call.js';
import type { Timeline } from '../../time/timeline.js';
import { BUILT_IN_STRATEGIES, type DeploymentSnapshot, type Strategy } from './rollout-progress.js';
import { notFoundError } from './service-errors.js';
import type { Validator } from './validator.js';

export interface Version {
  readonly number: number;
  readonly content: Buffer;
  readonly contentType: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly createdAt: number;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly retrievalRole: string | undefined;
  readonly createdAt: number;
  readonly versions: Map<number, Version>;
  validators: readonly Validator[];
  lastVersion: number;
  /** When a client last read it; undefined if never. */
  readAt: number | undefined;
}

export interface Deployment {
  readonly number: number;
  readonly profile: Profile;
  readonly strategy: Strategy;
  /** Version number of hosted content; otherwise the version as the caller named it. */
  readonly version: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly parameters: unknown;
  readonly kmsKey: string | undefined;
  readonly startedAt: number;
  readonly timeline: Timeline<DeploymentSnapshot>;
}

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly deployments: Deployment[];
  monitors: readonly Document[];
  readAt: number | undefined;
}

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly environments: Map<string, Environment>;
  readonly profiles: Map<string, Profile>;
}

interface RegionResources {
  readonly applications: Map<string, Application>;
  readonly strategies: Map<string, Strategy>;
  /** By ARN. */
  readonly tags: Map<string, Document>;
}

const getById = <T>(map: ReadonlyMap<string, T>, id: unknown, label: string): T => {
  const value = map.get(String(id));
  if (value === undefined) throw notFoundError(`${label} ${id}`);
  return value;
};

const getByIdOrName = <T extends { readonly id: string; readonly name: string }>(
  map: ReadonlyMap<string, T>,
  idOrName: unknown,
  label: string,
): T => {
  const value = map.get(String(idOrName)) ?? [...map.values()].find(({ name }) => name === idOrName);
  if (value === undefined) throw notFoundError(`${label} ${idOrName}`);
  return value;
};

/** AppConfig's state by Region. The `get…` methods throw a ServiceError for a missing resource. */
export class Store {
  private readonly regions = new Map<string, RegionResources>();

  getRegion({ region }: Pick<ApiCall, 'region'>): RegionResources {
    const resources = this.regions.get(region) ?? {
      applications: new Map(),
      strategies: new Map(BUILT_IN_STRATEGIES.map((strategy) => [strategy.id, strategy])),
      tags: new Map(),
    };
    this.regions.set(region, resources);
    return resources;
  }

  getApplication(call: ApiCall): Application {
    return getById(this.getRegion(call).applications, call.input['ApplicationId'], 'Application');
  }

  getEnvironment(call: ApiCall): Environment {
    return getById(this.getApplication(call).environments, call.input['EnvironmentId'], 'Environment');
  }

  getProfile(call: ApiCall): Profile {
    return getById(this.getApplication(call).profiles, call.input['ConfigurationProfileId'], 'ConfigurationProfile');
  }

  getVersion(call: ApiCall): Version {
    const number = call.input['VersionNumber'];
    const version = this.getProfile(call).versions.get(Number(number));
    if (version === undefined) throw notFoundError(`HostedConfigurationVersion ${number}`);
    return version;
  }

  getDeployment(call: ApiCall): Deployment {
    const number = call.input['DeploymentNumber'];
    const deployment = this.getEnvironment(call).deployments.find((each) => each.number === number);
    // A read at an earlier moment must not see a deployment that starts later.
    if (deployment === undefined || deployment.startedAt > call.at) throw notFoundError(`Deployment ${number}`);
    return deployment;
  }

  getStrategy(call: ApiCall): Strategy {
    return getById(this.getRegion(call).strategies, call.input['DeploymentStrategyId'], 'DeploymentStrategy');
  }

  /** The environment and profile that a data plane call names by id or name. */
  getConfiguration(call: ApiCall): { readonly environment: Environment; readonly profile: Profile } {
    const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier } = call.input;
    const application = getByIdOrName(this.getRegion(call).applications, ApplicationIdentifier, 'Application');
    return {
      environment: getByIdOrName(application.environments, EnvironmentIdentifier, 'Environment'),
      profile: getByIdOrName(application.profiles, ConfigurationProfileIdentifier, 'ConfigurationProfile'),
    };
  }
}
