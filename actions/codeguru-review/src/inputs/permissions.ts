export const permissions = {
  'codeguru-reviewer': [
    {
      actions: ['codeguru-reviewer:ListRepositoryAssociations'],
      resources: ['*'],
      reason: 'Find the association; not needed where `association` is an ARN.',
    },
    {
      actions: ['codeguru-reviewer:DescribeRepositoryAssociation', 'codeguru-reviewer:CreateCodeReview'],
      resources: ['arn:${Partition}:codeguru-reviewer:${Region}:${Account}:association:*'],
      reason: 'See whether the association can be used, and start the review.',
    },
    {
      actions: ['codeguru-reviewer:DescribeCodeReview', 'codeguru-reviewer:ListRecommendations'],
      resources: ['arn:${Partition}:codeguru-reviewer:${Region}:${Account}:code-review:*'],
      reason: 'Follow the review, and fetch what it recommends.',
    },
  ],
  upload: [
    {
      actions: ['s3:GetBucketPolicyStatus'],
      resources: ['arn:${Partition}:s3:::codeguru-reviewer-*'],
      reason: 'See that the bucket lets nobody else in before code is uploaded.',
    },
    {
      actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
      resources: ['arn:${Partition}:s3:::codeguru-reviewer-*/aws-delivery/*'],
      reason:
        'Upload source and build artifacts, let CodeGuru Reviewer read them in the caller’s name, and remove them.',
    },
  ],
  inspector: [
    {
      actions: [
        'inspector2:ListCoverage',
        'inspector2:ListFindings',
        'inspector2:StartCodeSecurityScan',
        'inspector2:GetCodeSecurityScan',
      ],
      resources: ['*'],
      reason: '`findings-from: inspector`.',
    },
  ],
  'kms-key-id': [
    {
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['arn:${Partition}:kms:${Region}:${Account}:key/*'],
      reason: '`kms-key-id`, or an association with a key of one’s own.',
    },
  ],
} as const;
