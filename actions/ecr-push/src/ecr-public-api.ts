import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { hasServiceErrorCode } from '@aws-delivery/aws/error';
import { CreateRepositoryCommand, ECRPUBLICClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr-public';
import { withOperationName } from './ecr-api.js';

/** Client of the API of Amazon ECR Public. Methods throw DeliveryError. */
export class EcrPublicApi {
  private readonly client: ECRPUBLICClient;

  constructor(configuration: AwsClientConfig) {
    this.client = new ECRPUBLICClient(configuration);
    renewExpiredCredentials(this.client);
  }

  async fetchToken(): Promise<string | undefined> {
    const call = this.client.send(new GetAuthorizationTokenCommand({}));
    return (await withOperationName('GetAuthorizationToken', call)).authorizationData?.authorizationToken;
  }

  /** Creates a repository in the caller's registry and returns its URI; undefined when it exists already. */
  async createRepository(repositoryName: string, tags: Readonly<Record<string, string>>): Promise<string | undefined> {
    const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const input = { repositoryName, ...(list.length === 0 ? {} : { tags: list }) };
    try {
      const call = this.client.send(new CreateRepositoryCommand(input));
      return (await withOperationName('CreateRepository', call)).repository?.repositoryUri ?? repositoryName;
    } catch (error) {
      if (hasServiceErrorCode(error, 'RepositoryAlreadyExists')) return undefined;
      throw error;
    }
  }
}
