import { z } from 'zod';
import type { ApiCall } from '../api-call.js';
import { matchesPattern } from '../iam/pattern.js';
import { getPrincipalArn } from '../iam/principal.js';
import type { Random } from '../random.js';
import { durationSchema } from '../time/duration.js';

const callRange = z
  .union([z.number(), z.string()])
  .transform(String)
  .pipe(z.string().regex(/^[1-9]\d*(-\d*)?$/, { error: '`calls` must be 2, 2-4 or 2-' }))
  .transform((value) => {
    const [from, to = from] = value.split('-');
    return { from: Number(from), to: to === '' ? Number.POSITIVE_INFINITY : Number(to) };
  });

/** The calls that a fault applies to. `calls` counts, from 1, the calls that match the other members. */
const callSelector = {
  service: z.string().default('*'),
  operation: z.string().default('*'),
  principal: z.string().default('*'),
  calls: callRange.default({ from: 1, to: Number.POSITIVE_INFINITY }),
  probability: z.number().min(0).max(1).default(1),
};

const faultSchema = z.discriminatedUnion('fault', [
  z.strictObject({
    fault: z.literal('throttle'),
    /** Throttles only the calls beyond this rate (calls per second, all callers together). */
    above: z.number().positive().optional(),
    ...callSelector,
  }),
  z.strictObject({
    fault: z.literal('error'),
    code: z.string().default('InternalFailure'),
    message: z.string().default('The request processing has failed because of an unknown error.'),
    status: z.int().min(400).max(599).default(500),
    ...callSelector,
  }),
  z.strictObject({ fault: z.literal('reset'), ...callSelector }),
  z.strictObject({ fault: z.literal('lost-reply'), ...callSelector }),
  z.strictObject({ fault: z.literal('latency'), by: durationSchema, ...callSelector }),
  z.strictObject({ fault: z.literal('stale'), by: durationSchema, ...callSelector }),
  /** Responses lack members of these names, as those of an older API or another emulator do. */
  z.strictObject({ fault: z.literal('omit'), members: z.array(z.string()).min(1), ...callSelector }),
]);

/** Injected faults: throttling, errors, closed connections, lost responses, latency, stale reads and omitted members. */
export const faultsScenario = z.array(faultSchema).default([]);

export type Fault = z.output<typeof faultSchema>;

/** Allows `rate` calls a second, and as many at once after an idle second. Times in milliseconds. */
class TokenBucket {
  /** A rate below one call a second still allows single calls. */
  private readonly capacity: number;
  private tokens: number;
  private refilledAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly rate: number) {
    this.capacity = Math.max(1, rate);
    this.tokens = this.capacity;
  }

  /** Takes a token at the moment `at`; false when none is left. */
  take(at: number): boolean {
    const refill = Math.max(0, at - this.refilledAt) * (this.rate / 1000);
    this.tokens = Math.min(this.capacity, this.tokens + refill);
    this.refilledAt = Math.max(this.refilledAt, at);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

interface FaultRule {
  readonly fault: Fault;
  readonly random: Random;
  readonly rateLimit: TokenBucket | undefined;
  count: number;
}

const createRateLimit = (fault: Fault): TokenBucket | undefined =>
  fault.fault === 'throttle' && fault.above !== undefined ? new TokenBucket(fault.above) : undefined;

/**
 * Decides which faults apply to a call. Each rule has its own seeded random numbers: the same seed gives the same run.
 */
export class FaultPlan {
  private rules: readonly FaultRule[] = [];

  constructor(
    faults: readonly Fault[],
    private readonly random: Random,
  ) {
    this.replace(faults);
  }

  /** Replaces all faults; counting restarts at 1. */
  replace(faults: readonly Fault[]): void {
    this.rules = faults.map((fault, index) => ({
      fault,
      random: this.random.fork(String(index)),
      rateLimit: createRateLimit(fault),
      count: 0,
    }));
  }

  /**
   * The faults of the given kinds that apply to a call. Each query counts as a call, so each middleware queries once.
   */
  selectFaults<K extends Fault['fault']>(call: ApiCall, kinds: readonly K[]): readonly Extract<Fault, { fault: K }>[] {
    const isKind = (fault: Fault): fault is Extract<Fault, { fault: K }> => kinds.some((kind) => kind === fault.fault);
    return this.rules.flatMap((rule) => (isKind(rule.fault) && appliesToCall(rule, call) ? [rule.fault] : []));
  }
}

const appliesToCall = (rule: FaultRule, call: ApiCall): boolean => {
  const { service, operation, principal, calls, probability } = rule.fault;
  const isSelected =
    matchesPattern(service, call.service) &&
    matchesPattern(operation, call.operation) &&
    matchesPattern(principal, getPrincipalArn(call.principal));
  if (!isSelected) return false;
  rule.count += 1;
  const isDue = rule.count >= calls.from && rule.count <= calls.to && rule.random.number() < probability;
  return isDue && rule.rateLimit?.take(call.at) !== true;
};
