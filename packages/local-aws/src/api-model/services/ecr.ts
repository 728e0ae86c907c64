import type { RequiredPermission } from '../../api-call.js';
import type { PermissionContext, ServiceModel } from '../operation-model.js';

const buildRepositoryArn = (name: unknown, { input, account, partition, region }: PermissionContext): string =>
  `arn:${partition}:ecr:${region}:${String(input['registryId'] ?? account)}:repository/${String(name)}`;

/** The ARNs of the repositories in the input; tag operations name an ARN. */
const listRepositoryArns = (context: PermissionContext, operation: string): string | readonly string[] => {
  const { resourceArn, repositoryName, repositoryNames } = context.input;
  if (typeof resourceArn === 'string') return resourceArn;
  if (Array.isArray(repositoryNames)) return repositoryNames.map((name) => buildRepositoryArn(name, context));
  if (repositoryName !== undefined) return buildRepositoryArn(repositoryName, context);
  // without names, the operation applies to all repositories
  return operation === 'DescribeRepositories' ? buildRepositoryArn('*', context) : '*';
};

/** Creating a repository with tags also requires `ecr:TagResource` (ECR user guide, "Tagging a repository"). */
const listTaggingPermissions = (context: PermissionContext): readonly RequiredPermission[] => {
  const { repositoryName, tags } = context.input;
  const isTagged = repositoryName !== undefined && Array.isArray(tags) && tags.length > 0;
  return isTagged ? [{ action: 'ecr:TagResource', resource: buildRepositoryArn(repositoryName, context) }] : [];
};

export const ecr: ServiceModel = {
  name: 'ecr',
  protocol: 'aws-json',
  target: 'AmazonEC2ContainerRegistry_V20150921',
  loadClient: () => import('@aws-sdk/client-ecr'),
  getResourceArns: listRepositoryArns,
  getAdditionalPermissions: listTaggingPermissions,
};

const buildPublicRepositoryArn = ({ input, account, partition }: PermissionContext): string =>
  `arn:${partition}:ecr-public::${account}:repository/${String(input['repositoryName'])}`;

export const ecrPublic: ServiceModel = {
  name: 'ecr-public',
  protocol: 'aws-json',
  target: 'SpencerFrontendService',
  loadClient: () => import('@aws-sdk/client-ecr-public'),
  getResourceArns: buildPublicRepositoryArn,
  getAdditionalPermissions: (context) =>
    Array.isArray(context.input['tags'])
      ? [{ action: 'ecr-public:TagResource', resource: buildPublicRepositoryArn(context) }]
      : [],
  operations: {
    // "Requires the ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken permissions"
    GetAuthorizationToken: {
      requiredPermissions: () =>
        ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'].map((action) => ({ action, resource: '*' })),
    },
  },
};
