import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Blocker, DescribedEvent, SourceError } from '../decision/observation.js';
import { MAX_DESCRIBED_EVENTS } from '../events/event-describer.js';
import type { Request } from '../inputs/parse-request.js';
import type { Result, RunIdentity } from '../result.js';
import type { DeploymentScope } from '../scope/deployment-scope.js';
import type { Services } from '../services.js';

const formatTimestamp = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

/** An event in the outputs and the decision record. */
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

/** A blocker in the outputs and the decision record. */
export const toBlockerDocument = (blocker: Blocker) => {
  switch (blocker.kind) {
    case 'event':
      return { kind: blocker.kind, ...toEventDocument(blocker.event) };
    case 'calendar':
      return { kind: blocker.kind, name: blocker.name, opensAt: blocker.opensAt };
    case 'window':
      return { ...blocker, opensAt: formatTimestamp(blocker.opensAt) };
    case 'probe':
      return blocker;
    case 'alarm':
      return { ...blocker, since: formatTimestamp(blocker.since) };
  }
};

/** The blockers that are events. */
export const listEvents = (blockers: readonly Blocker[]): readonly DescribedEvent[] =>
  blockers.flatMap((blocker) => (blocker.kind === 'event' ? [blocker.event] : []));

// The keys are part of the record's format and independent of the names in the code. The token is left out.
const toScopeDocument = ({ services, unmapped, resources }: DeploymentScope) => ({
  services,
  unmapped,
  resources: resources.map(({ physicalId }) => physicalId),
});

const toWindowDocument = (window: Request['window']) =>
  window === undefined
    ? undefined
    : {
        timeZone: window.timeZone.name,
        openHours: window.openHours.map(({ label }) => label),
        holidays: window.holidays.map(({ label }) => label),
        freezeFiles: window.freezeFiles,
        runway: window.runway,
      };

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
    awsHealth: request.awsHealth,
    window: toWindowDocument(request.window),
    probes: request.probe.urlProbes,
    onEvent: request.onEvent,
    patience: { onHold: waitPolicy.onBlocked, stableFor: waitPolicy.stableFor, timeout: waitPolicy.timeout },
    policies: request.policies,
    override: request.overrideReason,
    comment: request.comment,
    evidenceFile: request.evidenceFile,
    feed: request.publicFeedUrl,
    criteria: { ...criteria, ignore: criteria.ignore.map(({ name, reason }) => ({ name, reason })) },
    derived: deploymentScope === undefined ? undefined : toScopeDocument(deploymentScope),
  };
};

const toSourceErrorDocument = (error: SourceError) => ({
  asked: error.source,
  kind: error.kind,
  passing: error.transient,
  leniency: error.policy,
  text: error.message,
});

const toRunDocument = ({ actor, repository, commit, workflow, job, url }: RunIdentity) => ({
  actor,
  repository,
  commit,
  workflow,
  job,
  address: url,
});

/**
 * The decision record: request, observations and decision, as JSON for change records. Keys are never renamed or
 * removed.
 */
const buildDecisionRecord = (result: Result) => {
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

/** Writes the decision record; returns its path. A failure to write is a warning and leaves the verdict as it is. */
export const writeDecisionRecord = async (
  result: Result,
  { host, writeFile }: Services,
): Promise<string | undefined> => {
  const { evidenceFile } = result.request;
  try {
    const content = `${JSON.stringify(buildDecisionRecord(result), undefined, 2)}\n`;
    await writeFile(evidenceFile, host.redactor.redact(content));
    return evidenceFile;
  } catch (error) {
    host.log.warning(`Cannot write the evidence file '${evidenceFile}': ${errorMessage(error)}`);
    return undefined;
  }
};
