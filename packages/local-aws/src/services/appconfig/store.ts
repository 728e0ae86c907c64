import type { ApiCall, Document } from '../../api-call.js';
import type { Timeline } from '../../time/timeline.js';
import { BUILT_IN_STRATEGIES, type DeploymentSnapshot, type Strategy } from './rollout-progress.js';
import { notFoundError } from './service-errors.js';

// Records have the members of the API in capitals; the codec leaves out the others.

export interface Version {
  readonly VersionNumber: number;
  readonly Content: Buffer;
  readonly ContentType: string;
  readonly VersionLabel: string | undefined;
  readonly Description: string | undefined;
  readonly createdAt: number;
}

/** The members that all resources have. */
export interface Resource extends Document {
  readonly Id: string;
  readonly Name: string;
  readonly Description: string | undefined;
  readonly createdAt: number;
}

/** A resource below an application. */
interface Configurable extends Resource {
  readonly ApplicationId: string;
  /** When a client last read its configuration; undefined if never. */
  readAt: number | undefined;
}

export interface Profile extends Configurable {
  readonly Type: string;
  readonly LocationUri: string;
  readonly RetrievalRoleArn: string | undefined;
  Validators: readonly Document[];
  readonly versions: Map<number, Version>;
  lastVersion: number;
}

export interface Deployment extends Document {
  readonly DeploymentNumber: number;
  /** Version number of hosted content; otherwise the version as the caller named it. */
  readonly ConfigurationVersion: string;
  readonly profile: Profile;
  readonly startedAt: number;
  readonly timeline: Timeline<DeploymentSnapshot>;
}

export interface Environment extends Configurable {
  readonly Monitors: readonly Document[];
  readonly deployments: Deployment[];
}

export interface Application extends Resource {
  readonly environments: Map<string, Environment>;
  readonly profiles: Map<string, Profile>;
}

interface RegionResources {
  readonly applications: Map<string, Application>;
  readonly strategies: Map<string, Strategy>;
  /** By ARN. */
  readonly tags: Map<string, Document>;
}

/** The resource with an id; the data plane also accepts names. */
const getResource = <T extends { readonly Name: string }>(
  resources: ReadonlyMap<string, T>,
  id: unknown,
  label: string,
  acceptsName = false,
): T => {
  const named = () => [...resources.values()].find(({ Name }) => acceptsName && Name === id);
  const found = resources.get(String(id)) ?? named();
  if (found === undefined) throw notFoundError(`${label} ${id}`);
  return found;
};

/** AppConfig's state by Region. The `get…` methods throw a ServiceError for a missing resource. */
export class Store {
  private readonly regions = new Map<string, RegionResources>();

  getRegion({ region }: Pick<ApiCall, 'region'>): RegionResources {
    const resources = this.regions.get(region) ?? {
      applications: new Map(),
      strategies: new Map(BUILT_IN_STRATEGIES.map((strategy) => [strategy.Id, strategy])),
      tags: new Map(),
    };
    this.regions.set(region, resources);
    return resources;
  }

  getApplication(call: ApiCall): Application {
    return getResource(this.getRegion(call).applications, call.input['ApplicationId'], 'Application');
  }

  getEnvironment(call: ApiCall): Environment {
    return getResource(this.getApplication(call).environments, call.input['EnvironmentId'], 'Environment');
  }

  getProfile(call: ApiCall): Profile {
    const { ConfigurationProfileId: id } = call.input;
    return getResource(this.getApplication(call).profiles, id, 'ConfigurationProfile');
  }

  getDeployment(call: ApiCall): Deployment {
    const number = call.input['DeploymentNumber'];
    const deployment = this.getEnvironment(call).deployments.find((each) => each.DeploymentNumber === number);
    // A read at an earlier moment must not see a deployment that starts later.
    if (deployment === undefined || deployment.startedAt > call.at) throw notFoundError(`Deployment ${number}`);
    return deployment;
  }

  getStrategy(call: ApiCall): Strategy {
    return getResource(this.getRegion(call).strategies, call.input['DeploymentStrategyId'], 'DeploymentStrategy');
  }

  /** The environment and profile that a data plane call names by id or name. */
  getConfiguration(call: ApiCall): { readonly environment: Environment; readonly profile: Profile } {
    const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier: profileId } = call.input;
    const application = getResource(this.getRegion(call).applications, ApplicationIdentifier, 'Application', true);
    return {
      environment: getResource(application.environments, EnvironmentIdentifier, 'Environment', true),
      profile: getResource(application.profiles, profileId, 'ConfigurationProfile', true),
    };
  }
}
