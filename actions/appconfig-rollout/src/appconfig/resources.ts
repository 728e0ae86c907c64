import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import {
  ListApplicationsCommand,
  ListConfigurationProfilesCommand,
  ListDeploymentStrategiesCommand,
  ListEnvironmentsCommand,
} from '@aws-sdk/client-appconfig';
import type { Growth } from '../inputs/strategy.js';
import type { AppConfig } from './client.js';

/** Something by its id and name. */
export interface NamedResource {
  readonly id: string;
  readonly name: string;
}

export interface EnvironmentEntry extends NamedResource {
  /** How many alarms watch over it. */
  readonly monitorCount: number;
}

export interface ProfileEntry extends NamedResource {
  readonly location: string;
  readonly type: string;
  /** Whether it has validators. */
  readonly isValidated: boolean;
}

export interface StrategyEntry extends NamedResource {
  readonly growth: Growth;
}

interface Page<Item> {
  readonly Items?: readonly Item[] | undefined;
  readonly NextToken?: string | undefined;
}

const listAllPages = async <Item>(
  read: (token: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    items.push(...(page.Items ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return items;
};

const toNamed = ({
  Id,
  Name,
}: {
  readonly Id?: string | undefined;
  readonly Name?: string | undefined;
}): NamedResource => ({
  id: Id ?? '',
  name: Name ?? '',
});

// AppConfig's pages hold at most 50.
const MaxResults = 50;

export const listApplications = async ({ client }: AppConfig): Promise<readonly NamedResource[]> =>
  (await listAllPages((NextToken) => client.send(new ListApplicationsCommand({ NextToken, MaxResults })))).map(toNamed);

export const listEnvironments = async ({ client }: AppConfig, id: string): Promise<readonly EnvironmentEntry[]> => {
  const read = (NextToken: string | undefined) =>
    client.send(new ListEnvironmentsCommand({ ApplicationId: id, NextToken, MaxResults }));
  return (await listAllPages(read)).map((each) => ({ ...toNamed(each), monitorCount: each.Monitors?.length ?? 0 }));
};

export const listProfiles = async ({ client }: AppConfig, id: string): Promise<readonly ProfileEntry[]> => {
  const read = (NextToken: string | undefined) =>
    client.send(new ListConfigurationProfilesCommand({ ApplicationId: id, NextToken, MaxResults }));
  return (await listAllPages(read)).map((each) => ({
    ...toNamed(each),
    location: each.LocationUri ?? 'hosted',
    type: each.Type ?? 'AWS.Freeform',
    isValidated: (each.ValidatorTypes ?? []).length > 0,
  }));
};

export const listStrategies = async ({ client }: AppConfig): Promise<readonly StrategyEntry[]> => {
  const read = (NextToken: string | undefined) =>
    client.send(new ListDeploymentStrategiesCommand({ NextToken, MaxResults }));
  return (await listAllPages(read)).map((each) => ({
    ...toNamed(each),
    growth: {
      durationMinutes: each.DeploymentDurationInMinutes ?? 0,
      bakeMinutes: each.FinalBakeTimeInMinutes ?? 0,
      growthFactor: each.GrowthFactor ?? 100,
      growthType: each.GrowthType === 'EXPONENTIAL' ? 'EXPONENTIAL' : 'LINEAR',
    },
  }));
};

/** The one of a name. Names are not unique in AppConfig: throws `conflict` where there are several. */
export const findNamed = <T extends NamedResource>(
  entries: readonly T[],
  name: string,
  label: string,
): T | undefined => {
  const found = entries.filter((entry) => entry.name === name);
  if (found.length <= 1) return found[0];
  const ids = found.map(({ id }) => id).join(', ');
  throw new DeliveryError('conflict', `there are ${found.length} of ${label} '${name}' (${ids}): rename all but one`);
};
