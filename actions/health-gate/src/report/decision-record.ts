import type { Blocker, DescribedEvent, SourceError } from '../decision/observation.js';
import { MAX_DESCRIBED_EVENTS } from '../events/event-describer.js';
import type { Result, RunIdentity } from '../result.js';

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

/** The request, without its token. The names are those of the record's form, whatever the code calls them. */
const toRequestDocument = ({ request, deploymentScope }: Result) => {
  const { eventScope, waitPolicy, criteria } = request;
  return {
    region: request.region,
    whose: eventScope,
    services: request.services,
    ignoreFile: request.ignoreFile,
    deployment: request.deployment,
    entities: request.entities,
    calendars: request.calendars,
    alarms: request.alarms,
    onEvent: request.onEvent,
    patience: { onHold: waitPolicy.onBlocked, stableFor: waitPolicy.stableFor, timeout: waitPolicy.timeout },
    policies: request.policies,
    override: request.overrideReason,
    comment: request.comment,
    evidenceFile: request.evidenceFile,
    feed: request.publicFeedUrl,
    criteria: { ...criteria, ignore: criteria.ignore.map(({ name, reason }) => ({ name, reason })) },
    derived: deploymentScope,
  };
};

const toSourceErrorDocument = (error: SourceError) => ({
  asked: error.source,
  kind: error.kind,
  passing: error.transient,
  leniency: error.policy,
  text: error.text,
});

const toRunDocument = ({ actor, repository, commit, workflow, job, url }: RunIdentity) => ({
  actor,
  repository,
  commit,
  workflow,
  job,
  address: url,
});

/** What was asked, seen and decided, for change records. The form is stable: additions only. */
export const buildDecisionRecord = (result: Result) => {
  const { decision, waitResult, request, run, intervals } = result;
  const { lastObservation } = waitResult;
  return {
    version: 1,
    verdict: decision.verdict,
    reason: decision.reason,
    ...(decision.verdict === 'overridden' ? { override: { reason: request.overrideReason, by: run.actor } } : {}),
    startedAt: formatTimestamp(result.startedAt),
    endedAt: formatTimestamp(result.endedAt),
    waitedSeconds: Math.round(waitResult.waited / 1000),
    looks: waitResult.observationCount,
    source: lastObservation.source,
    lastLookAt: formatTimestamp(lastObservation.at),
    holds: lastObservation.blockers.slice(0, MAX_DESCRIBED_EVENTS).map(toBlockerDocument),
    holdCount: lastObservation.blockers.length,
    troubles: lastObservation.errors.map(toSourceErrorDocument),
    leftOut: lastObservation.excluded,
    remarks: lastObservation.notices,
    episodes: intervals.map(({ from, to, ...interval }) => ({
      ...interval,
      from: formatTimestamp(from),
      to: formatTimestamp(to),
    })),
    asked: toRequestDocument(result),
    run: toRunDocument(run),
  };
};
