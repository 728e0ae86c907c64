import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type OidcInputs } from '../action.js';
import { ACCOUNT, Harness, OTHER_ACCOUNT, roleArn } from './harness.js';

/** Shows that an input changes a call, an output, a file or an error. */
type InputTest = (harness: Harness) => Promise<void>;

const NO_ENDPOINT = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };
const USER_KEYS = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
const USER_INPUTS = { 'aws-access-key-id': 'AKIAUSER', 'aws-secret-access-key': 'user/secret+key' };
const AS_USER = { ...USER_INPUTS, 'role-to-assume': roleArn('user') };

/** A server that closes every connection and counts them. */
const startDeadServer = async () => {
  let connectionCount = 0;
  const server = createTcpServer((socket) => {
    connectionCount += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, getCallCount: () => connectionCount, close: () => server.close() };
};

/** An STS that issues sessions with these secret keys in turn. */
const startStsWithKeys = async (...keys: string[]) => {
  const server = createServer(async (request, response) => {
    const operation = new URLSearchParams(await text(request)).get('Action') ?? '';
    const expiration = new Date(Date.now() + 3_600_000).toISOString();
    const body =
      operation === 'GetCallerIdentity'
        ? `<Account>${ACCOUNT}</Account><Arn>${roleArn('plain')}</Arn><UserId>AROA</UserId>`
        : `<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>${keys.shift()}</SecretAccessKey><SessionToken>s</SessionToken><Expiration>${expiration}</Expiration></Credentials>`;
    response.end(`<${operation}Response><${operation}Result>${body}</${operation}Result></${operation}Response>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
};

const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };

const inputTests = {
  'aws-region': async (harness) => {
    const { calls, recorded } = await harness.runMain({ inputs: { 'aws-region': 'us-west-2' } });
    expect(calls.at(-1)?.region).toBe('us-west-2');
    expect(recorded.exported).toMatchObject({ AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-2' });
  },
  'token-source': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'token-source': 'github' }, env: NO_ENDPOINT });
    expect(recorded.failures[0]).toContain(
      "no OIDC token endpoint found: set 'permissions: id-token: write' on the job",
    );
    const shellEnv = { ...NO_ENDPOINT, AWS_DELIVERY_RUNNER: 'shell' };
    const { recorded: shell } = await harness.runMain({ inputs: { 'token-source': 'github' }, env: shellEnv });
    expect(shell.failures[0]).toContain("no OIDC token endpoint found: configure the host's OIDC token");
    expect(shell.failures[0]).not.toContain('permissions');
  },
  'token-variable': async (harness) => {
    const AWS_TOKEN = await harness.aws.issueToken({ audience: 'sts.amazonaws.com' });
    const step = await harness.runMain({
      inputs: { 'token-variable': 'AWS_TOKEN' },
      env: { ...NO_ENDPOINT, AWS_TOKEN },
    });
    expect(step.recorded.failures).toEqual([]);
    expect(step.calls[0]?.input['WebIdentityToken']).toBe(AWS_TOKEN);
    expect(step.recorded.masked).toContain(AWS_TOKEN);
  },
  'web-identity-token-file': async (harness) => {
    const token = await harness.aws.issueToken({ audience: 'sts.amazonaws.com' });
    await writeFile(join(harness.tempDirectory, 'token'), `${token}\n`);
    const env = { ...NO_ENDPOINT, GITHUB_WORKSPACE: harness.tempDirectory };
    const { calls } = await harness.runMain({ inputs: { 'web-identity-token-file': 'token' }, env });
    expect(calls[0]?.input['WebIdentityToken']).toBe(token);
  },
  audience: async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { audience: 'someone.else' } });
    expect(recorded.failures[0]).toContain('Incorrect token audience');
    expect(recorded.log.getOutput()).toContain('does not list the audience someone.else');
  },
  'aws-access-key-id': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'aws-secret-access-key': 'x' } });
    expect(recorded.failures[0]).toContain("'aws-access-key-id' is required with 'aws-secret-access-key'");
    const { calls } = await harness.runMain({ inputs: AS_USER });
    expect(calls[0]).toMatchObject({ operation: 'AssumeRole', principal: `arn:aws:iam::${ACCOUNT}:user/deployer` });
  },
  'aws-secret-access-key': async (harness) => {
    const wrong = { ...USER_INPUTS, 'aws-secret-access-key': 'wrong', 'role-to-assume': '' };
    const { recorded } = await harness.runMain({ inputs: wrong });
    expect(recorded.failures[0]).toContain('SignatureDoesNotMatch');
    expect(recorded.exported).toEqual({});
  },
  'aws-session-token': async (harness) => {
    const { recorded } = await harness.runMain();
    const keys = {
      'aws-access-key-id': recorded.exported['AWS_ACCESS_KEY_ID'] ?? '',
      'aws-secret-access-key': recorded.exported['AWS_SECRET_ACCESS_KEY'] ?? '',
      'aws-session-token': recorded.exported['AWS_SESSION_TOKEN'] ?? '',
    };
    const second = await harness.runMain({ inputs: { ...keys, 'role-to-assume': roleArn('second') } });
    expect(second.calls[0]).toMatchObject({ operation: 'AssumeRole', principal: expect.stringContaining('/deploy/') });
    const { recorded: without } = await harness.runMain({ inputs: { ...keys, 'aws-session-token': '' } });
    expect(without.failures).toHaveLength(1);
  },
  'role-chaining': async (harness) => {
    const inputs = { 'role-chaining': 'true', 'role-to-assume': roleArn('user') };
    const { operations, recorded } = await harness.runMain({ inputs, env: USER_KEYS });
    expect(operations).toEqual(['AssumeRole', 'GetCallerIdentity']);
    expect(recorded.log.getOutput()).toContain("Input 'role-chaining' is set; using the default AWS credential chain");
  },
  'force-skip-oidc': async (harness) => {
    const inputs = { 'force-skip-oidc': 'true', 'role-to-assume': roleArn('user') };
    const { operations } = await harness.runMain({ inputs, env: USER_KEYS });
    expect(operations).toEqual(['AssumeRole', 'GetCallerIdentity']);
  },
  'use-existing-credentials': async (harness) => {
    const retained = await harness.runMain({ inputs: { 'use-existing-credentials': 'true' }, env: USER_KEYS });
    expect(retained.operations).toEqual(['GetCallerIdentity']);
    expect(retained.recorded.exported).toEqual({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
    const replaced = await harness.runMain({ inputs: { 'use-existing-credentials': 'false' }, env: USER_KEYS });
    expect(replaced.operations).toContain('AssumeRoleWithWebIdentity');
  },
  'unset-current-credentials': async (harness) => {
    const inputs = { 'unset-current-credentials': 'true', 'aws-profile': 'unset' };
    const { recorded } = await harness.runMain({ inputs, env: USER_KEYS });
    expect(recorded.exported).toEqual({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  },
  'role-arn': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'role-to-assume': '', 'role-arn': roleArn('deploy') } });
    expect(recorded.outputs['authenticated-arn']).toContain('assumed-role/deploy/');
  },
  'role-chain': async (harness) => {
    const { operations } = await harness.runMain({ inputs: { 'role-chain': roleArn('second') } });
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'AssumeRole', 'GetCallerIdentity']);
  },
  'account-id': async (harness) => {
    const { calls } = await harness.runMain({ inputs: { 'role-to-assume': 'deploy', 'account-id': ACCOUNT } });
    expect(calls[0]?.input['RoleArn']).toBe(roleArn('deploy'));
    const { recorded } = await harness.runMain({ inputs: { 'role-to-assume': 'deploy' } });
    expect(recorded.failures[0]).toContain("role 'deploy' has no account");
  },
  'role-duration': async (harness) => {
    const { calls } = await harness.runMain({ inputs: { 'role-duration-seconds': '900' } });
    expect(calls[0]?.input['DurationSeconds']).toBe(900);
    const { recorded } = await harness.runMain({ inputs: { 'role-duration': '12h' } });
    expect(recorded.failures[0]).toContain("lower 'role-duration', or raise the role's maximum session duration");
  },
  'role-external-id': async (harness) => {
    const { calls } = await harness.runMain({ inputs: { ...AS_USER, 'role-external-id': 'external' } });
    expect(calls[0]?.input['ExternalId']).toBe('external');
  },
  'role-session-name': async (harness) => {
    const { calls } = await harness.runMain({ inputs: { 'role-session-name': 'run 7/é' } });
    expect(calls[0]?.input['RoleSessionName']).toBe('run-7-');
  },
  'role-skip-session-tagging': async (harness) => {
    const tagged = await harness.runMain({ inputs: AS_USER });
    expect(tagged.calls[0]?.input['Tags']).toContainEqual({ Key: 'Workflow', Value: 'delivery _prod_' });
    const { calls } = await harness.runMain({ inputs: { ...AS_USER, 'role-skip-session-tagging': 'true' } });
    expect(calls[0]?.input['Tags']).toBeUndefined();
  },
  tags: async (harness) => {
    const { calls } = await harness.runMain({ inputs: { ...AS_USER, 'custom-tags': '{"Team": "shop", "Level": 3}' } });
    expect(calls[0]?.input['Tags']).toEqual(
      expect.arrayContaining([
        { Key: 'Team', Value: 'shop' },
        { Key: 'Level', Value: '3' },
        { Key: 'GitHub', Value: 'Actions' },
      ]),
    );
    const { recorded } = await harness.runMain({ inputs: { tags: 'Team=shop' } });
    expect(recorded.log.getOutput()).toContain("input 'tags' is ignored");
  },
  'transitive-tag-keys': async (harness) => {
    const { calls } = await harness.runMain({ inputs: { ...AS_USER, 'transitive-tag-keys': 'Repository\nAbsent' } });
    expect(calls[0]?.input['TransitiveTagKeys']).toEqual(['Repository']);
  },
  'inline-session-policy': async (harness) => {
    const raw = JSON.stringify(policy, null, 2);
    const { calls } = await harness.runMain({ inputs: { 'inline-session-policy': raw, 'role-chain': 'second' } });
    expect(calls.map(({ input }) => input['Policy'])).toEqual([undefined, JSON.stringify(policy), undefined]);
  },
  'managed-session-policies': async (harness) => {
    const arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::aws:policy/AmazonS3FullAccess'];
    const { calls } = await harness.runMain({ inputs: { 'managed-session-policies': arns.join('\n') } });
    expect(calls[0]?.input['PolicyArns']).toEqual(arns.map((arn) => ({ arn })));
  },
  'output-env-credentials': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'output-env-credentials': 'false' } });
    expect(recorded.failures).toEqual([]);
    expect(recorded.exported).toEqual({});
    expect(recorded.outputs['aws-account-id']).toBe(ACCOUNT);
  },
  'output-credentials': async (harness) => {
    const { recorded } = await harness.runMain({
      inputs: { 'output-credentials': 'true', 'output-env-credentials': 'false' },
    });
    expect(recorded.outputs).toMatchObject({
      'aws-access-key-id': expect.stringMatching(/^ASIA/),
      'aws-secret-access-key': expect.any(String),
      'aws-session-token': expect.any(String),
    });
  },
  'aws-profile': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'aws-profile': 'shop' } });
    expect(recorded.exported).toEqual({});
    expect(await readFile(join(harness.homeDirectory, '.aws', 'credentials'), 'utf8')).toContain(
      '[shop]\naws_access_key_id = ASIA',
    );
    expect(await readFile(join(harness.homeDirectory, '.aws', 'config'), 'utf8')).toContain(
      '[profile shop]\nregion = eu-central-1\n',
    );
  },
  'overwrite-aws-profile': async (harness) => {
    await harness.runMain({ inputs: { 'aws-profile': 'twice' } });
    const rejected = await harness.runMain({ inputs: { 'aws-profile': 'twice' } });
    expect(rejected.recorded.failures[0]).toContain("profile 'twice' already exists");
    const { recorded } = await harness.runMain({ inputs: { 'aws-profile': 'twice', 'overwrite-aws-profile': 'true' } });
    expect(recorded.failures).toEqual([]);
  },
  refresh: async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { refresh: 'true' } });
    expect(recorded.exported).toMatchObject({ AWS_PROFILE: 'oidc-credentials', AWS_SDK_LOAD_CONFIG: '1' });
    expect(recorded.exported).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  },
  'allowed-account-ids': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'allowed-account-ids': `${OTHER_ACCOUNT}, ${ACCOUNT}` } });
    expect(recorded.failures).toEqual([]);
    const { recorded: disallowed } = await harness.runMain({ inputs: { 'allowed-account-ids': OTHER_ACCOUNT } });
    expect(disallowed.failures).toHaveLength(1);
  },
  'mask-aws-account-id': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'mask-aws-account-id': 'true' } });
    expect(recorded.masked).toEqual(expect.arrayContaining([ACCOUNT, recorded.outputs['authenticated-arn']]));
    expect(recorded.summary()).not.toContain(ACCOUNT);
    const denied = await harness.runMain({
      inputs: { 'mask-aws-account-id': 'true' },
      claims: { repository: 'some/body' },
    });
    expect(denied.recorded.masked).toContain(ACCOUNT);
    expect(denied.recorded.summary()).not.toContain(ACCOUNT);
  },
  'expected-subjects': async (harness) => {
    const inputs = { 'expected-subjects': 'repo:octocat/my-repo:*\nrepo:octocat/other:*' };
    const { recorded } = await harness.runMain({ inputs, claims: { repository: 'Octocat/my-repo' } });
    expect(recorded.log.getOutput()).toContain("sub differs from 'repo:octocat/my-repo:*' only in case");
  },
  'secret-ids': async (harness) => {
    const { recorded, calls } = await harness.runMain({ inputs: { 'secret-ids': 'DB, prod/db\nstage/*' } });
    expect(recorded.exported).toMatchObject({ STAGE_PLAIN: 'stage-value', DB: expect.stringContaining('hunter22') });
    expect(calls.map(({ operation }) => operation)).toContain('ListSecrets');
  },
  'parse-json-secrets': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'secret-ids': 'prod/db', 'parse-json-secrets': 'true' } });
    expect(recorded.exported).toMatchObject({
      PROD_DB_USER: 'shop',
      PROD_DB_PASSWORD: 'hunter22',
      PROD_DB_NESTED_PORT: '5432',
    });
    expect(recorded.masked).toEqual(expect.arrayContaining(['shop', 'hunter22']));
  },
  'parameter-names': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'parameter-names': 'HOST, /prod/db/host\n/prod/flags/*' } });
    expect(recorded.exported).toMatchObject({ HOST: 'db.example', PROD_FLAGS_BETA_ZONES: 'a,b' });
  },
  'name-transformation': async (harness) => {
    const inputs = { 'secret-ids': 'prod/db', 'parse-json-secrets': 'true', 'parameter-names': '/prod/db/host' };
    const run = async (transformation: string) =>
      (await harness.runMain({ inputs: { ...inputs, 'name-transformation': transformation } })).recorded.exported;
    expect(await run('lowercase')).toMatchObject({ prod_db_user: 'shop', prod_db_host: 'db.example' });
    expect(await run('none')).toMatchObject({ prod_db_nested_port: '5432' });
  },
  timeout: async (harness) => {
    harness.aws.setFaults([{ fault: 'throttle', operation: 'AssumeRoleWithWebIdentity' }]);
    const started = harness.clock.now();
    const { recorded } = await harness.runMain({ inputs: { 'action-timeout-s': '20', 'retry-max-attempts': '1000' } });
    expect(recorded.failures[0]).toContain('timed out after 20s');
    expect(harness.clock.now() - started).toBeLessThanOrEqual(20_000);
  },
  'retry-max-attempts': async (harness) => {
    harness.aws.setFaults([{ fault: 'throttle', operation: 'AssumeRoleWithWebIdentity' }]);
    const { operations } = await harness.runMain({ inputs: { 'retry-max-attempts': '3' } });
    expect(operations).toHaveLength(3);
  },
  'disable-retry': async (harness) => {
    harness.aws.setFaults([{ fault: 'throttle', operation: 'AssumeRoleWithWebIdentity' }]);
    const { operations } = await harness.runMain({ inputs: { 'disable-retry': 'true' } });
    expect(operations).toHaveLength(1);
  },
  'special-characters-workaround': async (harness) => {
    const sts = await startStsWithKeys('ab/c', 'a+bc', 'a/b', '+abc', 'abc+', '/', 'abc');
    const start = harness.clock.now();
    const inputs = { 'special-characters-workaround': 'true', 'sts-endpoint': sts.url, 'disable-retry': 'true' };
    const { recorded } = await harness.runMain({ inputs });
    expect(recorded.exported['AWS_SECRET_ACCESS_KEY']).toBe('abc');
    expect(harness.clock.now()).toBe(start);
    sts.close();
  },
  'report-name': async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { 'report-name': 'production' } });
    expect(recorded.summary()).toMatch(/^### AWS credentials \(production\)\n/u);
  },
  matrix: async (harness) => {
    const { recorded } = await harness.runMain({ inputs: { matrix: '{"stage": "test"}' } });
    expect(recorded.summary()).toMatch(/^### AWS credentials \(test\)\n/u);
  },
  'http-proxy': async (harness) => {
    const proxy = createServer((_, response) => response.writeHead(502).end());
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const inputs = {
      'http-proxy': `http://u:pa55word@127.0.0.1:${port}`,
      'sts-endpoint': 'http://sts.example',
      'disable-retry': 'true',
    };
    const { recorded } = await harness.runMain({ inputs });
    expect(recorded.failures[0]).toContain('502');
    expect(recorded.masked).toContain('pa55word');
    proxy.close();
  },
  'no-proxy': async (harness) => {
    const proxy = await startDeadServer();
    const inputs = {
      'http-proxy': proxy.url,
      'no-proxy': 'sts.invalid',
      'sts-endpoint': 'http://sts.invalid',
      'disable-retry': 'true',
    };
    const { recorded } = await harness.runMain({ inputs });
    expect(recorded.failures[0]).toContain('sts.invalid');
    expect(proxy.getCallCount()).toBe(0);
    proxy.close();
  },
  'sts-endpoint': async (harness) => {
    const dead = await startDeadServer();
    const { operations } = await harness.runMain({ inputs: { 'sts-endpoint': dead.url, 'disable-retry': 'true' } });
    expect(operations).toEqual([]);
    expect(dead.getCallCount()).toBe(1);
    dead.close();
  },
} satisfies Record<keyof OidcInputs, InputTest>;

describe('the input', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  it.each(Object.entries(inputTests))('%s has its effect', async (_, runTest) => {
    harness.aws.setFaults([]);
    await runTest(harness);
  });

  it('has a test for every declared input', () => {
    expect(Object.keys(inputTests).sort()).toEqual(Object.keys(definition.inputs).sort());
  });
});
