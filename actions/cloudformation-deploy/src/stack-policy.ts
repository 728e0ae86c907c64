import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { fileError } from '@aws-delivery/artifact/file-error';
import { decodeText } from './text-encoding.js';

/** A stack policy as SetStackPolicy takes it. */
export type StackPolicy = { readonly StackPolicyURL: string } | { readonly StackPolicyBody: string };

/** 16 KB; aws-facts §1.8. */
const LONGEST = 16_384;

/** A policy in JSON. Throws DeliveryError `invalid-input`: a deploy must not find out at its end. */
export const stackPolicyOf = (body: string, name: string): StackPolicy => {
  if (Buffer.byteLength(body) > LONGEST) {
    throw new DeliveryError('invalid-input', `${name} has more than ${LONGEST} bytes: shorten it`);
  }
  try {
    JSON.parse(body);
  } catch (cause) {
    throw new DeliveryError('invalid-input', `${name} is not JSON: ${textOf(cause)}`, { cause });
  }
  return { StackPolicyBody: body };
};

const readText = (name: string, workspace: string): string => {
  try {
    return decodeText(readFileSync(resolve(workspace, name)));
  } catch (error) {
    throw fileError(name, error);
  }
};

/** The policy that an input means: JSON, the https address of an object in S3, or a path in the workspace. */
export const readStackPolicy = (text: string, workspace: string): StackPolicy => {
  if (text.startsWith('https://')) return { StackPolicyURL: text };
  if (text.trimStart().startsWith('{')) return stackPolicyOf(text, "input 'stack-policy'");
  return stackPolicyOf(readText(text, workspace), `stack-policy '${text}'`);
};
