import { resolve } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import type { CreateRepositoryCommandInput, Repository } from '@aws-sdk/client-ecr';
import type { EcrApi, RepositoryName } from '../ecr-api.js';
import type { RepositoryOptions } from '../inputs/parse-request.js';
import type { Registry } from '../login/registry.js';
import type { PushSpec } from './push-spec.js';

/** The repository's settings with the content of the policies. */
export interface RepositorySettings extends RepositoryOptions {
  readonly lifecyclePolicy: string | undefined;
  readonly policy: string | undefined;
}

const readPolicy = async (raw: string | undefined, workspace: string): Promise<string | undefined> => {
  if (raw === undefined) return undefined;
  const isInline = raw.trimStart().startsWith('{');
  const path = resolve(workspace, raw);
  const json = isInline
    ? raw
    : await readRegularFile(path).then(String, (error: unknown) => {
        throw toFileError(path, error);
      });
  try {
    JSON.parse(json);
    return json;
  } catch (cause) {
    throw new DeliveryError('invalid-input', `${isInline ? 'the inline policy' : `'${path}'`} is not valid JSON`, {
      cause,
    });
  }
};

/** Reads the policies, which are inline JSON or paths of files. Throws DeliveryError. */
export const readRepositorySettings = async (
  options: RepositoryOptions,
  workspace: string,
): Promise<RepositorySettings> => {
  const [lifecyclePolicy, policy] = await Promise.all([
    readPolicy(options.lifecyclePolicy, workspace),
    readPolicy(options.policy, workspace),
  ]);
  return { ...options, lifecyclePolicy, policy };
};

const buildExclusionFilters = (exclusions: readonly string[]) =>
  exclusions.map((filter) => ({ filterType: 'WILDCARD' as const, filter }));

const buildCreateInput = (name: RepositoryName, settings: RepositorySettings): CreateRepositoryCommandInput => ({
  ...name,
  imageTagMutability: settings.mutability,
  ...(settings.exclusions.length === 0
    ? {}
    : { imageTagMutabilityExclusionFilters: buildExclusionFilters(settings.exclusions) }),
  ...(settings.scanOnPush === undefined ? {} : { imageScanningConfiguration: { scanOnPush: settings.scanOnPush } }),
  ...(settings.encryption === undefined
    ? {}
    : { encryptionConfiguration: { encryptionType: settings.encryption, kmsKey: settings.kmsKey } }),
  ...(Object.keys(settings.tags).length === 0
    ? {}
    : { tags: Object.entries(settings.tags).map(([Key, Value]) => ({ Key, Value })) }),
});

/** A setting that differs from the desired one. */
interface Drift {
  /** The setting in messages: `tag mutability`. */
  readonly setting: string;
  /** Its value in ECR; undefined for documents. */
  readonly actual: string | undefined;
  /** Undefined for a setting that ECR cannot change. */
  readonly fix: ((ecr: EcrApi) => Promise<void>) | undefined;
}

const isSameJson = (actual: string | undefined, expected: string): boolean =>
  actual !== undefined && stringifyCanonical(JSON.parse(actual)) === stringifyCanonical(JSON.parse(expected));

/** Sorts the keys of objects. */
const stringifyCanonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );

const compareMutability = (
  found: Repository,
  { mutability, exclusions }: RepositorySettings,
  name: RepositoryName,
): readonly Drift[] => {
  const filters = (found.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) => filter);
  const hasOtherExclusions = filters.join(' ') !== exclusions.join(' ') && exclusions.length > 0;
  if (mutability === undefined || (found.imageTagMutability === mutability && !hasOtherExclusions)) return [];
  const input = {
    imageTagMutability: mutability,
    ...(exclusions.length === 0 ? {} : { imageTagMutabilityExclusionFilters: buildExclusionFilters(exclusions) }),
  };
  const actual = filters.length === 0 ? 'no exclusions' : `exclusions ${filters.join(', ')}`;
  return [
    {
      setting: 'tag mutability',
      actual: `${found.imageTagMutability}, ${actual}`,
      fix: (ecr) => ecr.putMutability(name, input),
    },
  ];
};

const compareSettings = (found: Repository, settings: RepositorySettings, name: RepositoryName): readonly Drift[] => {
  const drifts = [...compareMutability(found, settings, name)];
  const { scanOnPush, encryption } = settings;
  if (scanOnPush !== undefined && (found.imageScanningConfiguration?.scanOnPush ?? false) !== scanOnPush) {
    drifts.push({
      setting: 'scan on push',
      actual: String(!scanOnPush),
      fix: (ecr) => ecr.putScanOnPush(name, scanOnPush),
    });
  }
  const { encryptionType, kmsKey } = found.encryptionConfiguration ?? { encryptionType: 'AES256', kmsKey: undefined };
  if (encryption !== undefined && (encryptionType !== encryption || (settings.kmsKey ?? kmsKey) !== kmsKey)) {
    const actual = kmsKey === undefined ? encryptionType : `${encryptionType}, key ${kmsKey}`;
    drifts.push({ setting: 'encryption', actual, fix: undefined });
  }
  return drifts;
};

const compareDocuments = async (ecr: EcrApi, found: Repository, settings: RepositorySettings, name: RepositoryName) => {
  const drifts: Drift[] = [];
  const { lifecyclePolicy, policy, tags } = settings;
  if (lifecyclePolicy !== undefined && !isSameJson(await ecr.getLifecyclePolicy(name), lifecyclePolicy)) {
    drifts.push({
      setting: 'lifecycle policy',
      actual: undefined,
      fix: () => ecr.putLifecyclePolicy(name, lifecyclePolicy),
    });
  }
  if (policy !== undefined && !isSameJson(await ecr.getRepositoryPolicy(name), policy)) {
    drifts.push({ setting: 'repository policy', actual: undefined, fix: () => ecr.putRepositoryPolicy(name, policy) });
  }
  const arn = found.repositoryArn ?? '';
  const existingTags = Object.keys(tags).length === 0 ? {} : await ecr.listTags(arn);
  const missingTags = Object.entries(tags).filter(([key, value]) => existingTags[key] !== value);
  if (missingTags.length > 0) {
    const setting = `tags (${missingTags.map(([key]) => key).join(', ')})`;
    drifts.push({ setting, actual: undefined, fix: () => ecr.putTags(arn, Object.fromEntries(missingTags)) });
  }
  return drifts;
};

type Policies = Pick<RepositorySettings, 'lifecyclePolicy' | 'policy'>;

const putPolicies = async (ecr: EcrApi, name: RepositoryName, { lifecyclePolicy, policy }: Policies): Promise<void> => {
  if (lifecyclePolicy !== undefined) await ecr.putLifecyclePolicy(name, lifecyclePolicy);
  if (policy !== undefined) await ecr.putRepositoryPolicy(name, policy);
};

/**
 * Puts policies that the repository does not have. It was created moments ago by a parallel run, or by a request of
 * this one whose response was lost.
 */
const putMissingPolicies = async (
  ecr: EcrApi,
  name: RepositoryName,
  { lifecyclePolicy, policy }: Policies,
): Promise<void> => {
  const isMissing = async (desired: string | undefined, found: () => Promise<string | undefined>) =>
    desired !== undefined && (await found()) === undefined;
  await putPolicies(ecr, name, {
    lifecyclePolicy: (await isMissing(lifecyclePolicy, () => ecr.getLifecyclePolicy(name)))
      ? lifecyclePolicy
      : undefined,
    policy: (await isMissing(policy, () => ecr.getRepositoryPolicy(name))) ? policy : undefined,
  });
};

const handleDrift = async (
  ecr: EcrApi,
  repository: Repository,
  settings: RepositorySettings,
  options: EnsureOptions,
): Promise<void> => {
  const { name, log } = options;
  const label = `Repository ${name.repositoryName}`;
  for (const { setting, actual, fix } of [
    ...compareSettings(repository, settings, name),
    ...(await compareDocuments(ecr, repository, settings, name)),
  ]) {
    if (settings.onDrift === 'fix' && fix !== undefined) {
      await fix(ecr);
      log.info(`${label}: Changed ${setting} to match the inputs${actual === undefined ? '' : ` (was: ${actual})`}`);
    } else {
      const hint = fix === undefined ? 'ECR cannot change it' : 'set on-drift: fix to change it';
      const found = actual === undefined ? '' : ` (${actual})`;
      log.warning(`${label}: ${setting}${found} does not match the inputs: ${hint}`);
    }
  }
};

const completeRepository = async (ecr: EcrApi, settings: RepositorySettings, options: EnsureOptions): Promise<void> => {
  await putMissingPolicies(ecr, options.name, settings);
  const found = await ecr.describeRepository(options.name);
  if (found !== undefined) await handleDrift(ecr, found, settings, options);
};

export interface EnsureOptions {
  readonly name: RepositoryName;
  readonly log: Log;
}

const hasNoSettings = ({ create, onDrift: _, exclusions, tags, ...settings }: RepositorySettings): boolean =>
  !create &&
  exclusions.length === 0 &&
  Object.keys(tags).length === 0 &&
  Object.values(settings).every((setting) => setting === undefined);

/**
 * Creates a missing repository if `create` is set, and compares an existing one with the settings. A repository that a
 * parallel run creates at the same time is treated as an existing one.
 */
export const ensureRepository = async (
  { ecr }: Registry,
  settings: RepositorySettings,
  options: EnsureOptions,
): Promise<void> => {
  if (ecr === undefined || hasNoSettings(settings)) return;
  const { name, log } = options;
  const found = await ecr.describeRepository(name);
  if (found !== undefined) return handleDrift(ecr, found, settings, options);
  if (!settings.create) return;
  if ((await ecr.createRepository(buildCreateInput(name, settings))) !== undefined) {
    log.info(`Created repository ${name.repositoryName}`);
    return putPolicies(ecr, name, settings);
  }
  log.info(`Repository ${name.repositoryName} was created by a concurrent process`);
  await completeRepository(ecr, settings, options);
};

/**
 * Creates a repository of ECR Public: `alias/name`, where the alias is that of the registry. Returns false when the
 * caller's registry has a repository of that name. Throws DeliveryError.
 */
export const createPublicRepository = async (
  { createPublicRepository: create, login }: Registry,
  { tags }: RepositorySettings,
  { spec, log }: { readonly spec: PushSpec; readonly log: Log },
): Promise<boolean> => {
  const [alias = '', ...segments] = spec.repository.split('/');
  const uri = await create?.(segments.join('/'), tags);
  if (uri === undefined) return false;
  log.info(`Created repository ${uri}`);
  if (uri.split('/')[1] !== alias)
    log.warning(`${login.host}/${spec.repository}: the registry has another alias, see ${uri}`);
  return true;
};
