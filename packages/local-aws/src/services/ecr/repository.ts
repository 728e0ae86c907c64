import { createHash } from 'node:crypto';
import type { ApiCall } from '../../api-call.js';
import { matchesPattern } from '../../iam/pattern.js';
import { readDocument, readDocuments } from '../../protocols/document.js';
import type { ProvisionedResource } from '../../service.js';
import type { EcrScenario, RepositoryScenario } from './scenario.js';

export const computeDigest = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export const DEFAULT_SETTINGS: RepositoryScenario = { mutability: 'MUTABLE', exclusions: [], scanOnPush: false };

export interface Image {
  readonly digest: string;
  readonly mediaType: string;
  readonly manifest: Buffer;
  readonly pushedAt: number;
}

/** A repository: settings, images and tags. */
export class Repository {
  readonly images = new Map<string, Image>();
  /** Digests by tag. */
  readonly tags = new Map<string, string>();
  readonly resourceTags = new Map<string, string>();
  readonly scans = new Map<string, number>();
  /** Lifecycle and repository policy, by their members of the API. */
  readonly policies = new Map<string, string>();
  encryption: object = { encryptionType: 'AES256' };

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly createdAt: number,
    public settings: RepositoryScenario,
  ) {}

  get registryId(): string {
    return this.arn.split(':')[4] ?? '';
  }

  /** Whether an existing tag must not move (CreateRepository, `imageTagMutabilityExclusionFilters`). */
  isImmutable(tag: string): boolean {
    const { mutability, exclusions } = this.settings;
    const excluded =
      mutability.endsWith('_WITH_EXCLUSION') && exclusions.some((pattern) => matchesPattern(pattern, tag));
    return mutability.startsWith('IMMUTABLE') !== excluded;
  }

  findImage(reference: string): Image | undefined {
    return this.images.get(this.tags.get(reference) ?? reference);
  }

  deleteImage(digest: string): void {
    this.images.delete(digest);
    for (const [tag, tagged] of this.tags) if (tagged === digest) this.tags.delete(tag);
  }

  addResourceTags(tags: unknown): void {
    for (const { Key, Value } of readDocuments(tags)) this.resourceTags.set(String(Key), String(Value));
  }

  /** Stores an image, with a tag unless the reference is a digest. */
  putImage(reference: string, image: Image): void {
    this.images.set(image.digest, this.images.get(image.digest) ?? image);
    if (!reference.startsWith('sha256:')) this.tags.set(reference, image.digest);
  }
}

/** A call to an operation on one repository. */
export interface RepositoryCall {
  readonly call: ApiCall;
  readonly repository: Repository;
}

/** One account's repositories in one Region. */
export class Registry {
  readonly repositories = new Map<string, Repository>();
  private readonly provisionedNames = new Set<string>();

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly partition: string,
  ) {}

  buildArn(name: string): string {
    return `arn:${this.partition}:ecr:${this.region}:${this.account}:repository/${name}`;
  }

  createRepository(name: string, settings: RepositoryScenario, at: number): Repository {
    const repository = new Repository(name, this.buildArn(name), at, settings);
    this.repositories.set(name, repository);
    return repository;
  }

  /** Adds the repositories that stacks have provisioned, and removes those of deleted stacks. */
  setProvisioned(resources: readonly ProvisionedResource[]): void {
    const own = resources.filter(({ account, region }) => account === this.account && region === this.region);
    const names = new Set(own.map(({ physicalId }) => physicalId));
    for (const name of this.provisionedNames) if (!names.has(name)) this.repositories.delete(name);
    for (const { physicalId: name, properties, since } of own) {
      this.provisionedNames.add(name);
      if (this.repositories.has(name)) continue;
      const mutability = properties['ImageTagMutability'] === 'IMMUTABLE' ? 'IMMUTABLE' : 'MUTABLE';
      const scanning = readDocument(properties['ImageScanningConfiguration']);
      const scanOnPush = String(scanning['ScanOnPush']) === 'true';
      this.createRepository(name, { mutability, exclusions: [], scanOnPush }, since);
    }
  }
}

export interface RegistriesOptions {
  readonly account: string;
  readonly partition: string;
  readonly scenario: Pick<EcrScenario, 'repositories'>;
  readonly startedAt: number;
}

/** Registries by account and Region, created on first use with the scenario's repositories. */
export class Registries {
  private readonly registries = new Map<string, Registry>();

  constructor(private readonly options: RegistriesOptions) {}

  getRegistry(account: string, region: string): Registry {
    const key = `${account} ${region}`;
    const existing = this.registries.get(key);
    if (existing !== undefined) return existing;
    const registry = new Registry(account, region, this.options.partition);
    for (const [nameOrArn, settings] of Object.entries(this.options.scenario.repositories)) {
      const name = nameOrArn.split(':repository/').at(-1) ?? nameOrArn;
      const isLocal = nameOrArn === name ? account === this.options.account : nameOrArn === registry.buildArn(name);
      if (isLocal) registry.createRepository(name, settings, this.options.startedAt);
    }
    this.registries.set(key, registry);
    return registry;
  }
}
