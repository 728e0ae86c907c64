import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Page, paginate } from '@aws-delivery/aws/pagination';
import {
  ListApplicationsCommand,
  ListConfigurationProfilesCommand,
  ListDeploymentStrategiesCommand,
  ListEnvironmentsCommand,
  ListHostedConfigurationVersionsCommand,
} from '@aws-sdk/client-appconfig';
import type { AppConfig } from './client.js';

/** A resource by its id and name. */
export interface NamedResource {
  readonly id: string;
  readonly name: string;
}

export interface EnvironmentEntry extends NamedResource {
  /** Number of CloudWatch alarms that roll its deployments back. */
  readonly monitorCount: number;
}

export type ProfileType = 'AWS.Freeform' | 'AWS.AppConfig.FeatureFlags';

export interface ProfileEntry extends NamedResource {
  /** `hosted`, or the URI of a source outside AppConfig. */
  readonly location: string;
  /** Undefined if the list does not return it. */
  readonly type: string | undefined;
  readonly hasValidators: boolean;
}

/** How a strategy spreads a deployment. Times in minutes, as in AppConfig's API. */
export interface Growth {
  readonly durationMinutes: number;
  readonly bakeMinutes: number;
  /** Percent. */
  readonly growthFactor: number;
  readonly growthType: 'LINEAR' | 'EXPONENTIAL';
}

export interface StrategyEntry extends NamedResource {
  readonly growth: Growth;
}

const toPage = <T>({
  Items: items = [],
  NextToken: next,
}: {
  readonly Items?: readonly T[] | undefined;
  readonly NextToken?: string | undefined;
}): Page<T> => ({ items, next });

const toNamed = ({
  Id: id = '',
  Name: name = '',
}: {
  readonly Id?: string | undefined;
  readonly Name?: string | undefined;
}): NamedResource => ({ id, name });

// AppConfig returns at most 50 items a page.
const MaxResults = 50;

export const listApplications = async ({ client }: AppConfig): Promise<readonly NamedResource[]> => {
  const applications = await paginate(async (NextToken) =>
    toPage(await client.send(new ListApplicationsCommand({ NextToken, MaxResults }))),
  );
  return applications.map(toNamed);
};

export const listEnvironments = async (
  { client }: AppConfig,
  ApplicationId: string,
): Promise<readonly EnvironmentEntry[]> => {
  const environments = await paginate(async (NextToken) =>
    toPage(await client.send(new ListEnvironmentsCommand({ ApplicationId, NextToken, MaxResults }))),
  );
  return environments.map((each) => ({ ...toNamed(each), monitorCount: each.Monitors?.length ?? 0 }));
};

export const listProfiles = async ({ client }: AppConfig, ApplicationId: string): Promise<readonly ProfileEntry[]> => {
  const profiles = await paginate(async (NextToken) =>
    toPage(await client.send(new ListConfigurationProfilesCommand({ ApplicationId, NextToken, MaxResults }))),
  );
  return profiles.map((each) => ({
    ...toNamed(each),
    location: each.LocationUri ?? 'hosted',
    type: each.Type,
    hasValidators: (each.ValidatorTypes ?? []).length > 0,
  }));
};

export const listStrategies = async ({ client }: AppConfig): Promise<readonly StrategyEntry[]> => {
  const strategies = await paginate(async (NextToken) =>
    toPage(await client.send(new ListDeploymentStrategiesCommand({ NextToken, MaxResults }))),
  );
  return strategies.map((each) => ({
    ...toNamed(each),
    growth: {
      durationMinutes: each.DeploymentDurationInMinutes ?? 0,
      bakeMinutes: each.FinalBakeTimeInMinutes ?? 0,
      growthFactor: each.GrowthFactor ?? 100,
      growthType: each.GrowthType === 'EXPONENTIAL' ? 'EXPONENTIAL' : 'LINEAR',
    },
  }));
};

/**
 * Finds a resource by name. Names are not unique in AppConfig.
 * @throws DeliveryError `conflict` if several resources have the name
 */
export const findNamed = <T extends NamedResource>(
  entries: readonly T[],
  name: string,
  label: string,
): T | undefined => {
  const found = entries.filter((entry) => entry.name === name);
  if (found.length <= 1) return found[0];
  const ids = found.map(({ id }) => id).join(', ');
  throw new DeliveryError('conflict', `the name of ${label} '${name}' is not unique (${ids}): rename all but one`);
};

/** A profile by its ids. */
export interface HostedProfileRef {
  readonly applicationId: string;
  readonly profileId: string;
}

/** A hosted configuration version as lists show it. */
export interface HostedVersion {
  readonly number: number;
  readonly label: string | undefined;
  readonly description: string | undefined;
}

/** Lists the hosted versions of a profile, newest first: all of them, or the first page, which saves calls. */
export const listVersions = async (
  { client }: AppConfig,
  { applicationId: ApplicationId, profileId: ConfigurationProfileId }: HostedProfileRef,
  { firstPageOnly = false } = {},
): Promise<readonly HostedVersion[]> => {
  const versions = await paginate(async (NextToken) => {
    const page = toPage(
      await client.send(
        new ListHostedConfigurationVersionsCommand({ ApplicationId, ConfigurationProfileId, NextToken, MaxResults }),
      ),
    );
    return firstPageOnly ? { ...page, next: undefined } : page;
  });
  return versions.map(({ VersionNumber: number = 0, VersionLabel: label, Description: description }) => ({
    number,
    label,
    description,
  }));
};
