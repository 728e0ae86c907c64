import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { formatAwsError, toDeliveryError } from '@aws-delivery/aws/error';

/** Reads the current version of an external source by its URI (`ssm-parameter://…`). */
export type SourceVersionReader = (uri: string) => Promise<string>;

type VersionReader = (name: string, configuration: AwsClientConfig) => Promise<string | undefined>;

const readers: Readonly<Record<string, VersionReader>> = {
  'ssm-parameter': async (Name, configuration) => {
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(configuration);
    renewExpiredCredentials(client);
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    return Parameter?.Version?.toString();
  },
  'ssm-document': async (Name, configuration) => {
    const { DescribeDocumentCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(configuration);
    renewExpiredCredentials(client);
    const { Document } = await client.send(new DescribeDocumentCommand({ Name }));
    return Document?.DefaultVersion;
  },
  secretsmanager: async (SecretId, configuration) => {
    const { DescribeSecretCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient(configuration);
    renewExpiredCredentials(client);
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
  },
  s3: async (path, configuration) => {
    const { HeadObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const [Bucket = '', ...key] = path.split('/');
    const client = new S3Client({ ...configuration, forcePathStyle: true });
    renewExpiredCredentials(client);
    const { VersionId } = await client.send(new HeadObjectCommand({ Bucket, Key: key.join('/') }));
    return VersionId;
  },
};

/** Names the source in the error: the response to a HEAD request has no message. */
const toSourceError = (error: unknown, uri: string): DeliveryError =>
  new DeliveryError(toDeliveryError(error).code, `cannot read the version of '${uri}': ${formatAwsError(error)}`, {
    cause: error,
  });

/** Reads each source once; loads the AWS client of its scheme on first use. */
export const createSourceVersionReader = (configuration: AwsClientConfig): SourceVersionReader => {
  const versions = new Map<string, Promise<string>>();
  const readVersion = async (uri: string): Promise<string> => {
    const [, scheme = '', name = ''] = /^([a-z0-9-]+):\/\/(.+)$/.exec(uri) ?? [];
    const version = await readers[scheme]?.(name, configuration).catch((error: unknown) => {
      throw toSourceError(error, uri);
    });
    // S3 reports the version `null` for objects written before versioning was enabled.
    if (version !== undefined && version !== 'null') return version;
    throw new DeliveryError(
      'not-found',
      `'${uri}' has no version: set 'version' in appconfig.yml, and enable versioning if it is an S3 bucket`,
    );
  };
  return (uri) => {
    const pending = versions.get(uri) ?? readVersion(uri);
    versions.set(uri, pending);
    return pending;
  };
};
