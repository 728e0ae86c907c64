import { EMPTY_HTML, type Html, html } from '@aws-delivery/action-kit/report/html';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type CallCount, countCalls, isDenied, listUncheckedTypes } from '../call-count.js';
import type { PullRequestComment } from '../environment/github.js';
import type { ScenarioResult } from '../run-scenario.js';
import type { StepRecord } from '../workflow-run.js';
import { renderMarkdown } from './markdown.js';
import { STYLE } from './report-style.js';

export interface PageContent {
  readonly results: readonly ScenarioResult[];
  /** The comments on the pull request. */
  readonly comments: readonly PullRequestComment[];
  readonly calls: readonly CallRecord[];
}

/** Content Security Policy. Summaries are rendered with their HTML (`<details>`), so scripts and loads are blocked. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

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
  return html`<details class="${conclusion}"${isOpen}><summary>${head}</summary><div class="body">${renderMarkdown(summary)}${renderOutputs(outputs)}</div></details>
`;
};

const OUTCOME_LABELS: Readonly<Record<ScenarioResult['outcome'], string>> = {
  expected: 'as expected',
  lenient: 'accepted by the emulator',
  unexpected: 'not as expected',
};

const describeResult = ({ scenario, outcome, run }: ScenarioResult): string => {
  if (outcome === 'expected') return scenario.description;
  const [label = ''] = scenario.title.split(':');
  return outcome === 'lenient'
    ? `${label}: succeeded, because this emulator accepts a stream without shards.`
    : `${label}: ${run.passed ? 'succeeded' : 'failed'}, which was not expected.`;
};

/** What happened, in one paragraph. */
const renderOverview = ({ results, calls }: PageContent): Html => {
  const writes = calls.filter(({ write }) => write).length;
  const denied = calls.filter(isDenied).length;
  const count = `The actions made ${calls.length} calls to AWS: ${calls.length - writes} read and ${writes} write operations, of which ${denied === 0 ? 'none was' : `${denied} were`} denied.`;
  const unchecked = listUncheckedTypes(calls);
  const note = unchecked.length === 0 ? [] : [`Permissions were not checked for ${unchecked.join(', ')}.`];
  return html`<p class="overview">${[...results.map(describeResult), count, ...note].join(' ')}</p>`;
};

const renderScenarioSection = ({ scenario, run, outcome }: ScenarioResult): Html => {
  const { steps, passed } = run;
  const from = Math.min(...steps.map(({ start }) => start));
  const whole = Math.max(1, Math.max(...steps.map((step) => step.end)) - from);
  const heading = `${passed ? 'passed' : 'failed'} in ${formatSeconds(whole)}, ${OUTCOME_LABELS[outcome]}`;
  const rows = steps.map((step) => renderStepRow(step, from, whole));
  return html`<section class="${passed ? 'success' : 'failure'}"><h2>${scenario.title} <span class="end">${heading}</span></h2>
<p class="lead">examples/workflows/${scenario.workflow}</p>
<div class="steps">${rows}</div></section>
`;
};

const renderOperations = (label: string, kind: 'read' | 'write', operations: CallCount['operations']): Html => {
  if (operations.length === 0) return EMPTY_HTML;
  const items = operations.map(
    ({ operation, count }) => html`<li>${operation}${count === 1 ? '' : ` × ${count}`}</li>`,
  );
  return html`<div class="operations ${kind}"><span class="kind">${label}</span><ul>${items}</ul></div>`;
};

const renderService = ({ service, operations }: CallCount): Html => {
  const count = operations.reduce((sum, operation) => sum + operation.count, 0);
  const reads = operations.filter(({ writes }) => !writes);
  const writes = operations.filter(({ writes: isWrite }) => isWrite);
  return html`<div class="service"><h3>${service} <span class="count">${pluralize(count, 'call')}</span></h3>${renderOperations('Read', 'read', reads)}${renderOperations('Write', 'write', writes)}</div>
`;
};

const renderCommentSection = (comments: readonly PullRequestComment[]): Html => {
  if (comments.length === 0) return EMPTY_HTML;
  const cards = comments.map(
    ({ location = 'Conversation', body }) =>
      html`<details class="success" open><summary><span class="name">${location}</span></summary><div class="body">${renderMarkdown(body)}</div></details>
`,
  );
  return html`<section><h2>Comments on the pull request</h2><div class="steps">${cards}</div></section>
`;
};

/** Renders the HTML report: what happened, steps with duration, result and summary, comments, and calls to AWS. */
export const renderReport = (content: PageContent): string => {
  const { results, comments, calls } = content;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>AWS Delivery Actions: demo</title><style>${{ html: STYLE }}</style></head>
<body><main><h1>AWS Delivery Actions: demo</h1>${renderOverview(content)}
${results.map(renderScenarioSection)}
${renderCommentSection(comments)}
<section><h2>AWS API calls</h2>
<div class="calls">${countCalls(calls).map(renderService)}</div></section>
</main></body></html>
`;
  return page.html;
};
