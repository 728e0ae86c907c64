import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Access keys of the account's root on local AWS and on MiniStack. */
export const ROOT: Keys = { accessKeyId: 'test', secretAccessKey: 'test' };

/** SDK clients for one endpoint, without retries: a scenario sees every response. */
export class Account {
  readonly cloudformation: CloudFormationClient;
  readonly s3: S3Client;
  readonly secretsmanager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;

  constructor(endpoint: string, credentials: Keys = ROOT) {
    const options = { endpoint, credentials, region: REGION, maxAttempts: 1 };
    this.cloudformation = new CloudFormationClient(options);
    this.s3 = new S3Client({ ...options, forcePathStyle: true });
    this.secretsmanager = new SecretsManagerClient(options);
    this.ssm = new SSMClient(options);
    this.sts = new STSClient(options);
  }

  /** Closes the connections. */
  destroy(): void {
    for (const client of [this.cloudformation, this.s3, this.secretsmanager, this.ssm, this.sts]) client.destroy();
  }
}

/** `accepted`, or `name: message` of the error that AWS returned. */
export const readOutcome = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return 'accepted';
  } catch (thrown) {
    if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
    throw thrown;
  }
};
