import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { type Cell, coverCells, getCellKey, listCells, type Rectangle } from './cells.js';
import { type CallTargets, findTargetCell, type InstancePlace, type TargetGroup, toExactTargets } from './targets.js';

export type Overrides = ReadonlyMap<string, string>;

/** An instance of the set, as far as the plan depends on it. */
export interface PlannedInstance extends InstancePlace {
  readonly status: 'CURRENT' | 'OUTDATED' | 'INOPERABLE';
  readonly isSuspended: boolean;
}

export interface DesiredTargets {
  readonly groups: readonly TargetGroup[];
  readonly regions: readonly string[];
  readonly isServiceManaged: boolean;
  /** Undefined if no overrides are given: then instances keep theirs. */
  readonly getOverrides: ((cell: Cell) => Overrides) | undefined;
  readonly removeUntargeted: boolean;
  readonly retainStacks: boolean;
}

export interface ActualTargets<I extends PlannedInstance = PlannedInstance> {
  readonly instances: readonly I[];
  /** Regions that an organizational unit was deployed to, with or without accounts. */
  readonly unitRegions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Current overrides; called only when overrides are given. */
  readonly getOverrides: (instance: I) => Overrides;
}

/** What differs in the set itself. */
export interface SetChange {
  readonly isChanged: boolean;
  readonly managedExecution: boolean;
  /** AWS accepts these changes only without targets. */
  readonly autoDeployment: boolean;
}

/** One call that starts an operation. Without targets, the call applies to every instance of the set. */
export interface PlannedOperation {
  readonly kind: 'managed-execution' | 'update-set' | 'create' | 'update' | 'delete';
  readonly targets: CallTargets | undefined;
  /** Undefined: instances keep theirs. */
  readonly overrides?: Overrides;
  readonly retainStacks?: boolean;
  /** The cells of the operation as `row/Region`; rows are accounts, or units for new instances of units. */
  readonly cells: readonly string[];
}

export type Plan =
  | {
      readonly kind: 'planned';
      readonly operations: readonly PlannedOperation[];
      /** After these operations, the plan has to be made again. */
      readonly isIncomplete: boolean;
    }
  /** The changes cannot be made without reaching instances that are not targeted. */
  | { readonly kind: 'blocked'; readonly reason: string };

const getPlaceKey = ({ account, region }: InstancePlace): string => `${account}/${region}`;

const formatOverrides = (overrides: Overrides): string => JSON.stringify([...overrides].toSorted());

interface TargetedInstance<I extends PlannedInstance> {
  readonly instance: I;
  readonly group: TargetGroup;
  readonly cell: Cell;
}

const UNTARGETED_HINT = 'target all instances, or set remove-untargeted: true';

class Planner<I extends PlannedInstance> {
  readonly targeted: readonly TargetedInstance<I>[];
  readonly untargeted: readonly I[];

  constructor(
    private readonly desired: DesiredTargets,
    private readonly actual: ActualTargets<I>,
  ) {
    const { groups, regions } = desired;
    const places = actual.instances.map((instance) => ({
      instance,
      target: findTargetCell(groups, regions, instance),
    }));
    this.targeted = places.flatMap(({ instance, target }) => (target === undefined ? [] : [{ instance, ...target }]));
    this.untargeted = places.flatMap(({ instance, target }) => (target === undefined ? [instance] : []));
  }

  planManagedExecution(): readonly PlannedOperation[] {
    const [first] = this.listUpdateRectangles();
    return [{ kind: 'managed-execution', ...(first ?? this.everyInstance()) }];
  }

  /** The first call changes the set; the others bring the remaining instances to its new state. */
  planSetUpdate(): readonly PlannedOperation[] {
    const [first, ...others] = this.listUpdateRectangles();
    return [
      { kind: 'update-set', ...(first ?? this.everyInstance()) },
      ...others.map((rectangle): PlannedOperation => ({ kind: 'update', ...rectangle })),
    ];
  }

  private everyInstance() {
    return { targets: undefined, cells: this.actual.instances.map(getPlaceKey) };
  }

  /** Empty if the call needs no targets, because all instances are targeted. */
  private listUpdateRectangles() {
    if (this.untargeted.length === 0) return [];
    return this.coverInstances(this.targeted.map(({ instance }) => instance).filter(isOperable));
  }

  /** Instances of one organizational unit share calls, because accounts are named together with their unit. */
  private coverInstances(instances: readonly I[]) {
    return [...groupBy(instances, ({ unit }) => unit ?? '')].flatMap(([, own]) =>
      coverCells(own.map(({ account, region }) => ({ row: account, region }))).map((rectangle) => ({
        targets: toExactTargets(this.desired.isServiceManaged, own[0]?.unit, {
          accounts: rectangle.rows,
          regions: rectangle.regions,
        }),
        cells: listCells(rectangle).map(getCellKey),
      })),
    );
  }

  planCreation(): readonly PlannedOperation[] {
    return this.desired.groups.flatMap((group) => {
      const missing = this.listMissingCells(group);
      const bySignature = groupBy(missing, (cell) => formatOverrides(this.getOverrides(cell)));
      return [...bySignature.values()].flatMap((cells) =>
        coverCells(cells).map((rectangle) => this.createOperation(group, rectangle)),
      );
    });
  }

  private createOperation(group: TargetGroup, rectangle: Rectangle): PlannedOperation {
    const cells = listCells(rectangle);
    const overrides = cells[0] === undefined ? new Map() : this.getOverrides(cells[0]);
    return {
      kind: 'create',
      targets: group.toCallTargets(rectangle.rows, rectangle.regions),
      ...(overrides.size === 0 ? {} : { overrides }),
      cells: cells.map(getCellKey),
    };
  }

  private listMissingCells(group: TargetGroup): readonly Cell[] {
    const existing = new Set(
      this.targeted.filter((target) => target.group === group).map(({ cell }) => getCellKey(cell)),
    );
    return listCells({ rows: group.rows, regions: this.desired.regions }).filter(
      (cell) => !existing.has(getCellKey(cell)) && !this.isUnitDeployed(group, cell),
    );
  }

  private isUnitDeployed({ isByAccount }: TargetGroup, { row, region }: Cell): boolean {
    return !isByAccount && (this.actual.unitRegions.get(row)?.has(region) ?? false);
  }

  private getOverrides(cell: Cell): Overrides {
    return this.desired.getOverrides?.(cell) ?? new Map();
  }

  /** @param wasUpdated the set's update has already reached all targeted instances */
  planInstanceUpdates(wasUpdated: boolean): readonly PlannedOperation[] {
    const operable = this.targeted.filter(({ instance }) => isOperable(instance));
    const overridden = operable.filter((target) => this.hasOtherOverrides(target));
    const outdated = operable.filter(
      (target) => !wasUpdated && target.instance.status === 'OUTDATED' && !overridden.includes(target),
    );
    const bySignature = groupBy(overridden, ({ cell }) => formatOverrides(this.getOverrides(cell)));
    return [
      ...this.coverInstances(outdated.map(({ instance }) => instance)).map(
        (rectangle): PlannedOperation => ({ kind: 'update', ...rectangle }),
      ),
      ...[...bySignature.values()].flatMap((targets) =>
        this.coverInstances(targets.map(({ instance }) => instance)).map(
          (rectangle): PlannedOperation => ({
            kind: 'update',
            overrides: targets[0] === undefined ? new Map() : this.getOverrides(targets[0].cell),
            ...rectangle,
          }),
        ),
      ),
    ];
  }

  private hasOtherOverrides({ instance, cell }: TargetedInstance<I>): boolean {
    if (this.desired.getOverrides === undefined) return false;
    return formatOverrides(this.actual.getOverrides(instance)) !== formatOverrides(this.getOverrides(cell));
  }

  /** Deletes instances by organizational unit where no other instance of the unit and Region stays. */
  planDeletion(instances: readonly I[]): readonly PlannedOperation[] {
    const { isServiceManaged, retainStacks } = this.desired;
    const deleted = new Set<I>(instances);
    const staying = new Set(
      this.actual.instances.filter((item) => !deleted.has(item)).map(({ unit, region }) => `${unit}/${region}`),
    );
    const isWholeUnit = ({ unit, region }: I): boolean =>
      isServiceManaged && unit !== undefined && !staying.has(`${unit}/${region}`);
    const wholeUnits = new Map(
      instances.filter(isWholeUnit).map(({ unit = '', region }) => [`${unit}/${region}`, { row: unit, region }]),
    );
    return [
      ...coverCells([...wholeUnits.values()]).map(({ rows, regions }) => ({
        targets: { DeploymentTargets: { OrganizationalUnitIds: [...rows] }, Regions: [...regions] },
        cells: instances
          .filter(({ unit, region }) => unit !== undefined && rows.includes(unit) && regions.includes(region))
          .map(getPlaceKey),
      })),
      ...this.coverInstances(instances.filter((instance) => !isWholeUnit(instance))),
    ].map((rectangle): PlannedOperation => ({ kind: 'delete', retainStacks, ...rectangle }));
  }
}

/** AWS excludes inoperable instances and suspended accounts from updates. */
const isOperable = ({ status, isSuspended }: PlannedInstance): boolean => status !== 'INOPERABLE' && !isSuspended;

/** Plans the operations that bring the targets to the desired state. Nothing to do is an empty plan. */
export const planDeployment = <I extends PlannedInstance>(
  desired: DesiredTargets,
  actual: ActualTargets<I>,
  change: SetChange,
): Plan => {
  const planner = new Planner(desired, actual);
  const { targeted, untargeted } = planner;
  const deletions = desired.removeUntargeted ? planner.planDeletion(untargeted) : [];
  const isSetChanged = change.isChanged || change.managedExecution || change.autoDeployment;
  // A call without targets would reach the other instances: they are deleted first, or the change is refused.
  const needsEmptyRest = change.autoDeployment || !targeted.some(({ instance }) => isOperable(instance));
  if (isSetChanged && needsEmptyRest && untargeted.length > 0) {
    if (deletions.length > 0) return { kind: 'planned', operations: deletions, isIncomplete: true };
    const reason = `the change of the stack set would reach ${untargeted.length} instances that are not targeted`;
    return { kind: 'blocked', reason: `${reason}: ${UNTARGETED_HINT}` };
  }
  const isUpdate = change.isChanged || change.autoDeployment;
  return {
    kind: 'planned',
    isIncomplete: false,
    operations: [
      ...(change.managedExecution ? planner.planManagedExecution() : []),
      ...(isUpdate ? planner.planSetUpdate() : []),
      ...planner.planCreation(),
      ...planner.planInstanceUpdates(isUpdate),
      ...deletions,
    ],
  };
};

/** Plans updates of outdated instances and the creation of missing ones; the set and overrides stay as they are. */
export const planRetry = <I extends PlannedInstance>(
  desired: DesiredTargets,
  actual: ActualTargets<I>,
): readonly PlannedOperation[] => {
  const update = new Planner({ ...desired, getOverrides: undefined }, actual).planInstanceUpdates(false);
  return [...update, ...new Planner(desired, actual).planCreation()];
};

/** Plans the deletion of the targeted instances, and of the others with `remove-untargeted`. */
export const planRemoval = <I extends PlannedInstance>(
  desired: DesiredTargets,
  actual: ActualTargets<I>,
): readonly PlannedOperation[] => {
  const planner = new Planner(desired, actual);
  const instances = planner.targeted.map(({ instance }) => instance);
  return planner.planDeletion(desired.removeUntargeted ? actual.instances : instances);
};
