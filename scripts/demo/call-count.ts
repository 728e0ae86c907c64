import type { CallRecord } from '@aws-delivery/local-aws/journal';

/** How often a service was called, operation by operation, in the order of the first calls. */
export interface CallCount {
  readonly service: string;
  readonly operations: readonly { readonly operation: string; readonly count: number; readonly writes: boolean }[];
}

export const isRefused = ({ verdict, error }: CallRecord): boolean => verdict === 'denied' || error === 'AccessDenied';

const grouped = (calls: readonly CallRecord[], key: (call: CallRecord) => string) =>
  [...new Set(calls.map(key))].map((name) => ({ name, group: calls.filter((call) => key(call) === name) }));

export const callCounts = (calls: readonly CallRecord[]): readonly CallCount[] =>
  grouped(calls, ({ service }) => service).map(({ name, group }) => ({
    service: name,
    operations: grouped(group, ({ operation }) => operation).map(({ name: operation, group: same }) => ({
      operation,
      count: same.length,
      writes: same.some(({ write }) => write),
    })),
  }));
