import { failed, passed, type Report } from '@aws-delivery/action-kit/host/run-action';
import type { definition, HealthOutputs } from '../../action.js';
import type { Blocker, DescribedEvent } from '../decision/observation.js';
import { MAX_DESCRIBED_EVENTS } from '../events/event-describer.js';
import type { RecordedResult } from '../result.js';
import { listEvents, toBlockerDocument, toEventDocument } from './decision-record.js';
import { renderSummary } from './summary.js';

// Workflows pass outputs on in environment variables, which Linux limits to 128 KiB each.
const MAX_OUTPUT_BYTES = 100_000;
const MAX_TEXT_LENGTH = 2000;
const MAX_ENTITIES = 20;

/** The first documents, as many as fit into an output. */
const limitToOutputSize = <T>(documents: readonly T[]): readonly T[] => {
  let bytes = 2;
  const end = documents.findIndex((document) => {
    bytes += Buffer.byteLength(JSON.stringify(document)) + 1;
    return bytes > MAX_OUTPUT_BYTES;
  });
  return end === -1 ? documents : documents.slice(0, end);
};

/** Keeps the end of a long description: AWS puts the newest update last. */
const truncateEvent = (event: DescribedEvent): DescribedEvent => ({
  ...event,
  text:
    event.text === undefined || event.text.length <= MAX_TEXT_LENGTH
      ? event.text
      : `…${event.text.slice(-MAX_TEXT_LENGTH)}`,
  entities: event.entities.slice(0, MAX_ENTITIES),
});

const truncateBlocker = (blocker: Blocker): Blocker =>
  blocker.kind === 'event' ? { ...blocker, event: truncateEvent(blocker.event) } : blocker;

const buildOutputs = ({ decision, waitResult, writtenEvidenceFile }: RecordedResult): HealthOutputs => {
  const { blockers, source } = waitResult.lastObservation;
  const events = listEvents(blockers);
  return {
    verdict: decision.verdict,
    reason: decision.reason,
    events: limitToOutputSize(
      events.slice(0, MAX_DESCRIBED_EVENTS).map((event) => toEventDocument(truncateEvent(event))),
    ),
    'event-count': events.length,
    holds: limitToOutputSize(
      blockers.slice(0, MAX_DESCRIBED_EVENTS).map((blocker) => toBlockerDocument(truncateBlocker(blocker))),
    ),
    'waited-seconds': Math.round(waitResult.waited / 1000),
    source,
    'evidence-file': writtenEvidenceFile,
  };
};

/** Outputs, summary and annotations of a result. */
export const buildReport = (result: RecordedResult): Report<typeof definition> => {
  const { step, reason } = result.decision;
  return {
    verdict: step === 'fail' ? failed(reason) : passed,
    outputs: buildOutputs(result),
    unusedExceptions: { names: result.unusedEntries },
    summary: renderSummary(result).markdown,
    annotations: step === 'warn' ? [{ level: 'warning', title: 'AWS Health gate', message: reason }] : [],
  };
};
