import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT, REGION, scenario, TestHarness } from '../harness.js';

const allow = (Action: readonly string[], Resource: string | readonly string[] = '*') => ({
  Statement: {
    Effect: 'Allow' as const,
    Action: [...Action],
    Resource: typeof Resource === 'string' ? Resource : [...Resource],
  },
});

const accountTrust = {
  Statement: {
    Effect: 'Allow' as const,
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  },
};

const serviceTrust = {
  Statement: {
    Effect: 'Allow' as const,
    Principal: { Service: 'cloudformation.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
};

/** The name of a bootstrap role. */
export const getRoleName = (purpose: string): string => `cdk-hnb659fds-${purpose}-role-${ACCOUNT}-${REGION}`;

export const ASSET_BUCKET = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;

export const IMAGE_REPOSITORY = `cdk-hnb659fds-container-assets-${ACCOUNT}-${REGION}`;

const bucketArn = `arn:aws:s3:::${ASSET_BUCKET}`;

/** The permissions of the bootstrap stack's roles, from the CDK's bootstrap template. */
const roles = {
  [getRoleName('deploy')]: {
    trust: accountTrust,
    policies: {
      deploy: allow([
        ...[
          'CreateChangeSet',
          'DeleteChangeSet',
          'ExecuteChangeSet',
          'CreateStack',
          'UpdateStack',
          'RollbackStack',
        ].map((action) => `cloudformation:${action}`),
        ...['cloudformation:ContinueUpdateRollback', 'cloudformation:DeleteStack'],
        ...['cloudformation:UpdateTerminationProtection', 'sts:GetCallerIdentity'],
      ]),
      read: allow([
        'cloudformation:Describe*',
        'cloudformation:Get*',
        'cloudformation:List*',
        'cloudformation:Detect*',
      ]),
      passRole: allow(['iam:PassRole'], `arn:aws:iam::${ACCOUNT}:role/${getRoleName('cfn-exec')}`),
      bucket: allow(['s3:GetObject*', 's3:GetBucket*', 's3:List*'], [bucketArn, `${bucketArn}/*`]),
      version: allow(
        ['ssm:GetParameter', 'ssm:GetParameters'],
        `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/cdk-bootstrap/hnb659fds/version`,
      ),
    },
  },
  [getRoleName('cfn-exec')]: { trust: serviceTrust, policies: { all: allow(['*']) } },
  [getRoleName('file-publishing')]: {
    trust: accountTrust,
    policies: {
      bucket: allow(
        [
          ...['s3:GetObject*', 's3:GetBucket*', 's3:GetEncryptionConfiguration', 's3:List*', 's3:DeleteObject*'],
          ...['s3:PutObject*', 's3:Abort*'],
        ],
        [bucketArn, `${bucketArn}/*`],
      ),
    },
  },
  [getRoleName('image-publishing')]: {
    trust: accountTrust,
    policies: {
      images: allow(
        [
          ...[
            'PutImage',
            'InitiateLayerUpload',
            'UploadLayerPart',
            'CompleteLayerUpload',
            'BatchCheckLayerAvailability',
          ],
          ...['DescribeRepositories', 'DescribeImages', 'BatchGetImage', 'GetDownloadUrlForLayer'],
        ].map((action) => `ecr:${action}`),
        `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${IMAGE_REPOSITORY}`,
      ),
      login: allow(['ecr:GetAuthorizationToken']),
    },
  },
};

const bootstrappedScenario: ScenarioInput = {
  ...scenario,
  iam: {
    ...scenario.iam,
    users: {
      deployer: {
        accessKeys: { AKIADEPLOYER: 'deployer-secret' },
        policies: { assume: allow(['sts:AssumeRole', 'sts:TagSession'], `arn:aws:iam::${ACCOUNT}:role/cdk-*`) },
      },
    },
    roles,
  },
  ecr: { repositories: { [IMAGE_REPOSITORY]: { mutability: 'IMMUTABLE' } } },
  ssm: { parameters: { '/cdk-bootstrap/hnb659fds/version': '25' } },
};

/** A harness whose jobs have only the permission to assume the roles of the bootstrap stack. */
export const openBootstrappedHarness = async (overrides: ScenarioInput = {}): Promise<TestHarness> => {
  const harness = await TestHarness.open({ ...bootstrappedScenario, ...overrides });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' });
  return harness;
};

export const createRootS3 = ({ aws }: TestHarness): S3Client =>
  new S3Client({
    endpoint: aws.url,
    region: REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' },
  });

export const createAssetBucket = async (harness: TestHarness): Promise<void> => {
  const client = createRootS3(harness);
  await client.send(
    new CreateBucketCommand({ Bucket: ASSET_BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  client.destroy();
};
