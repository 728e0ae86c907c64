import type { Document, RequiredPermission } from '../../api-call.js';
import { readDocuments, readStrings } from '../../protocols/document.js';
import type { PermissionContext, ServiceModel } from '../operation-model.js';

const buildRoleArn = ({ input, account, partition }: PermissionContext): string =>
  typeof input['RoleName'] === 'string' ? `arn:${partition}:iam::${account}:role/${input['RoleName']}` : '*';

export const iam: ServiceModel = {
  name: 'iam',
  protocol: 'aws-query',
  target: '2010-05-08',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  loadClient: () => import('@aws-sdk/client-iam'),
  getResourceArns: buildRoleArn,
};

/** The condition keys for requested session tags. */
export const buildRequestTagKeys = (
  tags: Readonly<Record<string, string>>,
): NonNullable<RequiredPermission['context']> => ({
  ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
  ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
});

const parseTags = ({ Tags: tags }: Document): Readonly<Record<string, string>> =>
  Object.fromEntries(readDocuments(tags).map(({ Key, Value }) => [Key, String(Value)]));

const toConditionKey = (value: unknown, key: string): Readonly<Record<string, string>> =>
  typeof value === 'string' ? { [key]: value } : {};

/**
 * AssumeRole also requires TagSession and SetSourceIdentity if it passes them (IAM user guide, "Passing session tags").
 */
const listAssumeRolePermissions = ({ input }: PermissionContext): readonly RequiredPermission[] => {
  const tags = parseTags(input);
  const transitive = readStrings(input['TransitiveTagKeys']);
  const context = {
    ...toConditionKey(input['ExternalId'], 'sts:ExternalId'),
    ...toConditionKey(input['RoleSessionName'], 'sts:RoleSessionName'),
    ...toConditionKey(input['SourceIdentity'], 'sts:SourceIdentity'),
    ...(transitive.length > 0 && { 'sts:TransitiveTagKeys': transitive }),
    ...buildRequestTagKeys(tags),
  };
  const createPermission = (action: string): RequiredPermission => ({
    action,
    resource: String(input['RoleArn']),
    context,
  });
  return [
    createPermission('sts:AssumeRole'),
    ...(Object.keys(tags).length > 0 ? [createPermission('sts:TagSession')] : []),
    ...(typeof input['SourceIdentity'] === 'string' ? [createPermission('sts:SetSourceIdentity')] : []),
  ];
};

export const sts: ServiceModel = {
  name: 'sts',
  protocol: 'aws-query',
  target: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  loadClient: () => import('@aws-sdk/client-sts'),
  operations: {
    AssumeRole: { write: false, requiredPermissions: listAssumeRolePermissions },
    // unsigned: the service itself verifies the token in the input
    AssumeRoleWithWebIdentity: { write: false, requiredPermissions: () => [], unsigned: true },
    // "no permissions are required", even against an explicit deny
    GetCallerIdentity: { requiredPermissions: () => [] },
  },
};

/** The ARN of the secret in the input; `??????` stands for the six random characters when only the name is known. */
const buildSecretArn = ({ input, account, partition, region }: PermissionContext): string => {
  const id = input['SecretId'];
  if (typeof id !== 'string') return '*';
  return id.startsWith('arn:') ? id : `arn:${partition}:secretsmanager:${region}:${account}:secret:${id}-??????`;
};

export const secretsmanager: ServiceModel = {
  name: 'secretsmanager',
  protocol: 'aws-json',
  target: 'secretsmanager',
  loadClient: () => import('@aws-sdk/client-secrets-manager'),
  getResourceArns: buildSecretArn,
};
