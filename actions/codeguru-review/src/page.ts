import { anchor, type Html, html, NOTHING } from '@aws-delivery/action-kit/html';
import { SEVERITIES, type Severity, severityText } from '@aws-delivery/findings/severity';
import { addressOf, helpOf, placeText } from './address.js';
import type { Code } from './code.js';
import type { Judged } from './gate.js';
import { STYLE } from './page-style.js';
import type { Result } from './result.js';

/** Past these the page shows findings without their code: browsers get slow before people have read so far. */
const MOST_EXCERPTS = 1000;

const codeList = ({ excerpt }: Code): Html => {
  const { first, lines, from, to } = excerpt;
  const items = lines.map((line, index) => {
    const number = first + index;
    return html`<li class="${number >= from && number <= to ? 'hit' : 'near'}"><span>${number}</span>${line}</li>`;
  });
  return html`<ol class="code">${items}</ol>`;
};

const standingText = ({ standing }: Judged): string => {
  switch (standing.kind) {
    case 'fails':
      return 'fails';
    case 'known':
      return 'known before';
    case 'ignored':
      return `excepted: ${standing.reason}`;
    case 'below':
      return '';
  }
};

const badge = (text: string, tone = ''): Html =>
  text === '' ? NOTHING : html`<span class="badge ${tone}">${text}</span>`;

/** What speaks for the rule, where the message does not say it already. */
const aboutText = ({ finding: { rule, message } }: Judged): Html =>
  rule.description === '' || rule.description === message ? NOTHING : html`<p class="about">${rule.description}</p>`;

const moreText = ({ finding: { rule, category, source, id }, fingerprint }: Judged): Html => {
  const parts = [source, category, rule.id, ...rule.tags].filter((part) => part !== '');
  const address = helpOf(rule);
  const help = address === undefined ? NOTHING : html` · ${anchor('about this rule', address)}`;
  return html`<p class="more">${parts.join(' · ')}${help} · ${id ?? fingerprint}</p>`;
};

const card = (judged: Judged, result: Result, inFull: boolean): Html => {
  const { finding, code, standing, isNew } = judged;
  const { rule, location, message } = finding;
  const place = location?.startLine === undefined ? '' : placeText(location).slice(location.file.length + 1);
  const excerpt = code === undefined || !inFull ? NOTHING : codeList(code);
  const open = { html: standing.kind === 'fails' && inFull ? ' open' : '' };
  const tone = standing.kind === 'fails' ? '' : 'quiet';
  const where =
    place === '' ? NOTHING : html`<span class="where">${anchor(`line ${place}`, addressOf(finding, result))}</span>`;
  return html`<details${open}><summary><b>${rule.name}</b>${where}${badge(isNew === true ? 'new' : '')}${badge(standingText(judged), tone)}</summary><div class="body"><p class="message">${message}</p>${excerpt}${aboutText(judged)}${moreText(judged)}</div></details>
`;
};

const groupByFile = (judged: readonly Judged[]): ReadonlyMap<string, readonly Judged[]> => {
  const groups = new Map<string, Judged[]>();
  for (const each of judged) {
    const file = each.finding.location?.file ?? '';
    const group = groups.get(file);
    if (group === undefined) groups.set(file, [each]);
    else group.push(each);
  }
  return groups;
};

const section = (severity: Severity, result: Result, shown: ReadonlySet<Judged>): Html => {
  const group = result.judged.filter(({ finding }) => finding.severity === severity);
  if (group.length === 0) return NOTHING;
  const files = [...groupByFile(group)].map(
    ([file, judged]) =>
      html`<h3>${file === '' ? 'no file' : file}</h3>${judged.map((each) => card(each, result, shown.has(each)))}`,
  );
  return html`<section class="${severity}"><h2>${severityText(severity)} (${group.length})</h2>${files}</section>
`;
};

const tile = (severity: Severity, judged: readonly Judged[]): Html => {
  const count = judged.filter(({ finding }) => finding.severity === severity).length;
  return count === 0 ? NOTHING : html`<li class="${severity}"><b>${count}</b>${severityText(severity)}</li>`;
};

const metaText = ({ repository, code, looks, endedAt }: Result): string =>
  [
    repository,
    code.commit?.slice(0, 12),
    looks.flatMap(({ scanners }) => scanners).join(', '),
    `${new Date(endedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  ]
    .filter((part) => part)
    .join(' · ');

/** Nothing may run or load: the page is made of other people's text. */
const RULES = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The report as one page that needs nothing else. */
export const pageOf = (result: Result): string => {
  const { decision, judged } = result;
  const shown = new Set(judged.slice(0, MOST_EXCERPTS));
  const title = `Code review: ${decision.gate}`;
  const empty = judged.length === 0 ? html`<p class="reason">No findings.</p>` : NOTHING;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${RULES}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
<header class="${decision.gate}">
<h1>Code review: <b>${decision.gate}</b></h1>
<p class="reason">${decision.reason}</p>
<p class="meta">${metaText(result)}</p>
</header>
<ul class="tiles">${SEVERITIES.map((severity) => tile(severity, judged))}</ul>
${empty}${SEVERITIES.map((severity) => section(severity, result, shown))}</main>
</body>
</html>
`.html;
};
