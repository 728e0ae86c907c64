import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { StopPolicy } from '../inputs/request.js';

/** A change set of this run. */
export interface CleanupTarget {
  /** Name or ARN. */
  readonly stack: string;
  readonly changeSet: string;
  /** Whether the stack exists only for this change set. */
  readonly isOnlyReviewed: boolean;
}

/** What is unfinished when a run is killed. */
export type PendingCleanup =
  | {
      readonly kind: 'operation';
      /** ARN. */
      readonly stack: string;
      /** Of the operation that was about to start, or under way. */
      readonly token: string;
      /** What is left over if it did not start. */
      readonly leftover: CleanupTarget | undefined;
    }
  | { readonly kind: 'change-set'; readonly leftover: CleanupTarget };

/** What the post step gets to know. */
export interface PostStepState {
  readonly unfinished: PendingCleanup;
  readonly region: string;
  readonly policy: StopPolicy;
  readonly roleArn: string | undefined;
}

const STATE_NAME = 'unfinished';

export interface PostStateOptions {
  readonly host: Pick<Host, 'saveState'>;
  readonly region: string;
  readonly policy: StopPolicy;
  readonly roleArn: string | undefined;
}

/** Tells the post step what there is to clean up, before there is anything to clean up. */
export class PostState {
  private pending: PendingCleanup | undefined;

  constructor(private readonly options: PostStateOptions) {}

  /** What would be unfinished if the run ended now. */
  get pendingCleanup(): PendingCleanup | undefined {
    return this.pending;
  }

  /** Saves what would be unfinished if this process were killed from now on. */
  save(unfinished: PendingCleanup): void {
    const { host, region, policy, roleArn } = this.options;
    this.pending = unfinished;
    host.saveState(STATE_NAME, JSON.stringify({ unfinished, region, policy, roleArn } satisfies PostStepState));
  }

  /** Nothing is unfinished any more. */
  clear(): void {
    this.pending = undefined;
    this.options.host.saveState(STATE_NAME, '');
  }
}

const isCleanupTarget = (value: unknown): value is CleanupTarget =>
  isRecord(value) &&
  typeof value['stack'] === 'string' &&
  typeof value['changeSet'] === 'string' &&
  typeof value['isOnlyReviewed'] === 'boolean';

const isPendingCleanup = (value: unknown): value is PendingCleanup => {
  if (!isRecord(value)) return false;
  const { kind, stack, token, leftover } = value;
  if (kind === 'change-set') return isCleanupTarget(leftover);
  const isNamed = typeof stack === 'string' && typeof token === 'string';
  return kind === 'operation' && isNamed && (leftover === undefined || isCleanupTarget(leftover));
};

const isPostStepState = (value: unknown): value is PostStepState =>
  isRecord(value) &&
  isPendingCleanup(value['unfinished']) &&
  typeof value['region'] === 'string' &&
  ['leave', 'cancel-update', 'rollback'].includes(String(value['policy']));

/** What the main step left unfinished; undefined when it came to its own end. */
export const readPostState = (host: Pick<Host, 'readState'>): PostStepState | undefined => {
  const json = host.readState(STATE_NAME);
  if (json === undefined || json === '') return undefined;
  const value: unknown = JSON.parse(json);
  if (isPostStepState(value)) return value;
  throw new DeliveryError('unexpected', 'the state that the main step saved cannot be read');
};
