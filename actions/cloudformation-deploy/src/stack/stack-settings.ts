import { resolve } from 'node:path';
import { readRegularFileSync } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { SetStackPolicyCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import { decodeFileContent } from '../template/source-reader.js';
import type { Stack } from './stack.js';

/** A stack policy as SetStackPolicy takes it. */
export type StackPolicy = { readonly StackPolicyURL: string } | { readonly StackPolicyBody: string };

/** Settings applied to the stack after a successful operation; undefined: unchanged. */
export interface StackSettings {
  readonly terminationProtection: boolean | undefined;
  readonly stackPolicy: StackPolicy | undefined;
}

/** Limit of a stack policy body (docs/aws-facts.md §1.8). */
const MAX_POLICY_BYTES = 16_384;

/**
 * Checks a policy before the deployment starts, since it is applied at the end.
 * @throws DeliveryError `invalid-input` for a body that is too large or not JSON
 */
export const parseStackPolicy = (body: string, name: string): StackPolicy => {
  if (Buffer.byteLength(body) > MAX_POLICY_BYTES) {
    throw new DeliveryError('invalid-input', `${name} is longer than ${MAX_POLICY_BYTES} bytes: shorten it`);
  }
  try {
    JSON.parse(body);
  } catch (cause) {
    throw new DeliveryError('invalid-input', `${name} is not valid JSON: ${errorMessage(cause)}`, { cause });
  }
  return { StackPolicyBody: body };
};

const readPolicyFile = (name: string, workspace: string): string => {
  try {
    return decodeFileContent(readRegularFileSync(resolve(workspace, name)));
  } catch (error) {
    throw toFileError(name, error);
  }
};

/** The policy in JSON, at the https address of an S3 object, or in a file of the workspace. */
export const readStackPolicy = (input: string, workspace: string): StackPolicy => {
  if (input.startsWith('https://')) return { StackPolicyURL: input };
  if (input.trimStart().startsWith('{')) return parseStackPolicy(input, "input 'stack-policy'");
  return parseStackPolicy(readPolicyFile(input, workspace), `stack-policy '${input}'`);
};

/** Sets the stack policy and termination protection, which change sets cannot set. */
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
