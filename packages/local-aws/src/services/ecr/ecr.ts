import type { ApiCall, Document } from '../../api-call.js';
import { isDocument, readDocument, readDocuments, readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type OperationHandler, type Service, type ServiceContext } from '../../service.js';
import { type ServiceError, serviceError } from '../../service-error.js';
import { createRoute } from '../registry/registry.js';
import { createPrivateAuth, Tokens } from '../registry/registry-auth.js';
import { DEFAULT_SETTINGS, Registries, type Registry, type Repository, type RepositoryCall } from './repository.js';
import { createScanHandlers } from './scan.js';
import { type EcrScenario, ecrScenario, isRepositoryName, REPOSITORY_NAME } from './scenario.js';

const repositoryNotFound = (name: string, { account }: Registry): ServiceError =>
  serviceError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );

/** Applies the settings in an input; other settings keep their values. */
const mergeSettings = (input: Document, before: Repository['settings']): Repository['settings'] => {
  const filters = input['imageTagMutabilityExclusionFilters'];
  const scanning = input['imageScanningConfiguration'];
  return ecrScenario.shape.repositories.def.innerType.valueType.parse({
    mutability: input['imageTagMutability'] ?? before.mutability,
    exclusions: Array.isArray(filters) ? readDocuments(filters).map(({ filter }) => String(filter)) : before.exclusions,
    scanOnPush: isDocument(scanning) ? scanning['scanOnPush'] === true : before.scanOnPush,
  });
};

/** ECR's operations on repositories and tokens. Images are pushed through the registry. */
class Ecr {
  readonly registries: Registries;
  readonly tokens: Tokens;

  constructor(private readonly context: ServiceContext<EcrScenario>) {
    const { account, partition, scenario, clock, random } = context;
    this.registries = new Registries({ account, partition, scenario, startedAt: clock.now() });
    this.tokens = new Tokens(random.fork('tokens'));
  }

  /** The registry of a call, with the repositories of stacks at its time. */
  getRegistry({ input, account, region, at }: ApiCall): Registry {
    const registry = this.registries.getRegistry(String(input['registryId'] ?? account), region);
    registry.setProvisioned(this.context.listProvisionedResources('AWS::ECR::Repository', at));
    return registry;
  }

  getAuthorizationToken = (call: ApiCall): Document => {
    const { input, principal, account, region, at } = call;
    this.getRegistry(call);
    const registryIds = readStrings(input['registryIds']);
    const expiresAt = at + this.context.scenario.tokenLifetime;
    const authorizationData = (registryIds.length === 0 ? [account] : registryIds).map((registryId) => ({
      authorizationToken: this.tokens.issue({ principal, region, expiresAt }),
      expiresAt: new Date(expiresAt),
      proxyEndpoint: this.getEndpoint(registryId, region),
    }));
    return { authorizationData };
  };

  createRepository = (call: ApiCall): Document => {
    const name = String(call.input['repositoryName']);
    if (!isRepositoryName(name)) {
      const message = `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${REPOSITORY_NAME}''`;
      throw serviceError('InvalidParameterException', message);
    }
    const registry = this.getRegistry(call);
    if (registry.repositories.has(name)) {
      const message = `The repository with name '${name}' already exists in the registry with id '${registry.account}'`;
      throw serviceError('RepositoryAlreadyExistsException', message);
    }
    const repository = registry.createRepository(name, mergeSettings(call.input, DEFAULT_SETTINGS), call.at);
    const { encryptionConfiguration: encryption, tags } = call.input;
    if (isDocument(encryption)) repository.encryption = encryption;
    repository.addResourceTags(tags);
    return { repository: this.describeRepository(repository, registry) };
  };

  describeRepositories = (call: ApiCall): Document => {
    const registry = this.getRegistry(call);
    const names = readStrings(call.input['repositoryNames']);
    const unknown = names.find((name) => !registry.repositories.has(name));
    if (unknown !== undefined) throw repositoryNotFound(unknown, registry);
    const found = [...registry.repositories.values()].filter(({ name }) => names.length === 0 || names.includes(name));
    return { repositories: found.map((each) => this.describeRepository(each, registry)) };
  };

  /** Resolves the repository of a call, by name or by ARN; rejects calls for one that does not exist. */
  withRepository =
    (handle: (repositoryCall: RepositoryCall) => Document): OperationHandler =>
    (call) => {
      const { repositoryName, resourceArn } = call.input;
      const [, account = '', arnName = ''] = /^(?:[^:]*:){4}(\d+):repository\/(.+)$/.exec(String(resourceArn)) ?? [];
      const registry =
        resourceArn === undefined ? this.getRegistry(call) : this.registries.getRegistry(account, call.region);
      const name = resourceArn === undefined ? String(repositoryName) : arnName;
      const repository = registry.repositories.get(name);
      if (repository === undefined) throw repositoryNotFound(name, registry);
      return handle({ call, repository });
    };

  private getEndpoint(account: string, region: string): string {
    const url = new URL(this.context.url());
    const isLocal = this.context.scenario.naming === 'address' && account === this.context.account;
    return isLocal ? url.origin : `http://${account}.dkr.ecr.${region}.localhost:${url.port}`;
  }

  private describeRepository(repository: Repository, { account, region }: Registry): Document {
    const { arn, name, registryId, createdAt, settings, encryption } = repository;
    return {
      repositoryArn: arn,
      registryId,
      repositoryName: name,
      repositoryUri: `${new URL(this.getEndpoint(account, region)).host}/${name}`,
      createdAt: new Date(createdAt),
      imageTagMutability: settings.mutability,
      imageTagMutabilityExclusionFilters: settings.exclusions.map((filter) => ({ filterType: 'WILDCARD', filter })),
      imageScanningConfiguration: { scanOnPush: settings.scanOnPush },
      encryptionConfiguration: encryption,
    };
  }
}

const updateSettings = ({ call, repository }: RepositoryCall): Document => {
  repository.settings = mergeSettings(call.input, repository.settings);
  return { repositoryName: repository.name, registryId: repository.registryId };
};

const describeImages = ({ call, repository }: RepositoryCall): Document => {
  const { name, registryId } = repository;
  const ids = readDocuments(call.input['imageIds']).map((id) => String(id['imageDigest'] ?? id['imageTag']));
  const imageDetails = (ids.length === 0 ? [...repository.images.keys()] : ids).map((id) => {
    const image = repository.findImage(id);
    if (image === undefined) {
      const message = `The image with imageId {${ids.join(', ')}} does not exist within the repository with name '${name}' in the registry with id '${registryId}'`;
      throw serviceError('ImageNotFoundException', message);
    }
    return {
      registryId,
      repositoryName: name,
      imageDigest: image.digest,
      imageTags: [...repository.tags].flatMap(([tag, digest]) => (digest === image.digest ? [tag] : [])),
      imagePushedAt: new Date(image.pushedAt),
      imageManifestMediaType: image.mediaType,
    };
  });
  return { imageDetails };
};

const describeReplication =
  (destinations: EcrScenario['replication']) =>
  ({ call, repository }: RepositoryCall): Document => {
    const { imageId } = call.input;
    const { pushedAt = call.at } = repository.findImage(String(readDocument(imageId)['imageDigest'])) ?? {};
    const replicationStatuses = destinations.map(({ region, registryId, duration, ends }) => ({
      region,
      registryId,
      status: call.at - pushedAt < duration ? 'IN_PROGRESS' : ends,
    }));
    return { repositoryName: repository.name, imageId, replicationStatuses };
  };

/** Handlers that set and get a policy of a repository, the member `member` of their input and output. */
const putPolicy =
  (member: string) =>
  ({ call, repository }: RepositoryCall): Document => {
    repository.policies.set(member, String(call.input[member]));
    return { [member]: repository.policies.get(member) };
  };

const getPolicy =
  (member: string, code: string, label: string) =>
  ({ repository: { policies, name } }: RepositoryCall): Document => {
    const policy = policies.get(member);
    if (policy === undefined) throw serviceError(code, `${label} does not exist for the repository '${name}'`);
    return { [member]: policy };
  };

export interface EcrService extends Service {
  readonly registries: Registries;
}

/** ECR, with its registry as a route. */
export const createEcr = (context: ServiceContext<EcrScenario>): EcrService => {
  const ecr = new Ecr(context);
  const scanning = Object.entries(createScanHandlers(context.scenario.scanning));
  const handle = dispatchByOperation({
    GetAuthorizationToken: ecr.getAuthorizationToken,
    CreateRepository: ecr.createRepository,
    DescribeRepositories: ecr.describeRepositories,
    PutImageTagMutability: ecr.withRepository(updateSettings),
    PutImageScanningConfiguration: ecr.withRepository(updateSettings),
    DescribeImageReplicationStatus: ecr.withRepository(describeReplication(context.scenario.replication)),
    DescribeImages: ecr.withRepository(describeImages),
    PutLifecyclePolicy: ecr.withRepository(putPolicy('lifecyclePolicyText')),
    GetLifecyclePolicy: ecr.withRepository(
      getPolicy('lifecyclePolicyText', 'LifecyclePolicyNotFoundException', 'Lifecycle policy'),
    ),
    SetRepositoryPolicy: ecr.withRepository(putPolicy('policyText')),
    GetRepositoryPolicy: ecr.withRepository(
      getPolicy('policyText', 'RepositoryPolicyNotFoundException', 'Repository policy'),
    ),
    TagResource: ecr.withRepository(({ call, repository }) => {
      repository.addResourceTags(call.input['tags']);
      return {};
    }),
    ListTagsForResource: ecr.withRepository(({ repository }) => ({
      tags: [...repository.resourceTags].map(([Key, Value]) => ({ Key, Value })),
    })),
    GetRegistryScanningConfiguration: (call) => {
      const { type: scanType } = context.scenario.scanning;
      const scanFrequency = scanType === 'ENHANCED' ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH';
      const rules = [{ scanFrequency, repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }];
      return { registryId: ecr.getRegistry(call).account, scanningConfiguration: { scanType, rules } };
    },
    BatchDeleteImage: ecr.withRepository(({ call, repository }) => {
      const ids = readDocuments(call.input['imageIds']);
      for (const { imageDigest } of ids) repository.deleteImage(String(imageDigest));
      return { imageIds: ids, failures: [] };
    }),
    ...Object.fromEntries(scanning.map(([name, handler]) => [name, ecr.withRepository(handler)])),
  });
  const { registries, tokens } = ecr;
  const auth = createPrivateAuth({ context, registries, tokens });
  return { handle, registries, routes: [createRoute({ context, auth })] };
};
