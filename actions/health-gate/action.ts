import { defineAction, type Inputs, type Outputs } from '@aws-delivery/action-kit/inputs/definition';
import { deploymentInputs } from './src/inputs/deployment.js';
import { eventInputs } from './src/inputs/event.js';
import { policyInputs } from './src/inputs/policy.js';
import { connectionInputs, reportInputs } from './src/inputs/report.js';

/** Everything declared of health-gate; `npm run generate` makes the rest from it. */
export const definition = defineAction({
  name: 'health-gate',
  title: 'AWS Delivery: AWS Health gate',
  description: 'Stop or wait while AWS Health reports an event that touches what is about to be deployed',
  branding: { icon: 'heart', color: 'orange' },
  inputs: { ...eventInputs, ...deploymentInputs, ...policyInputs, ...reportInputs, ...connectionInputs },
  outputs: {
    verdict: {
      help: '`passed`, `blocked`, `overridden`, or `unknown` where no complete answer could be had.',
    },
    reason: { help: 'The verdict in one sentence.' },
    events: {
      help: 'The events that count, as JSON: what, where, since when, AWS’s last words, affected entities, a link.',
    },
    'event-count': { help: 'How many events count.' },
    holds: { help: 'Everything that speaks against deploying, as JSON: events, closed calendars, alarms.' },
    'waited-seconds': { help: 'How long the step waited.' },
    source: { help: 'Where the answer about events came from: `health-api`, `public-feed` or `none`.' },
    'evidence-file': { help: 'Path of the evidence file.' },
  },
  permissions: {
    always: [
      { actions: ['health:DescribeEvents'], resources: ['*'], reason: 'Decide. Nothing else is needed for a verdict.' },
    ],
    details: [
      {
        actions: ['health:DescribeEventDetails', 'health:DescribeAffectedEntities'],
        resources: ['*'],
        reason: 'Show what AWS says of an event and what it affects; `entities: match` cannot decide without.',
      },
    ],
    organization: [
      {
        actions: [
          'health:DescribeEventsForOrganization',
          'health:DescribeEventDetailsForOrganization',
          'health:DescribeAffectedAccountsForOrganization',
          'health:DescribeAffectedEntitiesForOrganization',
        ],
        resources: ['*'],
        reason: '`organization: true`, in place of the ones above.',
      },
      {
        actions: ['organizations:ListAccounts', 'organizations:DescribeOrganization'],
        resources: ['*'],
        reason: 'AWS Health reads the organisation in the caller’s name.',
      },
    ],
    stack: [
      {
        actions: ['cloudformation:ListStackResources'],
        resources: ['arn:${Partition}:cloudformation:${Region}:${Account}:stack/*/*'],
        reason: '`stack-name`: which services and resources the stack has.',
      },
    ],
    calendars: [
      {
        actions: ['ssm:GetCalendarState'],
        resources: ['arn:${Partition}:ssm:${Region}:${Account}:document/*'],
        reason: '`calendars`.',
      },
    ],
    alarms: [
      {
        actions: ['cloudwatch:DescribeAlarms'],
        resources: ['*'],
        reason: '`alarms`. Composite alarms need `*`.',
      },
    ],
  },
  workflow: [
    { permission: 'id-token: write', reason: 'Credentials by OIDC, in the step before.' },
    { permission: 'contents: read', reason: 'actions/checkout of a template or an ignore file.' },
    { permission: 'pull-requests: write', reason: '`comment: summary`.' },
  ],
});

export type HealthInputs = Inputs<typeof definition>;
export type HealthOutputs = Outputs<typeof definition>;
