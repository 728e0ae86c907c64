import type { Ending } from './result.js';
import { factsOf } from './situation.js';
import type { Stack } from './stack.js';

/**
 * What an empty change set means: nothing to do for a stack that has arrived. One that stopped at a failure, or was
 * never created, is not where it should be, though CloudFormation sees nothing to change.
 */
export const emptyEnding = (stack: Stack | undefined, isFailingOnEmpty: boolean): Ending => {
  if (factsOf(stack?.status).situation === 'ready') return { kind: 'unchanged', isFailure: isFailingOnEmpty };
  const what = stack === undefined ? 'there is no stack' : `stack ${stack.name} is in ${stack.status}`;
  const remedy = 'change the template or a parameter, or see what a condition leaves out';
  return { kind: 'refused', reason: `the change set is empty, but ${what}: ${remedy}` };
};
