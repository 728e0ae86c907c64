import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Agent, ConnectionFields } from '../../../hosts/azure-devops/src/agent.js';
import { createPlan } from '../../../hosts/azure-devops/src/task-plan.js';
import { root } from '../../../scripts/command.mjs';

const ROLE = 'arn:aws:iam::123456789012:role/deploy';

/** The sources of credentials that a job has; each key has an id that names its source. */
interface Sources {
  readonly connection?: ConnectionFields;
  readonly variables?: Readonly<Record<string, string>>;
  /** The agent machine's environment. */
  readonly machine?: Readonly<Record<string, string>>;
  /** Variables of an earlier AWSDeliveryOIDCCredentials task. */
  readonly session?: boolean;
  readonly oidc?: boolean;
}

const KEYS = { 'AWS.AccessKeyID': 'VARIABLE', 'AWS.SecretAccessKey': 's' };
const VARIABLE_ROLE = { 'AWS.AssumeRoleArn': ROLE };
const MACHINE = { AWS_ACCESS_KEY_ID: 'MACHINE', AWS_SECRET_ACCESS_KEY: 's' };
const CONNECTION = { username: 'CONNECTION', password: 's' };

const createAgent = ({ connection, variables = {}, machine = {}, session, oidc }: Sources): Agent => ({
  inputs: new Map(connection === undefined ? [] : [['AWSCREDENTIALS', 'aws']]),
  env: {
    PATH: process.env['PATH'],
    ...machine,
    ...(session ? { AWS_ACCESS_KEY_ID: 'SESSION', AWS_SECRET_ACCESS_KEY: 's', AWS_DELIVERY_SESSION: 'true' } : {}),
    ...(oidc ? { SYSTEM_OIDCREQUESTURI: 'https://dev.azure.example/oidc', SYSTEM_ACCESSTOKEN: 't' } : {}),
  },
  getVariable: (name) => variables[name],
  getConnection: () => connection,
  getTaskVariable: () => undefined,
  setTaskVariable: () => {},
  setVariable: () => {},
  prependPath: () => {},
  fail: () => {},
});

/**
 * Every combination of sources and the credentials that the action gets: the id of an access key, `profile`, `instance`
 * (the rest of the default chain) or `oidc`; `role with` if they assume the role. `=` marks rows that equal the AWS
 * Toolkit (github.com/aws/aws-toolkit-azure-devops, lib/awsConnectionParameters).
 */
const TABLE: readonly (readonly [name: string, Sources, credentials: string])[] = [
  ['= connection with keys', { connection: CONNECTION }, 'CONNECTION'],
  ['= connection before variables', { connection: CONNECTION, variables: KEYS }, 'CONNECTION'],
  ['= connection before the machine', { connection: CONNECTION, machine: MACHINE }, 'CONNECTION'],
  ['= connection with keys and role', { connection: { ...CONNECTION, assumeRoleArn: ROLE } }, 'role with CONNECTION'],
  ['connection before a session', { connection: CONNECTION, session: true }, 'CONNECTION'],
  ['= connection with OIDC of the Toolkit', { connection: { role: ROLE }, oidc: true }, 'role with oidc'],
  ['connection with OIDC', { connection: { useOIDC: 'true', assumeRoleArn: ROLE }, oidc: true }, 'role with oidc'],
  [
    '= connection with a role alone: the machine',
    { connection: { assumeRoleArn: ROLE }, machine: MACHINE },
    'role with MACHINE',
  ],
  [
    'connection with a role alone: a session',
    { connection: { assumeRoleArn: ROLE }, session: true },
    'role with SESSION',
  ],
  ['= connection with a role alone: the instance', { connection: { assumeRoleArn: ROLE } }, 'role with instance'],
  ['session', { session: true }, 'SESSION'],
  ['session before variables', { session: true, variables: KEYS }, 'SESSION'],
  ['session before a role in variables', { session: true, variables: VARIABLE_ROLE }, 'SESSION'],
  ['= variables', { variables: KEYS }, 'VARIABLE'],
  ['= variables before the machine', { variables: KEYS, machine: MACHINE }, 'VARIABLE'],
  ['variables before a profile', { variables: KEYS, machine: { AWS_PROFILE: 'p' } }, 'VARIABLE'],
  ['= variables with a role', { variables: { ...KEYS, ...VARIABLE_ROLE } }, 'role with VARIABLE'],
  ['a role in variables: the machine', { variables: VARIABLE_ROLE, machine: MACHINE }, 'role with MACHINE'],
  ['a role in variables: a profile', { variables: VARIABLE_ROLE, machine: { AWS_PROFILE: 'p' } }, 'role with profile'],
  ['a role in variables: the instance', { variables: VARIABLE_ROLE }, 'role with instance'],
  ['a role in variables: the pipeline', { variables: VARIABLE_ROLE, oidc: true }, 'role with oidc'],
  ['= the machine', { machine: MACHINE }, 'MACHINE'],
  ['= a profile', { machine: { AWS_PROFILE: 'p' } }, 'profile'],
  ['= the instance', {}, 'instance'],
];

describe('the credentials of a task', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'task-'));
    for (const [name, action] of Object.entries({ action: 'cloudformation-deploy', credentials: 'oidc-credentials' })) {
      mkdirSync(join(directory, name));
      cpSync(join(root, 'actions', action, 'action.yml'), join(directory, name, 'action.yml'));
    }
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const describeCredentials = (sources: Sources): string => {
    const { credentials, actionEnv, token } = createPlan(createAgent(sources), directory);
    const defaults =
      actionEnv['AWS_ACCESS_KEY_ID'] ?? (actionEnv['AWS_PROFILE'] === undefined ? 'instance' : 'profile');
    if (credentials === undefined) return defaults;
    const { inputs = {} } = credentials;
    expect(inputs['role-arn']).toBe(ROLE);
    const key = inputs['aws-access-key-id'];
    const usesToken = key === undefined && token !== 'none' && sources.oidc === true;
    // Only a token can renew a session; oidc-credentials rejects `refresh` for other sources.
    expect(inputs['refresh']).toBe(String(usesToken));
    return `role with ${key ?? (usesToken ? 'oidc' : defaults)}`;
  };

  it.each(TABLE)('%s', (_, sources, credentials) => {
    expect(describeCredentials(sources)).toBe(credentials);
  });

  it.each(['AWSREGION', 'REGION', 'REGIONNAME'])('takes the Region of %s in upper case, as the AWS Toolkit', (name) => {
    const agent = createAgent({ variables: { ...KEYS, ...VARIABLE_ROLE } });
    const { action, credentials } = createPlan({ ...agent, inputs: new Map([[name, 'EU-WEST-1']]) }, directory);
    const regions = Object.entries(action.inputs ?? {}).filter(([input]) => /region/u.test(input));
    expect(regions.map(([, value]) => value)).toEqual(['eu-west-1']);
    if (name !== 'REGION') expect(credentials?.inputs).toMatchObject({ 'aws-region': 'eu-west-1' });
  });

  it('rejects half of a pair of keys', () => {
    expect(() => describeCredentials({ variables: { 'AWS.AccessKeyID': 'a' } })).toThrow('set both or neither');
  });
});
