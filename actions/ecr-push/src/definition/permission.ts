const repository = ['arn:${Partition}:ecr:${Region}:${Account}:repository/*'] as const;

export const permissions = {
  always: [
    { actions: ['ecr:GetAuthorizationToken'], resources: ['*'], why: 'Log in to the registry. It knows no resources.' },
    { actions: ['ecr:BatchGetImage'], resources: repository, why: 'See what is there. Put your repositories here.' },
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
      why: 'Push.',
    },
    {
      actions: ['ecr:DescribeRepositories'],
      resources: repository,
      why: 'Know before a byte moves that an immutable tag cannot be moved; see drift.',
    },
  ],
  copy: [
    {
      actions: ['ecr:GetDownloadUrlForLayer'],
      resources: repository,
      why: '`mode: pull`, and `source: docker://…` in ECR: read layers, or mount them in another repository.',
    },
  ],
  'create-repository': [
    {
      actions: ['ecr:CreateRepository', 'ecr:TagResource', 'ecr:PutLifecyclePolicy', 'ecr:SetRepositoryPolicy'],
      resources: repository,
      why: '`create-repository: true`, with the settings it is given.',
    },
  ],
  drift: [
    {
      actions: ['ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy', 'ecr:ListTagsForResource'],
      resources: repository,
      why: 'Compare a repository that exists with the settings given.',
    },
    {
      actions: ['ecr:PutImageTagMutability', 'ecr:PutImageScanningConfiguration'],
      resources: repository,
      why: '`on-drift: fix`.',
    },
  ],
  public: [
    {
      actions: ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'],
      resources: ['*'],
      why: '`registry-type: public`: log in.',
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
      why: '`registry-type: public`: push.',
    },
  ],
} as const;
