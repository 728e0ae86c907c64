const repository = ['arn:${Partition}:ecr:${Region}:${Account}:repository/*'] as const;

export const permissions = {
  always: [
    {
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      reason: 'Log in to the registry. It knows no resources.',
    },
    { actions: ['ecr:BatchGetImage'], resources: repository, reason: 'See what is there. Put your repositories here.' },
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
      reason: 'Push.',
    },
    {
      actions: ['ecr:DescribeRepositories'],
      resources: repository,
      reason: 'Know before a byte moves that an immutable tag cannot be moved; see drift.',
    },
  ],
  copy: [
    {
      actions: ['ecr:GetDownloadUrlForLayer'],
      resources: repository,
      reason: '`mode: pull`, and `source: docker://…` in ECR: read layers, or mount them in another repository.',
    },
  ],
  'create-repository': [
    {
      actions: ['ecr:CreateRepository', 'ecr:TagResource', 'ecr:PutLifecyclePolicy', 'ecr:SetRepositoryPolicy'],
      resources: repository,
      reason: '`create-repository: true`, with the settings it is given.',
    },
  ],
  drift: [
    {
      actions: ['ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy', 'ecr:ListTagsForResource'],
      resources: repository,
      reason: 'Compare a repository that exists with the settings given.',
    },
    {
      actions: ['ecr:PutImageTagMutability', 'ecr:PutImageScanningConfiguration'],
      resources: repository,
      reason: '`on-drift: fix`.',
    },
  ],
  public: [
    {
      actions: ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'],
      resources: ['*'],
      reason: '`registry-type: public`: log in.',
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
      reason: '`registry-type: public`: push.',
    },
  ],
} as const;
