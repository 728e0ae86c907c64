import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import type { IgnoreEntry } from '@aws-delivery/findings/ignore';
import type { HealthInputs } from '../action.js';
import type { Criteria } from './criteria.js';
import type { Leniency } from './look.js';
import type { Patience } from './watch.js';
import { isZoneId } from './zone.js';

/** Whose events are asked for; no accounts: those of every account. */
export type Whose =
  | { readonly kind: 'account' }
  | { readonly kind: 'organization'; readonly accounts: readonly string[] };

/** What is about to be deployed, where it matters. */
export interface Deployment {
  /** Paths. */
  readonly templates: readonly string[];
  readonly stack: string | undefined;
}

/** What each silence means. */
export interface Policies {
  readonly onUnavailable: Leniency;
  readonly onNoSupportPlan: Leniency;
}

/** What is asked for; rules across inputs end here. Durations are in milliseconds. */
export interface Request {
  readonly region: string;
  readonly whose: Whose;
  /** Complete but for what `auto` adds to its services, and for the exceptions of the file. */
  readonly criteria: Criteria;
  readonly services: 'listed' | 'derived';
  readonly ignoreFile: string | undefined;
  readonly deployment: Deployment;
  /** With `match`, only events of the account that affect one of these, or one of the stack's resources. */
  readonly entities: { readonly kind: 'any' } | { readonly kind: 'match'; readonly values: readonly string[] };
  readonly calendars: readonly string[];
  readonly alarms: readonly string[];
  readonly onEvent: 'fail' | 'wait' | 'warn';
  readonly patience: Patience;
  readonly policies: Policies;
  readonly override: string | undefined;
  readonly comment: 'none' | 'summary';
  readonly token: string | undefined;
  readonly evidenceFile: string;
  readonly feed: string;
}

const invalid = (message: string): DeliveryError => new DeliveryError('invalid-input', message);

const regionIn = (inputs: HealthInputs, variables: Variables): string => {
  const region = inputs['aws-region'] ?? (variables['AWS_REGION'] || variables['AWS_DEFAULT_REGION']);
  if (!region) {
    throw new DeliveryError('missing', "no Region is known: add 'aws-region', or get credentials in a step before");
  }
  return region;
};

const REGION = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

const regionsIn = (inputs: HealthInputs, region: string): readonly string[] => {
  const regions = (inputs.regions ?? [region]).map((name) => name.toLowerCase());
  if (regions.includes('*')) return [];
  const wrong = regions.find((name) => name !== 'global' && !REGION.test(name));
  if (wrong !== undefined) throw invalid(`input 'regions': '${wrong}' is not a Region such as eu-central-1`);
  return regions;
};

const AUTO = 'AUTO';

const servicesIn = (inputs: HealthInputs): readonly string[] =>
  inputs.services.map((name) => name.toUpperCase()).filter((name) => name !== AUTO);

const isDerived = (inputs: HealthInputs): boolean => inputs.services.some((name) => name.toUpperCase() === AUTO);

const zonesIn = (inputs: HealthInputs): readonly string[] => {
  const zones = inputs['availability-zones'];
  const name = zones.find((zone) => !isZoneId(zone));
  if (!inputs.organization || name === undefined) return zones;
  throw invalid(
    `input 'availability-zones': '${name}' is a name, which means another place in each account: with 'organization' write ids such as euw1-az2`,
  );
};

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;

const NO_EXCEPTIONS: readonly IgnoreEntry[] = [];

const criteriaIn = (inputs: HealthInputs, region: string): Criteria => ({
  regions: regionsIn(inputs, region),
  services: servicesIn(inputs),
  zones: zonesIn(inputs),
  categories: inputs.categories,
  statuses: inputs.statuses,
  upcomingWithin: milliseconds(inputs['upcoming-within']),
  actionabilities: inputs.actionability,
  personas: inputs.personas,
  typeCodes: inputs['event-type-codes'],
  minimumAge: milliseconds(inputs['min-age']),
  maximumAge: milliseconds(inputs['max-age']),
  ignore: NO_EXCEPTIONS,
});

const whoseIn = ({ organization, accounts }: HealthInputs): Whose => {
  if (!organization && accounts.length > 0) {
    throw invalid(
      "input 'accounts' chooses among an organisation's accounts: add 'organization: true', or leave it out",
    );
  }
  const wrong = accounts.find((account) => !/^\d{12}$/.test(account));
  if (wrong !== undefined) throw invalid(`input 'accounts': '${wrong}' is not an account id of 12 digits`);
  return organization ? { kind: 'organization', accounts } : { kind: 'account' };
};

const entitiesIn = (inputs: HealthInputs): Request['entities'] => {
  const values = inputs['entity-values'];
  if (inputs.entities === 'any') {
    if (values.length === 0) return { kind: 'any' };
    throw invalid("input 'entity-values' has no effect with 'entities: any': add 'entities: match'");
  }
  if (values.length > 0 || inputs['stack-name'] !== undefined) return { kind: 'match', values };
  throw new DeliveryError(
    'missing',
    "'entities: match' needs to know what is ours: add 'entity-values' or 'stack-name'",
  );
};

const deploymentIn = (inputs: HealthInputs): Deployment => {
  const deployment = { templates: inputs.template, stack: inputs['stack-name'] };
  if (isDerived(inputs) && deployment.templates.length === 0 && deployment.stack === undefined) {
    throw new DeliveryError(
      'missing',
      "'services: auto' needs to know what is deployed: add 'template' or 'stack-name'",
    );
  }
  return deployment;
};

const patienceIn = (inputs: HealthInputs): Patience => ({
  // Whoever passes anyway does not wait first.
  onHold: inputs['on-event'] === 'wait' && inputs['override-reason'] === undefined ? 'wait' : 'end',
  stableFor: inputs['stable-for'] * 1000,
  timeout: inputs.timeout * 1000,
});

const evidenceFileIn = (inputs: HealthInputs, variables: Variables): string => {
  const folder = variables['RUNNER_TEMP'] || '.';
  return inputs['evidence-file'] ?? `${folder}/health-gate-${variables['GITHUB_ACTION'] || 'evidence'}.json`;
};

/** Turns flat inputs into what is asked for. Throws a DeliveryError for values and combinations that cannot be meant. */
export const request = (inputs: HealthInputs, variables: Variables): Request => {
  const region = regionIn(inputs, variables);
  return {
    region,
    whose: whoseIn(inputs),
    criteria: criteriaIn(inputs, region),
    services: isDerived(inputs) ? 'derived' : 'listed',
    ignoreFile: inputs['ignore-file'],
    deployment: deploymentIn(inputs),
    entities: entitiesIn(inputs),
    calendars: inputs.calendars,
    alarms: inputs.alarms,
    onEvent: inputs['on-event'],
    patience: patienceIn(inputs),
    policies: { onUnavailable: inputs['on-unavailable'], onNoSupportPlan: inputs['on-no-support-plan'] },
    override: inputs['override-reason'],
    comment: inputs.comment,
    token: inputs['github-token'],
    evidenceFile: evidenceFileIn(inputs, variables),
    feed: inputs['public-feed-url'],
  };
};
