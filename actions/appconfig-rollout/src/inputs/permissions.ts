const application = 'arn:${Partition}:appconfig:${Region}:${Account}:application/*';
const strategy = 'arn:${Partition}:appconfig:${Region}:${Account}:deploymentstrategy/*';

/** IAM permissions by feature. */
export const permissions = {
  always: [
    {
      actions: ['appconfig:ListApplications', 'appconfig:ListDeploymentStrategies'],
      resources: ['*'],
      reason: 'Find applications and strategies by name.',
    },
    {
      actions: [
        'appconfig:ListEnvironments',
        'appconfig:ListConfigurationProfiles',
        'appconfig:ListDeployments',
        'appconfig:ListHostedConfigurationVersions',
        'appconfig:GetDeployment',
        'appconfig:GetConfigurationProfile',
        'appconfig:GetHostedConfigurationVersion',
      ],
      resources: [application],
      reason: 'See what is deployed, and follow what is being deployed. All that a preview needs.',
    },
  ],
  rollout: [
    {
      actions: [
        'appconfig:CreateHostedConfigurationVersion',
        'appconfig:StartDeployment',
        'appconfig:StopDeployment',
        'appconfig:UpdateConfigurationProfile',
        'appconfig:ListTagsForResource',
      ],
      resources: [application, strategy],
      reason: 'Deploy, stop what harms, keep the validators of a profile that was made here up to date.',
    },
  ],
  'creation of what is missing': [
    {
      actions: ['appconfig:CreateApplication', 'appconfig:CreateDeploymentStrategy'],
      resources: ['*'],
      reason: 'Create an application for a new tenant, and a strategy that is given inline.',
    },
    {
      actions: ['appconfig:CreateEnvironment', 'appconfig:CreateConfigurationProfile', 'appconfig:TagResource'],
      resources: [application, strategy],
      reason: 'Create environments and profiles, and tag them as made here.',
    },
    {
      actions: ['iam:PassRole'],
      resources: ['arn:${Partition}:iam::${Account}:role/*'],
      conditions: { StringEquals: { 'iam:PassedToService': 'appconfig.amazonaws.com' } },
      reason: 'Roles of alarm monitors and of profiles that live elsewhere. Narrow it to those roles.',
    },
  ],
  'profiles that live elsewhere': [
    {
      actions: ['ssm:GetParameter', 'ssm:DescribeDocument', 'secretsmanager:DescribeSecret', 's3:GetObject'],
      resources: ['*'],
      reason: 'Find the current version of the source. Narrow it to the sources that `appconfig.yml` names.',
    },
  ],
  probes: [{ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'], reason: '`probe-alarms`.' }],
  cleanup: [
    {
      actions: [
        'appconfig:ListTagsForResource',
        'appconfig:DeleteApplication',
        'appconfig:DeleteEnvironment',
        'appconfig:DeleteConfigurationProfile',
        'appconfig:DeleteHostedConfigurationVersion',
      ],
      resources: [application],
      reason: '`mode: cleanup` and `keep-versions`.',
    },
  ],
} as const;
