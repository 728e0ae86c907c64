const repository = ['arn:${Partition}:ecr:${Region}:${Account}:repository/*'] as const;

export const permissions = {
  always: [
    {
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      reason: 'Log in to the registry. This action does not support resource-level permissions.',
    },
    {
      actions: ['ecr:BatchGetImage'],
      resources: repository,
      reason: 'Read existing images. Restrict the resources to your repositories.',
    },
  ],
  push: [
    {
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:InitiateLayerUpload',
        'ecr:UploadLayerPart',
        'ecr:CompleteLayerUpload',
        'ecr:PutImage',
      ],
      resources: repository,
      reason: 'Push images.',
    },
    {
      actions: ['ecr:DescribeRepositories'],
      resources: repository,
      reason: 'Detect before the upload that a tag is immutable, and read the settings for drift detection.',
    },
  ],
  copy: [
    {
      actions: ['ecr:GetDownloadUrlForLayer'],
      resources: repository,
      reason:
        '`mode: pull`, `source: docker://…` in ECR, and `index-of`: read layers and configurations, or mount layers in another repository.',
    },
  ],
  'copy-referrers': [
    {
      actions: ['ecr:ListImageReferrers'],
      resources: repository,
      reason: '`copy-referrers: true`: list the referrers in the source, and verify them in the target.',
    },
  ],
  replication: [
    {
      actions: ['ecr:DescribeImageReplicationStatus'],
      resources: repository,
      reason: '`wait-for-replication: true`: read the replication status of an image.',
    },
  ],
  'create-repository': [
    {
      actions: ['ecr:CreateRepository', 'ecr:TagResource', 'ecr:PutLifecyclePolicy', 'ecr:SetRepositoryPolicy'],
      resources: repository,
      reason: '`create-repository: true`: create the repository with its settings.',
    },
  ],
  drift: [
    {
      actions: ['ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy', 'ecr:ListTagsForResource'],
      resources: repository,
      reason: 'Compare an existing repository with the settings in the inputs.',
    },
    {
      actions: ['ecr:PutImageTagMutability', 'ecr:PutImageScanningConfiguration'],
      resources: repository,
      reason: '`on-drift: fix`: change settings that differ.',
    },
  ],
  public: [
    {
      actions: ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'],
      resources: ['*'],
      reason: '`registry-type: public`: log in to ECR Public.',
    },
    {
      actions: [
        'ecr-public:BatchCheckLayerAvailability',
        'ecr-public:InitiateLayerUpload',
        'ecr-public:UploadLayerPart',
        'ecr-public:CompleteLayerUpload',
        'ecr-public:PutImage',
      ],
      resources: ['arn:${Partition}:ecr-public::${Account}:repository/*'],
      reason: '`registry-type: public`: push images.',
    },
    {
      actions: ['ecr-public:CreateRepository', 'ecr-public:TagResource'],
      resources: ['arn:${Partition}:ecr-public::${Account}:repository/*'],
      reason: '`registry-type: public` with `create-repository: true`: create the repository with `repository-tags`.',
    },
  ],
} as const;
