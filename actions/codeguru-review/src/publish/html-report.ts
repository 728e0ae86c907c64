import { EMPTY_HTML, type Html, html, renderLink } from '@aws-delivery/action-kit/report/html';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { formatSeverity, SEVERITIES, type Severity } from '@aws-delivery/findings/severity';
import type { FindingCode } from '../gate/code-excerpt.js';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import { createLinkResolver, formatLocation, getCodeUrl, getHelpUrl } from '../report/code-link.js';
import { renderRichHtml } from '../report/rich-text.js';
import type { Result } from '../result.js';
import { STYLE } from './report-style.js';

/** Findings after these are shown without their code, since browsers become slow. */
const MAX_EXCERPTS = 1000;

const renderCode = ({ excerpt }: FindingCode): Html => {
  const { first, lines, from, to } = excerpt;
  const items = lines.map((line, index) => {
    const number = first + index;
    return html`<li class="${number >= from && number <= to ? 'hit' : 'near'}"><span>${number}</span>${line}</li>`;
  });
  return html`<ol class="code">${items}</ol>`;
};

const formatStatus = ({ status }: EvaluatedFinding): string => {
  switch (status.kind) {
    case 'fails':
      return 'fails';
    case 'known':
      return 'known';
    case 'ignored':
      return `ignored: ${status.reason}`;
    case 'below':
      return '';
  }
};

const renderBadge = (label: string, tone = ''): Html =>
  label === '' ? EMPTY_HTML : html`<span class="badge ${tone}">${label}</span>`;

/** The rule's description, unless the message repeats it. */
const renderDescription = ({ finding: { rule, message } }: EvaluatedFinding): Html =>
  rule.description === '' || rule.description === message
    ? EMPTY_HTML
    : renderRichHtml(rule.description, 'about', (target) => target);

const renderDetails = ({ finding: { rule, category, source, id }, fingerprint }: EvaluatedFinding): Html => {
  const details = [source, category, rule.id, ...rule.tags].filter((part) => part !== '');
  const helpUrl = getHelpUrl(rule);
  const help = helpUrl === undefined ? EMPTY_HTML : html` · ${renderLink('About this rule', helpUrl)}`;
  return html`<p class="more">${details.join(' · ')}${help} · ${id ?? fingerprint}</p>`;
};

const renderFinding = (evaluatedFinding: EvaluatedFinding, result: Result, isExpanded: boolean): Html => {
  const { finding, code, status, isNew } = evaluatedFinding;
  const { rule, location, message } = finding;
  const lineRange = location?.startLine === undefined ? '' : formatLocation(location).slice(location.file.length + 1);
  const excerpt = code === undefined || !isExpanded ? EMPTY_HTML : renderCode(code);
  const openAttribute = { html: status.kind === 'fails' && isExpanded ? ' open' : '' };
  const tone = status.kind === 'fails' ? '' : 'quiet';
  const lineLink =
    lineRange === ''
      ? EMPTY_HTML
      : html`<span class="where">${renderLink(`line ${lineRange}`, getCodeUrl(location, result.codeHost))}</span>`;
  return html`<details${openAttribute}><summary><b>${rule.name}</b>${lineLink}${renderBadge(isNew === true ? 'new' : '')}${renderBadge(formatStatus(evaluatedFinding), tone)}</summary><div class="body">${renderRichHtml(finding.markup ?? message, 'message', createLinkResolver(finding, result.codeHost))}${excerpt}${renderDescription(evaluatedFinding)}${renderDetails(evaluatedFinding)}</div></details>
`;
};

const renderSection = (severity: Severity, result: Result, expandedFindings: ReadonlySet<EvaluatedFinding>): Html => {
  const group = result.evaluatedFindings.filter(({ finding }) => finding.severity === severity);
  if (group.length === 0) return EMPTY_HTML;
  const files = [...groupBy(group, ({ finding }) => finding.location?.file ?? '')].map(
    ([file, evaluatedFindings]) =>
      html`<h3>${file === '' ? 'No file' : file}</h3>${evaluatedFindings.map((each) => renderFinding(each, result, expandedFindings.has(each)))}`,
  );
  return html`<section class="${severity}"><h2>${formatSeverity(severity)} (${group.length})</h2>${files}</section>
`;
};

const renderTile = (severity: Severity, evaluatedFindings: readonly EvaluatedFinding[]): Html => {
  const count = evaluatedFindings.filter(({ finding }) => finding.severity === severity).length;
  return count === 0 ? EMPTY_HTML : html`<li class="${severity}"><b>${count}</b>${formatSeverity(severity)}</li>`;
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

/** The report must not run or load anything: it contains text of scanners and of the code under review. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Renders the report as one self-contained page. */
export const renderHtmlReport = (result: Result): string => {
  const { decision, evaluatedFindings } = result;
  const expandedFindings = new Set(evaluatedFindings.slice(0, MAX_EXCERPTS));
  const title = `Code review: ${decision.verdict}`;
  const noFindings = evaluatedFindings.length === 0 ? html`<p class="reason">No findings.</p>` : EMPTY_HTML;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
<header class="${decision.verdict}">
<h1>Code review: <b>${decision.verdict}</b></h1>
<p class="reason">${decision.reason}</p>
<p class="meta">${renderMetadata(result)}</p>
</header>
<ul class="tiles">${SEVERITIES.map((severity) => renderTile(severity, evaluatedFindings))}</ul>
${noFindings}${SEVERITIES.map((severity) => renderSection(severity, result, expandedFindings))}</main>
</body>
</html>
`.html;
};
