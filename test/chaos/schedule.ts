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
