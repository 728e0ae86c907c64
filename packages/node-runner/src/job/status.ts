import type { Condition } from '../action/action-file.js';

/** Status of a job, and outcome of a step. */
export type Status = 'success' | 'failure' | 'cancelled';

const CONDITION_CHECKS: Readonly<Record<Condition, (status: Status) => boolean>> = {
  'always()': () => true,
  'success()': (status) => status === 'success',
  'failure()': (status) => status === 'failure',
  'cancelled()': (status) => status === 'cancelled',
  '!cancelled()': (status) => status !== 'cancelled',
};

export const isConditionMet = (condition: Condition, status: Status): boolean => CONDITION_CHECKS[condition](status);
