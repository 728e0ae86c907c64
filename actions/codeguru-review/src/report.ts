import { failed, passed, type Report } from '@aws-delivery/action-kit/run';
import type { definition, ReviewOutputs } from '../action.js';
import { placeText } from './address.js';
import { annotationsOf } from './annotation.js';
import type { Judged } from './gate.js';
import { countsOf, type Recorded } from './result.js';
import { summaryOf } from './summary.js';

/** Outputs of a job may have 1 MiB together. */
const MOST_FINDINGS = 100;

const documentOf = ({ finding: { id, rule, severity, category, location, message }, fingerprint, isNew }: Judged) => ({
  id: id ?? fingerprint,
  rule: rule.id,
  severity,
  category: category === '' ? undefined : category,
  where: location === undefined ? undefined : placeText(location),
  message,
  new: isNew,
});

const outputsOf = ({ decision, judged, newCount, files, looks }: Recorded): ReviewOutputs => ({
  verdict: decision.gate,
  reason: decision.reason,
  findings: judged
    .filter(({ standing }) => standing.kind === 'fails')
    .slice(0, MOST_FINDINGS)
    .map(documentOf),
  counts: countsOf(judged),
  'new-count': newCount,
  'review-arn': looks.find(({ reviewArn }) => reviewArn !== undefined)?.reviewArn,
  'sarif-file': files.sarif,
  'json-file': files.json,
  'html-file': files.html,
});

/** What a result means to the outside. */
export const report = (result: Recorded): Report<typeof definition> => {
  const { step, reason } = result.decision;
  return {
    verdict: step === 'fail' ? failed(reason) : passed,
    outputs: outputsOf(result),
    summary: summaryOf(result),
    annotations: annotationsOf(result),
  };
};
