const stack = 'arn:${Partition}:cloudformation:${Region}:${Account}:stack/*/*';

/** IAM permissions by feature. */
export const permissions = {
  always: [
    {
      actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents', 'cloudformation:GetTemplate'],
      resources: [stack],
      reason:
        'Read the status, the events and the template (`template: previous`) of the stack, and the outputs of other stacks that parameters refer to.',
    },
    {
      actions: ['sts:GetCallerIdentity'],
      resources: ['*'],
      reason:
        'Include the account in client request tokens, so that the tokens of parallel jobs differ. AWS requires no permission for this call.',
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
        'Deploy and preview. A preview does not need ExecuteChangeSet. ListChangeSets shows whether a REVIEW_IN_PROGRESS stack has other change sets.',
    },
    {
      actions: ['cloudformation:CreateChangeSet'],
      resources: ['arn:${Partition}:cloudformation:${Region}:aws:transform/*'],
      reason: 'Create change sets for templates with macros, such as AWS::Serverless.',
    },
    {
      actions: ['cloudformation:DeleteStack'],
      resources: [stack],
      reason:
        'Delete the REVIEW_IN_PROGRESS stack of a preview, recreate a stack whose creation was rolled back, `on-failure: delete`, and `mode: delete`.',
    },
  ],
  diagnosis: [
    {
      actions: ['cloudformation:DescribeEvents', 'cloudformation:ListHookResults', 'cloudformation:GetHookResult'],
      resources: ['*'],
      reason:
        'Report validation findings and Hook failures. Without these permissions, only stack events are reported.',
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
      reason: 'Retry from the point of failure, roll back, and cancel updates.',
    },
  ],
  'stack policy and protection': [
    {
      actions: ['cloudformation:SetStackPolicy', 'cloudformation:UpdateTerminationProtection'],
      resources: [stack],
      reason: 'Set `stack-policy` and `termination-protection`.',
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
      reason: '`mode: drift`. Drift detection also needs read access to the resources of the stack.',
    },
  ],
  'service role': [
    {
      actions: ['iam:PassRole'],
      resources: ['arn:${Partition}:iam::${Account}:role/*'],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      reason: 'Pass `role-arn` to CloudFormation. Restrict the resource to this role.',
    },
  ],
  'cloud assemblies': [
    {
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      resources: ['arn:${Partition}:iam::${Account}:role/cdk-*'],
      reason:
        'Assume the roles of the CDK’s bootstrap stack for `assembly`. With these roles, a step needs no other permission of this table. Session tags of roles need TagSession.',
    },
    {
      actions: ['ssm:GetParameter'],
      resources: ['arn:${Partition}:ssm:${Region}:${Account}:parameter/cdk-bootstrap/*'],
      reason:
        'Check the version of the bootstrap stack for stacks of `assembly` that are deployed with the credentials of the step.',
    },
    {
      actions: [
        'ecr:DescribeImages',
        'ecr:BatchCheckLayerAvailability',
        'ecr:InitiateLayerUpload',
        'ecr:UploadLayerPart',
        'ecr:CompleteLayerUpload',
        'ecr:PutImage',
      ],
      resources: ['arn:${Partition}:ecr:${Region}:${Account}:repository/cdk-*'],
      reason: 'Publish image assets of `assembly` with the credentials of the step.',
    },
    {
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      reason: 'Push image assets with the credentials of the step. The call cannot be restricted to a repository.',
    },
  ],
  uploads: [
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: ['arn:${Partition}:s3:::*/*'],
      reason:
        'Upload templates larger than 51,200 bytes, templates for `s3-bucket`, and packaged artifacts. Restrict the resource to the bucket.',
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
      reason: 'Create the default bucket. Needed only if `s3-bucket` is not set and the bucket does not exist.',
    },
  ],
  'stack sets': [
    {
      actions: [
        'cloudformation:DescribeStackSet',
        'cloudformation:ListStackInstances',
        'cloudformation:ListStackSetOperations',
        'cloudformation:DescribeStackSetOperation',
        'cloudformation:ListStackSetOperationResults',
        'cloudformation:DescribeStackInstance',
        'cloudformation:ListStackSetAutoDeploymentTargets',
        'cloudformation:CreateStackSet',
        'cloudformation:UpdateStackSet',
        'cloudformation:DeleteStackSet',
        'cloudformation:CreateStackInstances',
        'cloudformation:UpdateStackInstances',
        'cloudformation:DeleteStackInstances',
        'cloudformation:StopStackSetOperation',
        'cloudformation:DetectStackSetDrift',
      ],
      resources: ['arn:${Partition}:cloudformation:*:*:stackset/*:*'],
      reason:
        'Deploy stack sets with `accounts` or `organizational-units`. DescribeStackInstance is needed only with `parameter-overrides-by-target`, DeleteStackInstances only with `remove-untargeted` and `mode: delete`.',
    },
    {
      actions: [
        'cloudformation:CreateStackInstances',
        'cloudformation:UpdateStackInstances',
        'cloudformation:DeleteStackInstances',
        'cloudformation:UpdateStackSet',
      ],
      resources: [
        'arn:${Partition}:cloudformation:*:*:stackset-target/*',
        'arn:${Partition}:cloudformation:*::type/resource/*',
      ],
      reason: 'Targets of stack set operations and resource types in their templates.',
    },
    {
      actions: ['organizations:ListDelegatedAdministrators'],
      resources: ['*'],
      reason: 'Act as a delegated administrator with `call-as: delegated-admin`.',
    },
    {
      actions: ['iam:PassRole'],
      resources: ['arn:${Partition}:iam::${Account}:role/AWSCloudFormationStackSetAdministrationRole'],
      reason: 'Pass the administration role of a stack set with self-managed permissions to CloudFormation.',
    },
    {
      actions: ['sts:AssumeRole'],
      resources: ['arn:${Partition}:iam::*:role/*'],
      reason: 'Read the events of failed stacks with `investigate-role-name`. Restrict the resource to this role.',
    },
  ],
} as const;
