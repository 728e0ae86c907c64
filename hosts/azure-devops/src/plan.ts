import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionFile, readActionFile } from '@aws-delivery/node-runner/action-file';
import type { StepRequest } from '@aws-delivery/node-runner/step';
import { actionInputs, connectionInput } from './action-inputs.js';
import type { Agent } from './agent.js';
import {
  type Connection,
  connectionInputs,
  noConnection,
  serviceConnection,
  variableConnection,
} from './connection.js';
import { machineOf } from './machine.js';

/** The audience of every token of Azure DevOps. */
const audience = 'api://AzureADTokenExchange';

/** What a task is to do: its action, and before it what gets the credentials. */
export interface Plan {
  readonly file: ActionFile;
  readonly action: StepRequest;
  readonly credentials: StepRequest | undefined;
  /** What both see of the agent's environment. */
  readonly machine: Readonly<Record<string, string>>;
  /** Whose token of Azure DevOps may be asked for. */
  readonly token: Connection['token'];
  /** To be hidden from the log. */
  readonly secrets: readonly string[];
}

/** What is said of credentials. Those that a task got before come before the pipeline's variables. */
const connectionOf = (agent: Agent, isCredentials: boolean): Connection => {
  const id = agent.inputs.get(connectionInput);
  if (id !== undefined) return serviceConnection(id, agent);
  return agent.variables['AWS_ACCESS_KEY_ID'] && !isCredentials ? noConnection : variableConnection(agent);
};

const secretsOf = ({ keys }: Connection, machine: Plan['machine']): readonly string[] =>
  [keys?.secretAccessKey, keys?.sessionToken, machine['AWS_SECRET_ACCESS_KEY'], machine['AWS_SESSION_TOKEN']].flatMap(
    (secret) => (secret ? [secret] : []),
  );

/**
 * Makes out what a task in `folder` is to do: `action` lies in it and, unless that gets credentials itself,
 * `credentials`.
 * @throws Error what the connection lacks
 */
export const planOf = (agent: Agent, folder: string): Plan => {
  const [action, credentials] = ['action', 'credentials'].map((name) => join(folder, name));
  const isCredentials = credentials === undefined || !existsSync(credentials);
  const file = readActionFile(action ?? folder);
  const connection = connectionOf(agent, isCredentials);
  const inputs = actionInputs(agent.inputs, file);
  const { role, keys, token } = connection;
  const named = [inputs['token-variable']].filter((name) => name !== undefined);
  const machine = machineOf(agent, role === undefined && !isCredentials ? keys : undefined, named);
  const roleInputs = { audience, 'aws-region': inputs['aws-region'] ?? machine['AWS_REGION'] ?? '' };
  const id = agent.variable('System.TaskInstanceName') || 'task';
  return {
    file,
    action: {
      id,
      action: file.directory,
      inputs: isCredentials ? { audience, ...connectionInputs(connection), ...inputs } : inputs,
    },
    credentials:
      isCredentials || role === undefined
        ? undefined
        : {
            id: `${id}-credentials`,
            action: credentials,
            inputs: { ...connectionInputs(connection), ...roleInputs },
            // In a post step, too, after a job that failed.
            condition: 'always()',
          },
    machine,
    token,
    secrets: secretsOf(connection, machine),
  };
};
