import type { RequiredPermission } from '../api-call.js';
import { readDocuments, readStrings } from '../protocols/document.js';
import type { PermissionContext, ServiceModel } from './operation-model.js';
import {
  findConfiguration,
  findObject,
  findSecret,
  findStack,
  listAppConfigResources,
  listAppConfigRoles,
  listRepositories,
  listSsmResources,
} from './resource-arns.js';

/** The permissions to pass roles to a service; values other than ARNs of roles are skipped. */
const listPassRolePermissions = (roles: readonly unknown[], service: string): readonly RequiredPermission[] =>
  roles.flatMap((role) =>
    typeof role === 'string'
      ? [
          {
            action: 'iam:PassRole',
            resource: role,
            context: { 'iam:PassedToService': `${service}.amazonaws.com` },
          },
        ]
      : [],
  );

/** Creating a repository with tags also requires `ecr:TagResource` (ECR user guide, "Tagging a repository"). */
const listTaggingPermissions = (context: PermissionContext): readonly RequiredPermission[] => {
  const { repositoryName, tags } = context.input;
  if (repositoryName === undefined || !Array.isArray(tags) || tags.length === 0) return [];
  return [listRepositories(context, 'CreateRepository')]
    .flat()
    .map((resource) => ({ action: 'ecr:TagResource', resource }));
};

const findPublicRepository = ({ input }: PermissionContext): string => `repository/${String(input['repositoryName'])}`;

/** A copy also requires read access to its source. */
const listCopySourcePermissions = ({ input, partition }: PermissionContext): readonly RequiredPermission[] => {
  if (typeof input['CopySource'] !== 'string') return [];
  const source = decodeURIComponent(input['CopySource']).replace(/^\//, '').replace(/\?.*$/, '');
  return [{ action: 's3:GetObject', resource: `arn:${partition}:s3:::${source}` }];
};

/** The condition keys for requested session tags. */
export const buildRequestTagKeys = (
  tags: Readonly<Record<string, string>>,
): NonNullable<RequiredPermission['context']> => ({
  ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
  ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
});

/**
 * AssumeRole also requires TagSession and SetSourceIdentity if it passes them (IAM user guide, "Passing session tags").
 */
const listAssumeRolePermissions = ({ input }: PermissionContext): readonly RequiredPermission[] => {
  const tags = Object.fromEntries(readDocuments(input['Tags']).map(({ Key, Value }) => [Key, String(Value)]));
  const transitive = readStrings(input['TransitiveTagKeys']);
  const scalars = ['ExternalId', 'RoleSessionName', 'SourceIdentity'].flatMap((name) =>
    typeof input[name] === 'string' ? [[`sts:${name}`, input[name]] as const] : [],
  );
  const context = {
    ...Object.fromEntries(scalars),
    ...(transitive.length > 0 && { 'sts:TransitiveTagKeys': transitive }),
    ...buildRequestTagKeys(tags),
  };
  const actions = [
    'sts:AssumeRole',
    ...(Object.keys(tags).length > 0 ? ['sts:TagSession'] : []),
    ...('sts:SourceIdentity' in context ? ['sts:SetSourceIdentity'] : []),
  ];
  return actions.map((action) => ({ action, resource: String(input['RoleArn']), context }));
};

/** All known services; add new services here. */
export const SERVICE_MODELS: readonly ServiceModel[] = [
  {
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
  },
  {
    name: 'iam',
    protocol: 'aws-query',
    target: '2010-05-08',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    loadClient: () => import('@aws-sdk/client-iam'),
    scope: 'account',
    getResources: ({ input }) => (typeof input['RoleName'] === 'string' ? `role/${input['RoleName']}` : undefined),
  },
  {
    name: 'cloudformation',
    protocol: 'aws-query',
    target: '2010-05-15',
    xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    loadClient: () => import('@aws-sdk/client-cloudformation'),
    getResources: findStack,
    getAdditionalPermissions: ({ input }) => listPassRolePermissions([input['RoleARN']], 'cloudformation'),
  },
  {
    name: 's3',
    protocol: 'rest-xml',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    loadClient: () => import('@aws-sdk/client-s3'),
    scope: 'global',
    getResources: findObject,
    getAdditionalPermissions: listCopySourcePermissions,
    // Service Authorization Reference, "Amazon S3"
    actions: {
      CompleteMultipartUpload: 'PutObject',
      CopyObject: 'PutObject',
      CreateMultipartUpload: 'PutObject',
      DeleteObjects: 'DeleteObject',
      GetBucketEncryption: 'GetEncryptionConfiguration',
      GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
      HeadBucket: 'ListBucket',
      HeadObject: 'GetObject',
      ListBuckets: 'ListAllMyBuckets',
      ListObjects: 'ListBucket',
      ListObjectsV2: 'ListBucket',
      PutBucketEncryption: 'PutEncryptionConfiguration',
      PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
      PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
      UploadPart: 'PutObject',
    },
  },
  {
    name: 'secretsmanager',
    protocol: 'aws-json',
    target: 'secretsmanager',
    loadClient: () => import('@aws-sdk/client-secrets-manager'),
    getResources: findSecret,
  },
  {
    name: 'health',
    protocol: 'aws-json',
    target: 'AWSHealth_20160804',
    loadClient: () => import('@aws-sdk/client-health'),
  },
  {
    name: 'ssm',
    protocol: 'aws-json',
    target: 'AmazonSSM',
    loadClient: () => import('@aws-sdk/client-ssm'),
    getResources: listSsmResources,
  },
  {
    name: 'cloudwatch',
    signingName: 'monitoring',
    protocol: 'aws-json',
    target: 'GraniteServiceVersion20100801',
    loadClient: () => import('@aws-sdk/client-cloudwatch'),
    getResources: ({ input }) => (typeof input['AlarmName'] === 'string' ? `alarm:${input['AlarmName']}` : undefined),
  },
  {
    name: 'autoscaling',
    protocol: 'aws-query',
    target: '2011-01-01',
    xmlNamespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    loadClient: () => import('@aws-sdk/client-auto-scaling'),
  },
  {
    name: 'appconfig',
    protocol: 'rest-json',
    loadClient: () => import('@aws-sdk/client-appconfig'),
    getResources: listAppConfigResources,
    getAdditionalPermissions: (context) => listPassRolePermissions(listAppConfigRoles(context), 'appconfig'),
  },
  {
    // The data plane shares AppConfig's signing name and IAM prefix.
    name: 'appconfigdata',
    signingName: 'appconfig',
    iamPrefix: 'appconfig',
    protocol: 'rest-json',
    loadClient: () => import('@aws-sdk/client-appconfigdata'),
    getResources: findConfiguration,
    // the session can only read
    operations: { StartConfigurationSession: { write: false } },
  },
  {
    name: 'ecr',
    protocol: 'aws-json',
    target: 'AmazonEC2ContainerRegistry_V20150921',
    loadClient: () => import('@aws-sdk/client-ecr'),
    getResources: listRepositories,
    getAdditionalPermissions: listTaggingPermissions,
  },
  {
    name: 'ecr-public',
    protocol: 'aws-json',
    target: 'SpencerFrontendService',
    loadClient: () => import('@aws-sdk/client-ecr-public'),
    scope: 'account',
    getResources: findPublicRepository,
    getAdditionalPermissions: (context) =>
      Array.isArray(context.input['tags'])
        ? [
            {
              action: 'ecr-public:TagResource',
              resource: `arn:${context.partition}:ecr-public::${context.account}:${findPublicRepository(context)}`,
            },
          ]
        : [],
    operations: {
      // "Requires the ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken permissions"
      GetAuthorizationToken: {
        requiredPermissions: () =>
          ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'].map((action) => ({
            action,
            resource: '*',
          })),
      },
    },
  },
  {
    name: 'codeguru-reviewer',
    protocol: 'rest-json',
    loadClient: () => import('@aws-sdk/client-codeguru-reviewer'),
    getResources: ({ input: { AssociationArn, RepositoryAssociationArn, CodeReviewArn } }) =>
      [AssociationArn ?? RepositoryAssociationArn ?? CodeReviewArn].filter((arn) => typeof arn === 'string'),
  },
  { name: 'inspector2', protocol: 'rest-json', loadClient: () => import('@aws-sdk/client-inspector2') },
];
