import type { Log } from '@aws-delivery/action-kit/host/log';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { isFailure, isStackLevelEvent, type StackEvent } from './stack-events.js';

export interface ProgressLoggerOptions {
  readonly log: Log;
  /** Logical ids of the resources that the operation is expected to change; empty if unknown. */
  readonly expectedResourceIds: ReadonlySet<string>;
  readonly getDepth: (stackId: string) => number;
}

const STATUS_WIDTH = 20;

/** Logs a line per status change of a resource, indented by nesting depth, with the time since the start. */
export class ProgressLogger {
  private readonly lastLines = new Map<string, string>();
  private readonly completedIds = new Set<string>();
  private readonly activeIds = new Set<string>();
  private startedAt: number | undefined;

  constructor(private readonly options: ProgressLoggerOptions) {}

  logEvent(event: StackEvent, log: Log = this.options.log): void {
    this.startedAt ??= event.at;
    if (event.status === '') return;
    const key = `${event.stackId} ${event.logicalId}`;
    // CloudFormation repeats the status when the resource gets its physical id.
    const line = `${event.status} ${isFailure(event) ? event.reason : ''}`;
    if (this.lastLines.get(key) === line) return;
    this.lastLines.set(key, line);
    this.count(event);
    log.info(this.formatLine(event));
  }

  /** The resources in progress, for a heartbeat. */
  describeActive(): string {
    const names = [...this.activeIds];
    const shownNames = names.slice(0, 5).join(', ');
    if (names.length === 0) return 'no resource events yet';
    return names.length > 5 ? `${shownNames} (${names.length - 5} more)` : shownNames;
  }

  private count(event: StackEvent): void {
    if (isStackLevelEvent(event)) return;
    if (event.status.endsWith('_IN_PROGRESS')) this.activeIds.add(event.logicalId);
    else this.activeIds.delete(event.logicalId);
    const isExpected =
      this.options.getDepth(event.stackId) === 0 && this.options.expectedResourceIds.has(event.logicalId);
    if (isExpected && event.status.endsWith('_COMPLETE')) this.completedIds.add(event.logicalId);
  }

  private formatLine(event: StackEvent): string {
    const indent = '  '.repeat(this.options.getDepth(event.stackId));
    const elapsed = `[${formatDuration(event.at - (this.startedAt ?? event.at))}]`;
    const { size } = this.options.expectedResourceIds;
    const isCounted = event.status.endsWith('_COMPLETE') && !isStackLevelEvent(event) && size > 0;
    const count = isCounted ? ` (${this.completedIds.size}/${size})` : '';
    const reason = isFailure(event) && event.reason !== '' ? `: ${event.reason}` : '';
    const subject = isStackLevelEvent(event) ? `stack ${event.logicalId}` : `${event.logicalId} ${event.type}`;
    return `${elapsed} ${indent}${event.status.padEnd(STATUS_WIDTH)} ${subject}${count}${reason}`;
  }
}
