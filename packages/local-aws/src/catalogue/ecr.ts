import type { Demand } from '../call.js';
import type { Asked, ServiceEntry } from './entry.js';

const repositoryArn = (name: unknown, { input, account, partition, region }: Asked): string =>
  `arn:${partition}:ecr:${region}:${String(input['registryId'] ?? account)}:repository/${String(name)}`;

/** The repositories a call names: one, many, or none; an operation on tags names an ARN. */
const repositoryArns = (asked: Asked, operation: string): string | readonly string[] => {
  const { resourceArn, repositoryName, repositoryNames } = asked.input;
  if (typeof resourceArn === 'string') return resourceArn;
  if (Array.isArray(repositoryNames)) return repositoryNames.map((name) => repositoryArn(name, asked));
  if (repositoryName !== undefined) return repositoryArn(repositoryName, asked);
  // without names it means all repositories there are
  return operation === 'DescribeRepositories' ? repositoryArn('*', asked) : '*';
};

/** A repository that is made with tags needs the permission to tag as well (ECR user guide, "Tagging a repository"). */
const tagging = (asked: Asked): readonly Demand[] => {
  const { repositoryName, tags } = asked.input;
  const isTagged = repositoryName !== undefined && Array.isArray(tags) && tags.length > 0;
  return isTagged ? [{ action: 'ecr:TagResource', resource: repositoryArn(repositoryName, asked) }] : [];
};

export const ecr: ServiceEntry = {
  name: 'ecr',
  protocol: 'aws-json',
  target: 'AmazonEC2ContainerRegistry_V20150921',
  load: () => import('@aws-sdk/client-ecr'),
  resource: repositoryArns,
  besides: tagging,
};
