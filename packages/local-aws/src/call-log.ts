import type { Document } from './api-call.js';

/** What became of a call. `unsigned` is what AWS lets anyone call; `disturbed` never reached its service. */
export type CallVerdict = 'allowed' | 'denied' | 'unauthenticated' | 'unsigned' | 'disturbed';

/** One call as the log shows it: what least privilege, idempotency and "preview changes nothing" are proven with. */
export interface CallRecord {
  /** Server time, ISO 8601. */
  readonly at: string;
  readonly id: string;
  readonly service: string;
  readonly operation: string;
  readonly write: boolean;
  readonly region: string;
  /** The principal's ARN, or `anonymous`. */
  readonly principal: string;
  /** The IAM actions it needed, and the resource of the first. */
  readonly actions: readonly string[];
  readonly resource: string;
  readonly verdict: CallVerdict;
  /** HTTP status; 0 where the connection was cut. */
  readonly status: number;
  readonly error: string | undefined;
  /** The service that made the call in process for somebody, such as `cloudformation`. */
  readonly via: string | undefined;
  /** What was asked; kept in memory only, since it may hold secrets. */
  readonly input: Document;
}

/** The call log: layers note what they learn of a call, and its line is written when it ends. */
export class CallLog {
  private readonly open = new Map<string, CallRecord>();
  private readonly closed: CallRecord[] = [];

  /** `write` gets one JSON line a call, without a line break. */
  constructor(private readonly write: (line: string) => void = () => undefined) {}

  start(record: CallRecord): void {
    this.open.set(record.id, record);
  }

  update(id: string, changes: Partial<CallRecord>): void {
    const record = this.open.get(id);
    if (record !== undefined) this.open.set(id, { ...record, ...changes });
  }

  finish(id: string, changes: Partial<CallRecord>): void {
    this.update(id, changes);
    const record = this.open.get(id);
    if (record === undefined) return;
    this.open.delete(id);
    this.closed.push(record);
    const { input: _secret, ...line } = record;
    this.write(JSON.stringify(line));
  }

  /** Every call that has ended, oldest first. */
  list(): readonly CallRecord[] {
    return [...this.closed];
  }

  clear(): void {
    this.closed.length = 0;
  }
}
