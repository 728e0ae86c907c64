import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { type Role, readPolicies } from '../account-policies.js';

const account = '123456789012';
const issuer = 'https://gitlab.example';

/** A role for the main branch of group/shop on gitlab.example. */
const role: Role = {
  maxSessionDuration: '12h',
  trust: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/gitlab.example` },
        Condition: {
          StringEquals: {
            'gitlab.example:aud': 'sts.amazonaws.com',
            'gitlab.example:sub': 'project_path:group/shop:ref_type:branch:ref:main',
          },
        },
      },
    ],
  },
  policies: readPolicies(account),
};

/** An account that trusts a GitLab instance. */
export const scenario: ScenarioInput = {
  account,
  region: 'eu-west-1',
  oidc: { issuer, lifetime: '1h', claims: { sub: 'project_path:group/shop:ref_type:branch:ref:main' } },
  iam: {
    oidcProviders: [{ url: issuer, audiences: ['sts.amazonaws.com'] }],
    roles: { deliver: role, preview: role },
  },
  cloudformation: { durations: { create: '200ms', update: '5s', delete: '100ms', changeSet: '50ms' } },
};
