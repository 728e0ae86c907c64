import type { Markdown } from '@aws-delivery/action-kit/report/markdown';
import { type GanttBar, renderGantt } from '@aws-delivery/action-kit/report/mermaid';
import { isStackLevelEvent, type StackEvent } from '../operation/stack-events.js';
import type { RunRecord } from '../run-record.js';

interface Span {
  readonly name: string;
  readonly start: number;
  end: number;
  state: GanttBar['state'];
}

/** One bar per operation on a resource: from its first event in progress to the one that ends it. */
export const buildBars = (events: readonly StackEvent[]): readonly GanttBar[] => {
  const openSpans = new Map<string, Span>();
  const spans: Span[] = [];
  for (const event of events) {
    if (isStackLevelEvent(event) || event.status === '') continue;
    const key = `${event.stackId} ${event.logicalId}`;
    const span = openSpans.get(key) ?? { name: event.logicalId, start: event.at, end: event.at, state: 'active' };
    if (!openSpans.has(key)) spans.push(span);
    openSpans.set(key, span);
    span.end = event.at;
    if (event.status.endsWith('_IN_PROGRESS')) continue;
    span.state = event.status.endsWith('_FAILED') ? 'failed' : 'done';
    openSpans.delete(key);
  }
  return spans;
};

/** Gantt chart of the resources in all operations of a run. */
export const renderResourceTimeline = ({ operations }: RunRecord): Markdown =>
  renderGantt('Resources', buildBars(operations.flatMap(({ events }) => events)));
