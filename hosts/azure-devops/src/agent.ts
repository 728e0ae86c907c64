import type { Env } from '@aws-delivery/action-kit/util/env';

/** The fields of a service connection by name. */
export type ConnectionFields = Readonly<Record<string, string>>;

/** Set for later tasks together with the credentials of an earlier one, which take precedence over other variables. */
export const SESSION_VARIABLE = 'AWS_DELIVERY_SESSION';

/** The agent of a task, through Microsoft's task library. */
export interface Agent {
  /** Inputs with a value by name in upper case. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The environment including secret variables under names in upper case (`AWS_ACCESS_KEY_ID`). */
  readonly env: Env;
  /** A pipeline variable, also a secret one. */
  getVariable(name: string): string | undefined;
  /** The fields of a service connection; undefined for an unknown id. */
  getConnection(id: string): ConnectionFields | undefined;
  /** A variable that main has set for post. */
  getTaskVariable(name: string): string | undefined;
  /** Sets a variable for post. */
  setTaskVariable(name: string, value: string): void;
  /** Sets a pipeline variable for the following steps. Agents reject secrets of several lines. */
  setVariable(name: string, value: string, secret: boolean): void;
  /** Prepends a directory to the PATH of the following steps. */
  prependPath(path: string): void;
  /** Sets the result of the task to failed, with an error message. */
  fail(message: string): void;
}

/** The id of the agent's connection to its server, which every task has. */
const SYSTEM_CONNECTION = 'SYSTEMVSSCONNECTION';

const INPUT_PREFIX = 'INPUT_';

/** Names of the inputs. The task library removes them from the environment when it loads. */
const listInputNames = (env: Env): readonly string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(INPUT_PREFIX))
    .map((name) => name.slice(INPUT_PREFIX.length));

/**
 * Loads the task library, which moves inputs, connections and secrets from the environment to its own store.
 */
export const openAgent = async (): Promise<Agent> => {
  const names = listInputNames(process.env);
  const { default: library } = await import('azure-pipelines-task-lib/task.js');
  const getConnection = (id: string): ConnectionFields | undefined =>
    library.getEndpointAuthorization(id, true)?.parameters;
  const accessToken = getConnection(SYSTEM_CONNECTION)?.['AccessToken'] ?? library.getVariable('System.AccessToken');
  // Names with points are predefined variables, which no tool reads from its environment.
  const secrets = library.getVariables().filter(({ name, secret }) => secret && !name.includes('.'));
  return {
    inputs: new Map(
      names.flatMap((name) => {
        const value = library.getInput(name);
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
    env: {
      ...process.env,
      ...Object.fromEntries(secrets.map(({ name, value }) => [name.toUpperCase(), value])),
      ...(accessToken === undefined ? {} : { SYSTEM_ACCESSTOKEN: accessToken }),
    },
    getVariable: (name) => library.getVariable(name),
    getConnection,
    getTaskVariable: (name) => library.getTaskVariable(name),
    setTaskVariable: (name, value) => library.setTaskVariable(name, value),
    setVariable: (name, value, secret) => library.setVariable(name, value, secret),
    prependPath: (path) => library.prependPath(path),
    fail: (message) => library.setResult(library.TaskResult.Failed, message),
  };
};
