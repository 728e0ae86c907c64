import { code, joinBlocks, type Markdown, md, raw, table } from '@aws-delivery/action-kit/report/markdown';
import type { Change, ChangeImpact } from './change.js';
import type { ChangeSet } from './change-set.js';

const markdownLabels: Readonly<Record<ChangeImpact, string>> = {
  added: '🟢 Add',
  modified: '🔵 Modify',
  replaced: '🔴 **Replace**',
  'maybe-replaced': '🟠 **May replace**',
  removed: '🔴 **Remove**',
  imported: '🟣 Import',
  unknown: '🟠 **Unknown**',
};

const logLabels: Readonly<Record<ChangeImpact, string>> = {
  added: 'Add',
  modified: 'Modify',
  replaced: 'Replace',
  'maybe-replaced': 'May replace',
  removed: 'Remove',
  imported: 'Import',
  unknown: 'Unknown',
};

/** Lines for the log, one per change. */
export const formatChangeLines = ({
  changes,
  state,
  reason,
  widenedPermissions = [],
}: ChangeSet): readonly string[] => {
  if (state === 'empty') return ['No changes'];
  if (state === 'failed') return [`Change set creation failed: ${reason}`];
  if (changes.length === 0) return ['No resource changes (only outputs, tags or settings)'];
  const widenedLines = widenedPermissions.map(({ path, text }) => `${'Widens'.padEnd(11)} ${path} ${text}`);
  const changeLines = changes.map((change) =>
    `${logLabels[change.impact].padEnd(11)} ${change.path} ${change.type} ${formatDifferences(change)}`.trim(),
  );
  return [...widenedLines, ...changeLines];
};

const formatDifferences = ({ differences }: Change): string =>
  [
    ...new Set(
      differences.map(({ path, requiresRecreation }) =>
        requiresRecreation === 'Always' ? `${path} (replacement)` : path,
      ),
    ),
  ].join(', ');

/** One row per property: a changed parameter makes two details with the same values. */
const buildValueRows = (changes: readonly Change[]) =>
  changes.flatMap((change) => {
    const withValues = change.differences.filter(({ before, after }) => before !== undefined || after !== undefined);
    const rows = withValues.map(
      ({ path, before, after }) => [path, [code(change.path), path, code(before ?? ''), code(after ?? '')]] as const,
    );
    return [...new Map(rows).values()];
  });

/** Limit of the changes in Markdown and in the output `changes-summary`, which has `truncated`. */
const MAX_CHANGES = 50;

/** What the changes widen, with the statements. */
const renderWidenedPermissions = ({ widenedPermissions = [] }: ChangeSet): Markdown => {
  if (widenedPermissions.length === 0) return raw('');
  const rows = widenedPermissions.slice(0, MAX_CHANGES).map(({ path, type, text }) => [code(path), type, code(text)]);
  const more = widenedPermissions.length - rows.length;
  const header = ['⚠ Wider permissions', 'Type', 'Statement, rule or setting'];
  return joinBlocks(table({ header, rows }), raw(more > 0 ? `_(${more} more)_` : ''));
};

export const renderChangeTable = (changeSet: ChangeSet): Markdown => {
  const { changes, state } = changeSet;
  if (state === 'empty') return raw('No changes.');
  if (changes.length === 0) return raw('No resource changes (only outputs, tags or settings).');
  const shown = changes.slice(0, MAX_CHANGES);
  const rows = shown.map((change) => [
    raw(markdownLabels[change.impact]),
    code(change.path),
    change.type,
    formatDifferences(change),
  ]);
  const more = changes.length - shown.length;
  const values = buildValueRows(shown);
  return joinBlocks(
    renderWidenedPermissions(changeSet),
    table({ header: ['Change', 'Resource', 'Type', 'Details'], rows }),
    raw(more > 0 ? `_(${more} more)_` : ''),
    values.length > 0 ? table({ header: ['Resource', 'Property', 'Before', 'After'], rows: values }) : raw(''),
  );
};

/** The output `changes-markdown`: title and table of changes. */
export const renderChangeDocument = (title: string, changeSet: ChangeSet): Markdown =>
  joinBlocks(md`### ${title}`, renderChangeTable(changeSet));

/** The output `changes-summary`, with CloudFormation's own description of at most 50 changes. */
export const buildChangeSummary = ({ changes, status, executionStatus, createdAt }: ChangeSet) => ({
  changes: changes.slice(0, MAX_CHANGES).map(({ source }) => source),
  totalChanges: changes.length,
  truncated: changes.length > MAX_CHANGES,
  executionStatus,
  status,
  ...(createdAt === undefined ? {} : { creationTime: new Date(createdAt).toISOString() }),
});
