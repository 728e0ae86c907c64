import type { Call, Document } from '../../call.js';
import type { Timeline } from '../../timeline.js';
import { BUILT_IN, type Fact, type Strategy } from './growth.js';
import { notFound } from './refusal.js';
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
  /** When a client last read it. */
  readAt: number | undefined;
}

export interface Deployment {
  readonly number: number;
  readonly profile: Profile;
  readonly strategy: Strategy;
  /** Of hosted content a number, of any other location what it calls a version. */
  readonly version: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly parameters: unknown;
  readonly kmsKey: string | undefined;
  readonly startedAt: number;
  readonly timeline: Timeline<Fact>;
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

/** What there is in one Region. */
interface Place {
  readonly applications: Map<string, Application>;
  readonly strategies: Map<string, Strategy>;
  /** By ARN. */
  readonly tags: Map<string, Document>;
}

const found = <T>(map: ReadonlyMap<string, T>, id: unknown, what: string): T => {
  const value = map.get(String(id));
  if (value === undefined) throw notFound(`${what} ${id}`);
  return value;
};

const byIdOrName = <T extends { readonly id: string; readonly name: string }>(
  map: ReadonlyMap<string, T>,
  given: unknown,
  what: string,
): T => {
  const value = map.get(String(given)) ?? [...map.values()].find(({ name }) => name === given);
  if (value === undefined) throw notFound(`${what} ${given}`);
  return value;
};

/** Everything AppConfig keeps, Region by Region. Its lookups throw a Refusal for what is not there. */
export class Store {
  readonly #places = new Map<string, Place>();

  place({ region }: Pick<Call, 'region'>): Place {
    const known = this.#places.get(region) ?? {
      applications: new Map(),
      strategies: new Map(BUILT_IN.map((strategy) => [strategy.id, strategy])),
      tags: new Map(),
    };
    this.#places.set(region, known);
    return known;
  }

  application(call: Call): Application {
    return found(this.place(call).applications, call.input['ApplicationId'], 'Application');
  }

  environment(call: Call): Environment {
    return found(this.application(call).environments, call.input['EnvironmentId'], 'Environment');
  }

  profile(call: Call): Profile {
    return found(this.application(call).profiles, call.input['ConfigurationProfileId'], 'ConfigurationProfile');
  }

  version(call: Call): Version {
    const number = call.input['VersionNumber'];
    const version = this.profile(call).versions.get(Number(number));
    if (version === undefined) throw notFound(`HostedConfigurationVersion ${number}`);
    return version;
  }

  deployment(call: Call): Deployment {
    const number = call.input['DeploymentNumber'];
    const deployment = this.environment(call).deployments.find((each) => each.number === number);
    // A deployment that has not begun by the moment a read is about is not there yet.
    if (deployment === undefined || deployment.startedAt > call.at) throw notFound(`Deployment ${number}`);
    return deployment;
  }

  strategy(call: Call): Strategy {
    return found(this.place(call).strategies, call.input['DeploymentStrategyId'], 'DeploymentStrategy');
  }

  /** What a client of the data plane names, by id or name. */
  configuration(call: Call): { readonly environment: Environment; readonly profile: Profile } {
    const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier } = call.input;
    const application = byIdOrName(this.place(call).applications, ApplicationIdentifier, 'Application');
    return {
      environment: byIdOrName(application.environments, EnvironmentIdentifier, 'Environment'),
      profile: byIdOrName(application.profiles, ConfigurationProfileIdentifier, 'ConfigurationProfile'),
    };
  }
}
