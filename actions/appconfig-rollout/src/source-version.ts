import type { AwsConfiguration } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';

/** The current version of a source by its address (`ssm-parameter://…`). */
export type SourceVersions = (uri: string) => Promise<string>;

type Look = (name: string, configuration: AwsConfiguration) => Promise<string | undefined>;

const looks: Readonly<Record<string, Look>> = {
  'ssm-parameter': async (Name, configuration) => {
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const { Parameter } = await new SSMClient(configuration).send(new GetParameterCommand({ Name }));
    return Parameter?.Version?.toString();
  },
  'ssm-document': async (Name, configuration) => {
    const { DescribeDocumentCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const { Document } = await new SSMClient(configuration).send(new DescribeDocumentCommand({ Name }));
    return Document?.DefaultVersion;
  },
  secretsmanager: async (SecretId, configuration) => {
    const { DescribeSecretCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const { VersionIdsToStages = {} } = await new SecretsManagerClient(configuration).send(
      new DescribeSecretCommand({ SecretId }),
    );
    return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
  },
  s3: async (path, configuration) => {
    const { HeadObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const [Bucket = '', ...key] = path.split('/');
    const { VersionId } = await new S3Client({ ...configuration, forcePathStyle: true }).send(
      new HeadObjectCommand({ Bucket, Key: key.join('/') }),
    );
    return VersionId;
  },
};

/** Asks each source once; its client is loaded only where it is needed. */
export const sourceVersionsOf = (configuration: AwsConfiguration): SourceVersions => {
  const known = new Map<string, Promise<string>>();
  const look = async (uri: string): Promise<string> => {
    const [, scheme = '', name = ''] = /^([a-z0-9-]+):\/\/(.+)$/.exec(uri) ?? [];
    const version = await looks[scheme]?.(name, configuration);
    if (version !== undefined) return version;
    throw new DeliveryError(
      'not-found',
      `'${uri}' tells no version: say 'version' in appconfig.yml, and version its bucket if it is one of S3`,
    );
  };
  return (uri) => {
    const found = known.get(uri) ?? look(uri);
    known.set(uri, found);
    return found;
  };
};
