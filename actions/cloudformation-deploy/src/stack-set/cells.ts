import { groupBy } from '@aws-delivery/action-kit/util/group-by';

/** One place of a grid. A row is an account, or an organizational unit whose accounts AWS resolves. */
export interface Cell {
  readonly row: string;
  readonly region: string;
}

/** Rows and Regions that one operation covers completely. */
export interface Rectangle {
  readonly rows: readonly string[];
  readonly regions: readonly string[];
}

export const getCellKey = ({ row, region }: Cell): string => `${row}/${region}`;

export const listCells = ({ rows, regions }: Rectangle): readonly Cell[] =>
  rows.flatMap((row) => regions.map((region) => ({ row, region })));

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];

/** One rectangle for each set of equal rows. */
const groupEqualRows = (cells: readonly Cell[]): readonly Rectangle[] => {
  const regionsByRow = [...groupBy(cells, ({ row }) => row)].map(([row, own]) => ({
    row,
    regions: unique(own.map(({ region }) => region)).toSorted(),
  }));
  const groups = groupBy(regionsByRow, ({ regions }) => regions.join());
  return [...groups.values()].map((rows) => ({ rows: rows.map(({ row }) => row), regions: rows[0]?.regions ?? [] }));
};

const transposeCell = ({ row, region }: Cell): Cell => ({ row: region, region: row });

const groupEqualRegions = (cells: readonly Cell[]): readonly Rectangle[] =>
  groupEqualRows(cells.map(transposeCell)).map(({ rows, regions }) => ({ rows: regions, regions: rows }));

/** The largest rectangle whose Regions are those of one row, or those that two rows share. */
const findMaximumRectangle = (cells: readonly Cell[]): Rectangle => {
  const regionsByRow = new Map(
    [...groupBy(cells, ({ row }) => row)].map(([row, own]) => [row, new Set(own.map(({ region }) => region))] as const),
  );
  const signatures = [...new Map([...regionsByRow.values()].map((set) => [[...set].toSorted().join(), set])).values()];
  const candidates = signatures.flatMap((first) =>
    signatures.map((second) => [...first].filter((region) => second.has(region)).toSorted()),
  );
  const rectangles = candidates.map((regions) => ({
    regions,
    rows: [...regionsByRow].filter(([, own]) => regions.every((region) => own.has(region))).map(([row]) => row),
  }));
  return rectangles.reduce((best, next) =>
    next.rows.length * next.regions.length > best.rows.length * best.regions.length ? next : best,
  );
};

const coverGreedily = (cells: readonly Cell[], limit: number): readonly Rectangle[] | undefined => {
  const rectangles: Rectangle[] = [];
  let remaining = cells;
  while (remaining.length > 0) {
    if (rectangles.length === limit) return undefined;
    const rectangle = findMaximumRectangle(remaining);
    const covered = new Set(listCells(rectangle).map(getCellKey));
    rectangles.push(rectangle);
    remaining = remaining.filter((cell) => !covered.has(getCellKey(cell)));
  }
  return rectangles;
};

/** Beyond it, the search for larger rectangles would take longer than the calls that it saves. */
const MAX_SIGNATURES = 40;

/** Covers the cells with few rectangles. No rectangle contains another cell, and none overlaps another. */
export const coverCells = (cells: readonly Cell[]): readonly Rectangle[] => {
  const [byRows, byRegions] = [groupEqualRows(cells), groupEqualRegions(cells)];
  const smaller = byRegions.length < byRows.length ? byRegions : byRows;
  if (smaller.length <= 2 || byRows.length > MAX_SIGNATURES) return smaller;
  return coverGreedily(cells, smaller.length - 1) ?? smaller;
};
