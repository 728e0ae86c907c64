import type { Outcome } from '../result.js';
import type { Stack } from '../stack/stack.js';
import { getStatusInfo } from '../stack/stack-state.js';

/**
 * What an empty change set means: nothing to do for a stack that has arrived. One that stopped at a failure, or was
 * never created, is not where it should be, though CloudFormation sees nothing to change.
 */
export const createNoChangesOutcome = (stack: Stack | undefined, failOnEmpty: boolean): Outcome => {
  if (getStatusInfo(stack?.status).state === 'ready') return { kind: 'unchanged', isFailure: failOnEmpty };
  const stackDescription = stack === undefined ? 'there is no stack' : `stack ${stack.name} is in ${stack.status}`;
  const hint = 'change the template or a parameter, or see what a condition leaves out';
  return { kind: 'rejected', reason: `the change set is empty, but ${stackDescription}: ${hint}` };
};
