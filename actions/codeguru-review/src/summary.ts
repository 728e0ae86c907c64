import { countText } from '@aws-delivery/action-kit/count-text';
import {
  bold,
  code,
  details,
  fence,
  fit,
  heading,
  LIMITS,
  link,
  type Markdown,
  md,
  page,
  raw,
  table,
} from '@aws-delivery/action-kit/markdown';
import { singleLine } from '@aws-delivery/action-kit/untrusted';
import type { Gate } from '@aws-delivery/findings/decision';
import { countSeverities, SEVERITIES, severityText } from '@aws-delivery/findings/severity';
import { addressOf, helpOf, placeText } from './address.js';
import type { Excerpt } from './code.js';
import type { Judged } from './gate.js';
import type { Result } from './result.js';

const MARKS: Readonly<Record<Gate, string>> = { passed: '✅', blocked: '⛔', unknown: '❔' };

/** More than people read in a summary; the files have all. */
const MOST_ROWS = 100;
const MOST_EXCERPTS = 20;
const LONGEST_MESSAGE = 300;

const placeLink = ({ finding }: Judged, result: Result): Markdown => {
  if (finding.location === undefined) return raw('');
  const address = addressOf(finding, result);
  const text = singleLine(placeText(finding.location));
  return address === undefined ? code(text) : link(text, address);
};

const ruleLink = ({ finding: { rule } }: Judged): Markdown => {
  const help = helpOf(rule);
  return help === undefined ? md`${rule.name}` : link(rule.name, help);
};

const rowOf = (judged: Judged, result: Result): readonly (string | Markdown)[] => {
  const { finding, isNew } = judged;
  const severity = severityText(finding.severity);
  const news = result.newCount === undefined ? [] : [isNew === true ? 'new' : ''];
  return [
    judged.standing.kind === 'fails' ? bold(severity) : severity,
    ruleLink(judged),
    placeLink(judged, result),
    singleLine(finding.message, LONGEST_MESSAGE),
    ...news,
  ];
};

const findingTable = (judged: readonly Judged[], result: Result): Markdown => {
  if (judged.length === 0) return raw('');
  const rows = judged.slice(0, MOST_ROWS).map((each) => rowOf(each, result));
  const more = judged.length - rows.length;
  const header = ['severity', 'rule', 'where', 'what', ...(result.newCount === undefined ? [] : ['new'])];
  return page(table({ header, rows }), more > 0 ? md`${more} more are in the report.` : raw(''));
};

const excerptText = ({ first, lines, from, to }: Excerpt): string => {
  const width = String(first + lines.length).length;
  return lines
    .map((line, index) => {
      const number = first + index;
      const mark = number >= from && number <= to ? '>' : ' ';
      return `${mark} ${String(number).padStart(width)} | ${line}`;
    })
    .join('\n');
};

const excerpts = (judged: readonly Judged[], result: Result): Markdown => {
  const shown = judged.filter((each) => each.code !== undefined).slice(0, MOST_EXCERPTS);
  const blocks = shown.flatMap((each) => {
    const { finding } = each;
    const place = placeLink(each, result);
    const excerpt = each.code === undefined ? '' : excerptText(each.code.excerpt);
    return [md`${bold(finding.rule.name)} ${place}`, fence(excerpt, 'text')];
  });
  return shown.length === 0 ? raw('') : details(`Code of ${countText(shown.length, 'finding')}`, page(...blocks));
};

const countTable = ({ judged }: Result): Markdown => {
  if (judged.length === 0) return raw('');
  const of = (kinds: readonly string[]) =>
    countSeverities(
      judged.filter(({ standing }) => kinds.includes(standing.kind)).map(({ finding }) => finding.severity),
    );
  const [all, fails, ignored] = [of(['fails', 'below', 'known', 'ignored']), of(['fails']), of(['ignored'])];
  const used = SEVERITIES.filter((severity) => all[severity] > 0);
  const rows = used.map((severity) => [
    severityText(severity),
    String(all[severity]),
    String(fails[severity]),
    String(ignored[severity]),
  ]);
  return table({ header: ['severity', 'findings', 'fail', 'excepted'], rows });
};

const exceptions = ({ judged }: Result): Markdown => {
  const ignored = judged.filter(({ standing }) => standing.kind === 'ignored');
  if (ignored.length === 0) return raw('');
  const rows = ignored
    .slice(0, MOST_ROWS)
    .map(({ finding, standing }) => [
      finding.rule.name,
      finding.location === undefined ? '' : code(placeText(finding.location)),
      standing.kind === 'ignored' ? singleLine(standing.reason, LONGEST_MESSAGE) : '',
    ]);
  return details(`${ignored.length} excepted`, table({ header: ['rule', 'where', 'why'], rows }));
};

const scannersLine = ({ looks, newCount }: Result): Markdown => {
  const scanners = looks.flatMap(({ scanners: names }) => names).join(', ');
  const compared = newCount === undefined ? '' : ` ${newCount} were not there before.`;
  return scanners === '' ? raw('') : md`Looked: ${scanners}.${compared}`;
};

/** The summary: verdict, counts, what fails with its code, the rest folded. Cut to what a host takes. */
export const summaryOf = (result: Result, limit = LIMITS.summary): string => {
  const { decision, judged } = result;
  const failing = judged.filter(({ standing }) => standing.kind === 'fails');
  const others = judged.filter(({ standing }) => standing.kind === 'below' || standing.kind === 'known');
  const rest =
    others.length === 0
      ? raw('')
      : details(`${others.length} that ${others.length === 1 ? 'does' : 'do'} not fail`, findingTable(others, result));
  const whole = page(
    heading(2, md`${raw(MARKS[decision.gate])} Code review: ${decision.gate}`),
    md`${decision.reason}`,
    countTable(result),
    findingTable(failing, result),
    excerpts(failing, result),
    rest,
    exceptions(result),
    scannersLine(result),
  );
  return fit(whole.markdown, limit);
};
