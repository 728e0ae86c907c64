import { EMPTY_HTML, type Html, html } from '@aws-delivery/action-kit/report/html';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import MarkdownIt from 'markdown-it';
import { type CallCount, countCalls, isDenied } from './call-count.js';
import type { PullRequestComment } from './environment/github.js';
import { renderGanttBars } from './gantt.js';
import { STYLE } from './report-style.js';
import type { ScenarioResult } from './run-scenario.js';
import type { StepRecord } from './workflow-run.js';

export interface PageContent {
  readonly results: readonly ScenarioResult[];
  /** The comments on the pull request. */
  readonly comments: readonly PullRequestComment[];
  readonly calls: readonly CallRecord[];
  /** Result of the demo as a sentence. */
  readonly verdict: string;
}

/** Content Security Policy. Summaries are rendered with their HTML (`<details>`), so scripts and loads are blocked. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const markdown = new MarkdownIt({ html: true });
const plainFence = markdown.renderer.rules.fence;
markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
  const { info = '', content = '' } = tokens[index] ?? {};
  if (info.trim() === 'mermaid' && content.startsWith('gantt')) return renderGanttBars(content).html;
  return plainFence?.(tokens, index, options, env, self) ?? '';
};

const formatSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const formatPercent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(2);

const renderOutputs = (outputs: StepRecord['outputs']): Html => {
  const rows = Object.entries(outputs).filter(([, value]) => value !== '' && value.length <= 200);
  if (rows.length === 0) return EMPTY_HTML;
  const cells = rows.map(([name, value]) => html`<tr><th>${name}</th><td><code>${value}</code></td></tr>`);
  return html`<details><summary>Outputs (${rows.length})</summary><table>${cells}</table></details>`;
};

const renderStepRow = (
  { name, start, end, conclusion, summary, outputs }: StepRecord,
  from: number,
  whole: number,
): Html => {
  const left = formatPercent(start - from, whole);
  const width = formatPercent(end - start, whole);
  const verdict = { success: 'passed', failure: 'failed', cancelled: 'cancelled', skipped: 'skipped' }[conclusion];
  const head = html`<span class="name">${name}</span><span class="track"><span class="bar" style="left:${left}%;width:${width}%"></span></span><span class="time">${formatSeconds(end - start)}</span><span class="verdict">${verdict}</span>`;
  const isOpen = { html: conclusion === 'failure' ? ' open' : '' };
  const text: Html = { html: markdown.render(summary) };
  return html`<details class="${conclusion}"${isOpen}><summary>${head}</summary><div class="body">${text}${renderOutputs(outputs)}</div></details>
`;
};

const OUTCOME_LABELS: Readonly<Record<ScenarioResult['outcome'], string>> = {
  expected: 'as expected',
  lenient: 'let through by the emulator',
  unexpected: 'not as expected',
};

const renderScenarioSection = ({ scenario, run, outcome }: ScenarioResult): Html => {
  const { steps, passed } = run;
  const from = Math.min(...steps.map(({ start }) => start));
  const whole = Math.max(1, Math.max(...steps.map((step) => step.end)) - from);
  const heading = `${passed ? 'passed' : 'failed'}, ${OUTCOME_LABELS[outcome]}, in ${formatSeconds(whole)}`;
  const rows = steps.map((step) => renderStepRow(step, from, whole));
  return html`<section class="${passed ? 'success' : 'failure'}"><h2>${scenario.title} <span class="end">${heading}</span></h2>
<p class="lead">examples/workflows/${scenario.workflow}</p>
<div class="steps">${rows}</div></section>
`;
};

const renderCallRow = ({ service, operations }: CallCount): Html => {
  const chips = operations.map(
    ({ operation, count, writes }) =>
      html`<li class="${writes ? 'write' : 'read'}">${operation}${count === 1 ? '' : ` ×${count}`}</li>`,
  );
  const count = operations.reduce((sum, operation) => sum + operation.count, 0);
  return html`<b>${service}</b><ul>${chips}</ul><span class="count">${count}</span>`;
};

const renderCommentSection = (comments: readonly PullRequestComment[]): Html => {
  if (comments.length === 0) return EMPTY_HTML;
  const cards = comments.map(
    ({ location = 'the conversation', body }) =>
      html`<details class="success" open><summary><span class="name">${location}</span></summary><div class="body">${{ html: markdown.render(body) }}</div></details>
`,
  );
  return html`<section><h2>What the pull request was told</h2><div class="steps">${cards}</div></section>
`;
};

/** Renders the HTML report: steps with duration, result and summary, comments, and calls to AWS. */
export const renderReport = ({ results, comments, calls, verdict }: PageContent): string => {
  const deniedCount = calls.filter(isDenied).length;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>AWS Delivery Actions: a delivery from end to end</title><style>${{ html: STYLE }}</style></head>
<body><main><h1>A delivery from end to end</h1><p class="lead">${verdict}</p>
${results.map(renderScenarioSection)}
${renderCommentSection(comments)}
<section><h2>What AWS was asked</h2><p class="lead">${calls.length} calls, ${deniedCount} refused; what writes is set off by colour</p>
<div class="calls">${countCalls(calls).map(renderCallRow)}</div></section>
</main></body></html>
`;
  return page.html;
};
