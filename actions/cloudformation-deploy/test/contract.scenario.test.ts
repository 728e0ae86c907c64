import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Inputs } from '../action.js';
import { definition } from '../action.js';
import { ACCOUNT, REGION, type Run, Stage, scenario, things } from './stage.js';

const stage = await Stage.open({
  ...scenario,
  iam: {
    ...scenario.iam,
    roles: {
      service: {
        trust: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        policies: { all: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
      },
    },
  },
  cloudformation: {
    ...scenario.cloudformation,
    types: { 'Test::Thing': { replace: ['Key'] } },
    drift: [{ stack: 'shop', resource: 'A' }],
  },
});
afterAll(() => stage.close());
beforeEach(() => stage.aws.reset());

type With = Readonly<Record<string, string>>;

/** What an input changes: runs before, the run with it, and what is seen of it. */
interface Case {
  readonly before?: readonly With[];
  readonly inputs: With;
  readonly seen: (run: Run) => void;
}

const good = stage.write('good.json', things({ A: 'good' }));
const better = stage.write('better.json', things({ A: 'better' }));
const bad = stage.write('bad.json', things({ A: 'good', B: 'bad' }));
const flaky = stage.write('flaky.json', things({ A: 'good', B: 'flaky' }));
const stuck = stage.write('stuck.json', things({ A: 'stuck', C: 'good' }));
const sticking = stage.write('sticking.json', things({ A: 'other', C: 'bad' }));
const sticky = stage.write('sticky.json', things({ A: 'sticky' }));
const withParameter = stage.write(
  'parameter.json',
  JSON.stringify({
    Parameters: { Mode: { Type: 'String', Default: 'good' } },
    Resources: { A: { Type: 'Test::Thing', Properties: { Mode: { Ref: 'Mode' } } } },
  }),
);
const named = stage.write(
  'named.json',
  JSON.stringify({ Resources: { R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r' } } } }),
);
const keyed = (key: string): string =>
  stage.write(
    `key-${key}.json`,
    JSON.stringify({ Resources: { A: { Type: 'Test::Thing', Properties: { Key: key } } } }),
  );
const values = stage.write('values.json', JSON.stringify({ Mode: 'from a file' }));
const codeTemplate = stage.write(
  'code.json',
  JSON.stringify({ Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Code: './good.json' } } } }),
);
const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:events`;
const alarm = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:errors`;
const role = `arn:aws:iam::${ACCOUNT}:role/service`;

const call =
  (operation: string, input: object): Case['seen'] =>
  (run) =>
    expect(run.calls.filter((one) => one.operation === operation).map((one) => one.input)).toContainEqual(
      expect.objectContaining(input),
    );
const passesWith =
  (seen: Case['seen']): Case['seen'] =>
  (run) => {
    expect(run.failure).toBeUndefined();
    seen(run);
  };
const writes =
  (...names: readonly string[]): Case['seen'] =>
  (run) =>
    expect(run.writes).toEqual(names);
const fails =
  (text: string): Case['seen'] =>
  (run) =>
    expect(run.failure).toContain(text);

const created: readonly With[] = [{ template: good }];
const preserved: readonly With[] = [{ template: flaky, 'on-failure': 'preserve' }];
const rolledBack: readonly With[] = [{ template: stage.write('only-bad.json', things({ A: 'bad' })) }];
const stuckRollback: readonly With[] = [{ template: stuck }, { template: sticking }];
const running: readonly With[] = [{ template: good, wait: 'false' }];

const cases = {
  name: { inputs: { name: 'other', template: good }, seen: call('CreateChangeSet', { StackName: 'other' }) },
  mode: { before: created, inputs: { mode: 'delete' }, seen: writes('DeleteStack') },
  wait: {
    inputs: { template: good, wait: 'no' },
    seen: passesWith((run) => expect(run.log).toContain('not waited for')),
  },
  timeout: { inputs: { template: good, timeout: '2s' }, seen: fails('waited') },
  'on-timeout': {
    before: created,
    inputs: { template: better, timeout: '4s', 'on-timeout': 'rollback' },
    seen: (run) => expect(run.writes).toContain('CancelUpdateStack'),
  },
  'on-cancel': {
    inputs: { template: good, 'on-cancel': 'rollback' },
    seen: (run) => expect(run.saved).toContainEqual(expect.stringContaining('"policy":"rollback"')),
  },
  'fail-on-drift': { before: created, inputs: { mode: 'drift', 'fail-on-drift': '1' }, seen: fails('fail-on-drift') },
  'no-execute-changeset': {
    inputs: { template: good, mode: 'create-and-execute', 'no-execute-changeset': 'true' },
    seen: writes('CreateChangeSet'),
  },
  template: {
    before: created,
    inputs: { template: 'previous', tags: 'a=b' },
    seen: call('CreateChangeSet', { UsePreviousTemplate: true }),
  },
  capabilities: {
    inputs: { template: named, capabilities: 'CAPABILITY_NAMED_IAM' },
    seen: call('CreateChangeSet', { Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  },
  package: {
    inputs: { template: codeTemplate, package: 'false' },
    seen: (run) => expect(run.writes).not.toContain('PutObject'),
  },
  's3-bucket': { inputs: { template: good, 's3-bucket': 'no-such-bucket' }, seen: fails('no-such-bucket') },
  's3-bucket-owner': {
    inputs: { template: good, 's3-bucket': 'artifacts', 's3-bucket-owner': '210987654321' },
    seen: call('PutObject', { Bucket: 'artifacts', ExpectedBucketOwner: '210987654321' }),
  },
  's3-prefix': {
    inputs: { template: codeTemplate, 's3-prefix': 'team/shop' },
    seen: (run) =>
      expect(run.calls.find(({ operation }) => operation === 'PutObject')?.input['Key']).toMatch(/^team\/shop\//u),
  },
  'kms-key-id': {
    inputs: { template: codeTemplate, 'kms-key-id': 'alias/shop' },
    seen: call('PutObject', { SSEKMSKeyId: 'alias/shop' }),
  },
  parameters: {
    inputs: { template: withParameter, parameters: 'Mode="a,b"' },
    seen: call('CreateChangeSet', { Parameters: [{ ParameterKey: 'Mode', ParameterValue: 'a,b' }] }),
  },
  'parameter-files': {
    inputs: { template: withParameter, 'parameter-files': values },
    seen: call('CreateChangeSet', { Parameters: [{ ParameterKey: 'Mode', ParameterValue: 'from a file' }] }),
  },
  'reset-parameters': {
    before: [{ template: withParameter, parameters: 'Mode=other' }],
    inputs: { template: withParameter, 'reset-parameters': 'true' },
    seen: (run) => expect(run.outputs['has-changes']).toBe('true'),
  },
  'role-arn': { inputs: { template: good, 'role-arn': role }, seen: call('CreateChangeSet', { RoleARN: role }) },
  tags: {
    inputs: { template: good, tags: '[{"Key":"team","Value":"shop"}]' },
    seen: call('CreateChangeSet', { Tags: [{ Key: 'team', Value: 'shop' }] }),
  },
  'notification-arns': {
    inputs: { template: good, 'notification-arns': topic },
    seen: call('CreateChangeSet', { NotificationARNs: [topic] }),
  },
  'resource-types': {
    inputs: { template: good, 'resource-types': 'Test::*' },
    seen: (run) => {
      call('CreateChangeSet', { ResourceTypes: ['Test::*'] })(run);
      const input = run.calls.find(({ operation }) => operation === 'CreateChangeSet')?.input;
      expect(input).not.toHaveProperty('Capabilities');
    },
  },
  'stack-policy': {
    inputs: { template: good, 'stack-policy': '{"Statement":[]}' },
    seen: call('SetStackPolicy', { StackPolicyBody: '{"Statement":[]}' }),
  },
  'termination-protection': {
    inputs: { template: good, 'termination-protection': 'true' },
    seen: call('UpdateTerminationProtection', { EnableTerminationProtection: true }),
  },
  'rollback-alarms': {
    inputs: { template: good, 'rollback-alarms': alarm },
    seen: call('CreateChangeSet', {
      RollbackConfiguration: {
        RollbackTriggers: [{ Arn: alarm, Type: 'AWS::CloudWatch::Alarm' }],
        MonitoringTimeInMinutes: 0,
      },
    }),
  },
  'monitoring-time': {
    inputs: { template: good, 'monitoring-time': '5m' },
    seen: call('CreateChangeSet', { RollbackConfiguration: { RollbackTriggers: [], MonitoringTimeInMinutes: 5 } }),
  },
  'change-set-name': {
    inputs: { template: good, 'change-set-name': 'release' },
    seen: call('CreateChangeSet', { ChangeSetName: 'release' }),
  },
  'change-set-description': {
    inputs: { template: good, 'change-set-description': 'the big one' },
    seen: call('CreateChangeSet', { Description: expect.stringContaining('the big one') }),
  },
  'execute-change-set-id': {
    before: [{ template: good, mode: 'create-only', 'change-set-name': 'release' }],
    inputs: { 'execute-change-set-id': 'release' },
    seen: writes('ExecuteChangeSet'),
  },
  'include-nested-stacks': {
    inputs: { template: good, 'include-nested-stacks': 'true' },
    seen: call('CreateChangeSet', { IncludeNestedStacks: true }),
  },
  'fail-on-empty': {
    before: created,
    inputs: { template: good, 'fail-on-empty': 'true' },
    seen: fails('fail-on-empty'),
  },
  'keep-failed-change-set': {
    before: created,
    inputs: {
      template: stage.write(
        'import.json',
        '{"Resources":{"A":{"Type":"Test::Thing","Properties":{"Mode":{"Fn::ImportValue":"nothing"}}}}}',
      ),
      'keep-failed-change-set': 'true',
    },
    seen: (run) => expect(run.writes).not.toContain('DeleteChangeSet'),
  },
  'deployment-mode': {
    before: created,
    inputs: { template: better, 'deployment-mode': 'REVERT_DRIFT' },
    seen: call('CreateChangeSet', { DeploymentMode: 'REVERT_DRIFT' }),
  },
  'early-validation': {
    inputs: { template: good, 'early-validation': 'false' },
    seen: call('CreateChangeSet', { DisableValidation: true }),
  },
  'import-existing-resources': {
    inputs: { template: good, 'import-existing-resources': 'true' },
    seen: call('CreateChangeSet', { ImportExistingResources: true }),
  },
  'resources-to-import': {
    before: created,
    inputs: {
      template: stage.write('two.json', things({ A: 'good', B: 'good' })),
      'resources-to-import': '[{ResourceType: Test::Thing, LogicalResourceId: B, ResourceIdentifier: {Name: b}}]',
    },
    seen: call('CreateChangeSet', { ChangeSetType: 'IMPORT' }),
  },
  'retain-except-on-create': {
    inputs: { template: good, 'retain-except-on-create': 'true' },
    seen: call('ExecuteChangeSet', { RetainExceptOnCreate: true }),
  },
  'on-failure': {
    inputs: { template: bad, 'on-failure': 'preserve' },
    seen: call('ExecuteChangeSet', { DisableRollback: true }),
  },
  'retry-attempts': {
    inputs: { template: flaky, 'retry-attempts': '2' },
    seen: passesWith(writes('CreateChangeSet', 'ExecuteChangeSet', 'UpdateStack', 'UpdateStack')),
  },
  'retry-pause': {
    inputs: { template: flaky, 'retry-attempts': '2', 'retry-pause': '2m' },
    seen: (run) => expect(run.took).toBeGreaterThan(200_000),
  },
  'on-preserved': { before: preserved, inputs: { template: good, 'on-preserved': 'fail' }, seen: writes() },
  'on-rollback-complete': {
    before: rolledBack,
    inputs: { template: good, 'on-rollback-complete': 'fail' },
    seen: writes(),
  },
  'on-rollback-failed': {
    before: stuckRollback,
    inputs: { template: good, 'on-rollback-failed': 'fail' },
    seen: writes(),
  },
  'resources-to-skip': {
    before: stuckRollback,
    inputs: { mode: 'rollback', 'resources-to-skip': 'A' },
    seen: call('ContinueUpdateRollback', { ResourcesToSkip: ['A'] }),
  },
  'force-rollback': {
    before: stuckRollback,
    inputs: { mode: 'rollback', 'force-rollback': 'true' },
    seen: call('ContinueUpdateRollback', { ForceRollback: true }),
  },
  'on-conflict': { before: running, inputs: { template: good, 'on-conflict': 'fail' }, seen: fails('is at work') },
  'conflict-timeout': {
    before: running,
    inputs: { template: good, 'conflict-timeout': '2' },
    seen: fails('waited 2s'),
  },
  'retain-resources': {
    before: [{ template: sticky }, { mode: 'delete' }],
    inputs: { mode: 'delete', 'retain-resources': 'A' },
    seen: call('DeleteStack', { RetainResources: ['A'] }),
  },
  'force-delete': {
    before: [{ template: sticky }, { mode: 'delete' }],
    inputs: { mode: 'delete', 'force-delete': 'true' },
    seen: call('DeleteStack', { DeletionMode: 'FORCE_DELETE_STACK' }),
  },
  protect: {
    before: [{ template: keyed('a') }],
    inputs: { template: keyed('b'), protect: 'all' },
    seen: fails('forbids'),
  },
  'protect-types': {
    before: [{ template: keyed('a') }],
    inputs: { template: keyed('b'), protect: 'stateful', 'protect-types': 'Test::Thing' },
    seen: fails('forbids'),
  },
  'allow-replacement': {
    before: [{ template: keyed('a') }],
    inputs: { template: keyed('b'), protect: 'all', 'allow-replacement': 'A' },
    seen: (run) => expect(run.failure).toBeUndefined(),
  },
  comment: {
    inputs: { template: good, comment: 'summary', mode: 'preview' },
    seen: (run) => expect(run.log).toContain('belongs to no pull request'),
  },
  'github-token': {
    inputs: { template: good, 'github-token': 'ghs_secret_token' },
    seen: (run) => expect(run.host.memory.masked).toContain('ghs_secret_token'),
  },
  'show-values': {
    before: created,
    inputs: { template: better, 'show-values': 'true' },
    seen: call('DescribeChangeSet', { IncludePropertyValues: true }),
  },
  'mask-outputs': {
    inputs: { template: good, 'mask-outputs': 'A*' },
    seen: (run) => {
      expect(run.host.memory.masked).toContain(run.outputs['AName']);
      expect(run.summary).toContain('`AName` | \\*\\*\\*');
    },
  },
  'aws-region': {
    inputs: { template: good, 'aws-region': 'us-west-2' },
    seen: (run) => expect(run.outputs['stack-id']).toContain(':us-west-2:'),
  },
  'http-proxy': {
    // Loopback is never reached through a proxy; that its password is hidden shows that the proxy is known.
    inputs: { template: good, 'http-proxy': 'http://user:pass%20word@proxy.example:3128' },
    seen: (run) => expect(run.host.memory.masked).toContain('pass word'),
  },
} satisfies Record<keyof Inputs, Case>;

describe('every input has its effect', () => {
  it.each(Object.entries<Case>(cases))('%s', async (_, { before = [], inputs, seen }) => {
    for (const earlier of before) await stage.deploy(earlier);
    seen(await stage.deploy(inputs));
  });
});

describe('every other name', () => {
  const others = Object.entries(definition.inputs).flatMap(([name, input]) =>
    Object.keys('was' in input ? input.was : {}).map((other) => ({ name, other })),
  );

  it.each(others)('$other means $name', async ({ other }) => {
    const translated: Readonly<Record<string, Case>> = {
      'stack-name': { inputs: { name: '', 'stack-name': 'other', template: good }, seen: cases.name.seen },
      'timeout-in-minutes': {
        before: running,
        inputs: { mode: 'wait', 'timeout-in-minutes': '0' },
        seen: fails('waited'),
      },
      'parameter-overrides': {
        inputs: { template: withParameter, 'parameter-overrides': 'Mode="a,b"' },
        seen: cases.parameters.seen,
      },
      'rollback-trigger-arns': {
        inputs: { template: good, 'rollback-trigger-arns': alarm },
        seen: cases['rollback-alarms'].seen,
      },
      'monitoring-time-in-minutes': {
        inputs: { template: good, 'monitoring-time-in-minutes': '5' },
        seen: cases['monitoring-time'].seen,
      },
      'include-nested-stacks-change-set': {
        inputs: { template: good, 'include-nested-stacks-change-set': '1' },
        seen: cases['include-nested-stacks'].seen,
      },
      'fail-on-empty-changeset': {
        before: created,
        inputs: { template: good, 'fail-on-empty-changeset': 'true' },
        seen: cases['fail-on-empty'].seen,
      },
      'no-delete-failed-changeset': {
        before: created,
        inputs: { template: cases['keep-failed-change-set'].inputs.template, 'no-delete-failed-changeset': 'true' },
        seen: cases['keep-failed-change-set'].seen,
      },
      'disable-rollback': { inputs: { template: bad, 'disable-rollback': 'true' }, seen: cases['on-failure'].seen },
    };
    const found = translated[other];
    if (found === undefined) throw new Error(`no case for '${other}'`);
    for (const earlier of found.before ?? []) await stage.deploy(earlier);
    found.seen(await stage.deploy(found.inputs));
  });
});

describe('contradictions', () => {
  it.each([
    [{ 'force-rollback': 'true', 'resources-to-skip': 'A', mode: 'rollback' }, 'exclude each other'],
    [{ mode: 'deploy' }, 'needs the input template'],
    [{ mode: 'execute' }, 'needs execute-change-set-id'],
    [{ template: good, 'monitoring-time': '90s' }, 'whole minutes'],
    [{ template: good, 'rollback-alarms': 'errors' }, 'is not the ARN of a CloudWatch alarm'],
    [{ template: good, 'resources-to-import': '{}' }, 'is not a list'],
    [{ template: good, mode: 'deplyo' }, 'is not one of'],
    [{ template: good, 's3-bucket-owner': '210987654321' }, 'add s3-bucket'],
    [{ template: good, 's3-bucket': 'artifacts', 's3-bucket-owner': 'tools' }, 'write its twelve digits'],
    [{ template: good, 'wait-for': 'true' }, 'unknown input'],
    [{ template: named }, 'CAPABILITY_NAMED_IAM'],
    [{ template: withParameter, parameters: 'Mod=x' }, 'did you mean Mode'],
  ])('%j is refused', async (inputs, text) => {
    fails(text)(await stage.deploy(inputs));
  });
});
