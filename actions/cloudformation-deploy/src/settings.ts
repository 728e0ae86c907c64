import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { SetStackPolicyCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from './cloudformation.js';
import type { Settings } from './request.js';
import type { Stack } from './stack.js';

/** Sets what can only be set on a stack that has arrived: its policy and its termination protection. */
export const applySettings = async (
  cloudFormation: CloudFormation,
  stack: Stack,
  { isProtected, stackPolicy }: Settings,
): Promise<Stack> => {
  const StackName = stack.id;
  if (stackPolicy !== undefined) {
    await cloudFormation.send(new SetStackPolicyCommand({ StackName, ...policySource(stackPolicy) }));
  }
  if (isProtected === undefined || isProtected === stack.isProtected) return stack;
  const EnableTerminationProtection = isProtected;
  await cloudFormation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
  return { ...stack, isProtected };
};

/** 16 KB; aws-facts §1.8. */
const LONGEST_POLICY = 16_384;

type PolicySource = { readonly StackPolicyURL: string } | { readonly StackPolicyBody: string };

const policySource = (text: string): PolicySource => {
  if (text.startsWith('https://')) return { StackPolicyURL: text };
  const body = text.trimStart().startsWith('{') ? text : readPolicy(text);
  if (Buffer.byteLength(body) <= LONGEST_POLICY) return { StackPolicyBody: body };
  throw new DeliveryError('invalid-input', `stack-policy has more than ${LONGEST_POLICY} bytes: shorten it`);
};

const readPolicy = (path: string): string => {
  try {
    return readFileSync(resolve(path), 'utf8');
  } catch (cause) {
    throw new DeliveryError('invalid-input', `stack-policy '${path}' cannot be read: ${textOf(cause)}`, { cause });
  }
};
