import { EMPTY_HTML, type Html, html, renderLink } from '@aws-delivery/action-kit/report/html';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import { type FlowStep, listCodeFlows } from '@aws-delivery/findings/sarif/code-flow';
import type { Excerpt } from '../gate/code-excerpt.js';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import { type CodeHost, createLinkResolver, formatLocation, getCodeUrl, getHelpUrl } from '../report/code-link.js';
import { renderRichHtml } from '../report/rich-text.js';

const renderCode = ({ first, lines, from, to }: Excerpt): Html => {
  const items = lines.map((line, index) => {
    const number = first + index;
    return html`<li class="${number >= from && number <= to ? 'hit' : 'near'}"><span>${number}</span>${line}</li>`;
  });
  // Scrollable regions must be reachable with the keyboard.
  return html`<ol class="code" tabindex="0">${items}</ol>`;
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

/** Whether a rule has a description that the message does not repeat. */
export const hasDescription = ({ finding: { rule, message } }: EvaluatedFinding): boolean =>
  rule.description !== '' && rule.description !== message;

/** The description of a rule; empty if the message repeats it. */
export const renderDescription = (evaluatedFinding: EvaluatedFinding): Html =>
  hasDescription(evaluatedFinding)
    ? renderRichHtml(evaluatedFinding.finding.rule.description, 'about', (target) => target)
    : EMPTY_HTML;

const renderDetails = ({ finding: { rule, category, source, id }, fingerprint }: EvaluatedFinding): Html => {
  const details = [source, category, rule.id, ...rule.tags].filter((part) => part !== '');
  const helpUrl = getHelpUrl(rule);
  const help = helpUrl === undefined ? EMPTY_HTML : html` · ${renderLink('About this rule', helpUrl)}`;
  return html`<p class="more">${details.join(' · ')}${help} · ${id ?? fingerprint}</p>`;
};

const renderStep = ({ location, message, snippet }: FlowStep, index: number, codeHost: CodeHost): Html => {
  const place =
    location === undefined ? EMPTY_HTML : renderLink(formatLocation(location), getCodeUrl(location, codeHost));
  const code = snippet === '' ? EMPTY_HTML : html` <code>${toSingleLine(snippet, 200)}</code>`;
  const current = { html: index === 0 ? ' aria-current="step"' : '' };
  return html`<li${current}>${place} ${message}${code}</li>`;
};

const MAX_STEPS = 200;

/** The paths of data through the code, with buttons that scripts make visible. */
const renderCodeFlows = ({ finding }: EvaluatedFinding, codeHost: CodeHost): Html => {
  const flows = listCodeFlows(finding.origin).slice(0, 5);
  return html`${flows.map(
    (steps) =>
      html`<details class="flow"><summary>Code flow (${steps.length} steps)</summary><p class="stepper" hidden><button type="button" data-step="-1">Previous step</button> <button type="button" data-step="1">Next step</button></p><ol>${steps.slice(0, MAX_STEPS).map((step, index) => renderStep(step, index, codeHost))}</ol></details>`,
  )}`;
};

export interface RowOptions {
  readonly codeHost: CodeHost;
  /** Whether the row shows its code and is open if the finding fails. */
  readonly isExpanded: boolean;
  /** Attribute with the row's anchor. */
  readonly id: Html;
  /** The rule's description, or a place for it. */
  readonly description: Html;
}

/** One finding as a collapsible row. */
export const renderRow = (evaluatedFinding: EvaluatedFinding, options: RowOptions): Html => {
  const { finding, code, status, isNew } = evaluatedFinding;
  const { codeHost, isExpanded, description, id } = options;
  const { rule, location, message, markup = message } = finding;
  const place = location === undefined ? '' : formatLocation(location);
  const excerpt = code?.excerpt === undefined || !isExpanded ? EMPTY_HTML : renderCode(code.excerpt);
  const openAttribute = { html: status.kind === 'fails' && isExpanded ? ' open' : '' };
  const tone = status.kind === 'fails' ? '' : 'quiet';
  const url = getCodeUrl(location, codeHost);
  const link = url === undefined ? EMPTY_HTML : html`<p class="place">${renderLink(place, url)}</p>`;
  const body = html`${renderRichHtml(markup, 'message', createLinkResolver(finding, codeHost))}${link}${excerpt}${renderCodeFlows(evaluatedFinding, codeHost)}${description}${renderDetails(evaluatedFinding)}`;
  return html`<details${id}${openAttribute}><summary><b>${rule.name}</b><span class="where">${place}</span>${renderBadge(isNew === true ? 'new' : '')}${renderBadge(formatStatus(evaluatedFinding), tone)}</summary><div class="body">${body}</div></details>
`;
};
