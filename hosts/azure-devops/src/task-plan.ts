import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionFile, readActionFile } from '@aws-delivery/node-runner/action/action-file';
import { toAzureName } from '@aws-delivery/node-runner/host/azure-names';
import type { StepRequest } from '@aws-delivery/node-runner/job/step';
import { buildActionEnv } from './action-environment.js';
import { type Agent, SESSION_VARIABLE } from './agent.js';
import {
  type Connection,
  getAssumeRoleSwitches,
  NO_CONNECTION,
  readServiceConnection,
  readVariableConnection,
  toCredentialInputs,
} from './connection.js';

/** The input with the id of the service connection, in upper case as in the agent's environment. */
const CONNECTION_INPUT = 'AWSCREDENTIALS';

/** Defaults of oidc-credentials on Azure DevOps, where all tokens have this audience. */
const CREDENTIAL_DEFAULTS = { audience: 'api://AzureADTokenExchange', 'role-session-name': 'AzureDevOps' };

/** Inputs for a Region, which the AWS Toolkit accepts in upper case. */
const REGION_INPUTS = ['aws-region', 'region'];

/** The AWS Toolkit's name for the Region; servers that know the alias pass the value as `awsRegion`. */
const TOOLKIT_NAMES: Readonly<Record<string, string>> = { REGIONNAME: 'aws-region' };

/** The steps of a task: its action, preceded by the credentials step if there is a role to assume. */
export interface TaskPlan {
  readonly actionFile: ActionFile;
  readonly action: StepRequest;
  readonly credentials: StepRequest | undefined;
  /** The environment of both steps. */
  readonly actionEnv: Readonly<Record<string, string>>;
  readonly token: Connection['token'];
  /** Values to mask. */
  readonly secrets: readonly string[];
}

/** Selects the credential settings. Credentials of an earlier task take precedence over pipeline variables. */
const readConnection = (agent: Agent, isCredentialsTask: boolean): Connection => {
  const id = agent.inputs.get(CONNECTION_INPUT);
  if (id !== undefined) return readServiceConnection(id, agent);
  return agent.env[SESSION_VARIABLE] && !isCredentialsTask ? NO_CONNECTION : readVariableConnection(agent);
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

interface CredentialOptions {
  /** Directory of oidc-credentials. */
  readonly action: string;
  readonly connection: Connection;
  readonly region: string;
}

/**
 * The step that assumes the role. Credentials are renewed during long actions, unless they come from keys: these would
 * have to be saved in a file, as would the machine's. The step also runs before a post, even after a failed job, hence `always()`.
 */
const buildCredentialStep = (
  { action, connection, region }: CredentialOptions,
  { env, getVariable }: Pick<Agent, 'env' | 'getVariable'>,
): StepRequest => {
  const hasToken = Boolean(env['SYSTEM_OIDCREQUESTURI'] && env['SYSTEM_ACCESSTOKEN']);
  const refresh = String(connection.keys === undefined && connection.token !== 'none' && hasToken);
  return {
    id: `${getVariable('System.TaskInstanceName') || 'task'}-credentials`,
    action,
    inputs: buildCredentialInputs(connection, { 'aws-region': region, refresh }),
    condition: 'always()',
  };
};

/**
 * Translates the inputs of a task to those of the action. Unknown names are passed on in lower case, and the action
 * rejects them with the closest name.
 */
const toActionInputs = (
  inputs: ReadonlyMap<string, string>,
  { defaults }: Pick<ActionFile, 'defaults'>,
): Readonly<Record<string, string>> => {
  const names = new Map([...defaults.keys()].map((name) => [toAzureName(name).toUpperCase(), name]));
  const ownInputs = [...inputs].filter(([name]) => name !== CONNECTION_INPUT);
  return Object.fromEntries(
    ownInputs.map(([name, value]) => {
      const input = names.get(name) ?? TOOLKIT_NAMES[name] ?? name.toLowerCase();
      return [input, REGION_INPUTS.includes(input) ? value.toLowerCase() : value];
    }),
  );
};

/**
 * Plans the task in `directory`, which contains `action` and, except for the task of oidc-credentials, `credentials`.
 * @throws Error for an incomplete connection
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
      isCredentialsTask || role === undefined
        ? undefined
        : buildCredentialStep({ action: credentials, connection, region }, agent),
    actionEnv,
    token,
    secrets: listSecrets(agent, connection, actionEnv),
  };
};
