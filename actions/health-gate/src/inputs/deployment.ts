import { boolean, choice, lines, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Whose events, and what is deployed';

/** Inputs for the event scope, the deployment, calendars and alarms. */
export const deploymentInputs = {
  template: lines({
    group,
    default: [],
    help: 'The CloudFormation templates about to be deployed, by their paths, for `services: auto`.',
  }),
  'stack-name': string({
    group,
    help: 'Stack about to be updated, for `services: auto` and `entities: match`.',
  }),
  entities: choice(
    'any',
    'match',
  )({
    group,
    default: 'any',
    help: 'With `match`, an event of the account counts only when it affects one of `entity-values` or of the resources of `stack-name`, or does not say what it affects. Public events always count.',
  }),
  'entity-values': list({
    group,
    default: [],
    help: 'Resources that matter: ARNs, ids or names.',
  }),
  organization: boolean({
    group,
    default: false,
    help: 'Ask for the events of the whole organisation. Needs credentials of its management account or of the delegated administrator.',
  }),
  accounts: list({ group, default: [], help: 'With `organization`: only events that affect these accounts.' }),
  calendars: list({
    group,
    default: [],
    help: 'Change calendars of Systems Manager, names or ARNs; each must be OPEN.',
  }),
  alarms: list({
    group,
    default: [],
    help: 'CloudWatch alarms, metric or composite, names or ARNs; none may be in ALARM.',
  }),
} as const;
