import {
  bold,
  code,
  codeBlock,
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
import type { Verdict } from '@aws-delivery/findings/gate-decision';
import { countSeverities, formatSeverity, SEVERITIES } from '@aws-delivery/findings/severity';
import type { Excerpt } from '../gate/code-excerpt.js';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import type { Result } from '../result.js';
import { formatLocation, getCodeUrl, getHelpUrl } from './code-link.js';

const VERDICT_ICONS: Readonly<Record<Verdict, string>> = { passed: '✅', blocked: '⛔', unknown: '❔' };

/** Limits for readability; the report files contain everything. */
const MAX_ROWS = 100;
const MAX_EXCERPTS = 20;
const MAX_MESSAGE_LENGTH = 300;

const renderLocation = ({ finding }: EvaluatedFinding, result: Result): Markdown => {
  if (finding.location === undefined) return raw('');
  const url = getCodeUrl(finding.location, result.codeHost);
  const label = toSingleLine(formatLocation(finding.location));
  return url === undefined ? code(label) : link(label, url);
};

const renderRule = ({ finding: { rule } }: EvaluatedFinding): Markdown => {
  const helpUrl = getHelpUrl(rule);
  return helpUrl === undefined ? md`${rule.name}` : link(rule.name, helpUrl);
};

const toRow = (evaluatedFinding: EvaluatedFinding, result: Result): readonly (string | Markdown)[] => {
  const { finding, isNew } = evaluatedFinding;
  const severity = formatSeverity(finding.severity);
  const newColumn = result.newCount === undefined ? [] : [isNew === true ? 'yes' : ''];
  return [
    evaluatedFinding.status.kind === 'fails' ? bold(severity) : severity,
    renderRule(evaluatedFinding),
    renderLocation(evaluatedFinding, result),
    toSingleLine(finding.message, MAX_MESSAGE_LENGTH),
    ...newColumn,
  ];
};

const renderFindings = (evaluatedFindings: readonly EvaluatedFinding[], result: Result): Markdown => {
  if (evaluatedFindings.length === 0) return raw('');
  const rows = evaluatedFindings.slice(0, MAX_ROWS).map((each) => toRow(each, result));
  const omittedCount = evaluatedFindings.length - rows.length;
  const header = ['Severity', 'Rule', 'Location', 'Message', ...(result.newCount === undefined ? [] : ['New'])];
  return joinBlocks(
    table({ header, rows }),
    omittedCount > 0 ? md`(${omittedCount} more, see the report files)` : raw(''),
  );
};

const renderExcerpt = ({ first, lines, from, to }: Excerpt): string => {
  const width = String(first + lines.length).length;
  return lines
    .map((line, index) => {
      const number = first + index;
      const marker = number >= from && number <= to ? '>' : ' ';
      return `${marker} ${String(number).padStart(width)} | ${line}`;
    })
    .join('\n');
};

const renderExcerpts = (evaluatedFindings: readonly EvaluatedFinding[], result: Result): Markdown => {
  const findingsWithCode = evaluatedFindings.filter((each) => each.code !== undefined).slice(0, MAX_EXCERPTS);
  const blocks = findingsWithCode.flatMap((each) => {
    const { finding } = each;
    const location = renderLocation(each, result);
    const excerpt = each.code?.excerpt === undefined ? '' : renderExcerpt(each.code.excerpt);
    return [md`${bold(finding.rule.name)} ${location}`, codeBlock(excerpt, 'text')];
  });
  return findingsWithCode.length === 0
    ? raw('')
    : details(`Code of ${pluralize(findingsWithCode.length, 'finding')}`, joinBlocks(...blocks));
};

const renderCounts = ({ evaluatedFindings }: Result): Markdown => {
  if (evaluatedFindings.length === 0) return raw('');
  const count = (kinds: readonly string[]) =>
    countSeverities(
      evaluatedFindings.filter(({ status }) => kinds.includes(status.kind)).map(({ finding }) => finding.severity),
    );
  const [all, fails, ignored] = [count(['fails', 'below', 'known', 'ignored']), count(['fails']), count(['ignored'])];
  const used = SEVERITIES.filter((severity) => all[severity] > 0);
  const rows = used.map((severity) => [
    formatSeverity(severity),
    String(all[severity]),
    String(fails[severity]),
    String(ignored[severity]),
  ]);
  return table({ header: ['Severity', 'Findings', 'Failing', 'Ignored'], rows });
};

const renderIgnored = ({ evaluatedFindings }: Result): Markdown => {
  const ignored = evaluatedFindings.filter(({ status }) => status.kind === 'ignored');
  if (ignored.length === 0) return raw('');
  const rows = ignored
    .slice(0, MAX_ROWS)
    .map(({ finding, status }) => [
      finding.rule.name,
      finding.location === undefined ? '' : code(formatLocation(finding.location)),
      status.kind === 'ignored' ? toSingleLine(status.reason, MAX_MESSAGE_LENGTH) : '',
    ]);
  return details(pluralize(ignored.length, 'ignored finding'), table({ header: ['Rule', 'Location', 'Reason'], rows }));
};

const renderScanners = ({ sourceResults, newCount }: Result): Markdown => {
  const scanners = sourceResults.flatMap(({ scanners: names }) => names).join(', ');
  if (scanners === '') return raw('');
  return newCount === undefined
    ? md`Sources: ${scanners}.`
    : md`Sources: ${scanners}. ${pluralize(newCount, 'new finding')}.`;
};

const renderNotices = ({ sourceResults }: Result): Markdown => {
  const notices = sourceResults.flatMap((source) => source.notices ?? []);
  return notices.length === 0 ? raw('') : list(notices);
};

/** `2 findings below the threshold`, `1 known finding`, or both. */
const formatOtherFindings = (others: readonly EvaluatedFinding[]): string => {
  const known = others.filter(({ status }) => status.kind === 'known').length;
  const below = others.length - known;
  const belowLabel = below === 0 ? [] : [`${pluralize(below, 'finding')} below the threshold`];
  return [...belowLabel, ...(known === 0 ? [] : [pluralize(known, 'known finding')])].join(', ');
};

/** Renders verdict, counts, failing findings with their code, and the other findings collapsed. */
export const renderSummary = (result: Result): string => {
  const { decision, evaluatedFindings } = result;
  const failing = evaluatedFindings.filter(({ status }) => status.kind === 'fails');
  const others = evaluatedFindings.filter(({ status }) => status.kind === 'below' || status.kind === 'known');
  const otherFindings =
    others.length === 0 ? raw('') : details(formatOtherFindings(others), renderFindings(others, result));
  const document = joinBlocks(
    heading(2, md`${raw(VERDICT_ICONS[decision.verdict])} Code review: ${decision.verdict}`),
    md`${decision.reason}`,
    renderCounts(result),
    renderFindings(failing, result),
    renderExcerpts(failing, result),
    otherFindings,
    renderIgnored(result),
    renderScanners(result),
    renderNotices(result),
  );
  return document.markdown;
};
