import type { Annotation, Report } from '@aws-delivery/action-kit/run';
import type { Definition, Outputs } from '../action.js';
import { countsOf } from './narration.js';
import { keyOf, type Outcome, revertibleUntil } from './outcome.js';
import type { Result } from './result.js';
import { summaryOf } from './summary.js';
import { verdictOf } from './verdict.js';

const timeText = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

const documentOf = (outcome: Outcome) => {
  const { tenant, environment, profile, state, reason, version, label, deployment, percentage } = outcome;
  return {
    tenant,
    environment,
    profile,
    state,
    reason,
    version,
    label,
    deployment,
    percentage,
    startedAt: timeText(outcome.startedAt),
    endedAt: timeText(outcome.endedAt),
    revertibleUntil: timeText(revertibleUntil(outcome)),
  };
};

const outputsOf = ({ journal: { outcomes } }: Result): Outputs => ({
  deployments: outcomes.map(documentOf),
  ...countsOf(outcomes),
  versions: Object.fromEntries(
    outcomes.flatMap((outcome) => (outcome.version === undefined ? [] : [[keyOf(outcome), outcome.version]])),
  ),
});

const annotationsOf = ({ ending, journal }: Result): readonly Annotation[] =>
  (ending.kind === 'faulty' ? ending.faults : journal.faults).map(({ message: text, file, line }) => ({
    level: 'error',
    text,
    file,
    ...(line === undefined ? {} : { startLine: line }),
  }));

/** What a result means to the outside. */
export const report = (result: Result): Report<Definition> => {
  const verdict = verdictOf(result);
  return {
    verdict,
    outputs: outputsOf(result),
    summary: summaryOf(result, verdict).markdown,
    annotations: annotationsOf(result),
  };
};
