import { fit, LIMITS } from '@aws-delivery/action-kit/markdown';
import type { Annotation, Report } from '@aws-delivery/action-kit/run';
import type { Definition, Outputs } from '../action.js';
import { changePage, changeSummary } from './change-view.js';
import { findingText } from './finding.js';
import type { Journal } from './journal.js';
import type { Result } from './result.js';
import { type Cause, causeText } from './root-cause.js';
import { consoleUrl } from './stack.js';
import { stackOutputs } from './stack-output.js';
import { summaryOf } from './summary.js';
import { headlineOf, verdictOf } from './verdict.js';

const failedResource = ({ within, logicalId, type, status, reason, code }: Cause) => ({
  stack: within.join('.'),
  logicalId,
  type,
  status,
  reason,
  code,
});

const changeOutputs = (result: Result): Outputs => {
  const { changeSet } = result.journal;
  if (changeSet === undefined) return result.ending.kind === 'unchanged' ? { 'has-changes': false } : {};
  return {
    'change-set-id': changeSet.id,
    'change-set-name': changeSet.name,
    'has-changes': changeSet.state === 'ready',
    'changes-count': changeSet.changes.length,
    'changes-summary': changeSummary(changeSet),
    'changes-markdown': changePage(headlineOf(result), changeSet).markdown,
  };
};

const failureOutputs = ({ causes, retries, wasResumed }: Journal): Outputs => ({
  'retry-count': retries.length,
  'was-resumed': wasResumed,
  ...(causes[0] === undefined ? {} : { 'root-cause': causeText(causes[0]) }),
  ...(causes.length === 0 ? {} : { 'failed-resources': causes.map(failedResource) }),
});

const outputsOf = (result: Result): Outputs => {
  const { journal, ending } = result;
  const { stack } = journal;
  const url = stack === undefined ? undefined : consoleUrl(stack.id);
  return {
    ...stackOutputs(stack),
    ...changeOutputs(result),
    ...failureOutputs(journal),
    ...(ending.kind === 'drift'
      ? { 'drift-status': ending.drift.status, 'drifted-resources': ending.drift.resources }
      : {}),
    'stack-id': stack?.id ?? journal.changeSet?.stackId,
    'stack-status': stack?.status,
    'console-url': url,
  };
};

const faultAnnotations = ({ ending }: Result): readonly Annotation[] =>
  ending.kind === 'invalid'
    ? ending.faults.flatMap(({ message, place }) =>
        place.file === undefined ? [] : [{ level: 'error' as const, text: message, ...place }],
      )
    : [];

/** What validations and hooks found, on the line that they name. */
const findingAnnotations = ({ ending, journal }: Result): readonly Annotation[] => {
  const { templateFile: file, lineOf } = journal;
  if (ending.kind !== 'change-set-failed' || file === undefined) return [];
  return ending.findings.map((finding) => {
    const startLine = lineOf(finding.path);
    const level = finding.isWarning ? 'warning' : 'error';
    return { level, text: findingText(finding), file, ...(startLine === undefined ? {} : { startLine }) };
  });
};

const annotationsOf = (result: Result): readonly Annotation[] => [
  ...faultAnnotations(result),
  ...findingAnnotations(result),
  ...causeAnnotations(result.journal),
];

/** Root causes in the template itself, on the line that declares the resource. */
const causeAnnotations = ({ causes, templateFile, lineOf, blameOf }: Journal): readonly Annotation[] =>
  causes
    .filter(({ within }) => within.length === 0 && templateFile !== undefined)
    .flatMap((cause) => {
      const startLine = lineOf(['Resources', cause.logicalId]);
      const place = { file: templateFile ?? '', ...(startLine === undefined ? {} : { startLine }) };
      const text = [causeText(cause), blameOf(cause), cause.remedy].filter((part) => part !== undefined).join('; ');
      return [{ level: 'error' as const, title: cause.logicalId, text, ...place }];
    });

/** What a result means to the outside. */
export const report = (result: Result): Report<Definition> => {
  const verdict = verdictOf(result);
  return {
    verdict,
    outputs: outputsOf(result),
    summary: fit(summaryOf(result, verdict).markdown, LIMITS.summary),
    annotations: verdict.kind === 'failed' ? annotationsOf(result) : [],
  };
};
