import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type OidcInputs } from '../action.js';
import { ACCOUNT, OTHER_ACCOUNT, role, Stage } from './stage.js';

/** Shows that an input changes a call, an output, a file or an error. */
type Proof = (stage: Stage) => Promise<void>;

const NO_ENDPOINT = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };
const USER_KEYS = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
const USER_INPUTS = { 'aws-access-key-id': 'AKIAUSER', 'aws-secret-access-key': 'user/secret+key' };
const AS_USER = { ...USER_INPUTS, 'role-to-assume': role('user') };

/** A server that hangs up, and counts how often it was called. */
const deadServer = async () => {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, calls: () => connections, close: () => server.close() };
};

/** An STS that gives sessions with these secret keys, one after the other. */
const stsWithKeys = async (...keys: string[]) => {
  const server = createServer(async (request, answer) => {
    const operation = new URLSearchParams(await text(request)).get('Action') ?? '';
    const end = new Date(Date.now() + 3_600_000).toISOString();
    const body =
      operation === 'GetCallerIdentity'
        ? `<Account>${ACCOUNT}</Account><Arn>${role('plain')}</Arn><UserId>AROA</UserId>`
        : `<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>${keys.shift()}</SecretAccessKey><SessionToken>s</SessionToken><Expiration>${end}</Expiration></Credentials>`;
    answer.end(`<${operation}Response><${operation}Result>${body}</${operation}Result></${operation}Response>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
};

const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };

const proofs = {
  'aws-region': async (stage) => {
    const { calls, memory } = await stage.main({ inputs: { 'aws-region': 'us-west-2' } });
    expect(calls.at(-1)?.region).toBe('us-west-2');
    expect(memory.exported).toMatchObject({ AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-2' });
  },
  'token-source': async (stage) => {
    const { memory } = await stage.main({ inputs: { 'token-source': 'github' }, variables: NO_ENDPOINT });
    expect(memory.failures[0]).toContain(
      "there is no OIDC token endpoint here: give the job 'permissions: id-token: write'",
    );
    const elsewhere = { ...NO_ENDPOINT, AWS_DELIVERY_RUNNER: 'shell' };
    const { memory: shell } = await stage.main({ inputs: { 'token-source': 'github' }, variables: elsewhere });
    expect(shell.failures[0]).toContain("no OIDC token endpoint here: let the job have its host's token");
    expect(shell.failures[0]).not.toContain('permissions');
  },
  'token-variable': async (stage) => {
    const AWS_TOKEN = await stage.aws.token({ audience: 'sts.amazonaws.com' });
    const step = await stage.main({
      inputs: { 'token-variable': 'AWS_TOKEN' },
      variables: { ...NO_ENDPOINT, AWS_TOKEN },
    });
    expect(step.memory.failures).toEqual([]);
    expect(step.calls[0]?.input['WebIdentityToken']).toBe(AWS_TOKEN);
    expect(step.memory.masked).toContain(AWS_TOKEN);
  },
  'web-identity-token-file': async (stage) => {
    const token = await stage.aws.token({ audience: 'sts.amazonaws.com' });
    await writeFile(join(stage.temporary, 'token'), `${token}\n`);
    const variables = { ...NO_ENDPOINT, GITHUB_WORKSPACE: stage.temporary };
    const { calls } = await stage.main({ inputs: { 'web-identity-token-file': 'token' }, variables });
    expect(calls[0]?.input['WebIdentityToken']).toBe(token);
  },
  audience: async (stage) => {
    const { memory } = await stage.main({ inputs: { audience: 'someone.else' } });
    expect(memory.failures[0]).toContain('Incorrect token audience');
    expect(memory.log.text()).toContain('does not list the audience someone.else');
  },
  'aws-access-key-id': async (stage) => {
    const { memory } = await stage.main({ inputs: { 'aws-secret-access-key': 'x' } });
    expect(memory.failures[0]).toContain("given without 'aws-access-key-id'");
    const { calls } = await stage.main({ inputs: AS_USER });
    expect(calls[0]).toMatchObject({ operation: 'AssumeRole', principal: `arn:aws:iam::${ACCOUNT}:user/deployer` });
  },
  'aws-secret-access-key': async (stage) => {
    const wrong = { ...USER_INPUTS, 'aws-secret-access-key': 'wrong', 'role-to-assume': '' };
    const { memory } = await stage.main({ inputs: wrong });
    expect(memory.failures[0]).toContain('SignatureDoesNotMatch');
    expect(memory.exported).toEqual({});
  },
  'aws-session-token': async (stage) => {
    const { memory } = await stage.main();
    const keys = {
      'aws-access-key-id': memory.exported['AWS_ACCESS_KEY_ID'] ?? '',
      'aws-secret-access-key': memory.exported['AWS_SECRET_ACCESS_KEY'] ?? '',
      'aws-session-token': memory.exported['AWS_SESSION_TOKEN'] ?? '',
    };
    const second = await stage.main({ inputs: { ...keys, 'role-to-assume': role('second') } });
    expect(second.calls[0]).toMatchObject({ operation: 'AssumeRole', principal: expect.stringContaining('/deploy/') });
    const { memory: without } = await stage.main({ inputs: { ...keys, 'aws-session-token': '' } });
    expect(without.failures).toHaveLength(1);
  },
  'role-chaining': async (stage) => {
    const inputs = { 'role-chaining': 'true', 'role-to-assume': role('user') };
    const { operations, memory } = await stage.main({ inputs, variables: USER_KEYS });
    expect(operations).toEqual(['AssumeRole', 'GetCallerIdentity']);
    expect(memory.log.text()).toContain("Starting from the credentials that are in place, as 'role-chaining' asks");
  },
  'force-skip-oidc': async (stage) => {
    const inputs = { 'force-skip-oidc': 'true', 'role-to-assume': role('user') };
    const { operations } = await stage.main({ inputs, variables: USER_KEYS });
    expect(operations).toEqual(['AssumeRole', 'GetCallerIdentity']);
  },
  'use-existing-credentials': async (stage) => {
    const kept = await stage.main({ inputs: { 'use-existing-credentials': 'true' }, variables: USER_KEYS });
    expect(kept.operations).toEqual(['GetCallerIdentity']);
    expect(kept.memory.exported).toEqual({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
    const replaced = await stage.main({ inputs: { 'use-existing-credentials': 'false' }, variables: USER_KEYS });
    expect(replaced.operations).toContain('AssumeRoleWithWebIdentity');
  },
  'unset-current-credentials': async (stage) => {
    const inputs = { 'unset-current-credentials': 'true', 'aws-profile': 'unset' };
    const { memory } = await stage.main({ inputs, variables: USER_KEYS });
    expect(memory.exported).toEqual({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  },
  'role-arn': async (stage) => {
    const { memory } = await stage.main({ inputs: { 'role-to-assume': '', 'role-arn': role('deploy') } });
    expect(memory.outputs['authenticated-arn']).toContain('assumed-role/deploy/');
  },
  'role-chain': async (stage) => {
    const { operations } = await stage.main({ inputs: { 'role-chain': role('second') } });
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'AssumeRole', 'GetCallerIdentity']);
  },
  'account-id': async (stage) => {
    const { calls } = await stage.main({ inputs: { 'role-to-assume': 'deploy', 'account-id': ACCOUNT } });
    expect(calls[0]?.input['RoleArn']).toBe(role('deploy'));
    const { memory } = await stage.main({ inputs: { 'role-to-assume': 'deploy' } });
    expect(memory.failures[0]).toContain("role 'deploy' is a name without an account");
  },
  'role-duration': async (stage) => {
    const { calls } = await stage.main({ inputs: { 'role-duration-seconds': '900' } });
    expect(calls[0]?.input['DurationSeconds']).toBe(900);
    const { memory } = await stage.main({ inputs: { 'role-duration': '12h' } });
    expect(memory.failures[0]).toContain("lower 'role-duration', or raise the role's maximum session duration");
  },
  'role-external-id': async (stage) => {
    const { calls } = await stage.main({ inputs: { ...AS_USER, 'role-external-id': 'external' } });
    expect(calls[0]?.input['ExternalId']).toBe('external');
  },
  'role-session-name': async (stage) => {
    const { calls } = await stage.main({ inputs: { 'role-session-name': 'run 7/é' } });
    expect(calls[0]?.input['RoleSessionName']).toBe('run-7-');
  },
  'role-skip-session-tagging': async (stage) => {
    const tagged = await stage.main({ inputs: AS_USER });
    expect(tagged.calls[0]?.input['Tags']).toContainEqual({ Key: 'Workflow', Value: 'delivery _prod_' });
    const { calls } = await stage.main({ inputs: { ...AS_USER, 'role-skip-session-tagging': 'true' } });
    expect(calls[0]?.input['Tags']).toBeUndefined();
  },
  tags: async (stage) => {
    const { calls } = await stage.main({ inputs: { ...AS_USER, 'custom-tags': '{"Team": "shop", "Level": 3}' } });
    expect(calls[0]?.input['Tags']).toEqual(
      expect.arrayContaining([
        { Key: 'Team', Value: 'shop' },
        { Key: 'Level', Value: '3' },
        { Key: 'GitHub', Value: 'Actions' },
      ]),
    );
    const { memory } = await stage.main({ inputs: { tags: 'Team=shop' } });
    expect(memory.log.text()).toContain("'tags' have no effect here");
  },
  'transitive-tag-keys': async (stage) => {
    const { calls } = await stage.main({ inputs: { ...AS_USER, 'transitive-tag-keys': 'Repository\nAbsent' } });
    expect(calls[0]?.input['TransitiveTagKeys']).toEqual(['Repository']);
  },
  'inline-session-policy': async (stage) => {
    const written = JSON.stringify(policy, null, 2);
    const { calls } = await stage.main({ inputs: { 'inline-session-policy': written, 'role-chain': 'second' } });
    expect(calls.map(({ input }) => input['Policy'])).toEqual([undefined, JSON.stringify(policy), undefined]);
  },
  'managed-session-policies': async (stage) => {
    const arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::aws:policy/AmazonS3FullAccess'];
    const { calls } = await stage.main({ inputs: { 'managed-session-policies': arns.join('\n') } });
    expect(calls[0]?.input['PolicyArns']).toEqual(arns.map((arn) => ({ arn })));
  },
  'output-env-credentials': async (stage) => {
    const { memory } = await stage.main({ inputs: { 'output-env-credentials': 'false' } });
    expect(memory.failures).toEqual([]);
    expect(memory.exported).toEqual({});
    expect(memory.outputs['aws-account-id']).toBe(ACCOUNT);
  },
  'output-credentials': async (stage) => {
    const { memory } = await stage.main({
      inputs: { 'output-credentials': 'true', 'output-env-credentials': 'false' },
    });
    expect(memory.outputs).toMatchObject({
      'aws-access-key-id': expect.stringMatching(/^ASIA/),
      'aws-secret-access-key': expect.any(String),
      'aws-session-token': expect.any(String),
    });
  },
  'aws-profile': async (stage) => {
    const { memory } = await stage.main({ inputs: { 'aws-profile': 'shop' } });
    expect(memory.exported).toEqual({});
    expect(await readFile(join(stage.home, '.aws', 'credentials'), 'utf8')).toContain(
      '[shop]\naws_access_key_id = ASIA',
    );
    expect(await readFile(join(stage.home, '.aws', 'config'), 'utf8')).toContain(
      '[profile shop]\nregion = eu-central-1\n',
    );
  },
  'overwrite-aws-profile': async (stage) => {
    await stage.main({ inputs: { 'aws-profile': 'twice' } });
    const refused = await stage.main({ inputs: { 'aws-profile': 'twice' } });
    expect(refused.memory.failures[0]).toContain("profile 'twice' exists already");
    const { memory } = await stage.main({ inputs: { 'aws-profile': 'twice', 'overwrite-aws-profile': 'true' } });
    expect(memory.failures).toEqual([]);
  },
  refresh: async (stage) => {
    const { memory } = await stage.main({ inputs: { refresh: 'true' } });
    expect(memory.exported).toMatchObject({ AWS_PROFILE: 'oidc-credentials', AWS_SDK_LOAD_CONFIG: '1' });
    expect(memory.exported).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  },
  'allowed-account-ids': async (stage) => {
    const { memory } = await stage.main({ inputs: { 'allowed-account-ids': `${OTHER_ACCOUNT}, ${ACCOUNT}` } });
    expect(memory.failures).toEqual([]);
    const { memory: refused } = await stage.main({ inputs: { 'allowed-account-ids': OTHER_ACCOUNT } });
    expect(refused.failures).toHaveLength(1);
  },
  'mask-aws-account-id': async (stage) => {
    const { memory } = await stage.main({ inputs: { 'mask-aws-account-id': 'true' } });
    expect(memory.masked).toEqual(expect.arrayContaining([ACCOUNT, memory.outputs['authenticated-arn']]));
    expect(memory.summary()).not.toContain(ACCOUNT);
    const denied = await stage.main({ inputs: { 'mask-aws-account-id': 'true' }, claims: { repository: 'some/body' } });
    expect(denied.memory.masked).toContain(ACCOUNT);
    expect(denied.memory.summary()).not.toContain(ACCOUNT);
  },
  'expected-subjects': async (stage) => {
    const inputs = { 'expected-subjects': 'repo:octocat/my-repo:*\nrepo:octocat/other:*' };
    const { memory } = await stage.main({ inputs, claims: { repository: 'Octocat/my-repo' } });
    expect(memory.log.text()).toContain("sub differs from 'repo:octocat/my-repo:*' in upper and lower case only");
  },
  'secret-ids': async (stage) => {
    const { memory, calls } = await stage.main({ inputs: { 'secret-ids': 'DB, prod/db\nstage/*' } });
    expect(memory.exported).toMatchObject({ STAGE_PLAIN: 'stage-value', DB: expect.stringContaining('hunter22') });
    expect(calls.map(({ operation }) => operation)).toContain('ListSecrets');
  },
  'parse-json-secrets': async (stage) => {
    const { memory } = await stage.main({ inputs: { 'secret-ids': 'prod/db', 'parse-json-secrets': 'true' } });
    expect(memory.exported).toMatchObject({
      PROD_DB_USER: 'shop',
      PROD_DB_PASSWORD: 'hunter22',
      PROD_DB_NESTED_PORT: '5432',
    });
    expect(memory.masked).toEqual(expect.arrayContaining(['shop', 'hunter22']));
  },
  timeout: async (stage) => {
    stage.aws.setFaults([{ fault: 'throttle', operation: 'AssumeRoleWithWebIdentity' }]);
    const started = stage.clock.now();
    const { memory } = await stage.main({ inputs: { 'action-timeout-s': '20', 'retry-max-attempts': '1000' } });
    expect(memory.failures[0]).toContain('waited 20s');
    expect(stage.clock.now() - started).toBeLessThanOrEqual(20_000);
  },
  'retry-max-attempts': async (stage) => {
    stage.aws.setFaults([{ fault: 'throttle', operation: 'AssumeRoleWithWebIdentity' }]);
    const { operations } = await stage.main({ inputs: { 'retry-max-attempts': '3' } });
    expect(operations).toHaveLength(3);
  },
  'disable-retry': async (stage) => {
    stage.aws.setFaults([{ fault: 'throttle', operation: 'AssumeRoleWithWebIdentity' }]);
    const { operations } = await stage.main({ inputs: { 'disable-retry': 'true' } });
    expect(operations).toHaveLength(1);
  },
  'special-characters-workaround': async (stage) => {
    const sts = await stsWithKeys('ab/c', 'a+bc', 'abc');
    const inputs = { 'special-characters-workaround': 'true', 'sts-endpoint': sts.url, 'disable-retry': 'true' };
    const { memory } = await stage.main({ inputs });
    expect(memory.exported['AWS_SECRET_ACCESS_KEY']).toBe('abc');
    sts.close();
  },
  'http-proxy': async (stage) => {
    const proxy = createServer((_, answer) => answer.writeHead(502).end());
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const inputs = {
      'http-proxy': `http://u:pa55word@127.0.0.1:${port}`,
      'sts-endpoint': 'http://sts.example',
      'disable-retry': 'true',
    };
    const { memory } = await stage.main({ inputs });
    expect(memory.failures[0]).toContain('502');
    expect(memory.masked).toContain('pa55word');
    proxy.close();
  },
  'no-proxy': async (stage) => {
    const proxy = await deadServer();
    const inputs = {
      'http-proxy': proxy.url,
      'no-proxy': 'sts.invalid',
      'sts-endpoint': 'http://sts.invalid',
      'disable-retry': 'true',
    };
    const { memory } = await stage.main({ inputs });
    expect(memory.failures[0]).toContain('sts.invalid');
    expect(proxy.calls()).toBe(0);
    proxy.close();
  },
  'sts-endpoint': async (stage) => {
    const dead = await deadServer();
    const { operations } = await stage.main({ inputs: { 'sts-endpoint': dead.url, 'disable-retry': 'true' } });
    expect(operations).toEqual([]);
    expect(dead.calls()).toBe(1);
    dead.close();
  },
} satisfies Record<keyof OidcInputs, Proof>;

describe('every input has its effect', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it.each(Object.entries(proofs))('%s', async (_, prove) => {
    stage.aws.setFaults([]);
    await prove(stage);
  });

  it('and is declared', () => {
    expect(Object.keys(proofs).sort()).toEqual(Object.keys(definition.inputs).sort());
  });
});
