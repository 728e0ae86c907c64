import { DescribeEventsCommand, type OperationEvent } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from './cloudformation.js';
import { isCancelled, isFailure, isStackRow, nestedStackOf, readEvents, type StackEvent } from './event.js';
import { type Diagnosis, diagnose } from './failure-class.js';
import type { OperationEnd } from './operation.js';
import { plainReason } from './reason.js';

/** A resource that failed of itself, not because another did. */
export interface Cause extends Diagnosis {
  /** Logical ids of the nested stacks it is in, outermost first; empty in the stack itself. */
  readonly within: readonly string[];
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** `Nested.Function`: how AWS names it too. */
export const causePath = ({ within, logicalId }: Cause): string => [...within, logicalId].join('.');

/** One line: what failed first, and why. */
export const causeText = (cause: Cause): string =>
  `${causePath(cause)} (${cause.type}) ${cause.status}: ${plainReason(cause.reason) || 'no reason given'}`;

/** AWS names the hook that failed, and tells what it said in an event of its own. */
const reasonOf = (event: StackEvent, events: readonly StackEvent[]): string => {
  if (!/hook\(s\) failed/u.test(event.reason)) return event.reason;
  const said = events.filter(({ hook, logicalId }) => hook !== '' && logicalId === event.logicalId);
  return [event.reason, ...new Set(said.map(({ hook }) => hook))].join('; ');
};

const hookFacts = {
  kind: 'permanent',
  remedy: 'a hook forbids this configuration: correct the resource as it asks',
} as const;

const causeOf = (event: StackEvent, events: readonly StackEvent[], within: readonly string[]): Cause => {
  const { logicalId, type, status, at } = event;
  const reason = reasonOf(event, events);
  const facts = reason === event.reason ? {} : hookFacts;
  return { within, logicalId, type, status, reason, at, ...diagnose(reason), ...facts };
};

const DEEPEST = 10;

/** Finds what failed first, at the leaf. */
export class RootCauses {
  constructor(private readonly cloudFormation: CloudFormation) {}

  /**
   * Causes of a failed operation, the earliest first. Empty where nothing can be read: the status and its reason are
   * all there is to tell then. Never throws, since the result is decided already.
   */
  async find({ operation, events, stack }: OperationEnd): Promise<readonly Cause[]> {
    const own = events.filter(({ stackId }) => stackId === operation.stackId);
    const start = events[0]?.at ?? 0;
    const found = await this.causesIn(own, { within: [], start });
    const causes = found.length > 0 ? found : await this.failedEvents(events, stack?.operationIds[0]);
    return [...causes].sort((a, b) => a.at - b.at);
  }

  private async causesIn(
    events: readonly StackEvent[],
    { within, start }: { readonly within: readonly string[]; readonly start: number },
  ): Promise<readonly Cause[]> {
    const failures = events.filter((event) => isFailure(event) && !isStackRow(event));
    const causes: Cause[] = [];
    for (const event of failures) {
      const nestedId = nestedStackOf(event);
      const inner =
        nestedId === undefined ? [] : await this.causesInNested(nestedId, [...within, event.logicalId], start);
      causes.push(...(inner.length > 0 ? inner : [causeOf(event, events, within)]));
    }
    return firstOfEach(causes);
  }

  private async causesInNested(stackId: string, within: readonly string[], start: number): Promise<readonly Cause[]> {
    if (within.length > DEEPEST) return [];
    const events: StackEvent[] = [];
    try {
      for await (const event of readEvents(this.cloudFormation, stackId, ({ at }) => at < start)) events.push(event);
    } catch {
      return [];
    }
    return this.causesIn(events.reverse(), { within, start });
  }

  /** Where the stack's own events tell nothing, or may not be read. Without the permission there is nothing to add. */
  private async failedEvents(events: readonly StackEvent[], latest: string | undefined): Promise<readonly Cause[]> {
    const OperationId = events.find(({ operationId }) => operationId !== undefined)?.operationId ?? latest;
    if (OperationId === undefined) return [];
    try {
      const { OperationEvents = [] } = await this.cloudFormation.send(
        new DescribeEventsCommand({ OperationId, Filters: { FailedEvents: true } }),
      );
      return OperationEvents.flatMap(causeOfOperationEvent);
    } catch {
      return [];
    }
  }
}

const operationReason = (event: OperationEvent): string => {
  const hook = event.HookType === undefined ? '' : `hook ${event.HookType}: `;
  const path = event.ValidationPath === undefined ? '' : `${event.ValidationPath}: `;
  const reason = event.HookStatusReason ?? event.ValidationStatusReason ?? event.ResourceStatusReason ?? '';
  return `${hook}${path}${reason}`;
};

const causeOfOperationEvent = (event: OperationEvent): readonly Cause[] => {
  const reason = operationReason(event);
  const status = event.ResourceStatus ?? event.HookStatus ?? event.ValidationStatus ?? 'FAILED';
  const isOwnRow = event.PhysicalResourceId !== undefined && event.PhysicalResourceId === event.StackId;
  if (isOwnRow || isCancelled(reason) || event.LogicalResourceId === undefined) return [];
  const { LogicalResourceId: logicalId, ResourceType: type = '', Timestamp } = event;
  return [{ within: [], logicalId, type, status, reason, at: Timestamp?.getTime() ?? 0, ...diagnose(reason) }];
};

/** A resource that fails, is cleaned up and fails in that too has one cause: the first. */
const firstOfEach = (causes: readonly Cause[]): readonly Cause[] => {
  const seen = new Set<string>();
  return causes.filter((cause) => {
    const path = causePath(cause);
    const isNew = !seen.has(path);
    seen.add(path);
    return isNew;
  });
};
