import type { Host } from '@aws-delivery/action-kit/host/host';
import { withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { type PollResult, poll } from '@aws-delivery/aws/poll';
import type { ImageReplicationStatus } from '@aws-sdk/client-ecr';
import type { EcrApi, RepositoryName } from '../ecr-api.js';

/** A registry that has a copy of an image. Written to the output `images` as it is. */
export interface Replica {
  readonly region: string;
  /** Account ID. */
  readonly registry: string;
}

export interface ReplicationOptions {
  readonly ecr: EcrApi;
  readonly repository: RepositoryName;
  readonly digest: string;
  /** The image in logs. */
  readonly name: string;
  readonly host: Host;
  /** Aborts when the timeout of the action has passed. */
  readonly signal: AbortSignal;
}

/** ECR lists a replication shortly after the push; without a rule for the repository it never does. */
const START_GRACE_MS = 60_000;

const HEARTBEAT_INTERVAL_MS = 30_000;

const POLL_INTERVALS = { initialDelayMs: 3000, maxDelayMs: 15_000 };

const toReplica = ({ region = '', registryId = '' }: ImageReplicationStatus): Replica => ({
  region,
  registry: registryId,
});

const formatReplicas = (replicas: readonly Replica[]): string =>
  replicas.map(({ region, registry }) => `${region} (${registry})`).join(', ');

const evaluateStatuses = (
  statuses: readonly ImageReplicationStatus[],
  { name }: ReplicationOptions,
): PollResult<readonly Replica[]> => {
  const failed = statuses.filter(({ status }) => status === 'FAILED');
  if (failed.length > 0) {
    const code = failed.map(({ failureCode }) => failureCode ?? 'no failure code').join(', ');
    throw new DeliveryError(
      'rejected',
      `${name}: replication to ${formatReplicas(failed.map(toReplica))} failed (${code}): check the registry policy and the KMS key there`,
    );
  }
  if (statuses.length === 0 || statuses.some(({ status }) => status !== 'COMPLETE')) return { state: 'pending' };
  return { state: 'done', value: statuses.map(toReplica) };
};

const readReplication = async (
  options: ReplicationOptions,
  isStarted: () => boolean,
): Promise<PollResult<readonly Replica[]>> => {
  const { ecr, repository, digest, name } = options;
  const statuses = await ecr.listReplicationStatuses(repository, digest);
  if (statuses.length > 0 || isStarted()) return evaluateStatuses(statuses, options);
  throw new DeliveryError(
    'not-found',
    `${name}: ECR does not replicate this image: add a replication rule for the repository before the push, or remove wait-for-replication`,
  );
};

/**
 * Waits until ECR has replicated an image to all destinations of the registry's rules. Throws DeliveryError when a
 * replication fails, or when no rule applies.
 */
export const waitForReplication = async (options: ReplicationOptions): Promise<readonly Replica[]> => {
  const { name, host, signal } = options;
  const { clock, log } = host;
  const startedAt = clock.now();
  const isWithinGrace = (): boolean => clock.now() - startedAt < START_GRACE_MS;
  const formatLine = (elapsed: number): string => `${name}: Waiting for replication (${formatDuration(elapsed)})`;
  const replicas = await withHeartbeat({ log, clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine }, () =>
    poll({
      label: `the replication of ${name}`,
      clock,
      signal,
      // The signal ends the wait.
      deadline: Number.MAX_SAFE_INTEGER,
      backoff: POLL_INTERVALS,
      read: () => readReplication(options, isWithinGrace),
    }),
  );
  log.info(`${name}: Replicated to ${formatReplicas(replicas)}`);
  return replicas;
};
