import type { Env } from '@aws-delivery/action-kit/util/env';
import { createInputError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';
import { type BuildOptions, parseBuildOptions } from '../build/build-options.js';
import { findTargets, type PullSpec, parsePullSpec } from '../pull/pull-spec.js';
import type { PushSpec } from '../push/push-spec.js';
import { parseScanOptions, type ScanOptions } from '../scan/scan-options.js';
import { parsePushSpecs, parseTags } from './parse-images.js';

/** Registries to push to: one for each account and Region. */
export interface Targets {
  readonly kind: 'private' | 'public';
  /** Account IDs; empty for the caller's own registry. */
  readonly accounts: readonly string[];
  /** Empty for the run's Region. */
  readonly regions: readonly string[];
  readonly endpoint: URL | undefined;
  /** Host that the source of a pull names, for example a dual-stack name; undefined for the one that ECR returns. */
  readonly host: string | undefined;
}

export type ExistingTag = Inputs['on-existing-tag'];

/** Desired settings of a repository; settings that are undefined are not compared. */
export interface RepositoryOptions {
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

/** What to push: existing images, or directories to build. */
export type PushSource =
  | { readonly kind: 'images'; readonly specs: readonly PushSpec[] }
  | { readonly kind: 'directories'; readonly build: BuildOptions };

interface CommonRequest {
  readonly targets: Targets;
  /** Milliseconds. */
  readonly timeout: number;
  readonly login: { readonly skipLogout: boolean; readonly maskPassword: boolean };
  /** Undefined to detect the engine. */
  readonly engine: Inputs['engine'];
}

/** The parsed inputs. */
export type Request = CommonRequest &
  (
    | { readonly kind: 'login' }
    | { readonly kind: 'pull'; readonly pull: PullSpec }
    | {
        readonly kind: 'push' | 'check';
        readonly pushSource: PushSource;
        readonly onExistingTag: ExistingTag;
        readonly concurrency: number;
        /** Copies the referrers in the repositories of the sources. */
        readonly copyReferrers: boolean;
        /** Sets tags only on images that passed the scan gate. */
        readonly tagAfterScan: boolean;
        readonly repository: RepositoryOptions;
        readonly waitForReplication: boolean;
        /** Undefined without a scan gate. */
        readonly scan: ScanOptions | undefined;
      }
  );

/** A request to push images, or to check whether they are there. */
export type PushRequest = Extract<Request, { readonly kind: 'push' | 'check' }>;

export type PullRequest = Extract<Request, { readonly kind: 'pull' }>;

const ACCOUNT = /^\d{12}$/u;

const parseEndpoint = (raw: string | undefined): URL | undefined => {
  if (raw === undefined) return undefined;
  const address = /^https?:\/\//u.test(raw) ? raw : `https://${raw}`;
  if (URL.canParse(address) && new URL(address).pathname === '/') return new URL(address);
  throw createInputError(`input 'registry-endpoint': '${raw}' is not a valid address: write https://host[:port]`);
};

const parseTargets = (inputs: Inputs): Targets => {
  const { registries, regions, 'registry-type': kind, 'registry-endpoint': endpoint } = inputs;
  const invalidAccount = registries.find((account) => !ACCOUNT.test(account));
  if (invalidAccount !== undefined && kind === 'private') {
    throw createInputError(`input 'registries': '${invalidAccount}' is not an account ID: it must have 12 digits`);
  }
  if (endpoint !== undefined && (registries.length > 1 || regions.length > 1)) {
    throw createInputError(
      "input 'registry-endpoint' cannot be combined with several registries or Regions: use one step for each registry",
    );
  }
  if (kind === 'public') return { kind, accounts: [], regions: [], endpoint: parseEndpoint(endpoint), host: undefined };
  return {
    kind,
    accounts: [...new Set(registries)],
    regions: [...new Set(regions)],
    endpoint: parseEndpoint(endpoint),
    host: undefined,
  };
};

const parsePushSource = (kind: 'push' | 'check', inputs: Inputs, env: Env): PushSource => {
  const build = parseBuildOptions(inputs, () => parseTags(inputs.tags, "input 'tags'", env));
  if (build !== undefined) return { kind: 'directories', build };
  const specs = parsePushSpecs(inputs, env);
  if (kind === 'push' && specs.some(({ source }) => source === undefined)) {
    throw createInputError("input 'source' is required for mode: push");
  }
  return { kind: 'images', specs };
};

const parseRepositoryOptions = (inputs: Inputs): RepositoryOptions => {
  const { 'tag-mutability': mutability, 'tag-exclusions': exclusions, encryption, 'kms-key-id': kmsKey } = inputs;
  if (exclusions.length > 0 && !mutability?.endsWith('_WITH_EXCLUSION')) {
    throw createInputError(
      "input 'tag-exclusions' requires tag-mutability: MUTABLE_WITH_EXCLUSION or IMMUTABLE_WITH_EXCLUSION",
    );
  }
  if (kmsKey !== undefined && (encryption === undefined || encryption === 'AES256')) {
    throw createInputError("input 'kms-key-id' requires encryption: KMS or KMS_DSSE");
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

/** Inputs that ECR Public has no counterpart for. */
const PRIVATE_INPUTS = [
  'tag-mutability',
  'scan-on-push',
  'encryption',
  'lifecycle-policy',
  'repository-policy',
] as const;

const rejectPrivateInputs = (inputs: Inputs): void => {
  const settings = PRIVATE_INPUTS.find((name) => inputs[name] !== undefined);
  const input = inputs['wait-for-replication'] ? 'wait-for-replication' : settings;
  if (input !== undefined) throw createInputError(`input '${input}' is not available for ECR Public: remove it`);
};

/** With one of these inputs the default mode is `push`. */
const PUSH_INPUTS = ['source', 'images', 'repository', 'build-directory', 'repository-prefix'] as const;

const getRequestKind = (inputs: Inputs): Request['kind'] =>
  inputs.mode ??
  (PUSH_INPUTS.every((name) => inputs[name] === undefined) && inputs['index-of'].length === 0 ? 'login' : 'push');

/** A referrer refers to one image, so the input `referrers` needs the input `source`. */
const rejectAmbiguousReferrers = (
  { referrers, images, 'build-directory': directory }: Inputs,
  kind: Request['kind'],
): void => {
  if (referrers.length === 0 || (kind === 'push' && images === undefined && directory === undefined)) return;
  const hint =
    images === undefined ? 'push that image in a separate step' : "set 'referrers' for each item of 'images'";
  throw createInputError(`input 'referrers' requires mode: push with 'source': ${hint}`);
};

/** Indexes are pushed, referrers are copied from a registry, and tags are set in a push. */
const rejectInapplicableInputs = (inputs: Inputs, kind: Request['kind'], pushSource: PushSource | undefined): void => {
  const { 'copy-referrers': copiesReferrers, 'tag-after-scan': tagAfterScan, scan } = inputs;
  if (inputs['index-of'].length > 0 && pushSource === undefined) {
    throw createInputError("input 'index-of' requires mode: push or mode: check: remove it, or correct the mode");
  }
  const hasOnlyRegistries =
    pushSource?.kind === 'images' && pushSource.specs.every(({ source }) => source?.kind === 'registry');
  if (copiesReferrers && (kind !== 'push' || !hasOnlyRegistries)) {
    throw createInputError(
      "input 'copy-referrers' requires mode: push with docker:// sources only: push other images in a separate step",
    );
  }
  if (tagAfterScan && (kind !== 'push' || scan === 'none')) {
    throw createInputError("input 'tag-after-scan' requires mode: push and a scan: set scan: auto, basic or enhanced");
  }
};

/** Parses the action's inputs. Throws `invalid-input` when they conflict. */
export const parseRequest = (inputs: Inputs, env: Env): Request => {
  const kind = getRequestKind(inputs);
  rejectAmbiguousReferrers(inputs, kind);
  const login = { skipLogout: inputs['skip-logout'], maskPassword: inputs['mask-password'] };
  const common = { targets: parseTargets(inputs), timeout: inputs.timeout * 1000, login, engine: inputs.engine };
  if (kind === 'login' || kind === 'pull') rejectInapplicableInputs(inputs, kind, undefined);
  if (kind === 'login') return { kind, ...common };
  if (kind === 'pull') {
    const pull = parsePullSpec(inputs, () => parseTags(inputs.tags, "input 'tags'", env));
    return { kind, ...common, targets: { ...common.targets, ...findTargets(pull) }, pull };
  }
  if (inputs.destination !== undefined) throw createInputError("input 'destination' requires mode: pull");
  const pushSource = parsePushSource(kind, inputs, env);
  rejectInapplicableInputs(inputs, kind, pushSource);
  const repository = parseRepositoryOptions(inputs);
  if (common.targets.kind === 'public') rejectPrivateInputs(inputs);
  const { 'on-existing-tag': onExistingTag, concurrency } = inputs;
  const scan = parseScanOptions(inputs, env);
  const { 'copy-referrers': copyReferrers, 'tag-after-scan': tagAfterScan } = inputs;
  const waitForReplication = inputs['wait-for-replication'];
  const options = { onExistingTag, concurrency, copyReferrers, tagAfterScan, waitForReplication };
  return { kind, ...common, pushSource, ...options, repository, scan };
};
