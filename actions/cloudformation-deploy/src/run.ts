import type { Inputs } from '../action.js';
import { parseRequest } from './inputs/parse-request.js';
import { updateComment } from './report/pr-comment.js';
import { formatHeadline } from './report/verdict.js';
import type { Result } from './result.js';
import { runStack } from './run-stack.js';
import type { Services } from './services.js';
import { formatAmbiguousNames } from './stack/stack-outputs.js';
import type { StackSetResult } from './stack-set/result.js';
import type { StacksResult } from './stacks/stacks-result.js';

/** Runs the mode on the stack of the inputs, and reports the result in the log and a comment. */
const runSingleStack = async (inputs: Inputs, services: Services): Promise<Result> => {
  const { host, workspace } = services;
  const result = await runStack(parseRequest(inputs, workspace), services);
  const warning = formatAmbiguousNames(result.record.stack);
  if (warning !== undefined) host.log.warning(warning);
  host.log.info(formatHeadline(result));
  await updateComment(inputs, result, services);
  return result;
};

/** Brings the stack, the stacks of `stacks` or `assembly`, or the stack set to the state that the inputs request. */
export const run = async (inputs: Inputs, services: Services): Promise<Result | StacksResult | StackSetResult> => {
  const { assembly, stacks } = inputs;
  if (inputs.accounts !== undefined || inputs['organizational-units'] !== undefined) {
    const { runStackSet } = await import('./stack-set/run-stack-set.js');
    return runStackSet(inputs, services);
  }
  if (assembly !== undefined) {
    const { runAssembly } = await import('./assembly/run-assembly.js');
    return runAssembly({ ...inputs, assembly }, services);
  }
  if (stacks === undefined) return runSingleStack(inputs, services);
  const { runStacks } = await import('./stacks/run-stacks.js');
  return runStacks({ ...inputs, stacks }, services);
};
