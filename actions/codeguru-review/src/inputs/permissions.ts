export const permissions = {
  'codeguru-reviewer': [
    {
      actions: ['codeguru-reviewer:ListRepositoryAssociations'],
      resources: ['*'],
      reason: 'Find the association. Not required if `association` is an ARN.',
    },
    {
      actions: ['codeguru-reviewer:DescribeRepositoryAssociation', 'codeguru-reviewer:CreateCodeReview'],
      resources: ['arn:${Partition}:codeguru-reviewer:${Region}:${Account}:association:*'],
      reason: 'Check that the association can be used, and start the code review.',
    },
    {
      actions: ['codeguru-reviewer:DescribeCodeReview', 'codeguru-reviewer:ListRecommendations'],
      resources: ['arn:${Partition}:codeguru-reviewer:${Region}:${Account}:code-review:*'],
      reason: 'Wait for the code review and read its recommendations.',
    },
  ],
  upload: [
    {
      actions: ['s3:GetBucketPolicyStatus'],
      resources: ['arn:${Partition}:s3:::codeguru-reviewer-*'],
      reason: 'Check that the bucket policy is not public before the code is uploaded.',
    },
    {
      actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
      resources: ['arn:${Partition}:s3:::codeguru-reviewer-*/aws-delivery/*'],
      reason:
        'Upload the source code and build artifacts, allow CodeGuru Reviewer to read them with the caller’s permissions, and delete them.',
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
      reason: '`findings-from: inspector`: start scans, and read coverage and findings.',
    },
  ],
  'kms-key-id': [
    {
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['arn:${Partition}:kms:${Region}:${Account}:key/*'],
      reason: '`kms-key-id`, or an association with a customer managed key.',
    },
  ],
} as const;
