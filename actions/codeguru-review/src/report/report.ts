import { failed, passed, type Report } from '@aws-delivery/action-kit/host/run-action';
import type { definition, ReviewOutputs } from '../../action.js';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import { countByStatus, type ResultWithFiles } from '../result.js';
import { listAnnotations } from './annotations.js';
import { formatLocation } from './code-link.js';
import { renderSummary } from './summary.js';

/** All outputs of a job together are limited to 1 MiB. */
const MAX_OUTPUT_FINDINGS = 100;

const toOutputFinding = ({
  finding: { id, rule, severity, category, location, message },
  fingerprint,
  isNew,
}: EvaluatedFinding) => ({
  id: id ?? fingerprint,
  rule: rule.id,
  severity,
  category: category === '' ? undefined : category,
  where: location === undefined ? undefined : formatLocation(location),
  message,
  new: isNew,
});

const buildOutputs = ({
  decision,
  evaluatedFindings,
  newCount,
  files,
  sourceResults,
}: ResultWithFiles): ReviewOutputs => ({
  verdict: decision.verdict,
  reason: decision.reason,
  findings: evaluatedFindings
    .filter(({ status }) => status.kind === 'fails')
    .slice(0, MAX_OUTPUT_FINDINGS)
    .map(toOutputFinding),
  counts: countByStatus(evaluatedFindings),
  'new-count': newCount,
  'review-arn': sourceResults.find(({ reviewArn }) => reviewArn !== undefined)?.reviewArn,
  'sarif-file': files.sarif,
  'json-file': files.json,
  'html-file': files.html,
});

/** Converts the result to outputs, summary and annotations. */
export const report = (result: ResultWithFiles): Report<typeof definition> => {
  const { step, reason } = result.decision;
  return {
    verdict: step === 'fail' ? failed(reason) : passed,
    outputs: buildOutputs(result),
    summary: renderSummary(result),
    annotations: listAnnotations(result),
    unusedExceptions: result.unusedExceptions,
  };
};
