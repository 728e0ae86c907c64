import type { CloudFormation } from './cloudformation.js';
import { nestedStackOf, readEvents, type StackEvent } from './event.js';

/** Tells the events of one operation from all others of its stack. */
export interface FeedOptions {
  readonly stackId: string;
  /** Client request tokens of the operation: its own, and that of what cancelled it. */
  readonly tokens: readonly string[];
  /** By CloudFormation's clock: nothing older belongs to the operation. Spares reading a long history. */
  readonly notBefore: number;
}

/**
 * The events of one operation, of nested stacks too, as they come in. Reading twice, late, or out of date never
 * repeats an event.
 */
export class EventFeed {
  private readonly seen = new Set<string>();
  private readonly depths = new Map<string, number>();
  /** Nested stacks under way. */
  private readonly open = new Set<string>();
  private start: number | undefined;

  constructor(
    private readonly cloudFormation: CloudFormation,
    private readonly options: FeedOptions,
  ) {}

  /** How deep a stack is nested: 0 for the stack itself. */
  depthOf(stackId: string): number {
    return this.depths.get(stackId) ?? 0;
  }

  /**
   * Events that were not there before, oldest first. Throws what reading the stack's own events throws; a nested stack
   * that cannot be read this time is read the next time.
   */
  async read(): Promise<readonly StackEvent[]> {
    const events = await this.readRoot();
    this.start ??= events[0]?.at;
    this.note(events);
    events.push(...(await this.readOpen()));
    for (const event of events) this.close(event);
    return events.sort((a, b) => a.at - b.at);
  }

  /** Nested stacks, level by level: reading one may show others in it. */
  private async readOpen(): Promise<readonly StackEvent[]> {
    const read = new Set<string>();
    const events: StackEvent[] = [];
    for (let level = [...this.open]; level.length > 0; level = [...this.open].filter((id) => !read.has(id))) {
      for (const stackId of level) read.add(stackId);
      events.push(...(await Promise.all(level.map((stackId) => this.readNested(stackId)))).flat());
    }
    return events;
  }

  private async readRoot(): Promise<StackEvent[]> {
    const { stackId, tokens, notBefore } = this.options;
    const isOwn = ({ token }: StackEvent): boolean => token !== undefined && tokens.includes(token);
    let isPassed = false;
    const fresh = await this.collect(stackId, (event) => {
      // Newest first: others' events may lie on top of ours, but what is theirs below ours is before our start.
      isPassed ||= isOwn(event);
      return this.seen.has(event.id) || event.at < notBefore || (isPassed && !isOwn(event));
    });
    return fresh.filter(isOwn);
  }

  private async readNested(stackId: string): Promise<readonly StackEvent[]> {
    try {
      const events = await this.collect(stackId, ({ id, at }) => this.seen.has(id) || at < (this.start ?? 0));
      this.note(events);
      return events;
    } catch {
      return [];
    }
  }

  private async collect(stackId: string, isOld: (event: StackEvent) => boolean): Promise<StackEvent[]> {
    const fresh: StackEvent[] = [];
    for await (const event of readEvents(this.cloudFormation, stackId, isOld)) fresh.push(event);
    for (const { id } of fresh) this.seen.add(id);
    return fresh.reverse();
  }

  private note(events: readonly StackEvent[]): void {
    for (const event of events) {
      const nestedId = nestedStackOf(event);
      if (nestedId === undefined) continue;
      this.depths.set(nestedId, this.depthOf(event.stackId) + 1);
      this.open.add(nestedId);
    }
  }

  private close(event: StackEvent): void {
    const nestedId = nestedStackOf(event);
    if (nestedId !== undefined && !event.status.endsWith('_IN_PROGRESS')) this.open.delete(nestedId);
  }
}
