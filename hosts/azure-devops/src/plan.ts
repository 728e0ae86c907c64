import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionFile, readActionFile } from '@aws-delivery/node-runner/action-file';
import type { StepRequest } from '@aws-delivery/node-runner/step';
import { actionInputs, connectionInput } from './action-inputs.js';
import type { Agent } from './agent.js';
import {
  type Connection,
  connectionInputs,
  connectionSwitches,
  noConnection,
  serviceConnection,
  variableConnection,
} from './connection.js';
import { machineOf } from './machine.js';

/** What oidc-credentials takes on Azure DevOps unless told otherwise: the audience that all its tokens have, and a name. */
const defaults = { audience: 'api://AzureADTokenExchange', 'role-session-name': 'AzureDevOps' };

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

const secretsOf = (agent: Agent, { keys }: Connection, machine: Plan['machine']): readonly string[] => {
  const { AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = machine;
  const all = [keys?.secretAccessKey, keys?.sessionToken, secret, token, agent.variable('Agent.ProxyPassword')];
  return all.flatMap((value) => (value ? [value] : []));
};

const credentialInputs = (connection: Connection, given: Readonly<Record<string, string>>) => ({
  ...defaults,
  ...connectionInputs(connection),
  ...given,
  ...connectionSwitches(connection),
});

/**
 * The step that gets credentials for an action, which may work longer than a session lasts: they are renewed, but for
 * those that keys were needed for, which no file shall hold. It runs in a post step, too, also after a job that failed.
 */
const credentialStep = (id: string, action: string, connection: Connection, region: string): StepRequest => ({
  id: `${id}-credentials`,
  action,
  inputs: credentialInputs(connection, {
    'aws-region': region,
    refresh: String(connection.keys === undefined),
  }),
  condition: 'always()',
});

/**
 * Makes out what a task in `folder` is to do: `action` lies in it and, unless that gets credentials itself,
 * `credentials`.
 * @throws Error what the connection lacks
 */
export const planOf = (agent: Agent, folder: string): Plan => {
  const file = readActionFile(join(folder, 'action'));
  const credentials = join(folder, 'credentials');
  const isCredentials = !existsSync(credentials);
  const connection = connectionOf(agent, isCredentials);
  const { role, keys, token } = connection;
  const given = actionInputs(agent.inputs, file);
  const named = [given['token-variable']].filter((name) => name !== undefined);
  const machine = machineOf(agent, role === undefined && !isCredentials ? keys : undefined, named);
  const id = agent.variable('System.TaskInstanceName') || 'task';
  const region = given['aws-region'] ?? machine['AWS_REGION'] ?? '';
  return {
    file,
    action: { id, action: file.directory, inputs: isCredentials ? credentialInputs(connection, given) : given },
    credentials: isCredentials || role === undefined ? undefined : credentialStep(id, credentials, connection, region),
    machine,
    token,
    secrets: secretsOf(agent, connection, machine),
  };
};
