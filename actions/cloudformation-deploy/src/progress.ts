import { durationText } from '@aws-delivery/action-kit/clock';
import type { Log } from '@aws-delivery/action-kit/log';
import { isFailure, isStackRow, type StackEvent } from './event.js';

export interface ProgressOptions {
  readonly log: Log;
  /** Logical ids that the operation is to touch, as far as known. */
  readonly expected: ReadonlySet<string>;
  readonly depthOf: (stackId: string) => number;
}

const STATUS_WIDTH = 20;

/** Turns events into lines: one a change of a resource, indented where nested, with the time since the start. */
export class Progress {
  private readonly last = new Map<string, string>();
  private readonly done = new Set<string>();
  private readonly active = new Set<string>();
  private start: number | undefined;

  constructor(private readonly options: ProgressOptions) {}

  show(event: StackEvent, log: Log = this.options.log): void {
    this.start ??= event.at;
    if (event.status === '') return;
    const key = `${event.stackId} ${event.logicalId}`;
    // CloudFormation repeats a status when it learns a physical id: nothing happened.
    const said = `${event.status} ${isFailure(event) ? event.reason : ''}`;
    if (this.last.get(key) === said) return;
    this.last.set(key, said);
    this.count(event);
    log.info(this.lineOf(event));
  }

  /** What is going on, for a heartbeat. */
  current(): string {
    const names = [...this.active];
    const shown = names.slice(0, 5).join(', ');
    if (names.length === 0) return 'nothing reported yet';
    return names.length > 5 ? `${shown} and ${names.length - 5} more in progress` : `${shown} in progress`;
  }

  private count(event: StackEvent): void {
    if (isStackRow(event)) return;
    if (event.status.endsWith('_IN_PROGRESS')) this.active.add(event.logicalId);
    else this.active.delete(event.logicalId);
    const isExpected = this.options.depthOf(event.stackId) === 0 && this.options.expected.has(event.logicalId);
    if (isExpected && event.status.endsWith('_COMPLETE')) this.done.add(event.logicalId);
  }

  private lineOf(event: StackEvent): string {
    const indent = '  '.repeat(this.options.depthOf(event.stackId));
    const elapsed = `[${durationText(event.at - (this.start ?? event.at))}]`;
    const { size } = this.options.expected;
    const isCounted = event.status.endsWith('_COMPLETE') && !isStackRow(event) && size > 0;
    const count = isCounted ? ` (${this.done.size}/${size})` : '';
    const reason = isFailure(event) && event.reason !== '' ? `: ${event.reason}` : '';
    const what = isStackRow(event) ? `stack ${event.logicalId}` : `${event.logicalId} ${event.type}`;
    return `${elapsed} ${indent}${event.status.padEnd(STATUS_WIDTH)} ${what}${count}${reason}`;
  }
}
