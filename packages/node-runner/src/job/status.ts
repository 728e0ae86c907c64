import type { Condition } from '../action/action-file.js';

/** How a job stands, and how a step ended. */
export type Status = 'success' | 'failure' | 'cancelled';

const CONDITION_CHECKS: Readonly<Record<Condition, (status: Status) => boolean>> = {
  'always()': () => true,
  'success()': (status) => status === 'success',
  'failure()': (status) => status === 'failure',
  'cancelled()': (status) => status === 'cancelled',
  '!cancelled()': (status) => status !== 'cancelled',
};

/** Whether a step with this condition runs in a job that stands so. */
export const isConditionMet = (condition: Condition, status: Status): boolean => CONDITION_CHECKS[condition](status);
