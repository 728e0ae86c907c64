import type { Markdown } from '@aws-delivery/action-kit/markdown';
import { type Bar, timeline } from '@aws-delivery/action-kit/mermaid';
import { isStackRow, type StackEvent } from './event.js';
import type { Journal } from './journal.js';

interface Span {
  readonly name: string;
  readonly start: number;
  end: number;
  state: Bar['state'];
}

/** One bar for each time a resource was worked on: from its first event in progress to the one that ends it. */
export const barsOf = (events: readonly StackEvent[]): readonly Bar[] => {
  const open = new Map<string, Span>();
  const spans: Span[] = [];
  for (const event of events) {
    if (isStackRow(event) || event.status === '') continue;
    const key = `${event.stackId} ${event.logicalId}`;
    const span = open.get(key) ?? { name: event.logicalId, start: event.at, end: event.at, state: 'active' };
    if (!open.has(key)) spans.push(span);
    open.set(key, span);
    span.end = event.at;
    if (event.status.endsWith('_IN_PROGRESS')) continue;
    span.state = event.status.endsWith('_FAILED') ? 'failed' : 'done';
    open.delete(key);
  }
  return spans;
};

/** When each resource was worked on, in all operations of a run. */
export const resourceTimeline = ({ operations }: Journal): Markdown =>
  timeline('Resources', barsOf(operations.flatMap(({ events }) => events)));
