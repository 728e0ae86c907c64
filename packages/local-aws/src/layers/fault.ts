import { setTimeout } from 'node:timers/promises';
import { apiError, type Call, type Layer, type Reply } from '../call.js';
import type { FaultPlan } from '../faults.js';
import type { Ground } from './ground.js';
import { refuse } from './refusal.js';

const BEFORE = ['throttle', 'error', 'reset'] as const;

/** Disturbs calls as the scenario says: late, throttled, failed, cut, or done but never answered. */
export const fault =
  ({ faults: plan, catalogue, journal }: Ground): Layer =>
  (next) => {
    const disturb = (call: Call): Reply | undefined => {
      const [first] = plan.strike(call, BEFORE);
      if (first === undefined) return undefined;
      journal.note(call.id, { verdict: 'disturbed' });
      if (first.fault === 'reset') return { kind: 'reset' };
      if (first.fault === 'error') return apiError(first.code, first.message, first.status);
      return refuse('throttled', catalogue.protocol(call.service));
    };
    return async (call) => {
      // real time: a client's timeout is real, whatever the server's clock does
      for (const { by } of plan.strike(call, ['latency'])) await setTimeout(by);
      const disturbed = disturb(call);
      if (disturbed !== undefined) return disturbed;
      const lost = plan.strike(call, ['lost-reply']).length > 0;
      const reply = await next(call);
      return lost ? { kind: 'reset' } : reply;
    };
  };

/** Lets reads see the state of a moment ago, as eventually consistent services do. */
export const stale =
  (plan: FaultPlan): Layer =>
  (next) =>
  async (call) => {
    const lags = call.write ? [] : plan.strike(call, ['stale']).map(({ by }) => by);
    return next({ ...call, at: call.at - Math.max(0, ...lags) });
  };
