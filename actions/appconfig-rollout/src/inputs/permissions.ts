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
      reason:
        'Read the deployed configuration and follow deployments. A preview needs only the permissions marked `always`.',
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
      reason:
        'Start and stop deployments, and update the validators of configuration profiles that this action created.',
    },
  ],
  'resource creation': [
    {
      actions: ['appconfig:CreateApplication', 'appconfig:CreateDeploymentStrategy'],
      resources: ['*'],
      reason: 'Create the application of a new tenant, and deployment strategies that `strategy` defines.',
    },
    {
      actions: ['appconfig:CreateEnvironment', 'appconfig:CreateConfigurationProfile', 'appconfig:TagResource'],
      resources: [application, strategy],
      reason: 'Create environments and configuration profiles, and tag them as created by this action.',
    },
    {
      actions: ['iam:PassRole'],
      resources: ['arn:${Partition}:iam::${Account}:role/*'],
      conditions: { StringEquals: { 'iam:PassedToService': 'appconfig.amazonaws.com' } },
      reason:
        'Pass the roles of CloudWatch alarm monitors and of profiles stored outside AppConfig. Restrict the resource to these roles.',
    },
  ],
  'external profiles': [
    {
      actions: ['ssm:GetParameter', 'ssm:DescribeDocument', 'secretsmanager:DescribeSecret', 's3:GetObject'],
      resources: ['*'],
      reason:
        'Read the current version of profiles stored outside AppConfig. Restrict the resource to the sources in `appconfig.yml`.',
    },
  ],
  probes: [{ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'], reason: 'Read the state of `probe-alarms`.' }],
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
