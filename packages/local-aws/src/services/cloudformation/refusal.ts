import { Refusal } from '../../refusal.js';

/** Most refusals are plain `ValidationError`s, told apart by their text alone (aws-facts §1.8). */
export const invalid = (message: string): Refusal => new Refusal({ code: 'ValidationError', message });

export const refusal = (code: string, message: string, status = 400): Refusal => new Refusal({ code, message, status });

export const noStack = (name: string): Refusal => invalid(`Stack [${name}] does not exist`);

/** DescribeStacks, DescribeStackResources and GetTemplate say it in other words than the rest. */
export const noStackWithId = (name: string): Refusal => invalid(`Stack with id ${name} does not exist`);

export const noChangeSet = (name: string): Refusal =>
  refusal('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);

/** A value that does not have the form an input asks for. */
export const malformed = (value: string, member: string, rule: string): Refusal =>
  invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);
