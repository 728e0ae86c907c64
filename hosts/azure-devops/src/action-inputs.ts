import type { ActionFile } from '@aws-delivery/node-runner/action/action-file';
import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';

/** The input that names the service connection, as the agent writes it. It is the task's own, not the action's. */
export const CONNECTION_INPUT = 'AWSCREDENTIALS';

/**
 * A task's inputs under the names that the action gives them. What the action does not know stays as it is: the action
 * refuses it and says what was meant.
 */
export const toActionInputs = (
  inputs: ReadonlyMap<string, string>,
  { defaults }: Pick<ActionFile, 'defaults'>,
): Readonly<Record<string, string>> => {
  const names = new Map([...defaults.keys()].map((name) => [toAzureName(name).toUpperCase(), name]));
  const ownInputs = [...inputs].filter(([name]) => name !== CONNECTION_INPUT);
  return Object.fromEntries(ownInputs.map(([name, value]) => [names.get(name) ?? name.toLowerCase(), value]));
};
