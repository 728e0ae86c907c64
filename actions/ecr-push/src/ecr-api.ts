import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { hasServiceErrorCode, toDeliveryError } from '@aws-delivery/aws/error';
import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DescribeImageReplicationStatusCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  type ImageReplicationStatus,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  type Repository,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecr';
import { type Login, parseLogin } from './login/registry-login.js';

/** Converts an error of an API call into a DeliveryError that names the operation. */
export const withOperationName = async <T>(operation: string, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    throw toDeliveryError(error, operation);
  }
};

/** Awaits a call; undefined when AWS responds with one of these error codes. */
const skipErrorCodes = async <T>(codes: readonly string[], call: Promise<T>): Promise<T | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (hasServiceErrorCode(error, ...codes)) return undefined;
    throw error;
  }
};

/** A repository; `registryId` undefined for the caller's own registry. */
export interface RepositoryName {
  readonly repositoryName: string;
  readonly registryId: string | undefined;
}

/** Client of Amazon ECR's API in one Region. Methods throw DeliveryError. */
export class EcrApi {
  private readonly client: ECRClient;

  constructor(
    configuration: AwsClientConfig,
    readonly region: string,
  ) {
    this.client = new ECRClient({ ...configuration, region });
    renewExpiredCredentials(this.client);
  }

  /**
   * Logins for these accounts' registries, in the same order; for the caller's own registry when `accounts` is empty.
   */
  async fetchLogins(accounts: readonly string[]): Promise<readonly Login[]> {
    const input = accounts.length === 0 ? {} : { registryIds: [...accounts] };
    const call = this.client.send(new GetAuthorizationTokenCommand(input));
    const { authorizationData = [] } = await withOperationName('GetAuthorizationToken', call);
    if (authorizationData.length === 0) {
      throw new DeliveryError('unexpected', 'the response of GetAuthorizationToken contains no token');
    }
    return authorizationData.map((data, index) => parseLogin(data, { account: accounts[index], region: this.region }));
  }

  async describeRepository({ repositoryName, registryId }: RepositoryName): Promise<Repository | undefined> {
    const command = new DescribeRepositoriesCommand({ repositoryNames: [repositoryName], registryId });
    const call = withOperationName('DescribeRepositories', this.client.send(command));
    return (await skipErrorCodes(['RepositoryNotFound'], call))?.repositories?.[0];
  }

  /** Returns undefined when the repository exists already. */
  async createRepository(input: CreateRepositoryCommandInput): Promise<Repository | undefined> {
    const call = withOperationName('CreateRepository', this.client.send(new CreateRepositoryCommand(input)));
    return (await skipErrorCodes(['RepositoryAlreadyExists'], call))?.repository;
  }

  async getLifecyclePolicy(name: RepositoryName): Promise<string | undefined> {
    const call = withOperationName('GetLifecyclePolicy', this.client.send(new GetLifecyclePolicyCommand(name)));
    return (await skipErrorCodes(['LifecyclePolicyNotFound'], call))?.lifecyclePolicyText;
  }

  async putLifecyclePolicy(name: RepositoryName, lifecyclePolicyText: string): Promise<void> {
    const command = new PutLifecyclePolicyCommand({ ...name, lifecyclePolicyText });
    await withOperationName('PutLifecyclePolicy', this.client.send(command));
  }

  async getRepositoryPolicy(name: RepositoryName): Promise<string | undefined> {
    const call = withOperationName('GetRepositoryPolicy', this.client.send(new GetRepositoryPolicyCommand(name)));
    return (await skipErrorCodes(['RepositoryPolicyNotFound'], call))?.policyText;
  }

  async putRepositoryPolicy(name: RepositoryName, policyText: string): Promise<void> {
    await withOperationName(
      'SetRepositoryPolicy',
      this.client.send(new SetRepositoryPolicyCommand({ ...name, policyText })),
    );
  }

  async listTags(resourceArn: string): Promise<Readonly<Record<string, string>>> {
    const call = this.client.send(new ListTagsForResourceCommand({ resourceArn }));
    const { tags = [] } = await withOperationName('ListTagsForResource', call);
    return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  }

  async putTags(resourceArn: string, tags: Readonly<Record<string, string>>): Promise<void> {
    const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await withOperationName('TagResource', this.client.send(new TagResourceCommand({ resourceArn, tags: list })));
  }

  async putMutability(
    name: RepositoryName,
    settings: Pick<CreateRepositoryCommandInput, 'imageTagMutability' | 'imageTagMutabilityExclusionFilters'>,
  ): Promise<void> {
    const { imageTagMutability, imageTagMutabilityExclusionFilters } = settings;
    const command = new PutImageTagMutabilityCommand({
      ...name,
      imageTagMutability,
      imageTagMutabilityExclusionFilters,
    });
    await withOperationName('PutImageTagMutability', this.client.send(command));
  }

  /** Empty when no replication rule applies, and for a moment after a push. */
  async listReplicationStatuses(
    { repositoryName, registryId }: RepositoryName,
    imageDigest: string,
  ): Promise<readonly ImageReplicationStatus[]> {
    const command = new DescribeImageReplicationStatusCommand({ repositoryName, registryId, imageId: { imageDigest } });
    const call = withOperationName('DescribeImageReplicationStatus', this.client.send(command));
    return (await call).replicationStatuses ?? [];
  }

  async putScanOnPush(name: RepositoryName, scanOnPush: boolean): Promise<void> {
    const command = new PutImageScanningConfigurationCommand({ ...name, imageScanningConfiguration: { scanOnPush } });
    await withOperationName('PutImageScanningConfiguration', this.client.send(command));
  }
}
