import { findCurrentToken } from '../operation/wait-for-operation.js';
import type { RunContext } from '../run-context.js';
import { findStack, type Stack } from '../stack/stack.js';
import { getStatusInfo } from '../stack/stack-state.js';
import { decideStep, type Step } from './recovery-table.js';

/** The stack as it was read, and the next step for it. */
export interface StackSnapshot {
  /** Undefined if the stack does not exist. */
  readonly stack: Stack | undefined;
  readonly step: Step;
  /** Client request token of the running operation; undefined if it has none. */
  readonly token: string | undefined;
  /** Whether an attempt of this job started the running operation. */
  readonly isOwn: boolean;
}

export const readStackSnapshot = async (context: RunContext): Promise<StackSnapshot> => {
  const { request, tokens } = context;
  const stack = await findStack(context.cloudFormation, request.stackName);
  const isBusy = stack !== undefined && getStatusInfo(stack.status).state === 'busy';
  const token = isBusy ? await findCurrentToken(context, stack) : undefined;
  const isOwn = tokens.isOwn(token);
  const policies = { ...request.policies, ...(isOwn ? { 'on-conflict': 'own' as const } : {}) };
  return { stack, step: decideStep(stack?.status, request.mode, policies), token, isOwn };
};
