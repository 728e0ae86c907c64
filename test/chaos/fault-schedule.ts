import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import type { Random } from '@aws-delivery/local-aws/random';

export type Faults = Parameters<LocalAws['setFaults']>[0];

/** The calls that faults may affect: a service of local AWS, and names or patterns of its operations. */
export interface FaultTarget {
  readonly service: string;
  readonly operations: readonly string[];
  /** Names or patterns of operations that may return stale data. */
  readonly reads: readonly string[];
}

/** An integer from 0 to `limit` - 1. */
export const randomBelow = (random: Random, limit: number): number => Math.floor(random.number() * limit);

/** A random item. Throws RangeError for an empty list. */
export const pickRandom = <T>(random: Random, items: readonly T[]): T => {
  const item = items[randomBelow(random, items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
};

const FAULT_KINDS = ['throttle', 'error', 'reset', 'lost-reply'] as const;

/** A fault at the first or next calls of an operation, at random calls throughout, or stale reads. */
const createFault = (random: Random, { service, operations, reads }: FaultTarget): Faults[number] => {
  const choice = randomBelow(random, reads.length === 0 ? 8 : 10);
  if (choice >= 8)
    return { fault: 'stale', service, operation: pickRandom(random, reads), by: `${1 + randomBelow(random, 8)}s` };
  const operation = pickRandom(random, operations);
  const first = 1 + randomBelow(random, 4);
  const calls = `${first}-${first + randomBelow(random, 3)}`;
  const fault = FAULT_KINDS[choice % FAULT_KINDS.length] ?? 'error';
  return { fault, service, operation, ...(choice < FAULT_KINDS.length ? { calls } : { probability: 0.3 }) };
};

/** One to three faults, which a client with retries survives. */
export const createFaultSchedule = (random: Random, target: FaultTarget): Faults =>
  Array.from({ length: 1 + randomBelow(random, 3) }, () => createFault(random, target));

/** Every call of a service fails with this probability, or half of it, and reads are three seconds stale. */
export const createServiceFaults = (service: string, probability: number): Faults => [
  { fault: 'throttle', service, probability },
  { fault: 'error', service, status: 500, probability },
  { fault: 'reset', service, probability: probability / 2 },
  { fault: 'lost-reply', service, probability: probability / 2 },
  { fault: 'stale', service, by: '3s' },
];

const SERVICE_ERRORS = [
  { code: 'InternalFailure', status: 500 },
  { code: 'ServiceUnavailable', status: 503 },
  { code: 'InvalidPaginationToken', status: 400 },
  { code: 'AccessDeniedException', status: 403 },
  { code: 'ExpiredTokenException', status: 403 },
  { code: 'ValidationException', status: 400 },
  { code: 'SubscriptionRequiredException', status: 400 },
];

/** One to four faults, including errors that retries do not resolve. */
export const createErrorSchedule = (random: Random, operations: readonly string[]): Faults =>
  Array.from({ length: 1 + randomBelow(random, 4) }, () => {
    const from = 1 + randomBelow(random, 30);
    const selection = {
      operation: pickRandom(random, operations),
      calls: `${from}-${from + randomBelow(random, 40)}`,
      probability: pickRandom(random, [0.3, 0.7, 1]),
    };
    return random.number() < 0.3
      ? { fault: 'throttle' as const, ...selection }
      : { fault: 'error' as const, ...pickRandom(random, SERVICE_ERRORS), ...selection };
  });
