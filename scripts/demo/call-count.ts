import type { CallRecord } from '@aws-delivery/local-aws/call-log';

/** Number of calls per operation of a service, in the order of the first calls. */
export interface CallCount {
  readonly service: string;
  readonly operations: readonly { readonly operation: string; readonly count: number; readonly writes: boolean }[];
}

export const isDenied = ({ verdict, error }: CallRecord): boolean => verdict === 'denied' || error === 'AccessDenied';

const groupBy = (calls: readonly CallRecord[], key: (call: CallRecord) => string) =>
  [...new Set(calls.map(key))].map((name) => ({ name, group: calls.filter((call) => key(call) === name) }));

export const countCalls = (calls: readonly CallRecord[]): readonly CallCount[] =>
  groupBy(calls, ({ service }) => service).map(({ name, group }) => ({
    service: name,
    operations: groupBy(group, ({ operation }) => operation).map(({ name: operation, group: same }) => ({
      operation,
      count: same.length,
      writes: same.some(({ write }) => write),
    })),
  }));
