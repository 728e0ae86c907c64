import type { DeploymentTargets } from '@aws-sdk/client-cloudformation';
import type { Cell } from './cells.js';

/** The accounts or organizational units that the inputs target. */
export type TargetAccounts =
  | { readonly kind: 'accounts'; readonly accounts: readonly string[] }
  | {
      readonly kind: 'units';
      readonly units: readonly string[];
      readonly accounts: readonly string[];
      readonly filter: 'intersection' | 'difference' | undefined;
    };

/** Members of a call that name its targets. */
export interface CallTargets {
  readonly Accounts?: string[];
  readonly DeploymentTargets?: DeploymentTargets;
  readonly Regions: string[];
}

/** An account and Region that a stack instance is in. */
export interface InstancePlace {
  readonly account: string;
  readonly region: string;
  /** The organizational unit that it was deployed through. */
  readonly unit: string | undefined;
}

/** Targets of one form, which calls can combine: accounts, or units with one filter. */
export interface TargetGroup {
  /** Account or unit ids. */
  readonly rows: readonly string[];
  readonly isByAccount: boolean;
  /** The row that an instance belongs to; undefined if this group does not target it. */
  readonly findRow: (place: InstancePlace) => string | undefined;
  readonly toCallTargets: (rows: readonly string[], regions: readonly string[]) => CallTargets;
}

const createAccountGroup = (accounts: readonly string[]): TargetGroup => ({
  rows: accounts,
  isByAccount: true,
  findRow: ({ account }) => (accounts.includes(account) ? account : undefined),
  toCallTargets: (rows, regions) => ({ Accounts: [...rows], Regions: [...regions] }),
});

const createUnitGroup = (units: readonly string[], excluded: readonly string[]): TargetGroup => ({
  rows: units,
  isByAccount: false,
  findRow: ({ account, unit }) =>
    unit !== undefined && units.includes(unit) && !excluded.includes(account) ? unit : undefined,
  toCallTargets: (rows, regions) => ({
    DeploymentTargets: {
      OrganizationalUnitIds: [...rows],
      ...(excluded.length === 0 ? {} : { Accounts: [...excluded], AccountFilterType: 'DIFFERENCE' }),
    },
    Regions: [...regions],
  }),
});

/** @param units the organizational units of the accounts; undefined if AWS has to find them */
const createMemberGroup = (
  accounts: readonly string[],
  units: readonly string[] | undefined,
  isOther: (place: InstancePlace) => boolean,
): TargetGroup => ({
  rows: accounts,
  isByAccount: true,
  findRow: (place) => (accounts.includes(place.account) && !isOther(place) ? place.account : undefined),
  toCallTargets: (rows, regions) => ({
    DeploymentTargets: {
      Accounts: [...rows],
      ...(units === undefined ? {} : { OrganizationalUnitIds: [...units], AccountFilterType: 'INTERSECTION' }),
    },
    Regions: [...regions],
  }),
});

/** The groups of targets, in the order in which they are deployed. */
export const createTargetGroups = (targets: TargetAccounts): readonly TargetGroup[] => {
  if (targets.kind === 'accounts') return [createAccountGroup(targets.accounts)];
  const { units, accounts, filter } = targets;
  const isInUnits = ({ unit }: InstancePlace): boolean => unit !== undefined && units.includes(unit);
  if (filter === 'intersection') return [createMemberGroup(accounts, units, (place) => !isInUnits(place))];
  if (filter === 'difference') return [createUnitGroup(units, accounts)];
  return accounts.length === 0
    ? [createUnitGroup(units, [])]
    : [createUnitGroup(units, []), createMemberGroup(accounts, undefined, isInUnits)];
};

/** The target members of a call for existing instances, each named by its account. */
export const toExactTargets = (
  isServiceManaged: boolean,
  unit: string | undefined,
  cells: { readonly accounts: readonly string[]; readonly regions: readonly string[] },
): CallTargets => {
  const [Accounts, Regions] = [[...cells.accounts], [...cells.regions]];
  if (!isServiceManaged) return { Accounts, Regions };
  if (unit === undefined) return { DeploymentTargets: { Accounts }, Regions };
  return {
    DeploymentTargets: { Accounts, OrganizationalUnitIds: [unit], AccountFilterType: 'INTERSECTION' },
    Regions,
  };
};

/** The cell of an instance in the groups, and the index of its group; undefined if it is not targeted. */
export const findTargetCell = (
  groups: readonly TargetGroup[],
  regions: readonly string[],
  place: InstancePlace,
): { readonly group: TargetGroup; readonly cell: Cell } | undefined => {
  if (!regions.includes(place.region)) return undefined;
  for (const group of groups) {
    const row = group.findRow(place);
    if (row !== undefined) return { group, cell: { row, region: place.region } };
  }
  return undefined;
};
