import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type Inputs } from '../action.js';
import { Harness, type RunResult, withHarness } from './harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce', profiles: 'Names', tenants: 'acme', environments: 'dev' };
const PREVIEW = { ...FAST, mode: 'preview' };

const getCallInput = (step: RunResult, operation: string) =>
  step.calls.find((call) => call.operation === operation)?.input;

/** Shows that an input changes a call, an output or an error. */
type Case = (harness: Harness) => Promise<void>;

const expectRejected =
  (inputs: Readonly<Record<string, string>>, message: string): Case =>
  async (harness) => {
    const { failures, calls } = await harness.run({ inputs });
    expect(failures[0]).toContain(message);
    expect(calls).toEqual([]);
  };

const ALARM = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors';

/** A GitHub API that records the bodies of comments. */
const startGitHub = async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    request.on('end', () => {
      if (request.method === 'POST')
        bodies.push(`${request.headers.authorization} ${Buffer.concat(chunks).toString()}`);
      response.end(request.method === 'POST' ? '{"id": 1, "body": "", "html_url": "http://x"}' : '[]');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, bodies, close: () => server.close() };
};

const postComments = async (harness: Harness, inputs: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const github = await startGitHub();
  try {
    const env = {
      GITHUB_API_URL: github.url,
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_EVENT_NAME: 'pull_request',
    };
    await harness.run({ inputs: { ...PREVIEW, ...inputs }, env });
    return github.bodies;
  } finally {
    github.close();
  }
};

const cases = {
  mode: async (harness) => expect((await harness.run({ inputs: PREVIEW })).deployments[0]?.state).toBe('planned'),
  tree: expectRejected({ ...PREVIEW, tree: 'nowhere' }, "input 'tree': directory 'nowhere/tenants' not found"),
  application: expectRejected(
    { ...PREVIEW, application: 'shop' },
    "input 'application' cannot be combined with 'tree'",
  ),
  environment: expectRejected({ tree: '', environment: 'dev' }, "requires 'application', 'profile', 'file'"),
  profile: expectRejected({ tree: '', profile: 'P' }, "requires 'application', 'environment', 'file'"),
  'profile-type': async (harness) => {
    const fileInputs = {
      tree: '',
      application: 'a',
      environment: 'b',
      profile: 'c',
      file: 'config/template/Limits.json',
    };
    const inputs = { mode: 'preview', ...fileInputs, 'profile-type': 'AWS.AppConfig.FeatureFlags' };
    expect((await harness.run({ inputs })).failures[0]).toContain(`'version' is undefined: expected the string "1"`);
  },
  file: expectRejected({ tree: '', file: 'x' }, "requires 'application', 'environment', 'profile'"),
  merge: async (harness) => {
    await harness.write({ 'config/template/Names.yaml': 'more: 1\n' });
    const { summary } = await harness.run({ inputs: { ...PREVIEW, merge: 'deep' } });
    expect(summary).toContain('{more: 1, names: [a]}');
  },
  environments: async (harness) => {
    const { deployments } = await harness.run({ inputs: { ...PREVIEW, environments: 'qa' } });
    expect(deployments.map(({ environment }) => environment)).toEqual(['qa']);
  },
  tenants: async (harness) => {
    const { deployments } = await harness.run({ inputs: { ...PREVIEW, tenants: 'globex', environments: 'qa' } });
    expect(deployments.map(({ tenant }) => tenant)).toEqual(['globex']);
  },
  profiles: async (harness) => {
    const { deployments } = await harness.run({ inputs: { ...PREVIEW, profiles: 'Limits' } });
    expect(deployments.map(({ profile }) => profile)).toEqual(['Limits']);
  },
  'changed-since': expectRejected({ ...PREVIEW, 'changed-since': '--output=x' }, "'--output=x' is not a commit"),
  strategy: async (harness) => {
    const { failures } = await harness.run({ inputs: { ...PREVIEW, strategy: 'Slow' } });
    expect(failures[0]).toContain("'Slow' not found: expected one of AppConfig.AllAtOnce");
  },
  'wait-for': async (harness) => {
    const strategy = 'AppConfig.Linear50PercentEvery30Seconds';
    const { deployments } = await harness.run({ inputs: { ...FAST, strategy, 'wait-for': 'started' } });
    expect(deployments[0]?.state).toBe('started');
  },
  timeout: async (harness) => {
    const { deployments } = await harness.run({ inputs: { ...FAST, timeout: '1m' } });
    expect(deployments[0]?.state).toBe('unfinished');
  },
  concurrency: async (harness) => {
    const startedAt = harness.clock.now();
    await harness.run({ inputs: { ...FAST, tenants: '*', profiles: 'Limits', concurrency: '1' } });
    // Two environments, ten minutes each.
    expect(harness.clock.now() - startedAt).toBeGreaterThan(20 * 60_000);
  },
  waves: async (harness) => {
    const { failures } = await harness.run({ inputs: { ...FAST, waves: 'prod' } });
    expect(failures[0]).toContain("input 'waves': 'dev' does not match any line");
  },
  rings: async (harness) => {
    const { failures } = await harness.run({ inputs: { ...FAST, rings: 'globex' } });
    expect(failures[0]).toContain("input 'rings': 'acme' does not match any line");
  },
  pause: async (harness) => {
    const inputs = { ...FAST, environments: 'dev, qa', waves: 'dev\nqa', pause: '3m' };
    expect((await harness.run({ inputs })).log).toContain('Pausing for 3m 00s after dev');
  },
  description: async (harness) => {
    const step = await harness.run({ inputs: { ...FAST, description: 'CHG-7: raise limits' } });
    const description = expect.stringMatching(/^aws-delivery appconfig-rollout run=100 .* CHG-7: raise limits$/);
    expect(getCallInput(step, 'StartDeployment')).toMatchObject({ Description: description });
    await expectRejected({ ...FAST, description: 'x'.repeat(701) }, 'more than the limit of 700')(harness);
  },
  redeploy: async (harness) => {
    await harness.run({ inputs: FAST });
    const env = { GITHUB_RUN_ID: '101' };
    const step = await harness.run({ inputs: { ...FAST, redeploy: 'true' }, env });
    expect(step.deployments).toMatchObject([{ state: 'complete', version: '1', deployment: 2 }]);
    expect(step.writes).toEqual(['StartDeployment']);
    // A rerun of the same step finds the deployment.
    const rerun = await harness.run({ inputs: { ...FAST, redeploy: 'true' }, env });
    expect(rerun.deployments).toMatchObject([{ state: 'complete', deployment: 2 }]);
    const preview = await harness.run({ inputs: { ...PREVIEW, redeploy: 'true' } });
    expect(preview.deployments).toMatchObject([{ state: 'planned' }]);
  },
  overwrite: async (harness) => {
    await harness.run({ inputs: FAST });
    await harness.write({ 'config/tenants/acme/dev/Names.yaml': 'names: [b]\n' });
    const inputs = { ...FAST, mode: 'pull' };
    expect((await harness.run({ inputs })).deployments).toMatchObject([{ state: 'differs' }]);
    const { deployments } = await harness.run({ inputs: { ...inputs, overwrite: 'true' } });
    expect(deployments).toMatchObject([{ state: 'pulled' }]);
  },
  'keep-versions': async (harness) => {
    await harness.run({ inputs: FAST });
    const { calls } = await harness.run({ inputs: { ...FAST, 'keep-versions': '1' } });
    expect(calls.map(({ operation }) => operation)).toContain('ListHostedConfigurationVersions');
  },
  monitors: async (harness) => {
    const step = await harness.run({ inputs: { ...FAST, monitors: ALARM } });
    expect(getCallInput(step, 'CreateEnvironment')).toMatchObject({ Monitors: [{ AlarmArn: ALARM }] });
    await expectRejected({ ...FAST, monitors: 'errors' }, "input 'monitors': 'errors' is not an ARN")(harness);
    await expectRejected(
      { ...FAST, monitors: Array(6).fill(ALARM).join() },
      '6 alarms exceed the AppConfig limit of 5',
    )(harness);
  },
  'monitor-role-arn': async (harness) => {
    const role = 'arn:aws:iam::123456789012:role/alarms';
    const step = await harness.run({ inputs: { ...FAST, monitors: ALARM, 'monitor-role-arn': role } });
    expect(getCallInput(step, 'CreateEnvironment')).toMatchObject({ Monitors: [{ AlarmRoleArn: role }] });
  },
  tags: async (harness) => {
    const step = await harness.run({ inputs: { ...FAST, tags: 'team=red' } });
    expect(getCallInput(step, 'CreateApplication')).toMatchObject({
      Tags: { team: 'red', 'aws-delivery:made-by': 'appconfig-rollout', 'aws-delivery:tree': 'octocat/my-repo:config' },
    });
  },
  'kms-key-id': async (harness) => {
    const step = await harness.run({ inputs: { ...FAST, 'kms-key-id': 'alias/config' } });
    expect(getCallInput(step, 'StartDeployment')).toMatchObject({ KmsKeyIdentifier: 'alias/config' });
  },
  'dynamic-extension-parameters': async (harness) => {
    const step = await harness.run({ inputs: { ...FAST, 'dynamic-extension-parameters': 'Ticket=42' } });
    expect(getCallInput(step, 'StartDeployment')).toMatchObject({ DynamicExtensionParameters: { Ticket: '42' } });
  },
  'on-conflict': expectRejected({ ...FAST, 'on-conflict': 'ignore' }, "'ignore' is not one of wait, fail, stop"),
  'conflict-timeout': async (harness) => {
    await harness.run({ inputs: { ...FAST, 'wait-for': 'started' } });
    await harness.write({ 'config/tenants/acme/dev/Names.yaml': 'names: [b]\n' });
    const env = { GITHUB_RUN_ID: '101' };
    const { failures } = await harness.run({ inputs: { ...FAST, 'conflict-timeout': '30s' }, env });
    expect(failures[0]).toContain("the end of deployment 1 of 'Names', which blocks acme/dev Names");
  },
  'on-failure': async (harness) => {
    const { deployments } = await harness.run({ inputs: { ...FAST, timeout: '1m', 'on-failure': 'revert' } });
    expect(deployments[0]?.state).toBe('reverted');
  },
  'on-cancel': async (harness) => {
    const { recorded } = await harness.run({ inputs: { ...FAST, 'on-cancel': 'leave' } });
    expect(recorded.state['pending-deployments-0']).toContain('acme/dev Names');
    expect(recorded.state['pending-deployments']).toBe('');
  },
  probe: expectRejected({ ...FAST, probe: 'ftp://x' }, "'ftp://x' is not valid: expected a URL"),
  'probe-alarms': async (harness) => {
    const { failures } = await harness.run({ inputs: { ...FAST, 'probe-alarms': 'nobody' } });
    expect(failures[0]).toContain("alarm 'nobody' not found in this account and Region");
    // An alarm of the same name exists, in another account.
    const foreign = ALARM.replace('123456789012', '210987654321');
    const second = await harness.run({ inputs: { ...FAST, 'probe-alarms': foreign }, env: { GITHUB_RUN_ID: '2' } });
    expect(second.failures[0]).toContain(`alarm '${foreign}' not found in this account and Region`);
  },
  'probe-interval': async (harness) => {
    const countAlarmReads = async (interval: string) => {
      const inputs = { ...FAST, 'probe-alarms': 'errors', 'probe-interval': interval };
      const { calls } = await harness.run({ inputs });
      return calls.filter(({ operation }) => operation === 'DescribeAlarms').length;
    };
    expect(await countAlarmReads('5m')).toBeLessThanOrEqual(3);
  },
  'probe-failures': async (harness) => {
    const startedAt = harness.clock.now();
    await harness.run({
      inputs: { ...FAST, 'probe-alarms': 'nobody', 'probe-failures': '6', 'probe-interval': '60s' },
    });
    expect(harness.clock.now() - startedAt).toBeGreaterThan(5 * 60_000);
  },
  'run-id': async (harness) => {
    await harness.run({ inputs: FAST });
    const { failures } = await harness.run({ inputs: { ...FAST, mode: 'revert', 'run-id': '7' } });
    expect(failures[0]).toContain('no deployment of run 7 can be reverted');
  },
  cleanup: expectRejected({ mode: 'cleanup', cleanup: 'some' }, "'some' is not one of absent, all"),
  confirm: expectRejected({ mode: 'cleanup', confirm: 'yes' }, "'yes' does not match 'cleanup: absent'"),
  comment: async (harness) => {
    const [body] = await postComments(harness, { comment: 'summary', 'github-token': 'token' });
    expect(body).toContain('AppConfig preview: 1 to deploy');
    expect(await postComments(harness, { 'github-token': 'token' })).toEqual([]);
  },
  'report-name': async (harness) => {
    const { summary } = await harness.run({ inputs: { ...PREVIEW, 'report-name': 'tenants' } });
    expect(summary).toMatch(/^## .* \(tenants\)\n/u);
  },
  matrix: async (harness) => {
    const { summary } = await harness.run({ inputs: { ...PREVIEW, matrix: '{"tenant": "acme"}' } });
    expect(summary).toMatch(/^## .* \(acme\)\n/u);
  },
  'github-token': async (harness) => {
    const [body] = await postComments(harness, { comment: 'summary', 'github-token': 'secret-token' });
    expect(body).toMatch(/^Bearer secret-token /);
  },
  'aws-region': async (harness) => {
    const { calls } = await harness.run({ inputs: { ...PREVIEW, 'aws-region': 'us-west-2' } });
    expect(calls[0]?.region).toBe('us-west-2');
  },
  'http-proxy': expectRejected({ ...PREVIEW, 'http-proxy': 'no proxy' }, 'proxy'),
} satisfies Record<keyof Inputs, Case>;

describe('every input', () => {
  it.each(Object.entries(cases))('%s changes a call, an output or an error', (_name, verify) =>
    withHarness(verify, { cloudwatch: { alarms: { errors: {} } } }),
  );
});

describe('every output', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.open();
  });
  afterAll(() => harness.close());

  it('is set, and no undeclared one', async () => {
    const { outputs } = await harness.run({ inputs: FAST });
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
    const versions = JSON.parse(outputs['versions'] ?? '{}');
    expect(versions).toEqual({ 'acme/dev/Names': '1' });
  });
});
