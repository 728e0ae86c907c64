import type { Env } from '@aws-delivery/action-kit/util/env';

/** What a service connection holds, by the names of its fields. */
export type ConnectionFields = Readonly<Record<string, string>>;

/** What a task gets from the agent that runs it, by way of Microsoft's task library. */
export interface Agent {
  /** The inputs with a value, by name in upper case. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The environment, and the secret variables in the form that others have there (`AWS_ACCESS_KEY_ID`). */
  readonly env: Env;
  /** A variable of the pipeline, secret or not. */
  getVariable(name: string): string | undefined;
  /** The fields of a service connection; undefined where the agent has none of that id. */
  getConnection(id: string): ConnectionFields | undefined;
  /** What main left for post under a name. */
  getTaskVariable(name: string): string | undefined;
  /** Leaves something for post. */
  setTaskVariable(name: string, value: string): void;
  /** Sets a variable of the pipeline for the steps that follow. A secret has one line: agents refuse others. */
  setVariable(name: string, value: string, secret: boolean): void;
  /** Puts a folder before all others in the PATH of the steps that follow. */
  prependPath(path: string): void;
  /** Ends the task as failed. The message is shown as its error. */
  fail(message: string): void;
}

/** The connection of the agent to its server, which every task gets. */
const SYSTEM_CONNECTION = 'SYSTEMVSSCONNECTION';

const INPUT_PREFIX = 'INPUT_';

/** The names of the inputs that the agent set; to be asked for before the task library takes them away. */
const listInputNames = (env: Env): readonly string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(INPUT_PREFIX))
    .map((name) => name.slice(INPUT_PREFIX.length));

/**
 * Loads the task library, which takes inputs, connections and secrets out of the environment, and with it what the
 * agent has for this task.
 */
export const openAgent = async (): Promise<Agent> => {
  const names = listInputNames(process.env);
  const { default: library } = await import('azure-pipelines-task-lib/task.js');
  const getConnection = (id: string): ConnectionFields | undefined =>
    library.getEndpointAuthorization(id, true)?.parameters;
  const accessToken = getConnection(SYSTEM_CONNECTION)?.['AccessToken'] ?? library.getVariable('System.AccessToken');
  // Names with points are the pipeline's own: nobody looks for them in an environment.
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
