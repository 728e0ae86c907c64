import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import type { Random } from '@aws-delivery/local-aws/random';

export type Faults = Parameters<LocalAws['setFaults']>[0];

/** Where faults may strike: a service of local AWS, and names or patterns of its operations. */
export interface Ground {
  readonly service: string;
  readonly operations: readonly string[];
  /** Those of them that may read out of date, alone or together. */
  readonly reads: readonly string[];
}

/** A whole number from 0 to below the limit. */
export const below = (random: Random, limit: number): number => Math.floor(random.number() * limit);

/** Any of the items. Throws RangeError where there is none. */
export const pick = <T>(random: Random, items: readonly T[]): T => {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
};

const kinds = ['throttle', 'error', 'reset', 'lost-reply'] as const;

/** One fault: at the first calls of an operation or a few later ones, or now and then for ever, or reads that lag. */
const faultOn = (random: Random, { service, operations, reads }: Ground): Faults[number] => {
  const choice = below(random, reads.length === 0 ? 8 : 10);
  if (choice >= 8) return { fault: 'stale', service, operation: pick(random, reads), by: `${1 + below(random, 8)}s` };
  const operation = pick(random, operations);
  const first = 1 + below(random, 4);
  const calls = `${first}-${first + below(random, 3)}`;
  const fault = kinds[choice % kinds.length] ?? 'error';
  return { fault, service, operation, ...(choice < kinds.length ? { calls } : { probability: 0.3 }) };
};

/** A schedule of one to three faults. Everything in it passes before a patient client gives up. */
export const faultsOn = (random: Random, ground: Ground): Faults =>
  Array.from({ length: 1 + below(random, 3) }, () => faultOn(random, ground));

/** Every call of a service may go wrong, with this probability or half of it, and what it reads is three seconds old. */
export const serviceInTrouble = (service: string, probability: number): Faults => [
  { fault: 'throttle', service, probability },
  { fault: 'error', service, status: 500, probability },
  { fault: 'reset', service, probability: probability / 2 },
  { fault: 'lost-reply', service, probability: probability / 2 },
  { fault: 'stale', service, by: '3s' },
];

const refusals = [
  { code: 'InternalFailure', status: 500 },
  { code: 'ServiceUnavailable', status: 503 },
  { code: 'InvalidPaginationToken', status: 400 },
  { code: 'AccessDeniedException', status: 403 },
  { code: 'ExpiredTokenException', status: 403 },
  { code: 'ValidationException', status: 400 },
  { code: 'SubscriptionRequiredException', status: 400 },
];

/** A schedule of one to four faults, refusals that no patience helps with among them. */
export const refusalsOn = (random: Random, operations: readonly string[]): Faults =>
  Array.from({ length: 1 + below(random, 4) }, () => {
    const from = 1 + below(random, 30);
    const selection = {
      operation: pick(random, operations),
      calls: `${from}-${from + below(random, 40)}`,
      probability: pick(random, [0.3, 0.7, 1]),
    };
    return random.number() < 0.3
      ? { fault: 'throttle' as const, ...selection }
      : { fault: 'error' as const, ...pick(random, refusals), ...selection };
  });
