import { DescribeEventsCommand, type OperationEvent } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import { type Diagnosis, diagnose } from './failure-class.js';
import type { OperationResult } from './follow-operation.js';
import {
  getNestedStackId,
  isCancelled,
  isFailure,
  isStackLevelEvent,
  readEvents,
  type StackEvent,
} from './stack-events.js';
import { formatReason } from './status-reason.js';

/** A resource that failed of itself, not because another did. */
export interface Cause extends Diagnosis {
  /** Logical ids of the nested stacks it is in, outermost first; empty in the stack itself. */
  readonly stackPath: readonly string[];
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** `Nested.Function`: how AWS names it too. */
export const formatCausePath = ({ stackPath, logicalId }: Cause): string => [...stackPath, logicalId].join('.');

/** One line: what failed first, and why. */
export const formatCause = (cause: Cause): string =>
  `${formatCausePath(cause)} (${cause.type}) ${cause.status}: ${formatReason(cause.reason) || 'no reason given'}`;

/** AWS names the hook that failed, and tells what it said in an event of its own. */
const resolveReason = (event: StackEvent, events: readonly StackEvent[]): string => {
  if (!/hook\(s\) failed/u.test(event.reason)) return event.reason;
  const hookEvents = events.filter(({ hook, logicalId }) => hook !== '' && logicalId === event.logicalId);
  return [event.reason, ...new Set(hookEvents.map(({ hook }) => hook))].join('; ');
};

const hookFailure = {
  kind: 'permanent',
  hint: 'a hook forbids this configuration: correct the resource as it asks',
} as const;

const toCause = (event: StackEvent, events: readonly StackEvent[], stackPath: readonly string[]): Cause => {
  const { logicalId, type, status, at } = event;
  const reason = resolveReason(event, events);
  const override = reason === event.reason ? {} : hookFailure;
  return { stackPath, logicalId, type, status, reason, at, ...diagnose(reason), ...override };
};

const MAX_NESTING_DEPTH = 10;

/** Finds what failed first, at the leaf. */
export class RootCauseFinder {
  constructor(private readonly cloudFormation: CloudFormation) {}

  /**
   * Causes of a failed operation, the earliest first. Empty where nothing can be read: the status and its reason are
   * all there is to tell then. Never throws, since the result is decided already.
   */
  async find({ operation, events, stack }: OperationResult): Promise<readonly Cause[]> {
    const ownEvents = events.filter(({ stackId }) => stackId === operation.stackId);
    const start = events[0]?.at ?? 0;
    const foundCauses = await this.findCauses(ownEvents, { stackPath: [], start });
    const causes =
      foundCauses.length > 0 ? foundCauses : await this.fetchFailedEventCauses(events, stack?.operationIds[0]);
    return [...causes].sort((a, b) => a.at - b.at);
  }

  private async findCauses(
    events: readonly StackEvent[],
    { stackPath, start }: { readonly stackPath: readonly string[]; readonly start: number },
  ): Promise<readonly Cause[]> {
    const failures = events.filter((event) => isFailure(event) && !isStackLevelEvent(event));
    const causes: Cause[] = [];
    for (const event of failures) {
      const nestedId = getNestedStackId(event);
      const nestedCauses =
        nestedId === undefined ? [] : await this.findNestedCauses(nestedId, [...stackPath, event.logicalId], start);
      causes.push(...(nestedCauses.length > 0 ? nestedCauses : [toCause(event, events, stackPath)]));
    }
    return dedupeCauses(causes);
  }

  private async findNestedCauses(
    stackId: string,
    stackPath: readonly string[],
    start: number,
  ): Promise<readonly Cause[]> {
    if (stackPath.length > MAX_NESTING_DEPTH) return [];
    const events: StackEvent[] = [];
    try {
      for await (const event of readEvents(this.cloudFormation, stackId, ({ at }) => at < start)) events.push(event);
    } catch {
      return [];
    }
    return this.findCauses(events.reverse(), { stackPath, start });
  }

  /** Where the stack's own events tell nothing, or may not be read. Without the permission there is nothing to add. */
  private async fetchFailedEventCauses(
    events: readonly StackEvent[],
    latest: string | undefined,
  ): Promise<readonly Cause[]> {
    const OperationId = events.find(({ operationId }) => operationId !== undefined)?.operationId ?? latest;
    if (OperationId === undefined) return [];
    try {
      const { OperationEvents = [] } = await this.cloudFormation.send(
        new DescribeEventsCommand({ OperationId, Filters: { FailedEvents: true } }),
      );
      return OperationEvents.flatMap(toCauses);
    } catch {
      return [];
    }
  }
}

const formatOperationReason = (event: OperationEvent): string => {
  const hook = event.HookType === undefined ? '' : `hook ${event.HookType}: `;
  const path = event.ValidationPath === undefined ? '' : `${event.ValidationPath}: `;
  const reason = event.HookStatusReason ?? event.ValidationStatusReason ?? event.ResourceStatusReason ?? '';
  return `${hook}${path}${reason}`;
};

const toCauses = (event: OperationEvent): readonly Cause[] => {
  const reason = formatOperationReason(event);
  const status = event.ResourceStatus ?? event.HookStatus ?? event.ValidationStatus ?? 'FAILED';
  const isOwnRow = event.PhysicalResourceId !== undefined && event.PhysicalResourceId === event.StackId;
  if (isOwnRow || isCancelled(reason) || event.LogicalResourceId === undefined) return [];
  const { LogicalResourceId: logicalId, ResourceType: type = '', Timestamp } = event;
  return [{ stackPath: [], logicalId, type, status, reason, at: Timestamp?.getTime() ?? 0, ...diagnose(reason) }];
};

/** A resource that fails, is cleaned up and fails in that too has one cause: the first. */
const dedupeCauses = (causes: readonly Cause[]): readonly Cause[] => {
  const seenPaths = new Set<string>();
  return causes.filter((cause) => {
    const path = formatCausePath(cause);
    const isNew = !seenPaths.has(path);
    seenPaths.add(path);
    return isNew;
  });
};
