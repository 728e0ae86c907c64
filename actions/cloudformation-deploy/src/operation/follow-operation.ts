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

/** An operation on a stack, identified by its client request tokens. */
export interface StartedOperation {
  readonly kind: OperationKind;
  /** For messages: `update`, `rollback`, `retry 2`. */
  readonly title: string;
  readonly stackId: string;
  readonly tokens: readonly string[];
  /** Stack status before the operation. */
  readonly statusBefore: Status;
  /** Latest change of the stack before this operation, by CloudFormation's clock, in milliseconds since the epoch. */
  readonly touchedBefore: number;
  /** Lower bound of the times of its events, by CloudFormation's clock, in milliseconds since the epoch. */
  readonly notBefore: number;
  /** The change set it executes. */
  readonly changeSetId?: string;
  /** Logical ids of the resources that it is expected to change; empty if unknown. */
  readonly expectedResourceIds: ReadonlySet<string>;
}

/** Result of an operation. */
export interface OperationResult {
  readonly operation: StartedOperation;
  readonly status: Status;
  readonly succeeded: boolean;
  /** The stack after the operation; undefined if it was deleted. */
  readonly stack: Stack | undefined;
  /** Its events, oldest first; empty without the permission to read them. */
  readonly events: readonly StackEvent[];
}

export interface FollowOptions extends WaitContext {
  readonly cloudFormation: CloudFormation;
  readonly log: Log;
}

const HEARTBEAT_INTERVAL_MS = 60_000;
// The delay is 0.75 s, growing by 0.8 % per poll without progress. With two starts of Node and the wait for the change
// set, the action adds 2 s to CloudFormation's own time in the first minute, and less than 3 % later (npm run bench).
const POLL_BACKOFF = { initialDelayMs: 750, maxDelayMs: 15_000, factor: 1.008 };
/** Time that reads of the stack may lag behind the event that ends the operation; after it, the event decides. */
const MAX_STALE_READ_MS = 60_000;
/** Interval of reads of the stack itself while its events do not end the operation. */
const STACK_READ_INTERVAL_MS = 30_000;
/** The same before the first event: if the stack is deleted concurrently, the operation may have no events. */
const INITIAL_STACK_READ_INTERVAL_MS = 5000;

const hasChangedStack = ({ changeSetId, touchedBefore }: StartedOperation, stack: Stack): boolean =>
  (changeSetId !== undefined && stack.changeSetId === changeSetId) || stack.touchedAt > touchedBefore;

/** Whether the stack shows that the operation has started. A missing stack shows a deletion. */
export const isOperationVisible = (stack: Stack | undefined, operation: StartedOperation): boolean => {
  if (stack === undefined || stack.status === deletedStatus) return operation.kind === 'delete';
  const { state } = stackStatusInfo[stack.status];
  return state === 'busy' || (isTerminal(stack.status) && hasChangedStack(operation, stack));
};

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

  /** Events show progress and an earlier end; without the permission to read them, the stack itself is polled. */
  private async readEvents(): Promise<readonly StackEvent[]> {
    if (!this.canReadEvents) return [];
    try {
      return await this.feed.readNewEvents();
    } catch (error) {
      if (!(error instanceof DeliveryError) || !['denied', 'unexpected', 'not-found'].includes(error.code)) throw error;
      this.canReadEvents = false;
      this.options.log.warning(`Stack events cannot be read, polling the stack status instead: ${error.message}`);
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

  /** Reads the stack, which must confirm the status that the events reported; only then it has the new outputs. */
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
    // A deleted stack is final, whatever its timestamps are: emulators leave some of them out.
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
   * Emulators do not update the stack's timestamps on a rollback. Once the events report its end, a status other than
   * the one before the operation confirms it.
   */
  private isRolledBack({ status }: Stack): boolean {
    const { kind, statusBefore } = this.operation;
    return kind === 'rollback' && this.reportedStatus !== undefined && status !== statusBefore;
  }

  /** A deleted stack may be missing even under its ARN; a stack that was just created may not be visible yet. */
  private getMissingStackStatus(): Status | undefined {
    return this.operation.kind !== 'change' || this.wasStackFound ? deletedStatus : undefined;
  }
}

/**
 * Follows an operation to its end and logs its progress. Errors of single reads are retried until the deadline.
 * @throws DeliveryError `timeout`, `cancelled`
 */
export const followOperation = async (
  operation: StartedOperation,
  options: FollowOptions,
): Promise<OperationResult> => {
  const follower = new Follower(operation, options);
  const { log, clock } = options;
  const formatHeartbeat = (): string => `Still in progress: ${follower.describeProgress()}`;
  const { status, stack } = await withHeartbeat(
    { log, clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine: formatHeartbeat },
    (heartbeatLog) =>
      poll({
        ...options,
        label: `the ${operation.title} of the stack`,
        backoff: POLL_BACKOFF,
        read: () => follower.pollOnce(heartbeatLog),
      }),
  );
  const succeeded = successStatusesByKind[operation.kind].includes(stackStatusInfo[status].operationStatus);
  return { operation, status, succeeded, stack, events: follower.events };
};
