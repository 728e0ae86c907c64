import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { ACCOUNT, type Keys, REGION, ROOT } from './account.js';

/** A policy document, as it is written. */
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

/** Trusts the jobs of one repository on GitHub. */
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

/** Allows whatever there is. */
export const EVERYTHING = buildPolicy({ Effect: 'Allow', Action: '*', Resource: '*' });

/** Trusts whom the account's own policies let. */
export const TRUST = buildPolicy({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
});

/** Trusts nobody here. */
const FOREIGN = buildPolicy({
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::210987654321:root' },
  Action: 'sts:AssumeRole',
});

/** The roles there are: one may do everything, one next to nothing, one is for others. */
export const ROLES: Readonly<Record<string, { readonly trust: Policy; readonly allowed: Policy }>> = {
  deploy: { trust: TRUST, allowed: EVERYTHING },
  limited: { trust: TRUST, allowed: buildPolicy({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }) },
  foreign: { trust: FOREIGN, allowed: EVERYTHING },
};

/** An account's IAM behind an emulator's address, as its root sees it. */
export const createIamClient = (endpoint: string): IAMClient =>
  new IAMClient({ endpoint, credentials: ROOT, region: REGION, maxAttempts: 1 });

/** Makes a role. Gives its ARN. */
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

/** Makes a user who may do everything, and the roles. Gives the user's keys. */
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
