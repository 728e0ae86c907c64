import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coverCells, getCellKey, listCells } from '../../src/stack-set/cells.js';
import { type PlannedInstance, type PlannedOperation, planDeployment, planRetry } from '../../src/stack-set/plan.js';
import {
  type CallTargets,
  createTargetGroups,
  findTargetCell,
  type TargetAccounts,
} from '../../src/stack-set/targets.js';

const accounts = ['1', '2', '3', '4', '5'];
const regions = ['a', 'b', 'c'];
const unitOf = (account: string): string => (Number(account) <= 3 ? 'ou-1' : 'ou-2');

const cells = fc.uniqueArray(fc.record({ row: fc.constantFrom(...accounts), region: fc.constantFrom(...regions) }), {
  selector: getCellKey,
});

const targetAccounts: fc.Arbitrary<TargetAccounts> = fc.oneof(
  fc.record({ kind: fc.constant('accounts' as const), accounts: fc.subarray(accounts, { minLength: 1 }) }),
  fc.record({
    kind: fc.constant('units' as const),
    units: fc.subarray(['ou-1', 'ou-2'], { minLength: 1 }),
    accounts: fc.subarray(accounts, { minLength: 1 }),
    filter: fc.constantFrom('intersection' as const, 'difference' as const, undefined),
  }),
);

const targetState = fc.record({
  targets: targetAccounts,
  regions: fc.subarray(regions, { minLength: 1 }),
  removeUntargeted: fc.boolean(),
  existing: fc.uniqueArray(
    fc.record({
      account: fc.constantFrom(...accounts),
      region: fc.constantFrom(...regions),
      status: fc.constantFrom('CURRENT' as const, 'OUTDATED' as const, 'INOPERABLE' as const),
    }),
    { selector: ({ account, region }) => `${account}/${region}` },
  ),
  change: fc.record({ isChanged: fc.boolean(), managedExecution: fc.boolean(), autoDeployment: fc.constant(false) }),
  override: fc.option(fc.constantFrom(...regions), { nil: undefined }),
});
type TargetState = typeof targetState extends fc.Arbitrary<infer T> ? T : never;

/** The accounts and Regions that AWS would change for the targets of a call. */
const resolveTargets = (targets: CallTargets): readonly string[] => {
  const { Accounts, DeploymentTargets, Regions } = targets;
  const { OrganizationalUnitIds: units, Accounts: named = [], AccountFilterType: filter } = DeploymentTargets ?? {};
  const inUnits = accounts.filter((account) => units === undefined || units.includes(unitOf(account)));
  const isNamed = (account: string): boolean => named.includes(account);
  const resolved =
    Accounts ??
    (units === undefined || filter === 'INTERSECTION'
      ? inUnits.filter(isNamed)
      : inUnits.filter((account) => filter !== 'DIFFERENCE' || !isNamed(account)));
  return resolved.flatMap((account) => Regions.map((region) => `${account}/${region}`));
};

const build = ({ targets, regions: expected, removeUntargeted, existing, override }: TargetState) => {
  const isServiceManaged = targets.kind === 'units';
  const groups = createTargetGroups(targets);
  const instances = existing.map((place): PlannedInstance => {
    return { ...place, unit: isServiceManaged ? unitOf(place.account) : undefined, isSuspended: false };
  });
  const getOverrides =
    override === undefined
      ? undefined
      : ({ region }: { readonly region: string }) => new Map(region === override ? [['P', 'x']] : []);
  const desired = { groups, regions: expected, isServiceManaged, getOverrides, removeUntargeted, retainStacks: false };
  const actual = { instances, unitRegions: new Map(), getOverrides: () => new Map() };
  const isMeant = (key: string): boolean => {
    const [account = '', region = ''] = key.split('/');
    const unit = isServiceManaged ? unitOf(account) : undefined;
    return findTargetCell(groups, expected, { account, region, unit }) !== undefined;
  };
  return { desired, actual, isMeant, keys: instances.map(({ account, region }) => `${account}/${region}`) };
};

const listTouched = (operation: PlannedOperation, existing: readonly string[]): readonly string[] =>
  operation.targets === undefined ? existing : resolveTargets(operation.targets);

describe('coverCells', () => {
  it('covers exactly the cells, each once, with at most one rectangle for each row or Region', () => {
    fc.assert(
      fc.property(cells, (overridden) => {
        const rectangles = coverCells(overridden);
        const covered = rectangles.flatMap(listCells).map(getCellKey);
        expect(covered.toSorted()).toEqual(overridden.map(getCellKey).toSorted());
        const rows = new Set(overridden.map(({ row }) => row)).size;
        const columns = new Set(overridden.map(({ region }) => region)).size;
        expect(rectangles.length).toBeLessThanOrEqual(Math.min(rows, columns));
      }),
    );
  });
});

describe('a planned deployment', () => {
  it('touches no cell that is not meant, and deletes nothing unless asked', () => {
    fc.assert(
      fc.property(targetState, (overridden) => {
        const { desired, actual, isMeant, keys } = build(overridden);
        const plan = planDeployment(desired, actual, overridden.change);
        for (const operation of plan.kind === 'planned' ? plan.operations : []) {
          const touched = listTouched(operation, keys).filter(
            (key) => operation.kind === 'create' || keys.includes(key),
          );
          if (operation.kind === 'delete') {
            expect(overridden.removeUntargeted).toBe(true);
            expect(touched.filter(isMeant)).toEqual([]);
          } else {
            expect(touched.filter((key) => !isMeant(key))).toEqual([]);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('reaches every meant cell that is missing or outdated', () => {
    fc.assert(
      fc.property(targetState, (overridden) => {
        const { desired, actual, isMeant, keys } = build(overridden);
        const plan = planDeployment(desired, actual, overridden.change);
        fc.pre(plan.kind === 'planned' && !plan.isIncomplete);
        const operations = plan.kind === 'planned' ? plan.operations : [];
        const touched = new Set(operations.flatMap((operation) => listTouched(operation, keys)));
        const outdated = overridden.existing.filter(
          ({ status }) => status === 'OUTDATED' || overridden.change.isChanged,
        );
        const needed = outdated
          .filter(({ status }) => status !== 'INOPERABLE')
          .map(({ account, region }) => `${account}/${region}`);
        const missing =
          overridden.targets.kind === 'accounts'
            ? overridden.targets.accounts.flatMap((account) =>
                overridden.regions.map((region) => `${account}/${region}`),
              )
            : [];
        const expected = [...needed, ...missing.filter((key) => !keys.includes(key))].filter(isMeant);
        expect(expected.filter((key) => !touched.has(key))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('never deletes or changes the set in a retry', () => {
    fc.assert(
      fc.property(targetState, (overridden) => {
        const { desired, actual } = build(overridden);
        const kinds = planRetry(desired, actual).map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind !== 'create' && kind !== 'update')).toEqual([]);
      }),
    );
  });
});
