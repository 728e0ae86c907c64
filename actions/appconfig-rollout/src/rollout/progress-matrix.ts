import type { RunContext } from '../run-context.js';
import { groupByTenant, type ProfileResult, RESULT_CATEGORIES } from '../run-record.js';

/** Rows of the matrix in the log. */
const MAX_TENANTS = 20;

const isPending = ({ state }: ProfileResult): boolean => state === 'waiting' || state === 'deploying';

const isFailed = (result: ProfileResult): boolean =>
  !isPending(result) && ['failed', 'rolled-back'].includes(RESULT_CATEGORIES[result.state]);

/** Formats an environment: finished of all profiles, percentage of the deploying one, state of a failed one. */
const formatCell = (results: readonly ProfileResult[]): string => {
  if (results.length === 0) return '';
  if (results.every(({ state }) => state === 'unchanged')) return 'unchanged';
  const done = results.filter((result) => !isPending(result) && !isFailed(result)).length;
  const deploying = results.find(({ state }) => state === 'deploying');
  const failed = results.find(isFailed);
  const parts = [
    `${done}/${results.length}`,
    ...(deploying === undefined ? [] : [`${deploying.percentage ?? 0}%`]),
    ...(failed === undefined ? [] : [failed.state]),
  ];
  return parts.join(' ');
};

/** Renders results as plain text: tenants in rows, environments in columns. Deploying tenants come first. */
export const formatMatrix = (results: readonly ProfileResult[]): string => {
  const { environments, rows } = groupByTenant(results);
  const isDeploying = (cells: readonly (readonly ProfileResult[])[]): boolean =>
    cells.some((cell) => cell.some(({ state }) => state === 'deploying'));
  const shown = [
    ...rows.filter(({ cells }) => isDeploying(cells)),
    ...rows.filter(({ cells }) => !isDeploying(cells)),
  ].slice(0, MAX_TENANTS);
  const table = [['', ...environments], ...shown.map(({ tenant, cells }) => [tenant, ...cells.map(formatCell)])];
  const widths = ['', ...environments].map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const more = rows.length - shown.length;
  return [...lines, ...(more > 0 ? [`(${more} more tenants)`] : [])].join('\n');
};

const MATRIX_INTERVAL_MS = 60_000;

/** Logs the matrix at an interval while a task runs. */
export const withProgressMatrix = async (
  { waitContext, record, log }: RunContext,
  task: () => Promise<void>,
): Promise<void> => {
  const stop = waitContext.clock.every(MATRIX_INTERVAL_MS, () =>
    log.info(`Configurations done by tenant and environment:\n${formatMatrix(record.results)}`),
  );
  try {
    await task();
  } finally {
    stop();
  }
};
