/** IAM permissions by the feature that needs them. */
export const permissions = {
  'role-chain': [
    {
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      resources: ['arn:${Partition}:iam::*:role/*'],
      reason:
        'Roles after the first. Put their ARNs here; `sts:TagSession` also belongs into their trust policies, or set `role-skip-session-tagging`.',
    },
  ],
  secrets: [
    {
      actions: ['secretsmanager:GetSecretValue'],
      resources: ['arn:${Partition}:secretsmanager:${Region}:${Account}:secret:*'],
      reason: 'Fetch `secret-ids`. Put their ARNs here.',
    },
    {
      actions: ['secretsmanager:ListSecrets'],
      resources: ['*'],
      reason: 'Only for a `secret-ids` line that ends in `*`.',
    },
  ],
  'trust doctor': [
    {
      actions: ['iam:GetRole'],
      resources: ['arn:${Partition}:iam::${Account}:role/*'],
      reason: 'Optional, for ambient credentials: lets a denied run read the trust policy that denied it.',
    },
  ],
} as const;

/** GitHub permissions of the job. */
export const workflow = [{ permission: 'id-token: write', reason: "GitHub's OIDC token endpoint" }] as const;
