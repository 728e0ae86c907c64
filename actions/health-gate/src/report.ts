import { failed, passed, type Report } from '@aws-delivery/action-kit/run';
import type { definition, HealthOutputs } from '../action.js';
import { MOST_DESCRIBED } from './description.js';
import { eventDocument, eventsIn, holdDocuments } from './evidence.js';
import type { Recorded } from './result.js';
import { summaryOf } from './summary.js';

const outputsOf = ({ decision, ending, evidenceFile }: Recorded): HealthOutputs => {
  const { holds, source } = ending.last;
  const events = eventsIn(holds);
  return {
    verdict: decision.gate,
    reason: decision.reason,
    events: events.slice(0, MOST_DESCRIBED).map(eventDocument),
    'event-count': events.length,
    holds: holdDocuments(holds),
    'waited-seconds': Math.round(ending.waited / 1000),
    source,
    'evidence-file': evidenceFile,
  };
};

/** What a result means to the outside. */
export const report = (result: Recorded): Report<typeof definition> => {
  const { step, reason } = result.decision;
  return {
    verdict: step === 'fail' ? failed(reason) : passed,
    outputs: outputsOf(result),
    summary: summaryOf(result).markdown,
    annotations: step === 'warn' ? [{ level: 'warning', title: 'AWS Health gate', text: reason }] : [],
  };
};
