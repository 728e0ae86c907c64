import type { Agent, ConnectionFields } from './agent.js';

/** Keys to call AWS with. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** A role to assume. */
export interface Role {
  readonly arn: string;
  readonly externalId: string | undefined;
  readonly sessionName: string | undefined;
  /** Seconds, as text; the action's default unless given. */
  readonly duration: string | undefined;
}

/** What a service connection of type AWS, or a pipeline's variables, say of credentials. */
export interface Connection {
  readonly keys: Keys | undefined;
  readonly role: Role | undefined;
  /** Whose token of Azure DevOps may be asked for: the pipeline's, that of the connection of this id, or nobody's. */
  readonly token: 'pipeline' | 'none' | { readonly connection: string };
}

/** Nothing is said: what the machine has, and the pipeline's own identity. */
export const NO_CONNECTION: Connection = { keys: undefined, role: undefined, token: 'pipeline' };

const parseKeys = (origin: string, id = '', secret = '', token = ''): Keys | undefined => {
  if (id === '' && secret === '') return undefined;
  if (id !== '' && secret !== '') return { accessKeyId: id, secretAccessKey: secret, sessionToken: token || undefined };
  throw new Error(`${origin} has one of access key id and secret access key: give both, or neither`);
};

/** The variable in which the AWS toolkit's tasks take the length of a role's session, in seconds. */
const DURATION_VARIABLE = 'aws.rolecredential.maxduration';

const parseRole = ({ assumeRoleArn, externalId, roleSessionName }: ConnectionFields, agent: Agent): Role | undefined =>
  assumeRoleArn
    ? {
        arn: assumeRoleArn,
        externalId: externalId || undefined,
        sessionName: roleSessionName || undefined,
        duration: agent.getVariable(DURATION_VARIABLE) || undefined,
      }
    : undefined;

/**
 * What a service connection says of credentials.
 * @throws Error where it has half of a pair of keys, or is out of reach
 */
export const readServiceConnection = (id: string, agent: Agent): Connection => {
  const fields = agent.getConnection(id);
  if (fields === undefined) {
    throw new Error(`the agent has no service connection '${id}': let the pipeline use the one in 'awsCredentials'`);
  }
  const { username, password, sessionToken, useOIDC } = fields;
  const keys = parseKeys('the service connection', username, password, sessionToken);
  const token = useOIDC?.toLowerCase() === 'true' && keys === undefined ? { connection: id } : 'none';
  return { keys, role: parseRole(fields, agent), token };
};

/**
 * What the variables say by which the AWS toolkit's tasks take credentials, for servers without connections or OIDC.
 * @throws Error where they hold half of a pair of keys
 */
export const readVariableConnection = (agent: Agent): Connection => {
  const readVariable = (name: string): string => agent.getVariable(`AWS.${name}`) ?? '';
  const [id, secret, token] = ['AccessKeyID', 'SecretAccessKey', 'SessionToken'].map(readVariable);
  const keys = parseKeys('the pair of variables AWS.AccessKeyID and AWS.SecretAccessKey', id, secret, token);
  const [assumeRoleArn = '', externalId = '', roleSessionName = ''] = [
    'AssumeRoleArn',
    'ExternalId',
    'RoleSessionName',
  ].map(readVariable);
  return { keys, role: parseRole({ assumeRoleArn, externalId, roleSessionName }, agent), token: 'pipeline' };
};

/** A connection in terms of oidc-credentials' inputs. */
export const toCredentialInputs = ({ keys, role }: Connection): Readonly<Record<string, string>> => {
  const inputs = {
    'aws-access-key-id': keys?.accessKeyId,
    'aws-secret-access-key': keys?.secretAccessKey,
    'aws-session-token': keys?.sessionToken,
    'role-arn': role?.arn,
    'role-external-id': role?.externalId,
    'role-session-name': role?.sessionName,
    'role-duration': role?.duration,
  };
  return Object.fromEntries(Object.entries(inputs).flatMap(([name, value]) => (value ? [[name, value]] : [])));
};

/**
 * How the role of a connection is assumed: the AWS toolkit's tasks send no session tags, so its trust policy need not
 * allow them; and without OIDC no token is asked for.
 */
export const getAssumeRoleSwitches = ({ role, token }: Connection): Readonly<Record<string, string>> => ({
  ...(role === undefined ? {} : { 'role-skip-session-tagging': 'true' }),
  ...(role !== undefined && token === 'none' ? { 'force-skip-oidc': 'true' } : {}),
});

/** Keys as the environment gives them to an SDK. */
export const toKeyEnv = ({ accessKeyId, secretAccessKey, sessionToken }: Keys): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
});
