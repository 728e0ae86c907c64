import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { decodeFileContent } from '../template/source-reader.js';

/** A stack policy as SetStackPolicy takes it. */
export type StackPolicy = { readonly StackPolicyURL: string } | { readonly StackPolicyBody: string };

/** 16 KB; aws-facts §1.8. */
const MAX_POLICY_BYTES = 16_384;

/** A policy in JSON. Throws DeliveryError `invalid-input`: a deploy must not find out at its end. */
export const parseStackPolicy = (body: string, name: string): StackPolicy => {
  if (Buffer.byteLength(body) > MAX_POLICY_BYTES) {
    throw new DeliveryError('invalid-input', `${name} has more than ${MAX_POLICY_BYTES} bytes: shorten it`);
  }
  try {
    JSON.parse(body);
  } catch (cause) {
    throw new DeliveryError('invalid-input', `${name} is not JSON: ${errorMessage(cause)}`, { cause });
  }
  return { StackPolicyBody: body };
};

const readPolicyFile = (name: string, workspace: string): string => {
  try {
    return decodeFileContent(readFileSync(resolve(workspace, name)));
  } catch (error) {
    throw toFileError(name, error);
  }
};

/** The policy that an input means: JSON, the https address of an object in S3, or a path in the workspace. */
export const readStackPolicy = (input: string, workspace: string): StackPolicy => {
  if (input.startsWith('https://')) return { StackPolicyURL: input };
  if (input.trimStart().startsWith('{')) return parseStackPolicy(input, "input 'stack-policy'");
  return parseStackPolicy(readPolicyFile(input, workspace), `stack-policy '${input}'`);
};
