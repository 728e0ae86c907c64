import type { ScenarioInput } from '../src/scenario.js';

/**
 * A scenario for deliveries: GitHub's identity provider, a role for its jobs, a second role to chain to, and two
 * secrets.
 */
export const createDeployScenario = (changes: ScenarioInput = {}): ScenarioInput => ({
  iam: {
    oidcProviders: [{ url: 'https://token.actions.githubusercontent.com' }],
    roles: {
      deploy: {
        trust: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: {
              Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
            },
            Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
            Condition: {
              StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
              StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:octocat/my-repo:*' },
            },
          },
        },
        policies: {
          work: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'secretsmanager:GetSecretValue',
                Resource: 'arn:aws:secretsmanager:*:123456789012:secret:app/*',
              },
              { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::210987654321:role/target' },
            ],
          },
        },
      },
      'arn:aws:iam::210987654321:role/target': {
        trust: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::123456789012:root' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'sts:ExternalId': 'shared' } },
            },
          ],
        },
        maxSessionDuration: '12h',
      },
    },
  },
  secretsmanager: { 'app/database': { user: 'app', password: 's3cret' }, other: 'no' },
  ...changes,
});
