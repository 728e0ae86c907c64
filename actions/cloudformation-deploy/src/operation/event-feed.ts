import type { CloudFormation } from '../cloudformation-client.js';
import { getNestedStackId, readEvents, type StackEvent } from './stack-events.js';

/** Identifies the events of one operation. */
export interface EventFeedOptions {
  readonly stackId: string;
  /** Client request tokens of the operation, and of the operation that cancelled it. */
  readonly tokens: readonly string[];
  /** Lower bound of event times, by CloudFormation's clock, which limits how far back events are read. */
  readonly notBefore: number;
}

/** Reads the events of one operation and of its nested stacks, each event once. */
export class EventFeed {
  private readonly seenEventIds = new Set<string>();
  private readonly depthByStackId = new Map<string, number>();
  /** Nested stacks whose operation has not ended. */
  private readonly openStackIds = new Set<string>();
  private startedAt: number | undefined;

  constructor(
    private readonly cloudFormation: CloudFormation,
    private readonly options: EventFeedOptions,
  ) {}

  /** Nesting depth: 0 for the stack itself. */
  getDepth(stackId: string): number {
    return this.depthByStackId.get(stackId) ?? 0;
  }

  /**
   * New events, oldest first. A nested stack that cannot be read is read again the next time.
   * @throws the error of reading the stack's own events
   */
  async readNewEvents(): Promise<readonly StackEvent[]> {
    const events = await this.readOwnStack();
    this.startedAt ??= events[0]?.at;
    this.trackNestedStacks(events);
    events.push(...(await this.readNestedStacks()));
    for (const event of events) this.closeNestedStack(event);
    return events.sort((a, b) => a.at - b.at);
  }

  /** Reads nested stacks level by level, since the events of one may show further ones. */
  private async readNestedStacks(): Promise<readonly StackEvent[]> {
    const visitedStackIds = new Set<string>();
    const events: StackEvent[] = [];
    for (
      let level = [...this.openStackIds];
      level.length > 0;
      level = [...this.openStackIds].filter((id) => !visitedStackIds.has(id))
    ) {
      for (const stackId of level) visitedStackIds.add(stackId);
      events.push(...(await Promise.all(level.map((stackId) => this.readNested(stackId)))).flat());
    }
    return events;
  }

  private async readOwnStack(): Promise<StackEvent[]> {
    const { stackId, tokens, notBefore } = this.options;
    const isOwn = ({ token }: StackEvent): boolean => token !== undefined && tokens.includes(token);
    let hasReachedOwn = false;
    const newEvents = await this.collect(stackId, (event) => {
      // Newest first: events of other operations may be newer, but those below its own precede its start.
      hasReachedOwn ||= isOwn(event);
      return this.seenEventIds.has(event.id) || event.at < notBefore || (hasReachedOwn && !isOwn(event));
    });
    return newEvents.filter(isOwn);
  }

  private async readNested(stackId: string): Promise<readonly StackEvent[]> {
    try {
      const events = await this.collect(
        stackId,
        ({ id, at }) => this.seenEventIds.has(id) || at < (this.startedAt ?? 0),
      );
      this.trackNestedStacks(events);
      return events;
    } catch {
      return [];
    }
  }

  private async collect(stackId: string, isOld: (event: StackEvent) => boolean): Promise<StackEvent[]> {
    const newEvents: StackEvent[] = [];
    for await (const event of readEvents(this.cloudFormation, stackId, isOld)) newEvents.push(event);
    for (const { id } of newEvents) this.seenEventIds.add(id);
    return newEvents.reverse();
  }

  private trackNestedStacks(events: readonly StackEvent[]): void {
    for (const event of events) {
      const nestedId = getNestedStackId(event);
      if (nestedId === undefined) continue;
      this.depthByStackId.set(nestedId, this.getDepth(event.stackId) + 1);
      this.openStackIds.add(nestedId);
    }
  }

  private closeNestedStack(event: StackEvent): void {
    const nestedId = getNestedStackId(event);
    if (nestedId !== undefined && !event.status.endsWith('_IN_PROGRESS')) this.openStackIds.delete(nestedId);
  }
}
