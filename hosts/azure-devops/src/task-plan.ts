import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionFile, readActionFile } from '@aws-delivery/node-runner/action/action-file';
import type { StepRequest } from '@aws-delivery/node-runner/job/step';
import { buildActionEnv } from './action-environment.js';
import { CONNECTION_INPUT, toActionInputs } from './action-inputs.js';
import type { Agent } from './agent.js';
import {
  type Connection,
  getAssumeRoleSwitches,
  NO_CONNECTION,
  readServiceConnection,
  readVariableConnection,
  toCredentialInputs,
} from './connection.js';

/** What oidc-credentials takes on Azure DevOps unless told otherwise: the audience that all its tokens have, and a name. */
const CREDENTIAL_DEFAULTS = { audience: 'api://AzureADTokenExchange', 'role-session-name': 'AzureDevOps' };

/** What a task is to do: its action, and before it what gets the credentials. */
export interface TaskPlan {
  readonly actionFile: ActionFile;
  readonly action: StepRequest;
  readonly credentials: StepRequest | undefined;
  /** What both see of the agent's environment. */
  readonly actionEnv: Readonly<Record<string, string>>;
  /** Whose token of Azure DevOps may be asked for. */
  readonly token: Connection['token'];
  /** To be hidden from the log. */
  readonly secrets: readonly string[];
}

/** What is said of credentials. Those that a task got before come before the pipeline's variables. */
const readConnection = (agent: Agent, isCredentialsTask: boolean): Connection => {
  const id = agent.inputs.get(CONNECTION_INPUT);
  if (id !== undefined) return readServiceConnection(id, agent);
  return agent.env['AWS_ACCESS_KEY_ID'] && !isCredentialsTask ? NO_CONNECTION : readVariableConnection(agent);
};

const listSecrets = (agent: Agent, { keys }: Connection, actionEnv: TaskPlan['actionEnv']): readonly string[] => {
  const { AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = actionEnv;
  const candidates = [
    keys?.secretAccessKey,
    keys?.sessionToken,
    secret,
    token,
    agent.getVariable('Agent.ProxyPassword'),
  ];
  return candidates.flatMap((value) => (value ? [value] : []));
};

const buildCredentialInputs = (connection: Connection, inputs: Readonly<Record<string, string>>) => ({
  ...CREDENTIAL_DEFAULTS,
  ...toCredentialInputs(connection),
  ...inputs,
  ...getAssumeRoleSwitches(connection),
});

/**
 * The step that gets credentials for an action, which may work longer than a session lasts: they are renewed, but for
 * those that keys were needed for, which no file shall hold. It runs in a post step, too, also after a job that failed.
 */
const buildCredentialStep = (id: string, action: string, connection: Connection, region: string): StepRequest => ({
  id: `${id}-credentials`,
  action,
  inputs: buildCredentialInputs(connection, {
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
export const createPlan = (agent: Agent, directory: string): TaskPlan => {
  const actionFile = readActionFile(join(directory, 'action'));
  const credentials = join(directory, 'credentials');
  const isCredentialsTask = !existsSync(credentials);
  const connection = readConnection(agent, isCredentialsTask);
  const { role, keys, token } = connection;
  const inputs = toActionInputs(agent.inputs, actionFile);
  const extraVariables = [inputs['token-variable']].filter((name) => name !== undefined);
  const actionEnv = buildActionEnv(agent, role === undefined && !isCredentialsTask ? keys : undefined, extraVariables);
  const id = agent.getVariable('System.TaskInstanceName') || 'task';
  const region = inputs['aws-region'] ?? actionEnv['AWS_REGION'] ?? '';
  return {
    actionFile,
    action: {
      id,
      action: actionFile.directory,
      inputs: isCredentialsTask ? buildCredentialInputs(connection, inputs) : inputs,
    },
    credentials:
      isCredentialsTask || role === undefined ? undefined : buildCredentialStep(id, credentials, connection, region),
    actionEnv,
    token,
    secrets: listSecrets(agent, connection, actionEnv),
  };
};
