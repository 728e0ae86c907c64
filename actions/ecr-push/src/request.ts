import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { isMapping } from '@aws-delivery/action-kit/parse';
import type { Inputs } from '../action.js';
import { type BuildWish, buildWishOf } from './building/wish.js';
import { parseRepository } from './oci/reference.js';
import { type PullWish, placesOf, pullWishOf } from './pulling/wish.js';
import { parseReferrer, type ReferrerName } from './referring/referrer-name.js';
import { type ScanRequest, scanIn } from './scan/scan-request.js';
import { parseSource, type SourceName } from './source-name.js';
import { expandTags } from './tag.js';

/** Registries to push to: one for each account and Region. */
export interface Targets {
  readonly kind: 'private' | 'public';
  /** Account ids; none for the caller's own. */
  readonly accounts: readonly string[];
  /** None for that of the run. */
  readonly regions: readonly string[];
  readonly endpoint: URL | undefined;
}

/** One image that is wanted under some tags of a repository. */
export interface Order {
  /** Undefined only where somebody just looks. */
  readonly source: SourceName | undefined;
  readonly repository: string;
  /** None where an image is pulled by its digest. */
  readonly tags: readonly string[];
  /** Files that are to refer to the image. */
  readonly referrers: readonly ReferrerName[];
}

export type ExistingTag = Inputs['on-existing-tag'];

/** What a repository should be like; what is not given is not looked at. */
export interface RepositoryWish {
  readonly create: boolean;
  readonly onDrift: Inputs['on-drift'];
  readonly mutability: Inputs['tag-mutability'];
  readonly exclusions: readonly string[];
  readonly scanOnPush: boolean | undefined;
  readonly encryption: Inputs['encryption'];
  readonly kmsKey: string | undefined;
  /** JSON, or a path. */
  readonly lifecyclePolicy: string | undefined;
  readonly policy: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Images that are there, or folders that are built. */
export type Cargo =
  | { readonly kind: 'images'; readonly orders: readonly Order[] }
  | { readonly kind: 'folders'; readonly build: BuildWish };

interface Common {
  readonly targets: Targets;
  /** Milliseconds. */
  readonly timeout: number;
  readonly login: { readonly kept: boolean; readonly masked: boolean };
  /** Undefined where the one that has the image is looked for. */
  readonly engine: Inputs['engine'];
}

/** What is asked for, in our own terms. */
export type Request = Common &
  (
    | { readonly kind: 'login' }
    | { readonly kind: 'pull'; readonly pull: PullWish }
    | {
        readonly kind: 'push' | 'check';
        readonly cargo: Cargo;
        readonly onExistingTag: ExistingTag;
        readonly concurrency: number;
        readonly repository: RepositoryWish;
        /** Undefined where nobody asks what scans find. */
        readonly scan: ScanRequest | undefined;
      }
  );

const invalid = (message: string): DeliveryError => new DeliveryError('invalid-input', message);

const ACCOUNT = /^\d{12}$/u;

const endpointIn = (text: string | undefined): URL | undefined => {
  if (text === undefined) return undefined;
  const address = /^https?:\/\//u.test(text) ? text : `https://${text}`;
  if (URL.canParse(address) && new URL(address).pathname === '/') return new URL(address);
  throw invalid(`input 'registry-endpoint': '${text}' is not the address of a registry: write https://host[:port]`);
};

const targetsIn = (inputs: Inputs): Targets => {
  const { registries, regions, 'registry-type': kind, 'registry-endpoint': endpoint } = inputs;
  const wrong = registries.find((account) => !ACCOUNT.test(account));
  if (wrong !== undefined && kind === 'private') {
    throw invalid(`input 'registries': '${wrong}' is not the id of an account: it has 12 digits`);
  }
  if (endpoint !== undefined && (registries.length > 1 || regions.length > 1)) {
    throw invalid("input 'registry-endpoint' is one address: push to several registries in steps of their own");
  }
  if (kind === 'public') return { kind, accounts: [], regions: [], endpoint: endpointIn(endpoint) };
  return { kind, accounts: [...new Set(registries)], regions: [...new Set(regions)], endpoint: endpointIn(endpoint) };
};

interface Given {
  readonly source: unknown;
  readonly repository: unknown;
  readonly tags: unknown;
  readonly referrers: unknown;
}

const textIn = (value: unknown, what: string): string => {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw invalid(`${what} is missing: give it a text`);
};

const textsIn = (value: unknown, what: string): readonly string[] => {
  const items = typeof value === 'string' || typeof value === 'number' ? [value] : value;
  if (Array.isArray(items)) return items.map((item) => (typeof item === 'number' ? String(item) : textIn(item, what)));
  throw invalid(`${what} are not a list of texts`);
};

/** Tags without their templates; there has to be one. */
const expandedTags = (value: unknown, what: string, variables: Variables): Order['tags'] => {
  const tags = expandTags(textsIn(value, `the tags of ${what}`), variables);
  if (tags.length === 0) throw invalid(`${what} has no tags: give it one`);
  return tags;
};

const orderOf = ({ source, repository, tags, referrers }: Given, what: string, variables: Variables): Order => {
  return {
    source: source === undefined ? undefined : parseSource(textIn(source, `the source of ${what}`)),
    repository: parseRepository(textIn(repository, `the repository of ${what}`)),
    tags: expandedTags(tags, what, variables),
    referrers: textsIn(referrers, `the referrers of ${what}`).map(parseReferrer),
  };
};

const FIELDS = ['source', 'repository', 'tags', 'referrers'];

const listedOrders = (value: unknown, tags: readonly string[], variables: Variables): readonly Order[] => {
  if (!Array.isArray(value) || value.length === 0) throw invalid("input 'images' is not a list of images");
  return value.map((item, index) => {
    const what = `image ${index + 1} of input 'images'`;
    if (!isMapping(item)) throw invalid(`${what} is not a mapping with ${FIELDS.join(', ')}`);
    const unknown = Object.keys(item).find((key) => !FIELDS.includes(key));
    if (unknown !== undefined) throw invalid(`${what} has '${unknown}': known are ${FIELDS.join(', ')}`);
    const { source, repository, tags: own = tags, referrers = [] } = item;
    return orderOf({ source, repository, tags: own, referrers }, what, variables);
  });
};

/** Two images under one tag would leave the tag to chance. */
const refuseClashes = (orders: readonly Order[]): void => {
  const seen = new Set<string>();
  for (const { repository, tags } of orders) {
    for (const tag of tags) {
      const name = `${repository}:${tag}`;
      if (seen.has(name)) throw invalid(`${name} is given to two images: keep one`);
      seen.add(name);
    }
  }
};

const ordersIn = (inputs: Inputs, variables: Variables): readonly Order[] => {
  const { source, repository, tags, images, referrers } = inputs;
  if (images !== undefined && (source !== undefined || repository !== undefined)) {
    throw invalid("inputs 'images' and 'source' or 'repository' exclude each other: put all images into 'images'");
  }
  const orders =
    images === undefined
      ? [orderOf({ source, repository, tags, referrers }, 'the image', variables)]
      : listedOrders(images, tags, variables);
  refuseClashes(orders);
  return orders;
};

const cargoIn = (kind: 'push' | 'check', inputs: Inputs, variables: Variables): Cargo => {
  const build = buildWishOf(inputs, () => expandedTags(inputs.tags, 'the images', variables));
  if (build !== undefined) return { kind: 'folders', build };
  const orders = ordersIn(inputs, variables);
  if (kind === 'push' && orders.some(({ source }) => source === undefined)) {
    throw invalid("input 'source' is missing: name the image to push");
  }
  return { kind: 'images', orders };
};

const wishIn = (inputs: Inputs): RepositoryWish => {
  const { 'tag-mutability': mutability, 'tag-exclusions': exclusions, encryption, 'kms-key-id': kmsKey } = inputs;
  if (exclusions.length > 0 && !mutability?.endsWith('_WITH_EXCLUSION')) {
    throw invalid("input 'tag-exclusions' needs tag-mutability: MUTABLE_WITH_EXCLUSION or IMMUTABLE_WITH_EXCLUSION");
  }
  if (kmsKey !== undefined && (encryption === undefined || encryption === 'AES256')) {
    throw invalid("input 'kms-key-id' needs encryption: KMS or KMS_DSSE");
  }
  return {
    create: inputs['create-repository'],
    onDrift: inputs['on-drift'],
    mutability,
    exclusions,
    scanOnPush: inputs['scan-on-push'],
    encryption,
    kmsKey,
    lifecyclePolicy: inputs['lifecycle-policy'],
    policy: inputs['repository-policy'],
    tags: inputs['repository-tags'],
  };
};

/** Inputs that name something to push. */
const NAMING = ['source', 'images', 'repository', 'build-directory', 'repository-prefix'] as const;

const kindIn = (inputs: Inputs): Request['kind'] =>
  inputs.mode ?? (NAMING.every((name) => inputs[name] === undefined) ? 'login' : 'push');

/** Each referrer is about one image. */
const refuseReferrers = ({ referrers, images, 'build-directory': directory }: Inputs, kind: Request['kind']): void => {
  if (referrers.length === 0 || (kind === 'push' && images === undefined && directory === undefined)) return;
  const remedy = images === undefined ? 'push that image by itself' : "give each image of 'images' its own";
  throw invalid(`input 'referrers' goes with the one image that 'source' pushes: ${remedy}`);
};

/** What flat inputs ask for. Throws `invalid-input` where they contradict each other. */
export const requestOf = (inputs: Inputs, variables: Variables): Request => {
  const kind = kindIn(inputs);
  refuseReferrers(inputs, kind);
  const login = { kept: inputs['skip-logout'], masked: inputs['mask-password'] };
  const common = { targets: targetsIn(inputs), timeout: inputs.timeout * 1000, login, engine: inputs.engine };
  if (kind === 'login') return { kind, ...common };
  if (kind === 'pull') {
    const pull = pullWishOf(inputs, () => expandedTags(inputs.tags, 'the image', variables));
    return { kind, ...common, targets: { ...common.targets, ...placesOf(pull) }, pull };
  }
  if (inputs.destination !== undefined) throw invalid("input 'destination' needs mode: pull");
  const cargo = cargoIn(kind, inputs, variables);
  const repository = wishIn(inputs);
  if (repository.create && common.targets.kind === 'public') {
    throw invalid("input 'create-repository' serves private registries: create the one in ECR Public beforehand");
  }
  const { 'on-existing-tag': onExistingTag, concurrency } = inputs;
  const scan = scanIn(inputs, variables);
  return { kind, ...common, cargo, onExistingTag, concurrency, repository, scan };
};
