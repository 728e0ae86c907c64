import {
  bold,
  code,
  details,
  heading,
  link,
  list,
  type Markdown,
  md,
  page,
  raw,
  table,
} from '@aws-delivery/action-kit/markdown';
import { singleLine } from '@aws-delivery/action-kit/untrusted';
import type { Decision, Gate } from '@aws-delivery/findings/decision';
import type { Package } from './answer.js';
import type { ImageLook } from './image-look.js';
import type { Judged } from './standing.js';

const MARKS: Readonly<Record<Gate, string>> = { passed: '✅', blocked: '⛔', unknown: '❔' };

/** More than people read in a summary; the files have all. */
const MOST_ROWS = 50;
const LONGEST = 200;

const ruleOf = ({ finding: { rule } }: Judged): Markdown =>
  rule.help === undefined ? md`${rule.name}` : link(rule.name, rule.help);

const severityOf = ({ finding: { severity }, standing }: Judged): string | Markdown => {
  const word = severity === 'none' ? 'unranked' : severity;
  return standing.kind === 'fails' ? bold(word) : word;
};

const partsOf = (packages: readonly Package[], pick: (each: Package) => string | undefined): string =>
  singleLine([...new Set(packages.flatMap((each) => pick(each) ?? []))].join(', '), LONGEST);

const FIX_WORDS = { yes: 'yes', no: 'none yet', unknown: '' } as const;

const rowOf = (judged: Judged): readonly (string | Markdown)[] => [
  severityOf(judged),
  ruleOf(judged),
  partsOf(judged.packages, ({ name, version }) => `${name} ${version}`),
  partsOf(judged.packages, ({ fixedIn }) => fixedIn) || FIX_WORDS[judged.fixable],
  code(judged.image.name),
  judged.platforms.filter((platform) => platform !== '').join(', '),
];

const findingTable = (judged: readonly Judged[]): Markdown => {
  if (judged.length === 0) return raw('');
  const header = ['severity', 'finding', 'package', 'fixed in', 'image', 'platforms'];
  const rows = judged.slice(0, MOST_ROWS).map(rowOf);
  const more = judged.length - rows.length;
  return page(table({ header, rows }), more > 0 ? md`${more} more are in the report.` : raw(''));
};

const folded = (judged: readonly Judged[], title: string): Markdown =>
  judged.length === 0 ? raw('') : details(`${judged.length} ${title}`, findingTable(judged));

const exceptions = (judged: readonly Judged[]): Markdown => {
  const rows = judged.flatMap((each) =>
    each.standing.kind === 'ignored'
      ? [[severityOf(each), ruleOf(each), code(each.image.name), singleLine(each.standing.reason, LONGEST)]]
      : [],
  );
  if (rows.length === 0) return raw('');
  const header = ['severity', 'finding', 'image', 'why'];
  return details(`${rows.length} excepted`, table({ header, rows: rows.slice(0, MOST_ROWS) }));
};

const silences = (looks: readonly ImageLook[]): Markdown => {
  const lines = looks.flatMap(({ name, troubles }) => troubles.map((text) => md`${code(name)}: ${text}`));
  return lines.length === 0 ? raw('') : page(md`No complete answer:`, list(lines));
};

/** What the scan gate has to say, for the job summary. */
export const scanSummary = (decision: Decision, looks: readonly ImageLook[], judged: readonly Judged[]): Markdown => {
  const of = (kind: Judged['standing']['kind']) => judged.filter(({ standing }) => standing.kind === kind);
  return page(
    heading(3, md`${raw(MARKS[decision.gate])} Scan gate: ${decision.gate}`),
    md`${decision.reason}`,
    silences(looks),
    findingTable(of('fails')),
    folded(of('no-fix'), 'without a fix yet'),
    folded(of('below'), 'that do not fail'),
    exceptions(judged),
  );
};
