import { MOST_DESCRIBED } from './description.js';
import type { DescribedEvent, Hold } from './look.js';
import type { Result } from './result.js';

const moment = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

/** An event as outputs and evidence show it. */
export const eventDocument = (event: DescribedEvent) => ({
  arn: event.arn,
  service: event.service,
  eventTypeCode: event.typeCode,
  category: event.category,
  status: event.status,
  scope: event.scope,
  region: event.region,
  availabilityZone: event.zone,
  startTime: moment(event.startsAt),
  endTime: moment(event.endsAt),
  lastUpdatedTime: moment(event.updatedAt),
  actionability: event.actionability,
  personas: event.personas,
  description: event.text,
  affectedEntities: event.entities,
  link: event.link,
});

/** A hold as outputs and evidence show it. */
export const holdDocument = (hold: Hold) => {
  switch (hold.kind) {
    case 'event':
      return { kind: hold.kind, ...eventDocument(hold.event) };
    case 'calendar':
      return hold;
    case 'alarm':
      return { ...hold, since: moment(hold.since) };
  }
};

/** The events among the holds. */
export const eventsIn = (holds: readonly Hold[]): readonly DescribedEvent[] =>
  holds.flatMap((hold) => (hold.kind === 'event' ? [hold.event] : []));

const askedDocument = ({ request, footprint }: Result) => {
  const { token: _secret, criteria, ...asked } = request;
  return {
    ...asked,
    criteria: { ...criteria, ignore: criteria.ignore.map(({ name, reason }) => ({ name, reason })) },
    derived: footprint,
  };
};

/** What was asked, seen and decided, for change records. The form is stable: additions only. */
export const evidenceOf = (result: Result) => {
  const { decision, ending, request, run, episodes } = result;
  const { last } = ending;
  return {
    version: 1,
    verdict: decision.gate,
    reason: decision.reason,
    ...(decision.gate === 'overridden' ? { override: { reason: request.override, by: run.actor } } : {}),
    startedAt: moment(result.startedAt),
    endedAt: moment(result.endedAt),
    waitedSeconds: Math.round(ending.waited / 1000),
    looks: ending.looks,
    source: last.source,
    lastLookAt: moment(last.at),
    holds: last.holds.slice(0, MOST_DESCRIBED).map(holdDocument),
    holdCount: last.holds.length,
    troubles: last.troubles,
    leftOut: last.leftOut,
    remarks: last.remarks,
    episodes: episodes.map(({ from, to, ...episode }) => ({ ...episode, from: moment(from), to: moment(to) })),
    asked: askedDocument(result),
    run,
  };
};
