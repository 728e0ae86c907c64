import { apiError, type Call, type Document, output, type Reply } from '../../call.js';
import { accountOf } from '../../principal.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { isDocument } from '../../wire/json.js';
import { privateEntrance } from '../registry/entrance.js';
import { createRoute } from '../registry/registry.js';
import { Registries, type Registry, type Repository } from './repository.js';
import { Scanner } from './scan.js';
import { type EcrScenario, ecrScenario } from './scenario.js';
import { Tokens } from './token.js';

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** What a handle of one repository is given. */
export interface Asked {
  readonly call: Call;
  readonly repository: Repository;
}

const missing = (name: string, { account }: Registry): Reply =>
  apiError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );

const describe = (repository: Repository, uri: string): Document => ({
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

/** The part of a repository's settings that an input gives; the rest stays. */
const settingsIn = (input: Document, before: Repository['settings']): Repository['settings'] => {
  const filters = input['imageTagMutabilityExclusionFilters'];
  const scanning = input['imageScanningConfiguration'];
  return ecrScenario.shape.repositories.def.innerType.valueType.parse({
    mutability: input['imageTagMutability'] ?? before.mutability,
    exclusions: Array.isArray(filters)
      ? filters.flatMap((each) => (isDocument(each) ? [String(each['filter'])] : []))
      : before.exclusions,
    scanOnPush: isDocument(scanning) ? scanning['scanOnPush'] === true : before.scanOnPush,
  });
};

const FRESH: Repository['settings'] = { mutability: 'MUTABLE', exclusions: [], scanOnPush: false };

/** ECR's API: repositories, tokens and what can be read of images. Images come in through the registry. */
class Ecr {
  readonly registries: Registries;
  readonly tokens: Tokens;
  readonly #context: ServiceContext<EcrScenario>;

  constructor(context: ServiceContext<EcrScenario>) {
    const { account, partition, scenario, clock, random } = context;
    this.#context = context;
    this.registries = new Registries({ account, partition, scenario, startedAt: clock.now() });
    this.tokens = new Tokens(random.fork('tokens'));
  }

  registryOf({ input, principal, region }: Call): Registry {
    const account = String(input['registryId'] ?? accountOf(principal, this.#context.account));
    return this.registries.of(account, region);
  }

  endpointOf(account: string, region: string): string {
    const url = new URL(this.#context.url());
    const isHere = this.#context.scenario.naming === 'address' && account === this.#context.account;
    return isHere ? url.origin : `http://${account}.dkr.ecr.${region}.localhost:${url.port}`;
  }

  authorizationToken = ({ input, principal, region, at }: Call): Reply => {
    const own = accountOf(principal, this.#context.account);
    const asked = texts(input['registryIds']);
    const expiresAt = at + this.#context.scenario.tokenLifetime;
    const authorizationData = (asked.length === 0 ? [own] : asked).map((account) => ({
      authorizationToken: this.tokens.issue({ principal, region, expiresAt }),
      expiresAt: new Date(expiresAt),
      proxyEndpoint: this.endpointOf(account, region),
    }));
    return output({ authorizationData });
  };

  create = (call: Call): Reply => {
    const name = String(call.input['repositoryName']);
    const registry = this.registryOf(call);
    if (registry.repositories.has(name)) {
      const text = `The repository with name '${name}' already exists in the registry with id '${registry.account}'`;
      return apiError('RepositoryAlreadyExistsException', text);
    }
    const repository = registry.create(name, settingsIn(call.input, FRESH), call.at);
    const { encryptionConfiguration: encryption, tags } = call.input;
    if (isDocument(encryption)) repository.encryption = encryption;
    addTags(repository, tags);
    return output({ repository: this.#describe(repository, registry) });
  };

  describeRepositories = (call: Call): Reply => {
    const registry = this.registryOf(call);
    const names = texts(call.input['repositoryNames']);
    const unknown = names.find((name) => !registry.repositories.has(name));
    if (unknown !== undefined) return missing(unknown, registry);
    const found = [...registry.repositories.values()].filter(({ name }) => names.length === 0 || names.includes(name));
    return output({ repositories: found.map((each) => this.#describe(each, registry)) });
  };

  /** A handle of one repository, which must be there. */
  on = (handle: (asked: Asked) => Reply) => async (call: Call) => {
    const registry = this.registryOf(call);
    const name = String(call.input['repositoryName']);
    const repository = registry.repositories.get(name);
    return repository === undefined ? missing(name, registry) : handle({ call, repository });
  };

  /** A handle of the repository with an ARN. */
  onArn = (handle: (asked: Asked) => Reply) => async (call: Call) => {
    const arn = String(call.input['resourceArn']);
    const registry = this.registries.of(arn.split(':')[4] ?? '', call.region);
    const name = arn.split(':repository/').at(-1) ?? '';
    const repository = registry.repositories.get(name);
    return repository === undefined ? missing(name, registry) : handle({ call, repository });
  };

  #describe(repository: Repository, { account, region }: Registry): Document {
    const { host } = new URL(this.endpointOf(account, region));
    return describe(repository, `${host}/${repository.name}`);
  }
}

const addTags = (repository: Repository, tags: unknown): void => {
  for (const tag of Array.isArray(tags) ? tags.filter(isDocument) : []) {
    repository.resourceTags.set(String(tag['Key']), String(tag['Value']));
  }
};

const configure = ({ call, repository }: Asked): Reply => {
  repository.settings = settingsIn(call.input, repository.settings);
  return output({ repositoryName: repository.name, registryId: repository.registryId });
};

const describeImages = ({ call, repository }: Asked): Reply => {
  const ids = Array.isArray(call.input['imageIds']) ? call.input['imageIds'].filter(isDocument) : [];
  const asked = ids.map((id) => String(id['imageDigest'] ?? id['imageTag']));
  const found = (asked.length === 0 ? [...repository.images.keys()] : asked).map((id) => repository.image(id));
  if (found.includes(undefined)) {
    const text = `The image with imageId {${asked.join(', ')}} does not exist within the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`;
    return apiError('ImageNotFoundException', text);
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

const deleteImages = ({ call, repository }: Asked): Reply => {
  const ids = Array.isArray(call.input['imageIds']) ? call.input['imageIds'].filter(isDocument) : [];
  for (const { imageDigest } of ids) repository.delete(String(imageDigest));
  return output({ imageIds: ids, failures: [] });
};

const putLifecyclePolicy = ({ call, repository }: Asked): Reply => {
  repository.lifecyclePolicy = String(call.input['lifecyclePolicyText']);
  return output({ lifecyclePolicyText: repository.lifecyclePolicy });
};

const getLifecyclePolicy = ({ repository: { lifecyclePolicy, name } }: Asked): Reply =>
  lifecyclePolicy === undefined
    ? apiError('LifecyclePolicyNotFoundException', `Lifecycle policy does not exist for the repository '${name}'`)
    : output({ lifecyclePolicyText: lifecyclePolicy });

const setPolicy = ({ call, repository }: Asked): Reply => {
  repository.policy = String(call.input['policyText']);
  return output({ policyText: repository.policy });
};

const getPolicy = ({ repository: { policy, name } }: Asked): Reply =>
  policy === undefined
    ? apiError('RepositoryPolicyNotFoundException', `Repository policy does not exist for the repository '${name}'`)
    : output({ policyText: policy });

export interface EcrService extends Service {
  readonly registries: Registries;
}

/** ECR and, as its route, the registry that images are pushed to. */
export const createEcr = (context: ServiceContext<EcrScenario>): EcrService => {
  const ecr = new Ecr(context);
  const scanner = new Scanner(context.scenario.scanning);
  const handle = byOperation({
    GetAuthorizationToken: async (call) => ecr.authorizationToken(call),
    CreateRepository: async (call) => ecr.create(call),
    DescribeRepositories: async (call) => ecr.describeRepositories(call),
    PutImageTagMutability: ecr.on(configure),
    PutImageScanningConfiguration: ecr.on(configure),
    DescribeImages: ecr.on(describeImages),
    PutLifecyclePolicy: ecr.on(putLifecyclePolicy),
    GetLifecyclePolicy: ecr.on(getLifecyclePolicy),
    SetRepositoryPolicy: ecr.on(setPolicy),
    GetRepositoryPolicy: ecr.on(getPolicy),
    TagResource: ecr.onArn(({ call, repository }) => {
      addTags(repository, call.input['tags']);
      return output({});
    }),
    ListTagsForResource: ecr.onArn(({ repository }) =>
      output({ tags: [...repository.resourceTags].map(([Key, Value]) => ({ Key, Value })) }),
    ),
    GetRegistryScanningConfiguration: async (call) => scanner.registryConfiguration(ecr.registryOf(call)),
    BatchDeleteImage: ecr.on(deleteImages),
    StartImageScan: ecr.on((asked) => scanner.start(asked)),
    DescribeImageScanFindings: ecr.on((asked) => scanner.describe(asked)),
  });
  const { registries, tokens } = ecr;
  const entrance = privateEntrance({ context, registries, tokens });
  return { handle, registries, routes: [createRoute({ context, entrance })] };
};
