import {
  bold,
  code,
  details,
  heading,
  joinBlocks,
  link,
  list,
  type Markdown,
  md,
  raw,
  table,
} from '@aws-delivery/action-kit/report/markdown';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import type { Decision, Verdict } from '@aws-delivery/findings/gate-decision';
import type { EvaluatedFinding } from '../scan/evaluate-findings.js';
import type { ScanObservation } from '../scan/scan-image.js';
import type { VulnerablePackage } from '../scan/scanner.js';

const VERDICT_ICONS: Readonly<Record<Verdict, string>> = { passed: '✅', blocked: '⛔', unknown: '❔' };

/** The report files have all findings. */
const MAX_ROWS = 50;
const MAX_CELL_LENGTH = 200;

const renderRule = ({ finding: { rule } }: EvaluatedFinding): Markdown =>
  rule.help === undefined ? md`${rule.name}` : link(rule.name, rule.help);

const renderSeverity = ({ finding: { severity }, status }: EvaluatedFinding): string | Markdown => {
  const label = severity === 'none' ? 'unranked' : severity;
  return status.kind === 'fails' ? bold(label) : label;
};

const formatParts = (
  packages: readonly VulnerablePackage[],
  pick: (each: VulnerablePackage) => string | undefined,
): string => toSingleLine([...new Set(packages.flatMap((each) => pick(each) ?? []))].join(', '), MAX_CELL_LENGTH);

const FIX_LABELS = { yes: 'yes', no: 'no fix', unknown: '' } as const;

const renderRow = (evaluatedFinding: EvaluatedFinding): readonly (string | Markdown)[] => [
  renderSeverity(evaluatedFinding),
  renderRule(evaluatedFinding),
  formatParts(evaluatedFinding.packages, ({ name, version }) => `${name} ${version}`),
  formatParts(evaluatedFinding.packages, ({ fixedIn }) => fixedIn) || FIX_LABELS[evaluatedFinding.fixable],
  code(evaluatedFinding.image.name),
  evaluatedFinding.platforms.filter((platform) => platform !== '').join(', '),
];

const renderFindings = (evaluated: readonly EvaluatedFinding[]): Markdown => {
  if (evaluated.length === 0) return raw('');
  const header = ['Severity', 'Finding', 'Package', 'Fixed in', 'Image', 'Platforms'];
  const rows = evaluated.slice(0, MAX_ROWS).map(renderRow);
  const remaining = evaluated.length - rows.length;
  return joinBlocks(table({ header, rows }), remaining > 0 ? md`(${remaining} more in the report files)` : raw(''));
};

const renderCollapsed = (evaluated: readonly EvaluatedFinding[], title: string): Markdown =>
  evaluated.length === 0
    ? raw('')
    : details(`${pluralize(evaluated.length, 'finding')} ${title}`, renderFindings(evaluated));

const renderIgnored = (evaluated: readonly EvaluatedFinding[]): Markdown => {
  const rows = evaluated.flatMap((each) =>
    each.status.kind === 'ignored'
      ? [
          [
            renderSeverity(each),
            renderRule(each),
            code(each.image.name),
            toSingleLine(each.status.reason, MAX_CELL_LENGTH),
          ],
        ]
      : [],
  );
  if (rows.length === 0) return raw('');
  const header = ['Severity', 'Finding', 'Image', 'Reason'];
  return details(`${pluralize(rows.length, 'ignored finding')}`, table({ header, rows: rows.slice(0, MAX_ROWS) }));
};

const renderErrors = (observations: readonly ScanObservation[]): Markdown => {
  const lines = observations.flatMap(({ name, errors }) => errors.map((message) => md`${code(name)}: ${message}`));
  return lines.length === 0 ? raw('') : joinBlocks(md`Incomplete scan results:`, list(lines));
};

/** Section of the job summary with the scan gate's decision and findings. */
export const renderScanSummary = (
  decision: Decision,
  observations: readonly ScanObservation[],
  evaluated: readonly EvaluatedFinding[],
): Markdown => {
  const filterByStatus = (kind: EvaluatedFinding['status']['kind']) =>
    evaluated.filter(({ status }) => status.kind === kind);
  return joinBlocks(
    heading(3, md`${raw(VERDICT_ICONS[decision.verdict])} Scan gate: ${decision.verdict}`),
    md`${decision.reason}`,
    renderErrors(observations),
    renderFindings(filterByStatus('fails')),
    renderCollapsed(filterByStatus('no-fix'), 'without an available fix'),
    renderCollapsed(filterByStatus('below'), 'below the threshold'),
    renderIgnored(evaluated),
  );
};
