import { boolean, choice, lines, list, string } from '@aws-delivery/action-kit/inputs/definition';

const UNKNOWN_TYPE_POLICIES = ['all-services', 'warn', 'fail'] as const;

/** What to do when a resource type has no known service. */
export type UnknownTypePolicy = (typeof UNKNOWN_TYPE_POLICIES)[number];

const scopeGroup = 'Scope';
const sourceGroup = 'Calendars and alarms';

/** Inputs for the event scope, the deployment, calendars and alarms. */
export const deploymentInputs = {
  template: lines({
    group: scopeGroup,
    default: [],
    help: 'Paths of the CloudFormation templates to be deployed. Used by `services: auto`.',
  }),
  'on-unknown-type': choice(...UNKNOWN_TYPE_POLICIES)({
    group: scopeGroup,
    default: 'all-services',
    help: 'What to do when `services: auto` finds a resource type without a known service, such as a third-party type, a macro, or a nested stack whose template is not a local file. `all-services`: check all services. `warn`: check the known services, with a warning. `fail`: fail the step.',
  }),
  'stack-name': string({
    group: scopeGroup,
    help: 'Name of the CloudFormation stack to be updated. Used by `services: auto` and `entities: match`.',
  }),
  entities: choice(
    'any',
    'match',
  )({
    group: scopeGroup,
    default: 'any',
    help: '`any`: include all events. `match`: include an account-specific event only if it affects one of `entity-values` or a resource of `stack-name`, or does not list its affected entities. Public events are always included.',
  }),
  'entity-values': list({
    group: scopeGroup,
    default: [],
    help: 'Resources for `entities: match`: ARNs, IDs or names.',
  }),
  organization: boolean({
    group: scopeGroup,
    default: false,
    help: 'Check the events of the whole organization. Requires credentials of the management account or of a delegated administrator.',
  }),
  accounts: list({
    group: scopeGroup,
    default: [],
    help: 'IDs of the accounts in the organization to check. Requires `organization: true`. When empty, all accounts are checked.',
  }),
  calendars: list({
    group: sourceGroup,
    default: [],
    help: 'Systems Manager change calendars to check, by name or ARN. A calendar in the state `CLOSED` blocks the deployment.',
  }),
  alarms: list({
    group: sourceGroup,
    default: [],
    help: 'CloudWatch alarms to check (metric or composite), by name or ARN. An alarm in the state `ALARM` blocks the deployment.',
  }),
} as const;
