import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type Log, withHeartbeat } from '@aws-delivery/action-kit/log';
import { type Outcome, poll } from '@aws-delivery/action-kit/poll';
import type { CloudFormation } from './cloudformation.js';
import { isStackRow, type StackEvent } from './event.js';
import { EventFeed } from './event-feed.js';
import { Progress } from './progress.js';
import { goneStatus, goodEndsOf, isSettled, isStatus, type Kind, type Status, statusFacts } from './situation.js';
import { findStack, type Stack } from './stack.js';
import type { Waiting } from './waiting.js';

/** One operation on a stack, known by the token it was started with. */
export interface Operation {
  readonly kind: Kind;
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
  readonly expected: ReadonlySet<string>;
}

/** How an operation ended. */
export interface OperationEnd {
  readonly operation: Operation;
  readonly status: Status;
  readonly isGood: boolean;
  /** The stack at the end; undefined when it is gone. */
  readonly stack: Stack | undefined;
  /** Its events, oldest first; empty where they may not be read. */
  readonly events: readonly StackEvent[];
}

export interface Following extends Waiting {
  readonly cloudFormation: CloudFormation;
  readonly log: Log;
}

const QUIET = 60_000;
// A pause of 0.75 s, and 0.8 % of the time that nothing has moved. Beside it stand two starts of Node and the wait for
// the change set: together 2 s over CloudFormation's own time in the first minute, below 3 % then (npm run bench).
const PACE = { first: 750, ceiling: 15_000, factor: 1.008 };
/** For how long a stack may be read out of date after its end was reported, before the report alone must do. */
const PATIENCE = 60_000;
/** How often the stack itself is read while its events tell nothing new. */
const GLANCE = 30_000;
/** The same before the first event: a stack that somebody else deletes as well has events of theirs alone. */
const FIRST_GLANCE = 5000;

const hasTouched = ({ changeSetId, touchedBefore }: Operation, stack: Stack): boolean =>
  (changeSetId !== undefined && stack.changeSetId === changeSetId) || stack.touchedAt > touchedBefore;

/** Does a stack, as it was read, show that the operation has begun? One that is gone shows a deletion. */
export const isShownBy = (stack: Stack | undefined, operation: Operation): boolean => {
  if (stack === undefined || stack.status === goneStatus) return operation.kind === 'delete';
  const { situation } = statusFacts[stack.status];
  return situation === 'busy' || (isSettled(stack.status) && hasTouched(operation, stack));
};

/** Follows one operation to its own end. */
class Follower {
  readonly events: StackEvent[] = [];
  private readonly feed: EventFeed;
  private readonly progress: Progress;
  private reported: { readonly status: Status; readonly at: number } | undefined;
  private glanced: number;
  private canReadEvents = true;
  private wasThere = false;

  constructor(
    private readonly operation: Operation,
    private readonly following: Following,
  ) {
    const { stackId, tokens, notBefore, expected } = operation;
    this.feed = new EventFeed(following.cloudFormation, { stackId, tokens, notBefore });
    this.progress = new Progress({ log: following.log, expected, depthOf: (id) => this.feed.depthOf(id) });
    this.glanced = following.clock.now();
  }

  current(): string {
    return this.progress.current();
  }

  async read(log: Log): Promise<Outcome<Pick<OperationEnd, 'status' | 'stack'>>> {
    const fresh = await this.readEvents();
    for (const event of fresh) this.progress.show(event, log);
    this.events.push(...fresh);
    this.noteEnd(fresh);
    const patience = this.events.length === 0 ? FIRST_GLANCE : GLANCE;
    const isDue = this.following.clock.now() - this.glanced >= patience || !this.canReadEvents;
    if (this.reported === undefined && !isDue) return { state: 'pending', moved: fresh.length > 0 };
    return this.glance();
  }

  /** Events are for people to see and to know the end sooner: without them, the stack itself must do. */
  private async readEvents(): Promise<readonly StackEvent[]> {
    if (!this.canReadEvents) return [];
    try {
      return await this.feed.read();
    } catch (error) {
      if (!(error instanceof DeliveryError) || !['denied', 'unexpected', 'not-found'].includes(error.code)) throw error;
      this.canReadEvents = false;
      this.following.log.warning(`events cannot be shown, the stack itself is watched instead: ${error.message}`);
      return [];
    }
  }

  private noteEnd(fresh: readonly StackEvent[]): void {
    const { stackId } = this.operation;
    const row = fresh.findLast((event) => event.stackId === stackId && isStackRow(event));
    if (row === undefined || !isStatus(row.status)) return;
    this.reported = isSettled(row.status) ? { status: row.status, at: this.following.clock.now() } : undefined;
  }

  /** Reads the stack: it must confirm what the events reported, and be read late enough to have the new outputs. */
  private async glance(): Promise<Outcome<Pick<OperationEnd, 'status' | 'stack'>>> {
    const now = this.following.clock.now();
    this.glanced = now;
    const stack = await findStack(this.following.cloudFormation, this.operation.stackId);
    this.wasThere ||= stack !== undefined;
    const status = stack?.status ?? this.statusOfMissing();
    if (status !== undefined && this.isConfirmed(status, stack)) return { state: 'done', value: { status, stack } };
    if (this.reported !== undefined && now - this.reported.at >= PATIENCE) {
      return { state: 'done', value: { status: this.reported.status, stack } };
    }
    return { state: 'pending', moved: this.reported !== undefined };
  }

  private isConfirmed(status: Status, stack: Stack | undefined): boolean {
    const isExpected = this.reported === undefined || this.reported.status === status;
    // Nothing follows under the id of a deleted stack, whatever it tells of its times: emulators tell little.
    const isFinal = status === goneStatus || this.isAfterStart(stack);
    return isExpected && isSettled(status) && isFinal;
  }

  private isAfterStart(stack: Stack | undefined): boolean {
    if (stack === undefined) return true;
    const operationId = this.events.find((event) => event.operationId !== undefined)?.operationId;
    const isKnown = operationId !== undefined && stack.operationIds.includes(operationId);
    return isKnown || hasTouched(this.operation, stack) || this.isBack(stack);
  }

  /**
   * Emulators do not say when a rollback touched the stack. Once its own events have told its end, another status than
   * at the beginning is that end: a stack that is back has nothing that it did not have before.
   */
  private isBack({ status }: Stack): boolean {
    const { kind, statusBefore } = this.operation;
    return kind === 'rollback' && this.reported !== undefined && status !== statusBefore;
  }

  /** A deleted stack may be forgotten even under its ARN; one that was only just created may not be seen yet. */
  private statusOfMissing(): Status | undefined {
    return this.operation.kind !== 'change' || this.wasThere ? goneStatus : undefined;
  }
}

/**
 * Follows an operation to its own end, printing what happens. Throws DeliveryError `timeout` and `cancelled`; trouble
 * in watching is waited out and never taken for an end.
 */
export const follow = async (operation: Operation, following: Following): Promise<OperationEnd> => {
  const follower = new Follower(operation, following);
  const { log, clock } = following;
  const line = (): string => `still at it: ${follower.current()}`;
  const { status, stack } = await withHeartbeat({ log, clock, quiet: QUIET, line }, (spoken) =>
    poll({ ...following, what: `${operation.title} of the stack`, pace: PACE, read: () => follower.read(spoken) }),
  );
  const isGood = goodEndsOf[operation.kind].includes(statusFacts[status].end);
  return { operation, status, isGood, stack, events: follower.events };
};
