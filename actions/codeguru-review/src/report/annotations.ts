import type { Annotation } from '@aws-delivery/action-kit/host/run-action';
import { truncate } from '@aws-delivery/action-kit/util/sanitize';
import { formatSeverity } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import type { Result } from '../result.js';
import { getHelpUrl } from './code-link.js';

/** GitHub shows ten annotations per level and step and drops the rest; a failed step adds one error itself. */
const MAX_ANNOTATIONS = { error: 9, warning: 10, notice: 10 } as const;

const MAX_MESSAGE_LENGTH = 1500;

const getLevel = ({ finding, status }: EvaluatedFinding): Annotation['level'] => {
  if (status.kind === 'fails') return 'error';
  return finding.severity === 'low' || finding.severity === 'info' ? 'notice' : 'warning';
};

const toAnnotation = (evaluatedFinding: EvaluatedFinding): Annotation => {
  const { rule, severity, message, location } = evaluatedFinding.finding;
  const helpUrl = getHelpUrl(rule);
  const help = helpUrl === undefined ? '' : `\n${helpUrl}`;
  const { file, startLine, endLine } = location ?? {};
  return {
    level: getLevel(evaluatedFinding),
    title: `${formatSeverity(severity)}: ${rule.name}${rule.name === rule.id ? '' : ` (${rule.id})`}`,
    message: `${truncate(message, MAX_MESSAGE_LENGTH)}${help}`,
    ...(file === undefined ? {} : { file }),
    ...(startLine === undefined ? {} : { startLine }),
    ...(endLine === undefined ? {} : { endLine }),
  };
};

/** A filter that keeps the first items of each level. */
const limitPerLevel = (): ((level: Annotation['level']) => boolean) => {
  const counts = { error: 0, warning: 0, notice: 0 };
  return (level) => {
    counts[level] += 1;
    return counts[level] <= MAX_ANNOTATIONS[level];
  };
};

/** Annotations of the findings, worst first, up to GitHub's limits. */
export const listAnnotations = ({ evaluatedFindings, decision }: Result): readonly Annotation[] => {
  const notices: readonly Annotation[] =
    decision.step === 'warn' ? [{ level: 'warning', title: 'Code review gate', message: decision.reason }] : [];
  const isWithinLimit = limitPerLevel();
  const shownNotices = notices.filter(({ level }) => isWithinLimit(level));
  const shownFindings = evaluatedFindings.filter(
    (each) => (each.status.kind === 'fails' || each.status.kind === 'below') && isWithinLimit(getLevel(each)),
  );
  return [...shownNotices, ...shownFindings.map(toAnnotation)];
};
