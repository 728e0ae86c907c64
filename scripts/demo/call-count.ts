import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';

/** Number of calls per operation of a service, in the order of the first calls. */
export interface CallCount {
  readonly service: string;
  readonly operations: readonly { readonly operation: string; readonly count: number; readonly writes: boolean }[];
}

export const isDenied = ({ verdict, error }: CallRecord): boolean => verdict === 'denied' || error === 'AccessDenied';

export const countCalls = (calls: readonly CallRecord[]): readonly CallCount[] =>
  [...groupBy(calls, ({ service }) => service)].map(([service, serviceCalls]) => ({
    service,
    operations: [...groupBy(serviceCalls, ({ operation }) => operation)].map(([operation, operationCalls]) => ({
      operation,
      count: operationCalls.length,
      writes: operationCalls.some(({ write }) => write),
    })),
  }));

/** Resource types whose permissions Local AWS does not know, and did not check. */
export const listUncheckedTypes = (calls: readonly CallRecord[]): readonly string[] => [
  ...new Set(calls.flatMap(({ uncheckedTypes = [] }) => uncheckedTypes)),
];
