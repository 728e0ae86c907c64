import type { Document } from './api-call.js';

/**
 * The result of authentication and authorization. `unsigned`: the operation needs no signature; `disturbed`: an
 * injected fault kept the call from its service.
 */
export type CallVerdict = 'allowed' | 'denied' | 'unauthenticated' | 'unsigned' | 'disturbed';

/** One call in the call log. Tests use it to check least privilege, idempotency and that a preview changes nothing. */
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
  /** The required IAM actions, and the resource of the first one. */
  readonly actions: readonly string[];
  readonly resource: string;
  readonly verdict: CallVerdict;
  /** HTTP status; 0 if the connection was closed. */
  readonly status: number;
  readonly error: string | undefined;
  /** The service that made this call in process, such as `cloudformation`; undefined for calls of clients. */
  readonly via: string | undefined;
  /** Resource types whose permissions the operation did not check, because they are not known. */
  readonly uncheckedTypes?: readonly string[] | undefined;
  /** Kept in memory only, because it may contain secrets. */
  readonly input: Document;
}

/** The call log. Middleware completes the record of a call while it runs; its line is written when the call ends. */
export class CallLog {
  private readonly open = new Map<string, CallRecord>();
  private readonly closed: CallRecord[] = [];

  /** `write` gets one JSON line for each call, without a line break. */
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

  /** All finished calls, oldest first. */
  list(): readonly CallRecord[] {
    return [...this.closed];
  }

  clear(): void {
    this.closed.length = 0;
  }
}
