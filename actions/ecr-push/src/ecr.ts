import { type AwsConfiguration, renewExpired } from '@aws-delivery/action-kit/aws';
import { isCode, toDeliveryError } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
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
import { type Login, loginOf } from './registry-login.js';

/** Names an operation in what goes wrong in it. Throws DeliveryError. */
export const named = async <T>(operation: string, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    throw toDeliveryError(error, operation);
  }
};

/** The answer, or undefined where AWS says by one of these codes that there is none. */
const unless = async <T>(codes: readonly string[], call: Promise<T>): Promise<T | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof DeliveryError ? isCode(error.cause, ...codes) : isCode(error, ...codes)) return undefined;
    throw error;
  }
};

/** A repository by name, in the caller's registry or another one. */
export interface RepositoryName {
  readonly repositoryName: string;
  readonly registryId: string | undefined;
}

/** Amazon ECR's API in one Region, as far as it is needed. Every method throws DeliveryError. */
export class Ecr {
  readonly #client: ECRClient;

  constructor(
    configuration: AwsConfiguration,
    readonly region: string,
  ) {
    this.#client = new ECRClient({ ...configuration, region });
    renewExpired(this.#client);
  }

  /** Logins for these accounts' registries, in their order; for the caller's own where none is given. */
  async logins(accounts: readonly string[]): Promise<readonly Login[]> {
    const asked = accounts.length === 0 ? {} : { registryIds: [...accounts] };
    const call = this.#client.send(new GetAuthorizationTokenCommand(asked));
    const { authorizationData = [] } = await named('GetAuthorizationToken', call);
    if (authorizationData.length === 0) {
      throw new DeliveryError('unexpected', 'GetAuthorizationToken answered without a token');
    }
    return authorizationData.map((data, index) => loginOf(data, { account: accounts[index], region: this.region }));
  }

  async describe({ repositoryName, registryId }: RepositoryName): Promise<Repository | undefined> {
    const command = new DescribeRepositoriesCommand({ repositoryNames: [repositoryName], registryId });
    const call = named('DescribeRepositories', this.#client.send(command));
    return (await unless(['RepositoryNotFound'], call))?.repositories?.[0];
  }

  /** Undefined where somebody else has been faster. */
  async create(input: CreateRepositoryCommandInput): Promise<Repository | undefined> {
    const call = named('CreateRepository', this.#client.send(new CreateRepositoryCommand(input)));
    return (await unless(['RepositoryAlreadyExists'], call))?.repository;
  }

  async lifecyclePolicy(name: RepositoryName): Promise<string | undefined> {
    const call = named('GetLifecyclePolicy', this.#client.send(new GetLifecyclePolicyCommand(name)));
    return (await unless(['LifecyclePolicyNotFound'], call))?.lifecyclePolicyText;
  }

  async putLifecyclePolicy(name: RepositoryName, lifecyclePolicyText: string): Promise<void> {
    const command = new PutLifecyclePolicyCommand({ ...name, lifecyclePolicyText });
    await named('PutLifecyclePolicy', this.#client.send(command));
  }

  async policy(name: RepositoryName): Promise<string | undefined> {
    const call = named('GetRepositoryPolicy', this.#client.send(new GetRepositoryPolicyCommand(name)));
    return (await unless(['RepositoryPolicyNotFound'], call))?.policyText;
  }

  async putPolicy(name: RepositoryName, policyText: string): Promise<void> {
    await named('SetRepositoryPolicy', this.#client.send(new SetRepositoryPolicyCommand({ ...name, policyText })));
  }

  async tags(resourceArn: string): Promise<Readonly<Record<string, string>>> {
    const call = this.#client.send(new ListTagsForResourceCommand({ resourceArn }));
    const { tags = [] } = await named('ListTagsForResource', call);
    return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  }

  async putTags(resourceArn: string, tags: Readonly<Record<string, string>>): Promise<void> {
    const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await named('TagResource', this.#client.send(new TagResourceCommand({ resourceArn, tags: list })));
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
    await named('PutImageTagMutability', this.#client.send(command));
  }

  async putScanning(name: RepositoryName, scanOnPush: boolean): Promise<void> {
    const command = new PutImageScanningConfigurationCommand({ ...name, imageScanningConfiguration: { scanOnPush } });
    await named('PutImageScanningConfiguration', this.#client.send(command));
  }
}
