import type { ActionFile } from '@aws-delivery/node-runner/action/action-file';
import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';

/** The input with the id of the service connection, in upper case as in the agent's environment. */
export const CONNECTION_INPUT = 'AWSCREDENTIALS';

/**
 * Translates the inputs of a task to those of the action. Unknown names are passed on in lower case, and the action
 * rejects them with the closest name.
 */
export const toActionInputs = (
  inputs: ReadonlyMap<string, string>,
  { defaults }: Pick<ActionFile, 'defaults'>,
): Readonly<Record<string, string>> => {
  const names = new Map([...defaults.keys()].map((name) => [toAzureName(name).toUpperCase(), name]));
  const ownInputs = [...inputs].filter(([name]) => name !== CONNECTION_INPUT);
  return Object.fromEntries(ownInputs.map(([name, value]) => [names.get(name) ?? name.toLowerCase(), value]));
};
