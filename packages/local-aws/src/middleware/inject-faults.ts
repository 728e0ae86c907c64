import { setTimeout } from 'node:timers/promises';
import {
  type ApiCall,
  createErrorResponse,
  type Document,
  type Middleware,
  type ServiceResponse,
} from '../api-call.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import { isDocument } from '../protocols/document.js';
import { createCommonErrorResponse } from './common-error.js';
import type { MiddlewareContext } from './middleware-context.js';

const PREVENTING_FAULTS = ['throttle', 'error', 'reset'] as const;

const omitMembers = (value: unknown, members: readonly string[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => omitMembers(item, members));
  return isDocument(value) ? omitFrom(value, members) : value;
};

const omitFrom = (document: Document, members: readonly string[]): Document =>
  Object.fromEntries(
    Object.entries(document)
      .filter(([name]) => !members.includes(name))
      .map(([name, value]) => [name, omitMembers(value, members)]),
  );

/**
 * Injects the scenario's faults: latency, throttling, errors, closed connections, lost responses and omitted members.
 */
export const injectFaults =
  ({ faults: plan, apiModel, callLog }: MiddlewareContext): Middleware =>
  (next) => {
    const injectFault = (call: ApiCall): ServiceResponse | undefined => {
      const [fault] = plan.selectFaults(call, PREVENTING_FAULTS);
      if (fault === undefined) return undefined;
      callLog.update(call.id, { verdict: 'disturbed' });
      if (fault.fault === 'reset') return { kind: 'reset' };
      if (fault.fault === 'error') return createErrorResponse(fault.code, fault.message, fault.status);
      return createCommonErrorResponse('throttled', apiModel.getProtocol(call.service));
    };
    return async (call) => {
      // Latency is real time: clients' timeouts do not follow the server's clock.
      for (const { by } of plan.selectFaults(call, ['latency'])) await setTimeout(by);
      const faultResponse = injectFault(call);
      if (faultResponse !== undefined) return faultResponse;
      const isResponseLost = plan.selectFaults(call, ['lost-reply']).length > 0;
      const omitted = plan.selectFaults(call, ['omit']).flatMap(({ members }) => members);
      const response = await next(call);
      if (response.kind === 'output' && omitted.length > 0)
        return { ...response, output: omitFrom(response.output, omitted) };
      return isResponseLost ? { kind: 'reset' } : response;
    };
  };

/** Makes reads return an earlier state, as eventually consistent services do. */
export const simulateStaleReads =
  (plan: FaultPlan): Middleware =>
  (next) =>
  async (call) => {
    const lags = call.write ? [] : plan.selectFaults(call, ['stale']).map(({ by }) => by);
    return next({ ...call, at: call.at - Math.max(0, ...lags) });
  };
