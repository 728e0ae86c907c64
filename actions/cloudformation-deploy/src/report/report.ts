import type { Annotation, Report } from '@aws-delivery/action-kit/host/run-action';
import type { Definition, Outputs } from '../../action.js';
import { buildChangeSummary, renderChangeDocument } from '../change-set/change-view.js';
import { formatFinding } from '../change-set/validation-findings.js';
import { type Cause, findSourceParameter, formatCause } from '../operation/root-cause.js';
import type { Result } from '../result.js';
import type { RunRecord } from '../run-record.js';
import type { Drift } from '../stack/drift-exceptions.js';
import { getStackConsoleUrl } from '../stack/stack.js';
import { buildStackOutputs } from '../stack/stack-outputs.js';
import { renderSummary } from './summary.js';
import { formatHeadline, getVerdict, joinSentences } from './verdict.js';

const toFailedResource = ({ stackPath, logicalId, type, status, reason, code }: Cause) => ({
  stack: stackPath.join('.'),
  logicalId,
  type,
  status,
  reason,
  code,
});

const buildChangeOutputs = (result: Result): Outputs => {
  const { changeSet } = result.record;
  if (changeSet === undefined) return result.outcome.kind === 'unchanged' ? { 'has-changes': false } : {};
  return {
    'change-set-id': changeSet.id,
    'change-set-name': changeSet.name,
    'has-changes': changeSet.state === 'ready',
    'changes-count': changeSet.changes.length,
    'changes-summary': buildChangeSummary(changeSet),
    'changes-markdown': renderChangeDocument(formatHeadline(result), changeSet).markdown,
  };
};

const buildFailureOutputs = ({ causes, retries, wasResumed }: RunRecord): Outputs => ({
  'retry-count': retries.length,
  'was-resumed': wasResumed,
  ...(causes[0] === undefined ? {} : { 'root-cause': formatCause(causes[0]) }),
  ...(causes.length === 0 ? {} : { 'failed-resources': causes.map(toFailedResource) }),
});

const buildDriftOutputs = ({ status, resources, ignored }: Drift): Outputs => ({
  'drift-status': status,
  'drifted-resources': resources,
  'ignored-drift': ignored,
});

const buildOutputs = (result: Result): Outputs => {
  const { record, outcome } = result;
  const { stack } = record;
  const url = stack === undefined ? undefined : getStackConsoleUrl(stack.id);
  return {
    ...buildStackOutputs(stack),
    ...buildChangeOutputs(result),
    ...buildFailureOutputs(record),
    ...(outcome.kind === 'drift' ? buildDriftOutputs(outcome.drift) : {}),
    'stack-id': stack?.id ?? record.changeSet?.stackId,
    'stack-status': stack?.status,
    'console-url': url,
  };
};

const createIssueAnnotations = ({ outcome }: Result): readonly Annotation[] =>
  outcome.kind === 'invalid'
    ? outcome.issues.flatMap(({ message, location }) =>
        location.file === undefined ? [] : [{ level: 'error' as const, message, ...location }],
      )
    : [];

/** Findings of validations and hooks, on the template line that they name. */
const createFindingAnnotations = ({ outcome, record }: Result): readonly Annotation[] => {
  const { templateFile: file, template } = record;
  if (outcome.kind !== 'change-set-failed' || file === undefined) return [];
  return outcome.findings.map((finding) => {
    const startLine = template?.getPosition(finding.path)?.line;
    const level = finding.warnOnly ? 'warning' : 'error';
    return { level, message: formatFinding(finding), file, ...(startLine === undefined ? {} : { startLine }) };
  });
};

const createAnnotations = (result: Result): readonly Annotation[] => [
  ...createIssueAnnotations(result),
  ...createFindingAnnotations(result),
  ...createCauseAnnotations(result.record),
];

/** Root causes in the template itself, on the line that declares the resource. */
const createCauseAnnotations = ({ causes, templateFile, template }: RunRecord): readonly Annotation[] =>
  causes
    .filter(({ stackPath }) => stackPath.length === 0 && templateFile !== undefined)
    .flatMap((cause) => {
      const startLine = template?.getPosition(['Resources', cause.logicalId])?.line;
      const location = { file: templateFile ?? '', ...(startLine === undefined ? {} : { startLine }) };
      const message = joinSentences(formatCause(cause), template && findSourceParameter(template, cause), cause.hint);
      return [{ level: 'error' as const, title: cause.logicalId, message, ...location }];
    });

/** Verdict, outputs, summary and annotations of a result. */
export const report = (result: Result): Report<Definition> => {
  const verdict = getVerdict(result);
  return {
    verdict,
    outputs: buildOutputs(result),
    summary: renderSummary(result, verdict).markdown,
    unusedExceptions: { names: result.record.exceptions?.unused ?? [] },
    annotations: verdict.kind === 'failed' ? createAnnotations(result) : [],
  };
};
