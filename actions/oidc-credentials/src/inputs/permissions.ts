/** IAM permissions by the feature that needs them. */
export const permissions = {
  'role-chain': [
    {
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      resources: ['arn:${Partition}:iam::*:role/*'],
      reason:
        'Assume the roles after the first. Replace the resource with the ARNs of these roles. Their trust policies must also allow `sts:TagSession`, unless `role-skip-session-tagging` is set.',
    },
  ],
  secrets: [
    {
      actions: ['secretsmanager:GetSecretValue'],
      resources: ['arn:${Partition}:secretsmanager:${Region}:${Account}:secret:*'],
      reason: 'Read the secrets in `secret-ids`. Replace the resource with the ARNs of these secrets.',
    },
    {
      actions: ['secretsmanager:ListSecrets'],
      resources: ['*'],
      reason: 'Required only for a line of `secret-ids` that ends with `*`.',
    },
  ],
  parameters: [
    {
      actions: ['ssm:GetParameters'],
      resources: ['arn:${Partition}:ssm:${Region}:${Account}:parameter/*'],
      reason: 'Read the parameters in `parameter-names`. Replace the resource with the ARNs of these parameters.',
    },
    {
      actions: ['ssm:GetParametersByPath'],
      resources: ['arn:${Partition}:ssm:${Region}:${Account}:parameter/*'],
      reason: 'Required only for a line of `parameter-names` that ends with `/*`.',
    },
    {
      actions: ['kms:Decrypt'],
      resources: ['arn:${Partition}:kms:${Region}:${Account}:key/*'],
      conditions: { StringLike: { 'kms:ViaService': 'ssm.*.amazonaws.*' } },
      reason: 'Required only for SecureStrings that are encrypted with a customer managed key.',
    },
  ],
  'trust diagnosis': [
    {
      actions: ['iam:GetRole'],
      resources: ['arn:${Partition}:iam::${Account}:role/*'],
      reason:
        'Optional, for the credentials of the default credential chain. When access is denied, the action reads the trust policy of the role to find the cause.',
    },
  ],
} as const;

/** GitHub permissions of the job. */
export const workflow = [
  { permission: 'id-token: write', reason: "Request a token from GitHub's OIDC endpoint." },
] as const;
