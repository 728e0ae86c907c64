import { failed, passed, type Report } from '@aws-delivery/action-kit/run';
import type { definition, HealthOutputs } from '../action.js';
import { MOST_DESCRIBED } from './description.js';
import { eventDocument, eventsIn, holdDocument } from './evidence.js';
import type { DescribedEvent, Hold } from './look.js';
import type { Recorded } from './result.js';
import { summaryOf } from './summary.js';

// Outputs travel on in environment variables, of which Linux takes 128 KiB each.
const MOST_BYTES = 100_000;
const LONGEST_TEXT = 2000;
const MOST_ENTITIES = 20;

/** As many of the documents, from the first on, as fit into an output. */
const fitting = <T>(documents: readonly T[]): readonly T[] => {
  let bytes = 2;
  const end = documents.findIndex((document) => {
    bytes += Buffer.byteLength(JSON.stringify(document)) + 1;
    return bytes > MOST_BYTES;
  });
  return end === -1 ? documents : documents.slice(0, end);
};

/** AWS puts its newest words last, so that it is the end that is kept. */
const shortened = (event: DescribedEvent): DescribedEvent => ({
  ...event,
  text:
    event.text === undefined || event.text.length <= LONGEST_TEXT ? event.text : `…${event.text.slice(-LONGEST_TEXT)}`,
  entities: event.entities.slice(0, MOST_ENTITIES),
});

const shortHold = (hold: Hold): Hold => (hold.kind === 'event' ? { ...hold, event: shortened(hold.event) } : hold);

const outputsOf = ({ decision, ending, evidenceFile }: Recorded): HealthOutputs => {
  const { holds, source } = ending.last;
  const events = eventsIn(holds);
  return {
    verdict: decision.gate,
    reason: decision.reason,
    events: fitting(events.slice(0, MOST_DESCRIBED).map((event) => eventDocument(shortened(event)))),
    'event-count': events.length,
    holds: fitting(holds.slice(0, MOST_DESCRIBED).map((hold) => holdDocument(shortHold(hold)))),
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
