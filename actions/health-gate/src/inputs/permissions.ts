/** IAM permissions by the input that needs them. */
export const permissions = {
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
} as const;

/** GitHub permissions of the job. */
export const workflow = [
  { permission: 'id-token: write', reason: 'Credentials by OIDC, in the step before.' },
  { permission: 'contents: read', reason: 'actions/checkout of a template or an ignore file.' },
  { permission: 'pull-requests: write', reason: '`comment: summary`.' },
] as const;
