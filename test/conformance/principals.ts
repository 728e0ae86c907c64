import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { ACCOUNT, type Keys, REGION, ROOT } from './account.js';

/** A policy document. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly object[];
}

export const buildPolicy = (...statements: readonly object[]): Policy => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** GitHub's issuer of identity tokens. */
export const ISSUER = 'https://token.actions.githubusercontent.com';

/** A trust policy for the jobs of one repository on GitHub. */
export const buildTrustPolicy = (repository: string): Policy =>
  buildPolicy({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
      StringLike: { 'token.actions.githubusercontent.com:sub': `repo:${repository}:*` },
    },
  });

export const USER_NAME = 'engineer';

/** Allows every action on every resource. */
export const EVERYTHING = buildPolicy({ Effect: 'Allow', Action: '*', Resource: '*' });

/** Trusts every principal of the account whose policies allow AssumeRole. */
export const TRUST = buildPolicy({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
});

/** Trusts another account. */
const FOREIGN = buildPolicy({
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::210987654321:root' },
  Action: 'sts:AssumeRole',
});

/** The roles of the account: one with all permissions, one with one permission, one for another account. */
export const ROLES: Readonly<Record<string, { readonly trust: Policy; readonly allowed: Policy }>> = {
  deploy: { trust: TRUST, allowed: EVERYTHING },
  limited: { trust: TRUST, allowed: buildPolicy({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }) },
  foreign: { trust: FOREIGN, allowed: EVERYTHING },
};

/** A client of an emulator's IAM with root's keys. */
export const createIamClient = (endpoint: string): IAMClient =>
  new IAMClient({ endpoint, credentials: ROOT, region: REGION, maxAttempts: 1 });

/** Creates a role and returns its ARN. */
export const createRole = async (
  iam: IAMClient,
  { name, trust, allowed }: { readonly name: string; readonly trust: Policy; readonly allowed: Policy },
): Promise<string> => {
  const trusted = JSON.stringify(trust);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trusted }));
  const PolicyDocument = JSON.stringify(allowed);
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'allowed', PolicyDocument }));
  return Role?.Arn ?? '';
};

/** Creates the roles and a user with all permissions. Returns the user's access keys. */
export const createUser = async (endpoint: string): Promise<Keys> => {
  const iam = createIamClient(endpoint);
  await iam.send(new CreateUserCommand({ UserName: USER_NAME }));
  const PolicyDocument = JSON.stringify(EVERYTHING);
  await iam.send(new PutUserPolicyCommand({ UserName: USER_NAME, PolicyName: 'all', PolicyDocument }));
  for (const [name, role] of Object.entries(ROLES)) await createRole(iam, { name, ...role });
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: USER_NAME }));
  iam.destroy();
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
};
