import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { AssumedRole } from '@aws-delivery/aws/assume-role';
import type { StopPolicy } from '../inputs/request.js';

/** A change set of this run that must be deleted if it is not executed. */
export interface CleanupTarget {
  /** Name or ARN. */
  readonly stack: string;
  readonly changeSet: string;
  /** Whether the stack exists only for this change set. */
  readonly isReviewOnly: boolean;
}

/** What the post step has to clean up if the main step is killed. */
export type PendingCleanup =
  | {
      readonly kind: 'operation';
      /** ARN. */
      readonly stack: string;
      /** Client request token of the operation, which may not have started yet. */
      readonly token: string;
      /** The change set to delete if the operation did not start. */
      readonly cleanupTarget: CleanupTarget | undefined;
    }
  | { readonly kind: 'change-set'; readonly cleanupTarget: CleanupTarget };

/** State saved for the post step, as JSON. */
export interface PostStepState {
  readonly pendingCleanup: PendingCleanup;
  readonly region: string;
  readonly policy: StopPolicy;
  readonly roleArn: string | undefined;
  /** The role that the post step assumes for its calls; undefined for the credentials of the step. */
  readonly assumedRole?: AssumedRole | undefined;
}

/** The operation of a stack set, saved by its own code. */
export const STACK_SET_STATE = 'stack-set-operation';

const STATE_NAME = 'unfinished';

export interface PostStateOptions {
  readonly host: Pick<Host, 'saveState'>;
  readonly region: string;
  readonly policy: StopPolicy;
  readonly roleArn: string | undefined;
  readonly assumedRole: AssumedRole | undefined;
}

/** Saves the state for the post step, before each operation starts, since the main step may be killed at any time. */
export class PostState {
  private pending: PendingCleanup | undefined;

  constructor(private readonly options: PostStateOptions) {}

  /** What the post step would clean up if the run ended now. */
  get pendingCleanup(): PendingCleanup | undefined {
    return this.pending;
  }

  save(pendingCleanup: PendingCleanup): void {
    const { host, ...options } = this.options;
    this.pending = pendingCleanup;
    host.saveState(STATE_NAME, JSON.stringify({ pendingCleanup, ...options } satisfies PostStepState));
  }

  /** Clears the state: there is nothing left to clean up. */
  clear(): void {
    this.pending = undefined;
    this.options.host.saveState(STATE_NAME, '');
  }
}

/** Combines the states of parallel stacks in one value, since a step saves one value under each name. */
export class PostStateCollector {
  private readonly states = new Map<string, string>();

  constructor(private readonly host: Pick<Host, 'saveState'>) {}

  /** Saves the state of one stack; an empty one removes it. */
  save(stackName: string, state: string): void {
    if (state === '') this.states.delete(stackName);
    else this.states.set(stackName, state);
    this.host.saveState(STATE_NAME, this.states.size === 0 ? '' : `[${[...this.states.values()].join(',')}]`);
  }
}

const isCleanupTarget = (value: unknown): value is CleanupTarget =>
  isRecord(value) &&
  typeof value['stack'] === 'string' &&
  typeof value['changeSet'] === 'string' &&
  typeof value['isReviewOnly'] === 'boolean';

const isPendingCleanup = (value: unknown): value is PendingCleanup => {
  if (!isRecord(value)) return false;
  const { kind, stack, token, cleanupTarget } = value;
  if (kind === 'change-set') return isCleanupTarget(cleanupTarget);
  const isNamed = typeof stack === 'string' && typeof token === 'string';
  return kind === 'operation' && isNamed && (cleanupTarget === undefined || isCleanupTarget(cleanupTarget));
};

const isAssumedRole = (value: unknown): value is AssumedRole =>
  isRecord(value) && typeof value['arn'] === 'string' && typeof value['sessionName'] === 'string';

const isPostStepState = (value: unknown): value is PostStepState =>
  isRecord(value) &&
  isPendingCleanup(value['pendingCleanup']) &&
  typeof value['region'] === 'string' &&
  ['leave', 'cancel-update', 'rollback'].includes(String(value['policy'])) &&
  (value['assumedRole'] === undefined || isAssumedRole(value['assumedRole']));

/**
 * The states that the main step saved, one for each unfinished stack; empty if the main step completed.
 * @throws DeliveryError `unexpected` for a state of another form
 */
export const readPostStates = (host: Pick<Host, 'readState'>): readonly PostStepState[] => {
  const json = host.readState(STATE_NAME);
  if (json === undefined || json === '') return [];
  const value: unknown = JSON.parse(json);
  const states: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (states.every(isPostStepState)) return states;
  throw new DeliveryError('unexpected', 'the state saved by the main step cannot be read');
};
