import { type ApiCall, createErrorResponse, type Document, output, type ServiceResponse } from '../../api-call.js';
import { getPrincipalAccount } from '../../iam/principal.js';
import { isDocument, readDocument, readDocuments, readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { createRoute } from '../registry/registry.js';
import { createPrivateAuth } from '../registry/registry-auth.js';
import { Registries, type Registry, type Repository, type RepositoryCall } from './repository.js';
import { isRepositoryName, REPOSITORY_NAME } from './repository-name.js';
import { Scanner } from './scan.js';
import { type EcrScenario, ecrScenario } from './scenario.js';
import { Tokens } from './token.js';

const repositoryNotFound = (name: string, { account }: Registry): ServiceResponse =>
  createErrorResponse(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );

const describeRepository = (repository: Repository, uri: string): Document => ({
  repositoryArn: repository.arn,
  registryId: repository.registryId,
  repositoryName: repository.name,
  repositoryUri: uri,
  createdAt: new Date(repository.createdAt),
  imageTagMutability: repository.settings.mutability,
  imageTagMutabilityExclusionFilters: repository.settings.exclusions.map((filter) => ({
    filterType: 'WILDCARD',
    filter,
  })),
  imageScanningConfiguration: { scanOnPush: repository.settings.scanOnPush },
  encryptionConfiguration: repository.encryption,
});

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

const DEFAULT_SETTINGS: Repository['settings'] = { mutability: 'MUTABLE', exclusions: [], scanOnPush: false };

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
  getRegistry({ input, principal, region, at }: ApiCall): Registry {
    const account = String(input['registryId'] ?? getPrincipalAccount(principal, this.context.account));
    const registry = this.registries.getRegistry(account, region);
    registry.setProvisioned(this.context.listProvisionedResources('AWS::ECR::Repository', at));
    return registry;
  }

  getEndpoint(account: string, region: string): string {
    const url = new URL(this.context.url());
    const isLocal = this.context.scenario.naming === 'address' && account === this.context.account;
    return isLocal ? url.origin : `http://${account}.dkr.ecr.${region}.localhost:${url.port}`;
  }

  getAuthorizationToken = (call: ApiCall): ServiceResponse => {
    const { input, principal, region, at } = call;
    this.getRegistry(call);
    const own = getPrincipalAccount(principal, this.context.account);
    const registryIds = readStrings(input['registryIds']);
    const expiresAt = at + this.context.scenario.tokenLifetime;
    const authorizationData = (registryIds.length === 0 ? [own] : registryIds).map((account) => ({
      authorizationToken: this.tokens.issue({ principal, region, expiresAt }),
      expiresAt: new Date(expiresAt),
      proxyEndpoint: this.getEndpoint(account, region),
    }));
    return output({ authorizationData });
  };

  createRepository = (call: ApiCall): ServiceResponse => {
    const name = String(call.input['repositoryName']);
    if (!isRepositoryName(name)) {
      const message = `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${REPOSITORY_NAME}''`;
      return createErrorResponse('InvalidParameterException', message);
    }
    const registry = this.getRegistry(call);
    if (registry.repositories.has(name)) {
      const message = `The repository with name '${name}' already exists in the registry with id '${registry.account}'`;
      return createErrorResponse('RepositoryAlreadyExistsException', message);
    }
    const repository = registry.createRepository(name, mergeSettings(call.input, DEFAULT_SETTINGS), call.at);
    const { encryptionConfiguration: encryption, tags } = call.input;
    if (isDocument(encryption)) repository.encryption = encryption;
    addTags(repository, tags);
    return output({ repository: this.describeInRegistry(repository, registry) });
  };

  describeRepositories = (call: ApiCall): ServiceResponse => {
    const registry = this.getRegistry(call);
    const names = readStrings(call.input['repositoryNames']);
    const unknown = names.find((name) => !registry.repositories.has(name));
    if (unknown !== undefined) return repositoryNotFound(unknown, registry);
    const found = [...registry.repositories.values()].filter(({ name }) => names.length === 0 || names.includes(name));
    return output({ repositories: found.map((each) => this.describeInRegistry(each, registry)) });
  };

  /** Resolves the repository by name; an error response if it does not exist. */
  withRepository = (handle: (repositoryCall: RepositoryCall) => ServiceResponse) => async (call: ApiCall) => {
    const registry = this.getRegistry(call);
    const name = String(call.input['repositoryName']);
    const repository = registry.repositories.get(name);
    return repository === undefined ? repositoryNotFound(name, registry) : handle({ call, repository });
  };

  /** Resolves the repository by ARN; an error response if it does not exist. */
  withRepositoryArn = (handle: (repositoryCall: RepositoryCall) => ServiceResponse) => async (call: ApiCall) => {
    const arn = String(call.input['resourceArn']);
    const registry = this.registries.getRegistry(arn.split(':')[4] ?? '', call.region);
    const name = arn.split(':repository/').at(-1) ?? '';
    const repository = registry.repositories.get(name);
    return repository === undefined ? repositoryNotFound(name, registry) : handle({ call, repository });
  };

  private describeInRegistry(repository: Repository, { account, region }: Registry): Document {
    const { host } = new URL(this.getEndpoint(account, region));
    return describeRepository(repository, `${host}/${repository.name}`);
  }
}

const addTags = (repository: Repository, tags: unknown): void => {
  for (const tag of readDocuments(tags)) {
    repository.resourceTags.set(String(tag['Key']), String(tag['Value']));
  }
};

const updateSettings = ({ call, repository }: RepositoryCall): ServiceResponse => {
  repository.settings = mergeSettings(call.input, repository.settings);
  return output({ repositoryName: repository.name, registryId: repository.registryId });
};

const describeImages = ({ call, repository }: RepositoryCall): ServiceResponse => {
  const ids = readDocuments(call.input['imageIds']);
  const references = ids.map((id) => String(id['imageDigest'] ?? id['imageTag']));
  const found = (references.length === 0 ? [...repository.images.keys()] : references).map((id) =>
    repository.findImage(id),
  );
  if (found.includes(undefined)) {
    const message = `The image with imageId {${references.join(', ')}} does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`;
    return createErrorResponse('ImageNotFoundException', message);
  }
  const imageDetails = found
    .flatMap((image) => (image === undefined ? [] : [image]))
    .map((image) => ({
      registryId: repository.registryId,
      repositoryName: repository.name,
      imageDigest: image.digest,
      imageTags: [...repository.tags].flatMap(([tag, digest]) => (digest === image.digest ? [tag] : [])),
      imagePushedAt: new Date(image.pushedAt),
      imageManifestMediaType: image.mediaType,
    }));
  return output({ imageDetails });
};

const describeReplication =
  (destinations: EcrScenario['replication']) =>
  ({ call, repository }: RepositoryCall): ServiceResponse => {
    const { pushedAt = call.at } =
      repository.findImage(String(readDocument(call.input['imageId'])['imageDigest'])) ?? {};
    const replicationStatuses = destinations.map(({ region, registryId, duration, ends }) => ({
      region,
      registryId,
      status: call.at - pushedAt < duration ? 'IN_PROGRESS' : ends,
    }));
    return output({ repositoryName: repository.name, imageId: call.input['imageId'], replicationStatuses });
  };

const deleteImages = ({ call, repository }: RepositoryCall): ServiceResponse => {
  const ids = readDocuments(call.input['imageIds']);
  for (const { imageDigest } of ids) repository.deleteImage(String(imageDigest));
  return output({ imageIds: ids, failures: [] });
};

const putLifecyclePolicy = ({ call, repository }: RepositoryCall): ServiceResponse => {
  repository.lifecyclePolicy = String(call.input['lifecyclePolicyText']);
  return output({ lifecyclePolicyText: repository.lifecyclePolicy });
};

const getLifecyclePolicy = ({ repository: { lifecyclePolicy, name } }: RepositoryCall): ServiceResponse =>
  lifecyclePolicy === undefined
    ? createErrorResponse(
        'LifecyclePolicyNotFoundException',
        `Lifecycle policy does not exist for the repository '${name}'`,
      )
    : output({ lifecyclePolicyText: lifecyclePolicy });

const setPolicy = ({ call, repository }: RepositoryCall): ServiceResponse => {
  repository.policy = String(call.input['policyText']);
  return output({ policyText: repository.policy });
};

const getPolicy = ({ repository: { policy, name } }: RepositoryCall): ServiceResponse =>
  policy === undefined
    ? createErrorResponse(
        'RepositoryPolicyNotFoundException',
        `Repository policy does not exist for the repository '${name}'`,
      )
    : output({ policyText: policy });

export interface EcrService extends Service {
  readonly registries: Registries;
}

/** ECR, with its registry as a route. */
export const createEcr = (context: ServiceContext<EcrScenario>): EcrService => {
  const ecr = new Ecr(context);
  const scanner = new Scanner(context.scenario.scanning);
  const handle = dispatchByOperation({
    GetAuthorizationToken: async (call) => ecr.getAuthorizationToken(call),
    CreateRepository: async (call) => ecr.createRepository(call),
    DescribeRepositories: async (call) => ecr.describeRepositories(call),
    PutImageTagMutability: ecr.withRepository(updateSettings),
    PutImageScanningConfiguration: ecr.withRepository(updateSettings),
    DescribeImageReplicationStatus: ecr.withRepository(describeReplication(context.scenario.replication)),
    DescribeImages: ecr.withRepository(describeImages),
    PutLifecyclePolicy: ecr.withRepository(putLifecyclePolicy),
    GetLifecyclePolicy: ecr.withRepository(getLifecyclePolicy),
    SetRepositoryPolicy: ecr.withRepository(setPolicy),
    GetRepositoryPolicy: ecr.withRepository(getPolicy),
    TagResource: ecr.withRepositoryArn(({ call, repository }) => {
      addTags(repository, call.input['tags']);
      return output({});
    }),
    ListTagsForResource: ecr.withRepositoryArn(({ repository }) =>
      output({ tags: [...repository.resourceTags].map(([Key, Value]) => ({ Key, Value })) }),
    ),
    GetRegistryScanningConfiguration: async (call) => scanner.getRegistryConfiguration(ecr.getRegistry(call)),
    BatchDeleteImage: ecr.withRepository(deleteImages),
    StartImageScan: ecr.withRepository((repositoryCall) => scanner.start(repositoryCall)),
    DescribeImageScanFindings: ecr.withRepository((repositoryCall) => scanner.describe(repositoryCall)),
  });
  const { registries, tokens } = ecr;
  const auth = createPrivateAuth({ context, registries, tokens });
  return { handle, registries, routes: [createRoute({ context, auth })] };
};
