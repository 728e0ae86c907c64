import { type Log, withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type PollResult, poll } from '@aws-delivery/aws/poll';
import type { CloudFormation } from '../cloudformation-client.js';
import { findStack, type Stack } from '../stack/stack.js';
import {
  deletedStatus,
  isStatus,
  isTerminal,
  type OperationKind,
  type Status,
  stackStatusInfo,
  successStatusesByKind,
} from '../stack/stack-state.js';
import type { WaitContext } from '../wait-context.js';
import { EventFeed } from './event-feed.js';
import { ProgressLogger } from './progress.js';
import { isStackLevelEvent, type StackEvent } from './stack-events.js';

/** One operation on a stack, known by the token it was started with. */
export interface StartedOperation {
  readonly kind: OperationKind;
  /** For people: `update`, `rollback`, `retry 2`. */
  readonly title: string;
  readonly stackId: string;
  readonly tokens: readonly string[];
  /** Where the stack was when it began. */
  readonly statusBefore: Status;
  /** When the stack was touched last before this operation, by CloudFormation's clock. */
  readonly touchedBefore: number;
  /** By CloudFormation's clock: none of its events is older. */
  readonly notBefore: number;
  /** The change set it executes. */
  readonly changeSetId?: string;
  /** Logical ids that it is to touch, as far as known. */
  readonly expectedResourceIds: ReadonlySet<string>;
}

/** How an operation ended. */
export interface OperationResult {
  readonly operation: StartedOperation;
  readonly status: Status;
  readonly succeeded: boolean;
  /** The stack at the end; undefined when it is gone. */
  readonly stack: Stack | undefined;
  /** Its events, oldest first; empty where they may not be read. */
  readonly events: readonly StackEvent[];
}

export interface FollowOptions extends WaitContext {
  readonly cloudFormation: CloudFormation;
  readonly log: Log;
}

const HEARTBEAT_INTERVAL_MS = 60_000;
// A pause of 0.75 s, and 0.8 % of the time that nothing has moved. Beside it stand two starts of Node and the wait for
// the change set: together 2 s over CloudFormation's own time in the first minute, below 3 % then (npm run bench).
const POLL_BACKOFF = { initialDelayMs: 750, maxDelayMs: 15_000, factor: 1.008 };
/** For how long a stack may be read out of date after its end was reported, before the report alone must do. */
const MAX_STALE_READ_MS = 60_000;
/** How often the stack itself is read while its events tell nothing new. */
const STACK_READ_INTERVAL_MS = 30_000;
/** The same before the first event: a stack that somebody else deletes as well has events of theirs alone. */
const INITIAL_STACK_READ_INTERVAL_MS = 5000;

const hasChangedStack = ({ changeSetId, touchedBefore }: StartedOperation, stack: Stack): boolean =>
  (changeSetId !== undefined && stack.changeSetId === changeSetId) || stack.touchedAt > touchedBefore;

/** Does a stack, as it was read, show that the operation has begun? One that is gone shows a deletion. */
export const isOperationVisible = (stack: Stack | undefined, operation: StartedOperation): boolean => {
  if (stack === undefined || stack.status === deletedStatus) return operation.kind === 'delete';
  const { state } = stackStatusInfo[stack.status];
  return state === 'busy' || (isTerminal(stack.status) && hasChangedStack(operation, stack));
};

/** Follows one operation to its own end. */
class Follower {
  readonly events: StackEvent[] = [];
  private readonly feed: EventFeed;
  private readonly progressLogger: ProgressLogger;
  private reportedStatus: { readonly status: Status; readonly at: number } | undefined;
  private lastStackReadAt: number;
  private canReadEvents = true;
  private wasStackFound = false;

  constructor(
    private readonly operation: StartedOperation,
    private readonly options: FollowOptions,
  ) {
    const { stackId, tokens, notBefore, expectedResourceIds } = operation;
    this.feed = new EventFeed(options.cloudFormation, { stackId, tokens, notBefore });
    this.progressLogger = new ProgressLogger({
      log: options.log,
      expectedResourceIds,
      getDepth: (id) => this.feed.getDepth(id),
    });
    this.lastStackReadAt = options.clock.now();
  }

  describeProgress(): string {
    return this.progressLogger.describeActive();
  }

  async pollOnce(log: Log): Promise<PollResult<Pick<OperationResult, 'status' | 'stack'>>> {
    const newEvents = await this.readEvents();
    for (const event of newEvents) this.progressLogger.logEvent(event, log);
    this.events.push(...newEvents);
    this.recordReportedStatus(newEvents);
    const readInterval = this.events.length === 0 ? INITIAL_STACK_READ_INTERVAL_MS : STACK_READ_INTERVAL_MS;
    const isDue = this.options.clock.now() - this.lastStackReadAt >= readInterval || !this.canReadEvents;
    if (this.reportedStatus === undefined && !isDue) return { state: 'pending', progressed: newEvents.length > 0 };
    return this.readStack();
  }

  /** Events are for people to see and to know the end sooner: without them, the stack itself must do. */
  private async readEvents(): Promise<readonly StackEvent[]> {
    if (!this.canReadEvents) return [];
    try {
      return await this.feed.readNewEvents();
    } catch (error) {
      if (!(error instanceof DeliveryError) || !['denied', 'unexpected', 'not-found'].includes(error.code)) throw error;
      this.canReadEvents = false;
      this.options.log.warning(`events cannot be shown, the stack itself is watched instead: ${error.message}`);
      return [];
    }
  }

  private recordReportedStatus(newEvents: readonly StackEvent[]): void {
    const { stackId } = this.operation;
    const stackEvent = newEvents.findLast((event) => event.stackId === stackId && isStackLevelEvent(event));
    if (stackEvent === undefined || !isStatus(stackEvent.status)) return;
    this.reportedStatus = isTerminal(stackEvent.status)
      ? { status: stackEvent.status, at: this.options.clock.now() }
      : undefined;
  }

  /** Reads the stack: it must confirm what the events reported, and be read late enough to have the new outputs. */
  private async readStack(): Promise<PollResult<Pick<OperationResult, 'status' | 'stack'>>> {
    const now = this.options.clock.now();
    this.lastStackReadAt = now;
    const stack = await findStack(this.options.cloudFormation, this.operation.stackId);
    this.wasStackFound ||= stack !== undefined;
    const status = stack?.status ?? this.getMissingStackStatus();
    if (status !== undefined && this.isConfirmed(status, stack)) return { state: 'done', value: { status, stack } };
    if (this.reportedStatus !== undefined && now - this.reportedStatus.at >= MAX_STALE_READ_MS) {
      return { state: 'done', value: { status: this.reportedStatus.status, stack } };
    }
    return { state: 'pending', progressed: this.reportedStatus !== undefined };
  }

  private isConfirmed(status: Status, stack: Stack | undefined): boolean {
    const isExpected = this.reportedStatus === undefined || this.reportedStatus.status === status;
    // Nothing follows under the id of a deleted stack, whatever it tells of its times: emulators tell little.
    const isFinal = status === deletedStatus || this.isAfterStart(stack);
    return isExpected && isTerminal(status) && isFinal;
  }

  private isAfterStart(stack: Stack | undefined): boolean {
    if (stack === undefined) return true;
    const operationId = this.events.find((event) => event.operationId !== undefined)?.operationId;
    const isKnown = operationId !== undefined && stack.operationIds.includes(operationId);
    return isKnown || hasChangedStack(this.operation, stack) || this.isRolledBack(stack);
  }

  /**
   * Emulators do not say when a rollback touched the stack. Once its own events have told its end, another status than
   * at the beginning is that end: a stack that is back has nothing that it did not have before.
   */
  private isRolledBack({ status }: Stack): boolean {
    const { kind, statusBefore } = this.operation;
    return kind === 'rollback' && this.reportedStatus !== undefined && status !== statusBefore;
  }

  /** A deleted stack may be forgotten even under its ARN; one that was only just created may not be seen yet. */
  private getMissingStackStatus(): Status | undefined {
    return this.operation.kind !== 'change' || this.wasStackFound ? deletedStatus : undefined;
  }
}

/**
 * Follows an operation to its own end, printing what happens. Throws DeliveryError `timeout` and `cancelled`; trouble
 * in watching is waited out and never taken for an end.
 */
export const followOperation = async (
  operation: StartedOperation,
  options: FollowOptions,
): Promise<OperationResult> => {
  const follower = new Follower(operation, options);
  const { log, clock } = options;
  const formatHeartbeat = (): string => `still at it: ${follower.describeProgress()}`;
  const { status, stack } = await withHeartbeat(
    { log, clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine: formatHeartbeat },
    (heartbeatLog) =>
      poll({
        ...options,
        label: `${operation.title} of the stack`,
        backoff: POLL_BACKOFF,
        read: () => follower.pollOnce(heartbeatLog),
      }),
  );
  const succeeded = successStatusesByKind[operation.kind].includes(stackStatusInfo[status].operationStatus);
  return { operation, status, succeeded, stack, events: follower.events };
};
