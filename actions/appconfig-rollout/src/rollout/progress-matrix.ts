import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { type ProfileResult, RESULT_CATEGORIES } from '../run-record.js';

/** A log is no place for a hundred lines at once. */
const MAX_TENANTS = 20;

const isPending = ({ state }: ProfileResult): boolean => state === 'waiting' || state === 'deploying';

const isFailed = (outcome: ProfileResult): boolean =>
  !isPending(outcome) && ['failed', 'rolled-back'].includes(RESULT_CATEGORIES[outcome.state]);

/** Where one environment is: how many of its profiles are done, and how far the one under way is. */
const formatCell = (results: readonly ProfileResult[]): string => {
  if (results.length === 0) return '';
  if (results.every(({ state }) => state === 'unchanged')) return 'unchanged';
  const done = results.filter((outcome) => !isPending(outcome) && !isFailed(outcome)).length;
  const deploying = results.find(({ state }) => state === 'deploying');
  const failed = results.find(isFailed);
  const parts = [
    `${done}/${results.length}`,
    ...(deploying === undefined ? [] : [`${deploying.percentage ?? 0} %`]),
    ...(failed === undefined ? [] : [failed.state]),
  ];
  return parts.join(' ');
};

const isDeploying = (row: readonly ProfileResult[]): boolean => row.some(({ state }) => state === 'deploying');

/** Tenants in rows, environments in columns, in plain text: those under way first, as many as a log bears. */
export const formatMatrix = (results: readonly ProfileResult[]): string => {
  const environments = [...new Set(results.map(({ environment }) => environment))];
  const tenants = [...groupBy(results, ({ tenant }) => tenant)];
  const ordered = [
    ...tenants.filter(([, tenantResults]) => isDeploying(tenantResults)),
    ...tenants.filter(([, tenantResults]) => !isDeploying(tenantResults)),
  ];
  const rows = ordered
    .slice(0, MAX_TENANTS)
    .map(([tenant, tenantResults]) => [
      tenant,
      ...environments.map((name) => formatCell(tenantResults.filter(({ environment }) => environment === name))),
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
