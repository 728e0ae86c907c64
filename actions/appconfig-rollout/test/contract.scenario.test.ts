import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition, type Inputs } from '../action.js';
import { onStage, Stage, type Step } from './helpers/stage.js';

const FAST = { strategy: 'AppConfig.AllAtOnce', profiles: 'Names', tenants: 'acme', environments: 'dev' };
const PREVIEW = { ...FAST, mode: 'preview' };

const inputOf = (step: Step, operation: string) => step.calls.find((call) => call.operation === operation)?.input;

/** Shows that an input changes a call, an output or an error. */
type Case = (stage: Stage) => Promise<void>;

const refused =
  (inputs: Readonly<Record<string, string>>, message: string): Case =>
  async (stage) => {
    const { failures, calls } = await stage.run({ inputs });
    expect(failures[0]).toContain(message);
    expect(calls).toEqual([]);
  };

const ALARM = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors';

/** A GitHub that remembers the comments it is sent. */
const gitHub = async () => {
  const bodies: string[] = [];
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    request.on('end', () => {
      if (request.method === 'POST')
        bodies.push(`${request.headers.authorization} ${Buffer.concat(chunks).toString()}`);
      answer.end(request.method === 'POST' ? '{"id": 1, "body": "", "html_url": "http://x"}' : '[]');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, bodies, close: () => server.close() };
};

const commented = async (stage: Stage, inputs: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const github = await gitHub();
  try {
    const variables = {
      GITHUB_API_URL: github.url,
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_EVENT_NAME: 'pull_request',
    };
    await stage.run({ inputs: { ...PREVIEW, ...inputs }, variables });
    return github.bodies;
  } finally {
    github.close();
  }
};

const cases = {
  mode: async (stage) => expect((await stage.run({ inputs: PREVIEW })).deployments[0]?.state).toBe('planned'),
  tree: refused({ ...PREVIEW, tree: 'nowhere' }, "input 'tree': there is no folder 'nowhere/tenants'"),
  application: refused({ ...PREVIEW, application: 'shop' }, "input 'application' has no effect beside 'tree'"),
  environment: refused({ tree: '', environment: 'dev' }, "add 'application' and 'profile' and 'file'"),
  profile: refused({ tree: '', profile: 'P' }, "add 'application' and 'environment' and 'file'"),
  'profile-type': async (stage) => {
    const one = { tree: '', application: 'a', environment: 'b', profile: 'c', file: 'config/template/Limits.json' };
    const inputs = { mode: 'preview', ...one, 'profile-type': 'AWS.AppConfig.FeatureFlags' };
    expect((await stage.run({ inputs })).failures[0]).toContain(`'version' is undefined: it must be the text "1"`);
  },
  file: refused({ tree: '', file: 'x' }, "add 'application' and 'environment' and 'profile'"),
  merge: async (stage) => {
    await stage.write({ 'config/template/Names.yaml': 'more: 1\n' });
    const { summary } = await stage.run({ inputs: { ...PREVIEW, merge: 'deep' } });
    expect(summary).toContain('{"more":1,"names":["a"]}');
  },
  environments: async (stage) => {
    const { deployments } = await stage.run({ inputs: { ...PREVIEW, environments: 'qa' } });
    expect(deployments.map(({ environment }) => environment)).toEqual(['qa']);
  },
  tenants: async (stage) => {
    const { deployments } = await stage.run({ inputs: { ...PREVIEW, tenants: 'globex', environments: 'qa' } });
    expect(deployments.map(({ tenant }) => tenant)).toEqual(['globex']);
  },
  profiles: async (stage) => {
    const { deployments } = await stage.run({ inputs: { ...PREVIEW, profiles: 'Limits' } });
    expect(deployments.map(({ profile }) => profile)).toEqual(['Limits']);
  },
  'changed-since': refused({ ...PREVIEW, 'changed-since': '--output=x' }, "'--output=x' is not a commit"),
  strategy: async (stage) => {
    const { failures } = await stage.run({ inputs: { ...PREVIEW, strategy: 'Slow' } });
    expect(failures[0]).toContain("there is no strategy 'Slow': one of AppConfig.AllAtOnce");
  },
  'wait-for': async (stage) => {
    const { deployments } = await stage.run({ inputs: { ...FAST, 'wait-for': 'started' } });
    expect(deployments[0]?.state).toBe('deployed');
  },
  timeout: async (stage) => {
    const { deployments } = await stage.run({ inputs: { ...FAST, timeout: '1m' } });
    expect(deployments[0]?.state).toBe('unfinished');
  },
  concurrency: async (stage) => {
    const started = stage.clock.now();
    await stage.run({ inputs: { ...FAST, tenants: '*', profiles: 'Limits', concurrency: '1' } });
    // Two environments of ten minutes each.
    expect(stage.clock.now() - started).toBeGreaterThan(20 * 60_000);
  },
  waves: async (stage) => {
    const { failures } = await stage.run({ inputs: { ...FAST, waves: 'prod' } });
    expect(failures[0]).toContain("input 'waves': 'dev' is in none");
  },
  rings: async (stage) => {
    const { failures } = await stage.run({ inputs: { ...FAST, rings: 'globex' } });
    expect(failures[0]).toContain("input 'rings': 'acme' is in none");
  },
  pause: async (stage) => {
    const inputs = { ...FAST, environments: 'dev, qa', waves: 'dev\nqa', pause: '3m' };
    expect((await stage.run({ inputs })).log).toContain('Pausing for 3m 00s after dev');
  },
  'keep-versions': async (stage) => {
    await stage.run({ inputs: FAST });
    const { calls } = await stage.run({ inputs: { ...FAST, 'keep-versions': '1' } });
    expect(calls.map(({ operation }) => operation)).toContain('ListHostedConfigurationVersions');
  },
  monitors: async (stage) => {
    const step = await stage.run({ inputs: { ...FAST, monitors: ALARM } });
    expect(inputOf(step, 'CreateEnvironment')).toMatchObject({ Monitors: [{ AlarmArn: ALARM }] });
    await refused({ ...FAST, monitors: 'errors' }, "input 'monitors': 'errors' is not the ARN of an alarm")(stage);
    await refused({ ...FAST, monitors: Array(6).fill(ALARM).join() }, '6 alarms, an environment has at most 5')(stage);
  },
  'monitor-role-arn': async (stage) => {
    const role = 'arn:aws:iam::123456789012:role/alarms';
    const step = await stage.run({ inputs: { ...FAST, monitors: ALARM, 'monitor-role-arn': role } });
    expect(inputOf(step, 'CreateEnvironment')).toMatchObject({ Monitors: [{ AlarmRoleArn: role }] });
  },
  tags: async (stage) => {
    const step = await stage.run({ inputs: { ...FAST, tags: 'team=red' } });
    expect(inputOf(step, 'CreateApplication')).toMatchObject({
      Tags: { team: 'red', 'aws-delivery:made-by': 'appconfig-rollout', 'aws-delivery:tree': 'octocat/my-repo:config' },
    });
  },
  'kms-key-id': async (stage) => {
    const step = await stage.run({ inputs: { ...FAST, 'kms-key-id': 'alias/config' } });
    expect(inputOf(step, 'StartDeployment')).toMatchObject({ KmsKeyIdentifier: 'alias/config' });
  },
  'dynamic-extension-parameters': async (stage) => {
    const step = await stage.run({ inputs: { ...FAST, 'dynamic-extension-parameters': 'Ticket=42' } });
    expect(inputOf(step, 'StartDeployment')).toMatchObject({ DynamicExtensionParameters: { Ticket: '42' } });
  },
  'on-conflict': refused({ ...FAST, 'on-conflict': 'ignore' }, "'ignore' is not one of wait, fail, stop"),
  'conflict-timeout': async (stage) => {
    await stage.run({ inputs: { ...FAST, 'wait-for': 'started' } });
    await stage.write({ 'config/tenants/acme/dev/Names.yaml': 'names: [b]\n' });
    const variables = { GITHUB_RUN_ID: '101' };
    const { failures } = await stage.run({ inputs: { ...FAST, 'conflict-timeout': '30s' }, variables });
    expect(failures[0]).toContain("for deployment 1 of 'Names' to end, which acme/dev Names waits for");
  },
  'on-failure': async (stage) => {
    const { deployments } = await stage.run({ inputs: { ...FAST, timeout: '1m', 'on-failure': 'revert' } });
    expect(deployments[0]?.state).toBe('reverted');
  },
  'on-cancel': async (stage) => {
    const { memory } = await stage.run({ inputs: { ...FAST, 'on-cancel': 'leave' } });
    expect(memory.state['flight-0']).toContain('acme/dev Names');
    expect(memory.state['flights']).toBe('');
  },
  probe: refused({ ...FAST, probe: 'ftp://x' }, "'ftp://x' is not an address and a status"),
  'probe-alarms': async (stage) => {
    const { failures } = await stage.run({ inputs: { ...FAST, 'probe-alarms': 'nobody' } });
    expect(failures[0]).toContain("there is no alarm 'nobody' in this account and Region");
    // One of the same name is here, and is another one.
    const foreign = ALARM.replace('123456789012', '210987654321');
    const other = await stage.run({ inputs: { ...FAST, 'probe-alarms': foreign }, variables: { GITHUB_RUN_ID: '2' } });
    expect(other.failures[0]).toContain(`there is no alarm '${foreign}' in this account and Region`);
  },
  'probe-interval': async (stage) => {
    const looks = async (interval: string) => {
      const inputs = { ...FAST, 'probe-alarms': 'errors', 'probe-interval': interval };
      const { calls } = await stage.run({ inputs });
      return calls.filter(({ operation }) => operation === 'DescribeAlarms').length;
    };
    expect(await looks('5m')).toBeLessThanOrEqual(3);
  },
  'probe-failures': async (stage) => {
    const started = stage.clock.now();
    await stage.run({ inputs: { ...FAST, 'probe-alarms': 'nobody', 'probe-failures': '6', 'probe-interval': '60s' } });
    expect(stage.clock.now() - started).toBeGreaterThan(5 * 60_000);
  },
  'run-id': async (stage) => {
    await stage.run({ inputs: FAST });
    const { failures } = await stage.run({ inputs: { ...FAST, mode: 'revert', 'run-id': '7' } });
    expect(failures[0]).toContain('there is no deployment of run 7 to revert');
  },
  cleanup: refused({ mode: 'cleanup', cleanup: 'some' }, "'some' is not one of absent, all"),
  confirm: refused({ mode: 'cleanup', confirm: 'yes' }, "'yes' does not confirm 'cleanup: absent'"),
  comment: async (stage) => {
    const [body] = await commented(stage, { comment: 'summary', 'github-token': 'token' });
    expect(body).toContain('AppConfig preview: 1 changed');
    expect(await commented(stage, { 'github-token': 'token' })).toEqual([]);
  },
  'github-token': async (stage) => {
    const [body] = await commented(stage, { comment: 'summary', 'github-token': 'secret-token' });
    expect(body).toMatch(/^Bearer secret-token /);
  },
  'aws-region': async (stage) => {
    const { calls } = await stage.run({ inputs: { ...PREVIEW, 'aws-region': 'us-west-2' } });
    expect(calls[0]?.region).toBe('us-west-2');
  },
  'http-proxy': refused({ ...PREVIEW, 'http-proxy': 'no proxy' }, 'proxy'),
} satisfies Record<keyof Inputs, Case>;

describe('every input', () => {
  it.each(Object.entries(cases))('%s changes a call, an output or an error', (_name, prove) =>
    onStage(prove, { cloudwatch: { alarms: { errors: {} } } }),
  );
});

describe('every output', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('is set, and no other', async () => {
    const { outputs } = await stage.run({ inputs: FAST });
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort());
    const versions = JSON.parse(outputs['versions'] ?? '{}');
    expect(versions).toEqual({ 'acme/dev/Names': '1' });
  });
});
