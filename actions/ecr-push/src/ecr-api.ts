import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { toDeliveryError } from '@aws-delivery/aws/error';
import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  type Repository,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecr';
import { type Login, parseLogin } from './login/registry-login.js';

/** Names an operation in what goes wrong in it. Throws DeliveryError. */
export const withOperationName = async <T>(operation: string, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    throw toDeliveryError(error, operation);
  }
};

/** The answer, or undefined where AWS says by one of these codes that there is none. */
const skipErrorCodes = async <T>(codes: readonly string[], call: Promise<T>): Promise<T | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof DeliveryError ? hasErrorCode(error.cause, ...codes) : hasErrorCode(error, ...codes))
      return undefined;
    throw error;
  }
};

/** A repository by name, in the caller's registry or another one. */
export interface RepositoryName {
  readonly repositoryName: string;
  readonly registryId: string | undefined;
}

/** Amazon ECR's API in one Region, as far as it is needed. Every method throws DeliveryError. */
export class EcrApi {
  private readonly client: ECRClient;

  constructor(
    configuration: AwsClientConfig,
    readonly region: string,
  ) {
    this.client = new ECRClient({ ...configuration, region });
    renewExpiredCredentials(this.client);
  }

  /** Logins for these accounts' registries, in their order; for the caller's own where none is given. */
  async fetchLogins(accounts: readonly string[]): Promise<readonly Login[]> {
    const input = accounts.length === 0 ? {} : { registryIds: [...accounts] };
    const call = this.client.send(new GetAuthorizationTokenCommand(input));
    const { authorizationData = [] } = await withOperationName('GetAuthorizationToken', call);
    if (authorizationData.length === 0) {
      throw new DeliveryError('unexpected', 'GetAuthorizationToken answered without a token');
    }
    return authorizationData.map((data, index) => parseLogin(data, { account: accounts[index], region: this.region }));
  }

  async describeRepository({ repositoryName, registryId }: RepositoryName): Promise<Repository | undefined> {
    const command = new DescribeRepositoriesCommand({ repositoryNames: [repositoryName], registryId });
    const call = withOperationName('DescribeRepositories', this.client.send(command));
    return (await skipErrorCodes(['RepositoryNotFound'], call))?.repositories?.[0];
  }

  /** Undefined where somebody else has been faster. */
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

  async putScanOnPush(name: RepositoryName, scanOnPush: boolean): Promise<void> {
    const command = new PutImageScanningConfigurationCommand({ ...name, imageScanningConfiguration: { scanOnPush } });
    await withOperationName('PutImageScanningConfiguration', this.client.send(command));
  }
}
