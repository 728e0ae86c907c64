/** IAM permissions by the input that needs them. */
export const permissions = {
  always: [
    {
      actions: ['health:DescribeEvents'],
      resources: ['*'],
      reason: 'List events. The other permissions are required only for the features named below.',
    },
  ],
  details: [
    {
      actions: ['health:DescribeEventDetails', 'health:DescribeAffectedEntities'],
      resources: ['*'],
      reason:
        'Show the description and the affected entities of an event. `entities: match` requires the affected entities for its verdict.',
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
      reason: 'Used with `organization: true`, in place of the permissions above.',
    },
    {
      actions: ['organizations:ListAccounts', 'organizations:DescribeOrganization'],
      resources: ['*'],
      reason: 'Required by AWS Health, which reads the organization with the permissions of the caller.',
    },
  ],
  stack: [
    {
      actions: ['cloudformation:ListStackResources'],
      resources: ['arn:${Partition}:cloudformation:${Region}:${Account}:stack/*/*'],
      reason: 'List the resources of `stack-name`.',
    },
  ],
  instances: [
    {
      actions: ['autoscaling:DescribeAutoScalingGroups'],
      resources: ['*'],
      reason:
        'List the instances of the Auto Scaling groups of `stack-name`, for `entities: match`. Without it, events of all instances are included.',
    },
  ],
  calendars: [
    {
      actions: ['ssm:GetCalendarState'],
      resources: ['arn:${Partition}:ssm:${Region}:${Account}:document/*'],
      reason: 'Read the state of the change calendars in `calendars`.',
    },
  ],
  alarms: [
    {
      actions: ['cloudwatch:DescribeAlarms'],
      resources: ['*'],
      reason: 'Read the state of the alarms in `alarms`. Composite alarms require the resource `*`.',
    },
  ],
} as const;

/** GitHub permissions of the job. */
export const workflow = [
  { permission: 'id-token: write', reason: 'Get AWS credentials with OIDC in a previous step.' },
  { permission: 'contents: read', reason: 'Check out a template or an ignore file with `actions/checkout`.' },
  { permission: 'pull-requests: write', reason: 'Write the comment of `comment: summary`.' },
] as const;
