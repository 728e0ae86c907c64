import type { Agent, ConnectionFields } from './agent.js';

/** AWS access keys. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

export interface Role {
  readonly arn: string;
  readonly externalId: string | undefined;
  readonly sessionName: string | undefined;
  /** Seconds; default: the one of the action. */
  readonly duration: string | undefined;
}

/** Credential settings of a service connection of type AWS, or of pipeline variables. */
export interface Connection {
  readonly keys: Keys | undefined;
  readonly role: Role | undefined;
  /** Which OIDC token of Azure DevOps to request: of the pipeline, of the connection with this id, or none. */
  readonly token: 'pipeline' | 'none' | { readonly connection: string };
}

/** Without settings: the credentials of the machine and the identity of the pipeline. */
export const NO_CONNECTION: Connection = { keys: undefined, role: undefined, token: 'pipeline' };

const parseKeys = (origin: string, id = '', secret = '', token = ''): Keys | undefined => {
  if (id === '' && secret === '') return undefined;
  if (id !== '' && secret !== '') return { accessKeyId: id, secretAccessKey: secret, sessionToken: token || undefined };
  throw new Error(`${origin} has only one of access key ID and secret access key: set both or neither`);
};

/** The AWS toolkit's variable for the duration of a role session in seconds. */
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
 * Reads the credential settings of a service connection.
 * @throws Error if it is unknown to the agent or has only one key of a pair
 */
export const readServiceConnection = (id: string, agent: Agent): Connection => {
  const fields = agent.getConnection(id);
  if (fields === undefined) {
    throw new Error(
      `service connection '${id}' not found: allow the pipeline to use the connection in 'awsCredentials'`,
    );
  }
  // The AWS Toolkit's connections with OIDC have the role in `role`, which logs do not mask.
  const { username, password, sessionToken, useOIDC, role } = fields;
  const keys = parseKeys('the service connection', username, password, sessionToken);
  const usesOidc = useOIDC?.toLowerCase() === 'true' || Boolean(role);
  const token = usesOidc && keys === undefined ? { connection: id } : 'none';
  return { keys, role: parseRole({ ...fields, assumeRoleArn: fields['assumeRoleArn'] || role || '' }, agent), token };
};

/**
 * Reads the credential variables of the AWS toolkit's tasks, for servers without connections or OIDC.
 * @throws Error if only one key of a pair is set
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

/** A connection as inputs of oidc-credentials. */
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
 * Inputs of oidc-credentials for the role of a connection: no session tags, since trust policies for the AWS toolkit's
 * tasks need not allow them, and no token request without OIDC.
 */
export const getAssumeRoleSwitches = ({ role, token }: Connection): Readonly<Record<string, string>> => ({
  ...(role === undefined ? {} : { 'role-skip-session-tagging': 'true' }),
  ...(role !== undefined && token === 'none' ? { 'force-skip-oidc': 'true' } : {}),
});

/** Keys as environment variables of SDKs. */
export const toKeyEnv = ({ accessKeyId, secretAccessKey, sessionToken }: Keys): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
});
