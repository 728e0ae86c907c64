import type { Annotation } from '@aws-delivery/action-kit/run';
import { cutText } from '@aws-delivery/action-kit/untrusted';
import { severityText } from '@aws-delivery/findings/severity';
import { helpOf } from './address.js';
import type { Judged } from './gate.js';
import type { Result } from './result.js';

/** GitHub shows ten annotations of each level a step, and drops the rest without a word; a failed step has one itself. */
const MOST = { error: 9, warning: 10, notice: 10 } as const;

const LONGEST = 1500;

const levelOf = ({ finding, standing }: Judged): Annotation['level'] => {
  if (standing.kind === 'fails') return 'error';
  return finding.severity === 'low' || finding.severity === 'info' ? 'notice' : 'warning';
};

const annotationOf = (judged: Judged, prefix: string): Annotation => {
  const { rule, severity, message, location } = judged.finding;
  const address = helpOf(rule);
  const help = address === undefined ? '' : `\n${address}`;
  const { file, startLine, endLine } = location ?? {};
  return {
    level: levelOf(judged),
    title: `${severityText(severity)}: ${rule.name}${rule.name === rule.id ? '' : ` (${rule.id})`}`,
    text: `${cutText(message, LONGEST)}${help}`,
    ...(file === undefined ? {} : { file: `${prefix}${file}` }),
    ...(startLine === undefined ? {} : { startLine }),
    ...(endLine === undefined ? {} : { endLine }),
  };
};

/** As many of each level as are shown. */
const withinLimit = (): ((annotation: Annotation) => boolean) => {
  const counts = { error: 0, warning: 0, notice: 0 };
  return ({ level }) => {
    counts[level] += 1;
    return counts[level] <= MOST[level];
  };
};

/** The findings on their lines, worst first, as many as GitHub shows. */
export const annotationsOf = ({ judged, code, decision }: Result): readonly Annotation[] => {
  const counting = judged.filter(({ standing }) => standing.kind === 'fails' || standing.kind === 'below');
  const remark: readonly Annotation[] =
    decision.step === 'warn' ? [{ level: 'warning', title: 'Code review gate', text: decision.reason }] : [];
  return [...remark, ...counting.map((each) => annotationOf(each, code.prefix))].filter(withinLimit());
};
