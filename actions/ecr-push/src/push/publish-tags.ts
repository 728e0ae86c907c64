import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { PushRequest } from '../inputs/parse-request.js';
import type { Registry } from '../login/registry.js';
import { waitForReplication } from '../replication/wait-for-replication.js';
import type { Result } from '../result.js';
import type { ScanResult } from '../scan/scan-result.js';
import type { Services } from '../services.js';
import type { Outcome, PushResult } from './push-result.js';
import { formatImageName, type PushSpec } from './push-spec.js';
import { setTags } from './tag-state.js';

/** Tags that are not set. */
export const listPendingTags = (outcome: Outcome): readonly string[] => {
  if (outcome.kind === 'untagged') return outcome.tags;
  return outcome.kind === 'kept' ? outcome.pendingTags : [];
};

const toPublished = (outcome: Outcome): Outcome => {
  if (outcome.kind === 'untagged') return { ...outcome, kind: 'pushed' };
  return outcome.kind === 'kept' ? { ...outcome, pendingTags: [] } : outcome;
};

/** Sets the tags that a push with `tagLater` left, and returns its final outcome. Throws DeliveryError. */
export const publishTags = async (outcome: Outcome, spec: PushSpec, registry: Registry): Promise<Outcome> => {
  const tags = listPendingTags(outcome);
  if (tags.length === 0 || !('digest' in outcome)) return outcome;
  const found = await registry.client.findManifest(spec.repository, outcome.digest);
  if (found.kind !== 'found') {
    throw new DeliveryError('not-found', `${spec.repository}@${outcome.digest} no longer exists: push the image again`);
  }
  await setTags({ spec, registry }, found.manifest, tags);
  return toPublished(outcome);
};

/** Whether the scan gate lets an image have its tags: its own result decides, not that of other images. */
const isReleased = (push: PushResult, scan: ScanResult | undefined, request: PushRequest): boolean => {
  const verdict = scan?.images.get(push)?.verdict;
  return verdict === 'passed' || (verdict === 'unknown' && request.scan?.onUnavailable !== 'fail');
};

interface PublishContext {
  readonly request: PushRequest;
  readonly registries: readonly Registry[];
  readonly scan: ScanResult | undefined;
  readonly services: Services;
}

const toFailed = (push: PushResult, error: unknown, { services }: PublishContext): PushResult => {
  const { signal } = services.deadline;
  return { ...push, outcome: { kind: 'failed', error: signal.aborted ? signal.reason : error } };
};

const publishResult = async (push: PushResult, context: PublishContext): Promise<PushResult> => {
  const { request, registries, scan, services } = context;
  const { outcome, spec, login } = push;
  const { log } = services.host;
  const { signal } = services.deadline;
  const tags = listPendingTags(outcome);
  const registry = registries.find((each) => each.login === login);
  if (tags.length === 0 || registry === undefined) return push;
  const name = formatImageName(spec, login, registries.length);
  if (signal.aborted || !isReleased(push, scan, request)) {
    logWithheld(name, tags, log);
    return push;
  }
  try {
    const published = await publishTags(outcome, spec, registry);
    log.info(`${name}: Set ${tags.join(', ')} after the scan`);
    return { ...push, outcome: published };
  } catch (error) {
    return toFailed(push, error, context);
  }
};

const logWithheld = (name: string, tags: readonly string[], log: Log): void =>
  log.warning(`${name}: ${tags.join(', ')} not set, because the scan gate did not pass for this image`);

/** Waits for the replication of an image that is in the registry under its tags. */
const replicateResult = async (push: PushResult, context: PublishContext): Promise<PushResult> => {
  const { registries, services } = context;
  const { outcome, spec, login } = push;
  const { signal } = services.deadline;
  const ecr = registries.find((each) => each.login === login)?.ecr;
  if (ecr === undefined || !('digest' in outcome) || outcome.kind === 'untagged') return push;
  const name = formatImageName(spec, login, registries.length);
  const repository = { repositoryName: spec.repository, registryId: login.account };
  try {
    const options = { ecr, repository, digest: outcome.digest, name, host: services.host, signal };
    return { ...push, replicas: await waitForReplication(options) };
  } catch (error) {
    return toFailed(push, error, context);
  }
};

/**
 * Sets the tags of the images that passed the scan gate, one image after the other. A blocked image stays in the
 * repository without its tags, also when the job was cancelled or the timeout has passed. Then waits for replication.
 */
export const completePushes = async (
  pushes: readonly PushResult[],
  context: PublishContext,
): Promise<Pick<Result, 'pushes' | 'scan'>> => {
  const tagged: PushResult[] = [];
  for (const push of pushes) tagged.push(await publishResult(push, context));
  const published = context.request.waitForReplication
    ? await Promise.all(tagged.map((push) => replicateResult(push, context)))
    : tagged;
  const { scan } = context;
  if (scan === undefined) return { pushes: published, scan };
  const images = new Map(
    pushes.flatMap((push, index) => {
      const scanned = scan.images.get(push);
      return scanned === undefined ? [] : [[published[index] ?? push, scanned] as const];
    }),
  );
  return { pushes: published, scan: { ...scan, images } };
};
