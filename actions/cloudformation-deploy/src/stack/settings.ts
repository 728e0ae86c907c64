import { SetStackPolicyCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { StackSettings } from '../inputs/request.js';
import type { Stack } from './stack.js';

/** Sets what can only be set on a stack that has arrived: its policy and its termination protection. */
export const applySettings = async (
  cloudFormation: CloudFormation,
  stack: Stack,
  { terminationProtection, stackPolicy }: StackSettings,
): Promise<Stack> => {
  const StackName = stack.id;
  if (stackPolicy !== undefined) {
    await cloudFormation.send(new SetStackPolicyCommand({ StackName, ...stackPolicy }));
  }
  if (terminationProtection === undefined || terminationProtection === stack.hasTerminationProtection) return stack;
  const EnableTerminationProtection = terminationProtection;
  await cloudFormation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
  return { ...stack, hasTerminationProtection: terminationProtection };
};
