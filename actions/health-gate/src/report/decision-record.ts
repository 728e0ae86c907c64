import type { Blocker, DescribedEvent } from '../decision/observation.js';
import { MAX_DESCRIBED_EVENTS } from '../events/event-describer.js';
import type { Result } from '../result.js';

const formatTimestamp = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

/** An event as outputs and evidence show it. */
export const toEventDocument = (event: DescribedEvent) => ({
  arn: event.arn,
  service: event.service,
  eventTypeCode: event.typeCode,
  category: event.category,
  status: event.status,
  scope: event.scope,
  region: event.region,
  availabilityZone: event.zone,
  startTime: formatTimestamp(event.startsAt),
  endTime: formatTimestamp(event.endsAt),
  lastUpdatedTime: formatTimestamp(event.updatedAt),
  actionability: event.actionability,
  personas: event.personas,
  description: event.text,
  affectedEntities: event.entities,
  link: event.link,
});

/** A hold as outputs and evidence show it. */
export const toBlockerDocument = (blocker: Blocker) => {
  switch (blocker.kind) {
    case 'event':
      return { kind: blocker.kind, ...toEventDocument(blocker.event) };
    case 'calendar':
      return blocker;
    case 'alarm':
      return { ...blocker, since: formatTimestamp(blocker.since) };
  }
};

/** The events among the holds. */
export const listEvents = (blockers: readonly Blocker[]): readonly DescribedEvent[] =>
  blockers.flatMap((blocker) => (blocker.kind === 'event' ? [blocker.event] : []));

const buildRequestDocument = ({ request, deploymentScope }: Result) => {
  const { token: _secret, criteria, ...requestFields } = request;
  return {
    ...requestFields,
    criteria: { ...criteria, ignore: criteria.ignore.map(({ name, reason }) => ({ name, reason })) },
    derived: deploymentScope,
  };
};

/** What was asked, seen and decided, for change records. The form is stable: additions only. */
export const buildDecisionRecord = (result: Result) => {
  const { decision, waitResult, request, run, intervals } = result;
  const { lastObservation } = waitResult;
  return {
    version: 1,
    verdict: decision.verdict,
    reason: decision.reason,
    ...(decision.verdict === 'overridden' ? { override: { reason: request.override, by: run.actor } } : {}),
    startedAt: formatTimestamp(result.startedAt),
    endedAt: formatTimestamp(result.endedAt),
    waitedSeconds: Math.round(waitResult.waited / 1000),
    looks: waitResult.observationCount,
    source: lastObservation.source,
    lastLookAt: formatTimestamp(lastObservation.at),
    holds: lastObservation.blockers.slice(0, MAX_DESCRIBED_EVENTS).map(toBlockerDocument),
    holdCount: lastObservation.blockers.length,
    troubles: lastObservation.errors,
    leftOut: lastObservation.excluded,
    remarks: lastObservation.notices,
    episodes: intervals.map(({ from, to, ...interval }) => ({
      ...interval,
      from: formatTimestamp(from),
      to: formatTimestamp(to),
    })),
    asked: buildRequestDocument(result),
    run,
  };
};
