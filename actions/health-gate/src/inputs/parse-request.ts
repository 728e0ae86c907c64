import { type ProbeOptions, parseProbeOptions } from '@aws-delivery/action-kit/probe/probe-options';
import { formatReportFileName } from '@aws-delivery/action-kit/report/report-name';
import { findTimeZone } from '@aws-delivery/action-kit/schedule/time-zone';
import { MISSING_REGION } from '@aws-delivery/action-kit/util/aws-messages';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { createInputError, DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { HealthInputs } from '../../action.js';
import { type Criteria, isZoneId } from '../events/criteria.js';
import type { WindowOptions } from '../schedule/deployment-window.js';
import { parseHoliday } from '../schedule/holidays.js';
import { parseOpenHours } from '../schedule/open-hours.js';
import type { UnknownTypePolicy } from './deployment.js';
import type { UnavailablePolicy } from './policy.js';

/** Scope of the AWS Health query. An empty list means all accounts of the organisation. */
export type EventScope =
  | { readonly kind: 'account' }
  | { readonly kind: 'organization'; readonly accounts: readonly string[] };

/** What is about to be deployed, for `services: auto` and `entities: match`. */
export interface Deployment {
  /** Paths of CloudFormation templates. */
  readonly templates: readonly string[];
  readonly stack: string | undefined;
}

/** Policies for unavailable sources. */
export interface UnavailablePolicies {
  readonly onUnavailable: UnavailablePolicy;
  readonly onNoSupportPlan: UnavailablePolicy;
}

/** What to do while a blocker is present. Durations are in milliseconds. */
export interface WaitPolicy {
  readonly onBlocked: 'end' | 'wait';
  /** How long there must be no blocker after one before the wait ends. */
  readonly stableFor: number;
  readonly timeout: number;
}

/** The inputs, parsed and validated against each other. */
export interface Request {
  /** Empty if no source needs it. */
  readonly region: string;
  /** Whether AWS Health is queried. */
  readonly awsHealth: boolean;
  readonly eventScope: EventScope;
  /** `parseRequest` leaves out the ignore entries and the services that `auto` derives. */
  readonly criteria: Criteria;
  readonly services: 'listed' | 'derived';
  readonly onUnknownType: UnknownTypePolicy;
  readonly ignoreFile: string | undefined;
  readonly deployment: Deployment;
  /** With `match`, events of the account must affect one of `values` or a resource of the stack. */
  readonly entities: { readonly kind: 'any' } | { readonly kind: 'match'; readonly values: readonly string[] };
  readonly calendars: readonly string[];
  readonly alarms: readonly string[];
  /** Undefined without open hours, holidays and freezes. */
  readonly window: WindowOptions | undefined;
  readonly probe: ProbeOptions;
  readonly onEvent: 'fail' | 'wait' | 'warn';
  readonly waitPolicy: WaitPolicy;
  readonly policies: UnavailablePolicies;
  readonly overrideReason: string | undefined;
  readonly comment: 'none' | 'summary' | 'changes';
  readonly githubToken: string | undefined;
  readonly evidenceFile: string;
  readonly publicFeedUrl: string;
}

/** Whether a source or the scope of the deployment is in AWS. */
const needsAws = (inputs: HealthInputs): boolean =>
  inputs['aws-health'] || inputs.calendars.length > 0 || inputs.alarms.length > 0 || inputs['stack-name'] !== undefined;

const parseRegion = (inputs: HealthInputs, env: Env): string => {
  const region = inputs['aws-region'] ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION']);
  if (region) return region;
  if (needsAws(inputs)) throw new DeliveryError('missing', MISSING_REGION);
  return '';
};

const REGION_PATTERN = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

const parseRegions = (inputs: HealthInputs, region: string): readonly string[] => {
  const regions = (inputs.regions ?? (region === '' ? [] : [region])).map((name) => name.toLowerCase());
  if (regions.includes('*')) return [];
  const invalidRegion = regions.find((name) => name !== 'global' && !REGION_PATTERN.test(name));
  if (invalidRegion !== undefined)
    throw createInputError(`input 'regions': '${invalidRegion}' must be a Region code, for example eu-central-1`);
  return regions;
};

const AUTO = 'AUTO';

const parseServices = (inputs: HealthInputs): readonly string[] =>
  inputs.services.map((name) => name.toUpperCase()).filter((name) => name !== AUTO);

const isDerived = (inputs: HealthInputs): boolean => inputs.services.some((name) => name.toUpperCase() === AUTO);

const parseZones = (inputs: HealthInputs): readonly string[] => {
  const zones = inputs['availability-zones'];
  const zoneName = zones.find((zone) => !isZoneId(zone));
  if (!inputs.organization || zoneName === undefined) return zones;
  throw createInputError(
    `input 'availability-zones': '${zoneName}' is a zone name, which refers to different zones in different accounts: with 'organization', use zone IDs, for example euw1-az2`,
  );
};

const toMilliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;

const parseCriteria = (inputs: HealthInputs, region: string): Criteria => ({
  regions: parseRegions(inputs, region),
  services: parseServices(inputs),
  zones: parseZones(inputs),
  categories: inputs.categories,
  statuses: inputs.statuses,
  upcomingWithin: toMilliseconds(inputs['upcoming-within']),
  actionabilities: inputs.actionability,
  personas: inputs.personas,
  typeCodes: inputs['event-type-codes'],
  minimumAge: toMilliseconds(inputs['min-age']),
  maximumAge: toMilliseconds(inputs['max-age']),
  ignore: [],
});

const parseEventScope = ({ organization, accounts }: HealthInputs): EventScope => {
  if (!organization && accounts.length > 0) {
    throw createInputError("input 'accounts' requires 'organization: true': set it, or remove 'accounts'");
  }
  const invalidAccount = accounts.find((account) => !/^\d{12}$/.test(account));
  if (invalidAccount !== undefined)
    throw createInputError(`input 'accounts': '${invalidAccount}' must be an account ID of 12 digits`);
  return organization ? { kind: 'organization', accounts } : { kind: 'account' };
};

const parseEntities = (inputs: HealthInputs): Request['entities'] => {
  const values = inputs['entity-values'];
  if (inputs.entities === 'any') {
    if (values.length === 0) return { kind: 'any' };
    throw createInputError("input 'entity-values' requires 'entities: match': set it, or remove 'entity-values'");
  }
  if (values.length > 0 || inputs['stack-name'] !== undefined) return { kind: 'match', values };
  throw new DeliveryError('missing', "'entity-values' or 'stack-name' is required when 'entities' is 'match'");
};

const parseDeployment = (inputs: HealthInputs): Deployment => {
  const deployment = { templates: inputs.template, stack: inputs['stack-name'] };
  if (isDerived(inputs) && deployment.templates.length === 0 && deployment.stack === undefined) {
    throw new DeliveryError('missing', "'template' or 'stack-name' is required when 'services' contains 'auto'");
  }
  return deployment;
};

const parseWaitPolicy = (inputs: HealthInputs): WaitPolicy => ({
  // With an override the result is the same after a wait.
  onBlocked: inputs['on-event'] === 'wait' && inputs['override-reason'] === undefined ? 'wait' : 'end',
  stableFor: inputs['stable-for'] * 1000,
  timeout: inputs.timeout * 1000,
});

const parseWindow = (inputs: HealthInputs): WindowOptions | undefined => {
  const timeZone = findTimeZone(inputs['time-zone']);
  if (timeZone === undefined)
    throw createInputError(
      `input 'time-zone': '${inputs['time-zone']}' is unknown: set a name of the IANA database, for example Europe/Berlin`,
    );
  const openHours = inputs['open-hours'].map(parseOpenHours);
  const holidays = inputs.holidays.map(parseHoliday);
  const freezeFiles = inputs['freeze-file'];
  if (openHours.length + holidays.length + freezeFiles.length > 0)
    return { timeZone, openHours, holidays, freezeFiles, runway: inputs.runway * 1000 };
  if (inputs.runway === 0) return undefined;
  throw createInputError(
    "input 'runway' requires 'open-hours', 'holidays' or 'freeze-file': set one, or remove 'runway'",
  );
};

const getEvidenceFile = (inputs: HealthInputs, env: Env): string => {
  const directory = env['RUNNER_TEMP'] || '.';
  const name = formatReportFileName(inputs, env['GITHUB_ACTION'] || 'evidence');
  return inputs['evidence-file'] ?? `${directory}/health-gate-${name}.json`;
};

/**
 * Parses the inputs.
 * @throws DeliveryError `invalid-input` or `missing` for values and combinations without a meaning
 */
export const parseRequest = (inputs: HealthInputs, env: Env): Request => {
  const region = parseRegion(inputs, env);
  return {
    region,
    awsHealth: inputs['aws-health'],
    eventScope: parseEventScope(inputs),
    criteria: parseCriteria(inputs, region),
    services: isDerived(inputs) ? 'derived' : 'listed',
    onUnknownType: inputs['on-unknown-type'],
    ignoreFile: inputs['ignore-file'],
    deployment: parseDeployment(inputs),
    entities: parseEntities(inputs),
    calendars: inputs.calendars,
    alarms: inputs.alarms,
    window: parseWindow(inputs),
    probe: parseProbeOptions(inputs, []),
    onEvent: inputs['on-event'],
    waitPolicy: parseWaitPolicy(inputs),
    policies: { onUnavailable: inputs['on-unavailable'], onNoSupportPlan: inputs['on-no-support-plan'] },
    overrideReason: inputs['override-reason'],
    comment: inputs.comment,
    githubToken: inputs['github-token'],
    evidenceFile: getEvidenceFile(inputs, env),
    publicFeedUrl: inputs['public-feed-url'],
  };
};
