import { createHash } from 'node:crypto';
import { EMPTY_HTML, type Html, html } from '@aws-delivery/action-kit/report/html';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { formatSeverity, SEVERITIES, type Severity } from '@aws-delivery/findings/severity';
import { MAX_EXCERPTS } from '../gate/code-excerpt.js';
import type { EvaluatedFinding, FindingStatus } from '../gate/evaluate-findings.js';
import type { Result } from '../result.js';
import { hasDescription, renderDescription, renderRow } from './report-rows.js';
import { SCRIPT } from './report-script.js';
import { STYLE } from './report-style.js';

/** Rows of the page without scripts. */
const MAX_STATIC_ROWS = 500;
const MAX_SEARCH_LENGTH = 500;
const MAX_INDEX_ENTRIES = 200;

const STATUSES: readonly FindingStatus['kind'][] = ['fails', 'below', 'known', 'ignored'];
const STATUS_NAMES: Readonly<Record<FindingStatus['kind'], string>> = {
  fails: 'failing',
  below: 'below the threshold',
  known: 'known',
  ignored: 'ignored',
};

/** The severities, files and rules of a report by their position. */
interface Index {
  readonly files: readonly string[];
  /** By id; the finding is one of the rule's. */
  readonly rules: ReadonlyMap<string, EvaluatedFinding>;
  readonly ruleIds: readonly string[];
}

const buildIndex = (evaluatedFindings: readonly EvaluatedFinding[]): Index => {
  const rules = new Map<string, EvaluatedFinding>();
  for (const each of evaluatedFindings) if (!rules.has(each.finding.rule.id)) rules.set(each.finding.rule.id, each);
  const files = new Set(evaluatedFindings.map(({ finding }) => finding.location?.file ?? ''));
  return { files: [...files].sort(), rules, ruleIds: [...rules.keys()] };
};

/** JSON for a script element: `</script>` in a text would end it. */
const toScriptJson = (value: unknown): string => JSON.stringify(value).replace(/</gu, '\\u003c');

/**
 * The findings for the script, as JSON in pieces. A row keeps a place for the description of its rule, which exists
 * once.
 */
function* renderData(result: Result, { files, rules, ruleIds }: Index): Generator<string> {
  const fileIndexes = new Map(files.map((file, index) => [file, index]));
  const ruleIndexes = new Map(ruleIds.map((id, index) => [id, index]));
  const names = toScriptJson({
    severities: SEVERITIES.map(formatSeverity),
    statuses: STATUSES.map((kind) => STATUS_NAMES[kind]),
    files,
    rules: [...rules.values()].map((each) => {
      return { name: each.finding.rule.name, about: renderDescription(each).html };
    }),
  });
  yield `${names.slice(0, -1)},"rows":[`;
  for (const [index, each] of result.evaluatedFindings.entries()) {
    const { finding, status, isNew } = each;
    const { rule, location, message } = finding;
    const description = hasDescription(each) ? html`<div data-rule></div>` : EMPTY_HTML;
    const isExpanded = index < MAX_EXCERPTS;
    const row = renderRow(each, { codeHost: result.codeHost, isExpanded, description, id: EMPTY_HTML });
    const data = toScriptJson({
      s: SEVERITIES.indexOf(finding.severity),
      f: fileIndexes.get(location?.file ?? ''),
      r: ruleIndexes.get(rule.id),
      k: STATUSES.indexOf(status.kind),
      n: isNew === true ? 1 : 0,
      t: `${rule.name} ${rule.id} ${location?.file ?? ''} ${message}`.slice(0, MAX_SEARCH_LENGTH).toLowerCase(),
      h: row.html,
    });
    yield index === 0 ? data : `,${data}`;
  }
  yield ']}';
}

/** Attributes with the anchors that the index leads to without scripts, each used once. */
class Anchors {
  private readonly used = new Set<string>();

  take(id: string): Html {
    if (this.used.has(id)) return EMPTY_HTML;
    this.used.add(id);
    return html` id="${id}"`;
  }
}

const renderSection = (
  severity: Severity,
  rows: readonly EvaluatedFinding[],
  { result, index, anchors }: { readonly result: Result; readonly index: Index; readonly anchors: Anchors },
): Html => {
  const group = rows.filter(({ finding }) => finding.severity === severity);
  if (group.length === 0) return EMPTY_HTML;
  const total = result.evaluatedFindings.filter(({ finding }) => finding.severity === severity).length;
  const files = [...groupBy(group, ({ finding }) => finding.location?.file ?? '')].map(([file, findings]) => {
    const fileId = anchors.take(`file=${index.files.indexOf(file)}`);
    const renderedRows = findings.map((each) => {
      const description = renderDescription(each);
      const id = anchors.take(`rule=${index.ruleIds.indexOf(each.finding.rule.id)}`);
      return renderRow(each, { codeHost: result.codeHost, isExpanded: true, description, id });
    });
    return html`<h3${fileId}>${file === '' ? 'No file' : file}</h3>${renderedRows}`;
  });
  const name = formatSeverity(severity);
  return html`<section class="${severity}"><h2 id="severity=${name}">${name} (${total})</h2>${files}</section>
`;
};

const renderTile = (severity: Severity, evaluatedFindings: readonly EvaluatedFinding[]): Html => {
  const count = evaluatedFindings.filter(({ finding }) => finding.severity === severity).length;
  const name = formatSeverity(severity);
  return count === 0
    ? EMPTY_HTML
    : html`<li class="${severity}"><a href="#severity=${name}"><b>${count}</b>${name}</a></li>`;
};

interface IndexEntry {
  readonly href: string;
  readonly name: string;
  readonly count: number;
}

const countBy = (
  evaluatedFindings: readonly EvaluatedFinding[],
  getKey: (each: EvaluatedFinding) => string,
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const each of evaluatedFindings) counts.set(getKey(each), (counts.get(getKey(each)) ?? 0) + 1);
  return counts;
};

const renderIndexList = (title: string, entries: readonly IndexEntry[]): Html => {
  const sorted = [...entries].sort((left, right) => right.count - left.count).slice(0, MAX_INDEX_ENTRIES);
  const more = entries.length - sorted.length;
  const rest = more === 0 ? EMPTY_HTML : html`<li>(${more} more)</li>`;
  const items = sorted.map(({ href, name, count }) => html`<li><a href="${href}">${name}</a> (${count})</li>`);
  return html`<details><summary>${title} (${entries.length})</summary><ul>${items}${rest}</ul></details>`;
};

const renderIndex = (evaluatedFindings: readonly EvaluatedFinding[], { files, rules, ruleIds }: Index): Html => {
  const byFile = countBy(evaluatedFindings, ({ finding }) => finding.location?.file ?? '');
  const byRule = countBy(evaluatedFindings, ({ finding }) => finding.rule.id);
  const fileEntries = files.map((file, index): IndexEntry => {
    return { href: `#file=${index}`, name: file === '' ? 'No file' : file, count: byFile.get(file) ?? 0 };
  });
  const ruleEntries = ruleIds.map((id, index): IndexEntry => {
    return { href: `#rule=${index}`, name: rules.get(id)?.finding.rule.name ?? id, count: byRule.get(id) ?? 0 };
  });
  return html`<nav class="index" aria-label="Files and rules">${renderIndexList('Files', fileEntries)}${renderIndexList('Rules', ruleEntries)}</nav>`;
};

const renderFilters = (newCount: number | undefined): Html => {
  const select = (name: string, label: string) =>
    html`<label>${label} <select name="${name}"><option value="">All</option></select></label> `;
  const fresh =
    newCount === undefined ? EMPTY_HTML : html`<label><input type="checkbox" name="fresh"> New only</label> `;
  return html`<form id="filters" hidden role="search" aria-label="Findings"><label>Search <input type="search" name="search"></label> ${select('severity', 'Severity')}${select('status', 'Status')}${select('file', 'File')}${select('rule', 'Rule')}${fresh}<label>Group by <select name="group"><option value="severity">Severity</option><option value="file">File</option><option value="rule">Rule</option></select></label></form>`;
};

const renderMetadata = ({ repository, codeHost, sourceResults, endedAt }: Result): string =>
  [
    repository,
    codeHost.commit?.slice(0, 12),
    sourceResults.flatMap(({ scanners }) => scanners).join(', '),
    `${new Date(endedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  ]
    .filter((part) => part)
    .join(' · ');

const renderNotices = ({ sourceResults }: Result): Html =>
  html`${sourceResults.flatMap(({ notices = [] }) => notices).map((notice) => html`<p class="meta">${notice}</p>`)}`;

function* renderFindings(result: Result): Generator<string> {
  const { evaluatedFindings } = result;
  const index = buildIndex(evaluatedFindings);
  const rows = evaluatedFindings.slice(0, MAX_STATIC_ROWS);
  const anchors = new Anchors();
  const sections = SEVERITIES.map((severity) => renderSection(severity, rows, { result, index, anchors }));
  const total = pluralize(evaluatedFindings.length, 'finding');
  const count = rows.length < evaluatedFindings.length ? `The ${rows.length} most severe of ${total}` : total;
  yield html`${renderIndex(evaluatedFindings, index)}${renderFilters(result.newCount)}<p id="results" class="meta"><span id="count" role="status">${count}</span></p>
<div id="findings">${sections}</div><div id="end"></div>
<script type="application/json" id="data">`.html;
  yield* renderData(result, index);
  yield html`</script>
<script>${{ html: SCRIPT }}</script>`.html;
}

/** The report must not load anything or run other scripts: it contains text of scanners and of the code under review. */
const buildContentSecurityPolicy = (): string => {
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
};

const renderHead = ({ verdict }: Result['decision']): Html => html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${buildContentSecurityPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Code review: ${verdict}</title>
<style>${{ html: STYLE }}</style>
</head>`;

/**
 * Renders the report as one self-contained page, in pieces. It is readable without scripts, which some hosts block.
 */
export function* renderHtmlReport(result: Result): Generator<string> {
  const { decision, evaluatedFindings } = result;
  yield html`<!doctype html>
<html lang="en">
${renderHead(decision)}
<body>
<main>
<div class="${decision.verdict}">
<h1>Code review: <b>${decision.verdict}</b></h1>
<p class="reason">${decision.reason}</p>
<p class="meta">${renderMetadata(result)}</p>
${renderNotices(result)}</div>
<ul class="tiles">${SEVERITIES.map((severity) => renderTile(severity, evaluatedFindings))}</ul>
`.html;
  if (evaluatedFindings.length === 0) yield '<p class="reason">No findings.</p>';
  else yield* renderFindings(result);
  yield `</main>
</body>
</html>
`;
}
