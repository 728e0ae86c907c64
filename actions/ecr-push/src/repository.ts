import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import { fileError } from '@aws-delivery/artifact/file-error';
import type { CreateRepositoryCommandInput, Repository } from '@aws-sdk/client-ecr';
import type { Ecr, RepositoryName } from './ecr.js';
import type { Registry } from './registry.js';
import type { RepositoryWish } from './request.js';

/** The wish with the texts of the policies, wherever they were. */
export interface Wish extends RepositoryWish {
  readonly lifecyclePolicy: string | undefined;
  readonly policy: string | undefined;
}

const policyText = async (given: string | undefined, workspace: string): Promise<string | undefined> => {
  if (given === undefined) return undefined;
  const isText = given.trimStart().startsWith('{');
  const path = resolve(workspace, given);
  const text = isText
    ? given
    : await readFile(path, 'utf8').catch((error: unknown) => {
        throw fileError(path, error);
      });
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    throw new DeliveryError('invalid-input', `${isText ? 'a policy' : `'${path}'`} is not JSON`, { cause });
  }
};

/** Reads the policies of a wish. Throws DeliveryError. */
export const readWish = async (wish: RepositoryWish, workspace: string): Promise<Wish> => {
  const [lifecyclePolicy, policy] = await Promise.all([
    policyText(wish.lifecyclePolicy, workspace),
    policyText(wish.policy, workspace),
  ]);
  return { ...wish, lifecyclePolicy, policy };
};

const filtersOf = (exclusions: readonly string[]) =>
  exclusions.map((filter) => ({ filterType: 'WILDCARD' as const, filter }));

const creationOf = (name: RepositoryName, wish: Wish): CreateRepositoryCommandInput => ({
  ...name,
  imageTagMutability: wish.mutability,
  ...(wish.exclusions.length === 0 ? {} : { imageTagMutabilityExclusionFilters: filtersOf(wish.exclusions) }),
  ...(wish.scanOnPush === undefined ? {} : { imageScanningConfiguration: { scanOnPush: wish.scanOnPush } }),
  ...(wish.encryption === undefined
    ? {}
    : { encryptionConfiguration: { encryptionType: wish.encryption, kmsKey: wish.kmsKey } }),
  ...(Object.keys(wish.tags).length === 0
    ? {}
    : { tags: Object.entries(wish.tags).map(([Key, Value]) => ({ Key, Value })) }),
});

/** One setting that is not as it was asked for. */
interface Drift {
  readonly text: string;
  /** Undefined for what ECR cannot change. */
  readonly fix: ((ecr: Ecr) => Promise<void>) | undefined;
}

const sameJson = (one: string | undefined, other: string): boolean =>
  one !== undefined && canonical(JSON.parse(one)) === canonical(JSON.parse(other));

/** The order of keys means nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );

const settingDrifts = (found: Repository, wish: Wish, name: RepositoryName): readonly Drift[] => {
  const drifts: Drift[] = [];
  const filters = (found.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) => filter);
  const { mutability, scanOnPush, encryption } = wish;
  const isOther = filters.join(' ') !== wish.exclusions.join(' ') && wish.exclusions.length > 0;
  if (mutability !== undefined && (found.imageTagMutability !== mutability || isOther)) {
    drifts.push({
      text: `tag mutability is ${found.imageTagMutability} (${filters.join(', ') || 'no exclusions'})`,
      fix: (ecr) =>
        ecr.putMutability(name, {
          imageTagMutability: mutability,
          ...(wish.exclusions.length === 0 ? {} : { imageTagMutabilityExclusionFilters: filtersOf(wish.exclusions) }),
        }),
    });
  }
  if (scanOnPush !== undefined && (found.imageScanningConfiguration?.scanOnPush ?? false) !== scanOnPush) {
    drifts.push({ text: `scan on push is ${!scanOnPush}`, fix: (ecr) => ecr.putScanning(name, scanOnPush) });
  }
  const { encryptionType, kmsKey } = found.encryptionConfiguration ?? { encryptionType: 'AES256', kmsKey: undefined };
  if (encryption !== undefined && (encryptionType !== encryption || (wish.kmsKey ?? kmsKey) !== kmsKey)) {
    drifts.push({ text: `encryption is ${encryptionType} (${kmsKey ?? 'no key'})`, fix: undefined });
  }
  return drifts;
};

const documentDrifts = async (ecr: Ecr, found: Repository, wish: Wish, name: RepositoryName) => {
  const drifts: Drift[] = [];
  const { lifecyclePolicy, policy, tags } = wish;
  if (lifecyclePolicy !== undefined && !sameJson(await ecr.lifecyclePolicy(name), lifecyclePolicy)) {
    drifts.push({ text: 'the lifecycle policy is another', fix: () => ecr.putLifecyclePolicy(name, lifecyclePolicy) });
  }
  if (policy !== undefined && !sameJson(await ecr.policy(name), policy)) {
    drifts.push({ text: 'the repository policy is another', fix: () => ecr.putPolicy(name, policy) });
  }
  const arn = found.repositoryArn ?? '';
  const there = Object.keys(tags).length === 0 ? {} : await ecr.tags(arn);
  const lacking = Object.entries(tags).filter(([key, value]) => there[key] !== value);
  if (lacking.length > 0) {
    const names = lacking.map(([key]) => key).join(', ');
    drifts.push({ text: `tags differ: ${names}`, fix: () => ecr.putTags(arn, Object.fromEntries(lacking)) });
  }
  return drifts;
};

type Policies = Pick<Wish, 'lifecyclePolicy' | 'policy'>;

const followUp = async (ecr: Ecr, name: RepositoryName, { lifecyclePolicy, policy }: Policies): Promise<void> => {
  if (lifecyclePolicy !== undefined) await ecr.putLifecyclePolicy(name, lifecyclePolicy);
  if (policy !== undefined) await ecr.putPolicy(name, policy);
};

/** What whoever created it has not come to yet; it may have been us, and the answer was lost. */
const followUpMissing = async (
  ecr: Ecr,
  name: RepositoryName,
  { lifecyclePolicy, policy }: Policies,
): Promise<void> => {
  const isMissing = async (asked: string | undefined, found: () => Promise<string | undefined>) =>
    asked !== undefined && (await found()) === undefined;
  await followUp(ecr, name, {
    lifecyclePolicy: (await isMissing(lifecyclePolicy, () => ecr.lifecyclePolicy(name))) ? lifecyclePolicy : undefined,
    policy: (await isMissing(policy, () => ecr.policy(name))) ? policy : undefined,
  });
};

const straighten = async (ecr: Ecr, found: Repository, wish: Wish, options: EnsureOptions): Promise<void> => {
  const { name, log } = options;
  const where = `repository ${name.repositoryName}`;
  for (const { text, fix } of [
    ...settingDrifts(found, wish, name),
    ...(await documentDrifts(ecr, found, wish, name)),
  ]) {
    if (wish.onDrift === 'fix' && fix !== undefined) {
      await fix(ecr);
      log.info(`${where}: ${text}: changed as asked`);
    } else {
      const remedy = fix === undefined ? 'it stays so for life' : 'on-drift: fix changes it';
      log.warning(`${where}: ${text}, not as asked: ${remedy}`);
    }
  }
};

const catchUp = async (ecr: Ecr, wish: Wish, options: EnsureOptions): Promise<void> => {
  await followUpMissing(ecr, options.name, wish);
  const found = await ecr.describe(options.name);
  if (found !== undefined) await straighten(ecr, found, wish, options);
};

export interface EnsureOptions {
  readonly name: RepositoryName;
  readonly log: Log;
}

const asksForNothing = ({ create, onDrift: _, exclusions, tags, ...settings }: Wish): boolean =>
  !create &&
  exclusions.length === 0 &&
  Object.keys(tags).length === 0 &&
  Object.values(settings).every((setting) => setting === undefined);

/**
 * Creates a repository where it is missing and that is wished; one that is there is compared with the wish. Somebody
 * who creates it in the same moment is as good as we are.
 */
export const ensureRepository = async ({ ecr }: Registry, wish: Wish, options: EnsureOptions): Promise<void> => {
  if (ecr === undefined || asksForNothing(wish)) return;
  const { name, log } = options;
  const found = await ecr.describe(name);
  if (found !== undefined) return straighten(ecr, found, wish, options);
  if (!wish.create) return;
  if ((await ecr.create(creationOf(name, wish))) !== undefined) {
    log.info(`repository ${name.repositoryName} created`);
    return followUp(ecr, name, wish);
  }
  log.info(`repository ${name.repositoryName} was created by somebody else in this moment`);
  await catchUp(ecr, wish, options);
};
