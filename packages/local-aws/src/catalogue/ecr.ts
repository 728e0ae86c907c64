import type { Asked, OperationEntry, ServiceEntry } from './entry.js';

const repositoryArn = (name: unknown, { input, account, partition, region }: Asked): string =>
  `arn:${partition}:ecr:${region}:${String(input['registryId'] ?? account)}:repository/${String(name)}`;

const onRepository = (action: string, write: boolean): OperationEntry => ({
  write,
  demands: (asked) => [{ action: `ecr:${action}`, resource: repositoryArn(asked.input['repositoryName'], asked) }],
});

/** Operations that take many names, or none for all. */
const onRepositories = (action: string): OperationEntry => ({
  write: false,
  demands: (asked) => {
    const names = asked.input['repositoryNames'];
    return (Array.isArray(names) && names.length > 0 ? names : ['*']).map((name) => ({
      action: `ecr:${action}`,
      resource: repositoryArn(name, asked),
    }));
  },
});

const onArn = (action: string, write: boolean): OperationEntry => ({
  write,
  demands: ({ input }) => [{ action: `ecr:${action}`, resource: String(input['resourceArn']) }],
});

const READS = [
  'BatchGetImage',
  'DescribeImages',
  'DescribeImageScanFindings',
  'GetLifecyclePolicy',
  'GetRepositoryPolicy',
];
const WRITES = [
  'CreateRepository',
  'PutImageTagMutability',
  'PutImageScanningConfiguration',
  'PutLifecyclePolicy',
  'SetRepositoryPolicy',
  'StartImageScan',
];

export const ecr: ServiceEntry = {
  name: 'ecr',
  protocol: 'aws-json',
  target: 'AmazonEC2ContainerRegistry_V20150921',
  load: () => import('@aws-sdk/client-ecr'),
  operations: {
    ...Object.fromEntries(READS.map((name) => [name, onRepository(name, false)])),
    ...Object.fromEntries(WRITES.map((name) => [name, onRepository(name, true)])),
    DescribeRepositories: onRepositories('DescribeRepositories'),
    BatchGetRepositoryScanningConfiguration: onRepositories('BatchGetRepositoryScanningConfiguration'),
    TagResource: onArn('TagResource', true),
    ListTagsForResource: onArn('ListTagsForResource', false),
  },
};
