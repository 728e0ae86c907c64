import { groupBy } from './group.js';
import { COUNTED, type Outcome } from './outcome.js';

/** A log is no place for a hundred lines at once. */
const MOST_TENANTS = 20;

const isOpen = ({ state }: Outcome): boolean => state === 'waiting' || state === 'deploying';

const isBad = (outcome: Outcome): boolean =>
  !isOpen(outcome) && ['failed', 'rolled-back'].includes(COUNTED[outcome.state]);

/** Where one environment is: how many of its profiles are done, and how far the one under way is. */
const cellOf = (outcomes: readonly Outcome[]): string => {
  if (outcomes.length === 0) return '';
  if (outcomes.every(({ state }) => state === 'unchanged')) return 'unchanged';
  const done = outcomes.filter((outcome) => !isOpen(outcome) && !isBad(outcome)).length;
  const growing = outcomes.find(({ state }) => state === 'deploying');
  const bad = outcomes.find(isBad);
  const parts = [
    `${done}/${outcomes.length}`,
    ...(growing === undefined ? [] : [`${growing.percentage ?? 0} %`]),
    ...(bad === undefined ? [] : [bad.state]),
  ];
  return parts.join(' ');
};

const isMoving = (row: readonly Outcome[]): boolean => row.some(({ state }) => state === 'deploying');

/** Tenants in rows, environments in columns, in plain text: those under way first, as many as a log bears. */
export const matrixText = (outcomes: readonly Outcome[]): string => {
  const environments = [...new Set(outcomes.map(({ environment }) => environment))];
  const tenants = [...groupBy(outcomes, ({ tenant }) => tenant)];
  const ordered = [...tenants.filter(([, own]) => isMoving(own)), ...tenants.filter(([, own]) => !isMoving(own))];
  const rows = ordered
    .slice(0, MOST_TENANTS)
    .map(([tenant, own]) => [
      tenant,
      ...environments.map((name) => cellOf(own.filter(({ environment }) => environment === name))),
    ]);
  const table = [['', ...environments], ...rows];
  const widths = ['', ...environments].map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const more = tenants.length - rows.length;
  return [...lines, ...(more > 0 ? [`and ${more} more tenants`] : [])].join('\n');
};
