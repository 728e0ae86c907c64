const stack = 'arn:${Partition}:cloudformation:${Region}:${Account}:stack/*/*';

/** IAM permissions by feature. */
export const permissions = {
  always: [
    {
      actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents', 'cloudformation:GetTemplate'],
      resources: [stack],
      reason: 'See where the stack stands, follow what happens to it, and read its template (`template: previous`).',
    },
    {
      actions: ['sts:GetCallerIdentity'],
      resources: ['*'],
      reason: 'Name the account in tokens, so that parallel jobs never collide. AWS allows it to everybody.',
    },
  ],
  'change sets': [
    {
      actions: [
        'cloudformation:CreateChangeSet',
        'cloudformation:DescribeChangeSet',
        'cloudformation:ListChangeSets',
        'cloudformation:DeleteChangeSet',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:TagResource',
      ],
      resources: [stack],
      reason:
        'Deploy and preview. A preview needs no ExecuteChangeSet. ListChangeSets tells whether others use a REVIEW_IN_PROGRESS stack too.',
    },
    {
      actions: ['cloudformation:CreateChangeSet'],
      resources: ['arn:${Partition}:cloudformation:${Region}:aws:transform/*'],
      reason: 'Templates with macros, such as AWS::Serverless.',
    },
    {
      actions: ['cloudformation:DeleteStack'],
      resources: [stack],
      reason:
        'Remove the REVIEW_IN_PROGRESS stack of a preview; recreate a stack whose creation was rolled back; `on-failure: delete`; `mode: delete`.',
    },
  ],
  diagnosis: [
    {
      actions: ['cloudformation:DescribeEvents', 'cloudformation:ListHookResults', 'cloudformation:GetHookResult'],
      resources: ['*'],
      reason: 'Show validation findings and hook failures. Without it, the stack’s own events must do.',
    },
  ],
  recovery: [
    {
      actions: [
        'cloudformation:UpdateStack',
        'cloudformation:RollbackStack',
        'cloudformation:ContinueUpdateRollback',
        'cloudformation:CancelUpdateStack',
      ],
      resources: [stack],
      reason: 'Retry from the point of failure, roll back, cancel.',
    },
  ],
  'stack policy and protection': [
    {
      actions: ['cloudformation:SetStackPolicy', 'cloudformation:UpdateTerminationProtection'],
      resources: [stack],
      reason: '`stack-policy` and `termination-protection`.',
    },
  ],
  drift: [
    {
      actions: [
        'cloudformation:DetectStackDrift',
        'cloudformation:DetectStackResourceDrift',
        'cloudformation:DescribeStackDriftDetectionStatus',
        'cloudformation:DescribeStackResourceDrifts',
      ],
      resources: ['*'],
      reason: '`mode: drift`, besides read access to the resources themselves.',
    },
  ],
  'service role': [
    {
      actions: ['iam:PassRole'],
      resources: ['arn:${Partition}:iam::${Account}:role/*'],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      reason: '`role-arn`. Name the role instead of `*`.',
    },
  ],
  uploads: [
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: ['arn:${Partition}:s3:::*/*'],
      reason: 'Templates over 51,200 bytes, `s3-bucket`, packaging. Name the bucket instead of `*`.',
    },
    {
      actions: [
        's3:CreateBucket',
        's3:ListBucket',
        's3:PutBucketPublicAccessBlock',
        's3:PutEncryptionConfiguration',
        's3:GetBucketTagging',
        's3:PutBucketTagging',
      ],
      resources: ['arn:${Partition}:s3:::*'],
      reason: 'Only where no bucket is given and one must be made.',
    },
  ],
} as const;
