import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Inputs } from '../action.js';
import { definition } from '../action.js';
import { ACCOUNT, REGION, type RunResult, renderThings, scenario, TestHarness } from './harness.js';
import { createStackSetCases } from './stack-set/input-cases.js';

const harness = await TestHarness.open({
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
    stackSets: {
      ...scenario.cloudformation?.stackSets,
      rules: [{ on: { account: ACCOUNT }, reason: 'Failed for the test' }],
    },
    types: { 'Test::Thing': { replace: ['Key'] } },
    drift: [{ stack: 'shop', resource: 'A' }],
  },
});
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

type InputValues = Readonly<Record<string, string>>;

/** Runs before, the run with the input, and a check of its effect. */
interface Case {
  readonly before?: readonly InputValues[];
  readonly inputs: InputValues;
  readonly check: (run: RunResult) => void;
}

const good = harness.write('good.json', renderThings({ A: 'good' }));
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
const templateWithRole = harness.write(
  'role.json',
  JSON.stringify({
    Resources: {
      R: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] } },
      },
    },
  }),
);
const better = harness.write('better.json', renderThings({ A: 'better' }));
const bad = harness.write('bad.json', renderThings({ A: 'good', B: 'bad' }));
const flaky = harness.write('flaky.json', renderThings({ A: 'good', B: 'flaky' }));
const stuck = harness.write('stuck.json', renderThings({ A: 'stuck', C: 'good' }));
const sticking = harness.write('sticking.json', renderThings({ A: 'other', C: 'bad' }));
const sticky = harness.write('sticky.json', renderThings({ A: 'sticky' }));
const withParameter = harness.write(
  'parameter.json',
  JSON.stringify({
    Parameters: { Mode: { Type: 'String', Default: 'good' } },
    Resources: { A: { Type: 'Test::Thing', Properties: { Mode: { Ref: 'Mode' } } } },
  }),
);
const named = harness.write(
  'named.json',
  JSON.stringify({ Resources: { R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r' } } } }),
);
const writeKeyedTemplate = (key: string): string =>
  harness.write(
    `key-${key}.json`,
    JSON.stringify({ Resources: { A: { Type: 'Test::Thing', Properties: { Key: key } } } }),
  );
const values = harness.write('values.json', JSON.stringify({ Mode: 'from a file' }));
const codeTemplate = harness.write(
  'code.json',
  JSON.stringify({ Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Code: './good.json' } } } }),
);
const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:events`;
const alarm = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:errors`;
const role = `arn:aws:iam::${ACCOUNT}:role/service`;

const expectCall =
  (operation: string, input: object): Case['check'] =>
  (run) =>
    expect(
      run.calls.filter((apiCall) => apiCall.operation === operation).map((apiCall) => apiCall.input),
    ).toContainEqual(expect.objectContaining(input));
const expectPassWith =
  (check: Case['check']): Case['check'] =>
  (run) => {
    expect(run.failure).toBeUndefined();
    check(run);
  };
const expectWrites =
  (...names: readonly string[]): Case['check'] =>
  (run) =>
    expect(run.writes).toEqual(names);
const expectFailure =
  (message: string): Case['check'] =>
  (run) =>
    expect(run.failure).toContain(message);

/** Writes a cloud assembly of the stacks a and b, where b depends on a. */
const writeAssembly = (assumeRoleArn?: string, template = renderThings({ A: 'good' })): string => {
  const directory = mkdtempSync(join(harness.workspace, 'assembly-'));
  writeFileSync(join(directory, 'a.json'), template);
  const createStack = (dependencies: readonly string[]) => ({
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region',
    dependencies,
    properties: { templateFile: 'a.json', assumeRoleArn },
  });
  const manifest = { version: '55.0.0', artifacts: { a: createStack([]), b: createStack(['a']) } };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  return directory;
};

const created: readonly InputValues[] = [{ template: good }];
const preserved: readonly InputValues[] = [{ template: flaky, 'on-failure': 'preserve' }];
const rolledBack: readonly InputValues[] = [{ template: harness.write('only-bad.json', renderThings({ A: 'bad' })) }];
const stuckRollback: readonly InputValues[] = [{ template: stuck }, { template: sticking }];
const running: readonly InputValues[] = [{ template: good, wait: 'false' }];

const cases = {
  name: { inputs: { name: 'other', template: good }, check: expectCall('CreateChangeSet', { StackName: 'other' }) },
  stacks: {
    inputs: { name: '', stacks: `[{name: a, template: ${good}}, {name: b, template: ${good}}]` },
    check: expectPassWith((run) =>
      expect(Object.keys(JSON.parse(run.outputs['stack-results'] ?? ''))).toEqual(['a', 'b']),
    ),
  },
  concurrency: {
    inputs: { name: '', stacks: `[{name: a, template: ${good}}, {name: b, template: ${good}}]`, concurrency: '1' },
    check: expectPassWith(expectWrites('CreateChangeSet', 'ExecuteChangeSet', 'CreateChangeSet', 'ExecuteChangeSet')),
  },
  assembly: { inputs: { name: '', assembly: 'cdk.out' }, check: expectFailure("'cdk.out' does not exist") },
  'assembly-stacks': {
    inputs: { name: '', assembly: writeAssembly(), 'assembly-stacks': 'other' },
    check: expectFailure("no stack matches 'other'"),
  },
  exclusively: {
    inputs: { name: '', assembly: writeAssembly(), 'assembly-stacks': 'b', exclusively: 'true' },
    check: expectPassWith(expectWrites('CreateChangeSet', 'ExecuteChangeSet')),
  },
  'role-fallback': {
    inputs: { name: '', assembly: writeAssembly('arn:aws:iam::123456789012:role/none'), 'role-fallback': 'warn' },
    check: expectPassWith((run) => expect(run.log).toContain('Continuing with the credentials of the step')),
  },
  'delete-empty-stacks': {
    before: [{ name: 'a', template: good }],
    inputs: { name: '', assembly: writeAssembly(undefined, '{"Resources":{}}'), 'delete-empty-stacks': 'true' },
    check: (run) => expect(run.writes).toContain('DeleteStack'),
  },
  mode: { before: created, inputs: { mode: 'delete' }, check: expectWrites('DeleteStack') },
  wait: {
    inputs: { template: good, wait: 'no' },
    check: expectPassWith((run) => expect(run.log).toMatch(/execution of change set \S+ started/u)),
  },
  timeout: { inputs: { template: good, timeout: '2s' }, check: expectFailure('timed out after') },
  'on-timeout': {
    before: created,
    inputs: { template: better, timeout: '4s', 'on-timeout': 'rollback' },
    check: (run) => expect(run.writes).toContain('CancelUpdateStack'),
  },
  'on-cancel': {
    inputs: { template: good, 'on-cancel': 'rollback' },
    check: (run) => expect(run.savedStates).toContainEqual(expect.stringContaining('"policy":"rollback"')),
  },
  'fail-on-drift': {
    before: created,
    inputs: { mode: 'drift', 'fail-on-drift': '1' },
    check: expectFailure('fail-on-drift'),
  },
  'ignore-file': {
    before: created,
    inputs: {
      mode: 'drift',
      'fail-on-drift': 'true',
      'on-unused-exception': 'fail',
      'ignore-file': harness.write('drift.yml', 'ignore: [{ resources: A, reason: scaled }]'),
    },
    check: expectPassWith((run) => expect(run.summary).toContain('scaled (entry 1 of drift.yml)')),
  },
  'no-execute-changeset': {
    inputs: { template: good, mode: 'create-and-execute', 'no-execute-changeset': 'true' },
    check: expectWrites('CreateChangeSet'),
  },
  template: {
    before: created,
    inputs: { template: 'previous', tags: 'a=b' },
    check: expectCall('CreateChangeSet', { UsePreviousTemplate: true }),
  },
  capabilities: {
    inputs: { template: named, capabilities: 'CAPABILITY_NAMED_IAM' },
    check: expectCall('CreateChangeSet', { Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  },
  package: {
    inputs: { template: codeTemplate, package: 'false' },
    check: (run) => expect(run.writes).not.toContain('PutObject'),
  },
  's3-bucket': { inputs: { template: good, 's3-bucket': 'no-such-bucket' }, check: expectFailure('no-such-bucket') },
  's3-bucket-owner': {
    inputs: { template: good, 's3-bucket': 'artifacts', 's3-bucket-owner': '210987654321' },
    check: expectCall('PutObject', { Bucket: 'artifacts', ExpectedBucketOwner: '210987654321' }),
  },
  's3-prefix': {
    inputs: { template: codeTemplate, 's3-prefix': 'team/shop' },
    check: (run) =>
      expect(run.calls.find(({ operation }) => operation === 'PutObject')?.input['Key']).toMatch(/^team\/shop\//u),
  },
  'kms-key-id': {
    inputs: { template: codeTemplate, 'kms-key-id': 'alias/shop' },
    check: expectCall('PutObject', { SSEKMSKeyId: 'alias/shop' }),
  },
  parameters: {
    inputs: { template: withParameter, parameters: 'Mode="a,b"' },
    check: expectCall('CreateChangeSet', { Parameters: [{ ParameterKey: 'Mode', ParameterValue: 'a,b' }] }),
  },
  'parameter-files': {
    inputs: { template: withParameter, 'parameter-files': values },
    check: expectCall('CreateChangeSet', { Parameters: [{ ParameterKey: 'Mode', ParameterValue: 'from a file' }] }),
  },
  'reset-parameters': {
    before: [{ template: withParameter, parameters: 'Mode=other' }],
    inputs: { template: withParameter, 'reset-parameters': 'true' },
    check: (run) => expect(run.outputs['has-changes']).toBe('true'),
  },
  'role-arn': { inputs: { template: good, 'role-arn': role }, check: expectCall('CreateChangeSet', { RoleARN: role }) },
  tags: {
    inputs: { template: good, tags: '[{"Key":"team","Value":"shop"}]' },
    check: expectCall('CreateChangeSet', { Tags: [{ Key: 'team', Value: 'shop' }] }),
  },
  'notification-arns': {
    inputs: { template: good, 'notification-arns': topic },
    check: expectCall('CreateChangeSet', { NotificationARNs: [topic] }),
  },
  'resource-types': {
    inputs: { template: good, 'resource-types': 'Test::*' },
    check: (run) => {
      expectCall('CreateChangeSet', { ResourceTypes: ['Test::*'] })(run);
      const input = run.calls.find(({ operation }) => operation === 'CreateChangeSet')?.input;
      expect(input).not.toHaveProperty('Capabilities');
    },
  },
  'stack-policy': {
    inputs: { template: good, 'stack-policy': '{"Statement":[]}' },
    check: expectCall('SetStackPolicy', { StackPolicyBody: '{"Statement":[]}' }),
  },
  'termination-protection': {
    inputs: { template: good, 'termination-protection': 'true' },
    check: expectCall('UpdateTerminationProtection', { EnableTerminationProtection: true }),
  },
  'rollback-alarms': {
    inputs: { template: good, 'rollback-alarms': alarm },
    check: expectCall('CreateChangeSet', {
      RollbackConfiguration: {
        RollbackTriggers: [{ Arn: alarm, Type: 'AWS::CloudWatch::Alarm' }],
        MonitoringTimeInMinutes: 0,
      },
    }),
  },
  'monitoring-time': {
    inputs: { template: good, 'monitoring-time': '5m' },
    check: expectCall('CreateChangeSet', {
      RollbackConfiguration: { RollbackTriggers: [], MonitoringTimeInMinutes: 5 },
    }),
  },
  'change-set-name': {
    inputs: { template: good, 'change-set-name': 'release' },
    check: expectCall('CreateChangeSet', { ChangeSetName: 'release' }),
  },
  'change-set-description': {
    inputs: { template: good, 'change-set-description': 'the big one' },
    check: expectCall('CreateChangeSet', { Description: expect.stringContaining('the big one') }),
  },
  'execute-change-set-id': {
    before: [{ template: good, mode: 'create-only', 'change-set-name': 'release' }],
    inputs: { 'execute-change-set-id': 'release' },
    check: expectWrites('ExecuteChangeSet'),
  },
  'include-nested-stacks': {
    inputs: { template: good, 'include-nested-stacks': 'true' },
    check: expectCall('CreateChangeSet', { IncludeNestedStacks: true }),
  },
  'fail-on-empty': {
    before: created,
    inputs: { template: good, 'fail-on-empty': 'true' },
    check: expectFailure('fail-on-empty'),
  },
  'keep-failed-change-set': {
    before: created,
    inputs: {
      template: harness.write(
        'import.json',
        '{"Resources":{"A":{"Type":"Test::Thing","Properties":{"Mode":{"Fn::ImportValue":"nothing"}}}}}',
      ),
      'keep-failed-change-set': 'true',
    },
    check: (run) => expect(run.writes).not.toContain('DeleteChangeSet'),
  },
  'deployment-mode': {
    before: created,
    inputs: { template: better, 'deployment-mode': 'REVERT_DRIFT' },
    check: expectCall('CreateChangeSet', { DeploymentMode: 'REVERT_DRIFT' }),
  },
  'early-validation': {
    inputs: { template: good, 'early-validation': 'false' },
    check: expectCall('CreateChangeSet', { DisableValidation: true }),
  },
  'import-existing-resources': {
    inputs: { template: good, 'import-existing-resources': 'true' },
    check: expectCall('CreateChangeSet', { ImportExistingResources: true }),
  },
  'resources-to-import': {
    before: created,
    inputs: {
      template: harness.write('two.json', renderThings({ A: 'good', B: 'good' })),
      'resources-to-import': '[{ResourceType: Test::Thing, LogicalResourceId: B, ResourceIdentifier: {Name: b}}]',
    },
    check: expectCall('CreateChangeSet', { ChangeSetType: 'IMPORT' }),
  },
  'retain-except-on-create': {
    inputs: { template: good, 'retain-except-on-create': 'true' },
    check: expectCall('ExecuteChangeSet', { RetainExceptOnCreate: true }),
  },
  'on-failure': {
    inputs: { template: bad, 'on-failure': 'preserve' },
    check: expectCall('ExecuteChangeSet', { DisableRollback: true }),
  },
  'retry-attempts': {
    inputs: { template: flaky, 'retry-attempts': '2' },
    check: expectPassWith(expectWrites('CreateChangeSet', 'ExecuteChangeSet', 'UpdateStack', 'UpdateStack')),
  },
  'retry-pause': {
    inputs: { template: flaky, 'retry-attempts': '2', 'retry-pause': '2m' },
    check: (run) => expect(run.durationMs).toBeGreaterThan(200_000),
  },
  'on-preserved': { before: preserved, inputs: { template: good, 'on-preserved': 'fail' }, check: expectWrites() },
  'on-rollback-complete': {
    before: rolledBack,
    inputs: { template: good, 'on-rollback-complete': 'fail' },
    check: expectWrites(),
  },
  'on-rollback-failed': {
    before: stuckRollback,
    inputs: { template: good, 'on-rollback-failed': 'fail' },
    check: expectWrites(),
  },
  'resources-to-skip': {
    before: stuckRollback,
    inputs: { mode: 'rollback', 'resources-to-skip': 'A' },
    check: expectCall('ContinueUpdateRollback', { ResourcesToSkip: ['A'] }),
  },
  'force-rollback': {
    before: stuckRollback,
    inputs: { mode: 'rollback', 'force-rollback': 'true' },
    check: expectCall('ContinueUpdateRollback', { ForceRollback: true }),
  },
  'on-conflict': {
    before: running,
    inputs: { template: good, 'on-conflict': 'fail' },
    check: expectFailure('An operation is in progress'),
  },
  'conflict-timeout': {
    before: running,
    inputs: { template: good, 'conflict-timeout': '2' },
    check: expectFailure('timed out after 2s'),
  },
  'retain-resources': {
    before: [{ template: sticky }, { mode: 'delete' }],
    inputs: { mode: 'delete', 'retain-resources': 'A' },
    check: expectCall('DeleteStack', { RetainResources: ['A'] }),
  },
  'force-delete': {
    before: [{ template: sticky }, { mode: 'delete' }],
    inputs: { mode: 'delete', 'force-delete': 'true' },
    check: expectCall('DeleteStack', { DeletionMode: 'FORCE_DELETE_STACK' }),
  },
  protect: {
    before: [{ template: writeKeyedTemplate('a') }],
    inputs: { template: writeKeyedTemplate('b'), protect: 'all' },
    check: expectFailure('rejects the changes to'),
  },
  'protect-types': {
    before: [{ template: writeKeyedTemplate('a') }],
    inputs: { template: writeKeyedTemplate('b'), protect: 'stateful', 'protect-types': 'Test::Thing' },
    check: expectFailure('rejects the changes to'),
  },
  'allow-replacement': {
    before: [{ template: writeKeyedTemplate('a') }],
    inputs: { template: writeKeyedTemplate('b'), protect: 'all', 'allow-replacement': 'A' },
    check: (run) => expect(run.failure).toBeUndefined(),
  },
  comment: {
    inputs: { template: good, comment: 'summary', mode: 'preview' },
    check: (run) => expect(run.log).toContain('does not belong to a pull request'),
  },
  'allow-permissions': {
    inputs: {
      template: templateWithRole,
      capabilities: 'CAPABILITY_IAM',
      protect: 'security',
      'allow-permissions': 'R',
    },
    check: (run) => {
      expect(run.failure).toBeUndefined();
      expect(run.summary).toContain('⚠ Wider permissions');
    },
  },
  'on-unused-exception': {
    inputs: { template: good, protect: 'all', 'allow-replacement': 'Old', 'on-unused-exception': 'fail' },
    check: (run) => {
      expect(run.failure).toContain('1 unused exception: allow-replacement: Old matches nothing');
      expect(run.calls.map(({ operation }) => operation)).not.toContain('ExecuteChangeSet');
    },
  },
  'report-name': {
    inputs: { template: good, 'report-name': 'production' },
    check: (run) => expect(run.summary).toMatch(/^## .* \(production\)\n/u),
  },
  matrix: {
    inputs: { template: good, matrix: '{"stage": "test"}' },
    check: (run) => expect(run.summary).toMatch(/^## .* \(test\)\n/u),
  },
  'github-token': {
    inputs: { template: good, 'github-token': 'ghs_secret_token' },
    check: (run) => expect(run.host.recorded.masked).toContain('ghs_secret_token'),
  },
  'show-values': {
    before: created,
    inputs: { template: better, 'show-values': 'true' },
    check: expectCall('DescribeChangeSet', { IncludePropertyValues: true }),
  },
  'mask-outputs': {
    inputs: { template: good, 'mask-outputs': 'A*' },
    check: (run) => {
      expect(run.host.recorded.masked).toContain(run.outputs['AName']);
      expect(run.summary).toContain('`AName` | \\*\\*\\*');
    },
  },
  ...createStackSetCases(good, withParameter),
  'aws-region': {
    inputs: { template: good, 'aws-region': 'us-west-2' },
    check: (run) => expect(run.outputs['stack-id']).toContain(':us-west-2:'),
  },
  'http-proxy': {
    // Loopback is never reached through a proxy; the masked password shows that the proxy is configured.
    inputs: { template: good, 'http-proxy': 'http://user:pass%20word@proxy.example:3128' },
    check: (run) => expect(run.host.recorded.masked).toContain('pass word'),
  },
} satisfies Record<keyof Inputs, Case>;

describe('every input has an effect', () => {
  it.each(Object.entries<Case>(cases))('%s', async (_, { before = [], inputs, check }) => {
    for (const earlier of before) await harness.deploy(earlier);
    check(await harness.deploy(inputs));
  });
});

describe('every alias', () => {
  const others = Object.entries(definition.inputs).flatMap(([name, input]) =>
    Object.keys('aliases' in input ? input.aliases : {}).map((other) => ({ name, other })),
  );

  it.each(others)('$other sets $name', async ({ other }) => {
    const translated: Readonly<Record<string, Case>> = {
      'stack-name': { inputs: { name: '', 'stack-name': 'other', template: good }, check: cases.name.check },
      'timeout-in-minutes': {
        before: running,
        inputs: { mode: 'wait', 'timeout-in-minutes': '0' },
        check: expectFailure('timed out after'),
      },
      'parameter-overrides': {
        inputs: { template: withParameter, 'parameter-overrides': 'Mode="a,b"' },
        check: cases.parameters.check,
      },
      'rollback-trigger-arns': {
        inputs: { template: good, 'rollback-trigger-arns': alarm },
        check: cases['rollback-alarms'].check,
      },
      'monitoring-time-in-minutes': {
        inputs: { template: good, 'monitoring-time-in-minutes': '5' },
        check: cases['monitoring-time'].check,
      },
      'include-nested-stacks-change-set': {
        inputs: { template: good, 'include-nested-stacks-change-set': '1' },
        check: cases['include-nested-stacks'].check,
      },
      'fail-on-empty-changeset': {
        before: created,
        inputs: { template: good, 'fail-on-empty-changeset': 'true' },
        check: cases['fail-on-empty'].check,
      },
      'no-delete-failed-changeset': {
        before: created,
        inputs: { template: cases['keep-failed-change-set'].inputs.template, 'no-delete-failed-changeset': 'true' },
        check: cases['keep-failed-change-set'].check,
      },
      'disable-rollback': { inputs: { template: bad, 'disable-rollback': 'true' }, check: cases['on-failure'].check },
    };
    const aliasCase = translated[other];
    if (aliasCase === undefined) throw new Error(`no case for '${other}'`);
    for (const earlier of aliasCase.before ?? []) await harness.deploy(earlier);
    aliasCase.check(await harness.deploy(aliasCase.inputs));
  });
});

describe('contradictory inputs', () => {
  it.each([
    [{ 'force-rollback': 'true', 'resources-to-skip': 'A', mode: 'rollback' }, 'cannot be combined'],
    [{ mode: 'deploy' }, "requires the input 'template'"],
    [{ name: '', template: good }, "input 'name' is required"],
    [{ template: good, 'on-conflict': 'stop' }, 'is available only for stack sets'],
    [{ stacks: `[{name: a, template: ${good}}]` }, "'name' and 'stacks' cannot be combined"],
    [{ mode: 'execute' }, "requires the input 'execute-change-set-id'"],
    [{ template: good, 'monitoring-time': '90s' }, 'whole minutes'],
    [{ template: good, 'rollback-alarms': 'errors' }, 'is not the ARN of a CloudWatch alarm'],
    [{ template: good, 'resources-to-import': '{}' }, 'must be a JSON or YAML list'],
    [{ template: good, mode: 'deplyo' }, 'is not one of'],
    [{ template: good, 's3-bucket-owner': '210987654321' }, 'set s3-bucket'],
    [{ template: good, 's3-bucket': 'artifacts', 's3-bucket-owner': 'tools' }, 'is not a 12-digit account ID'],
    [{ template: good, 'wait-for': 'true' }, 'unknown input'],
    [{ template: named }, 'CAPABILITY_NAMED_IAM'],
    [{ template: withParameter, parameters: 'Mod=x' }, 'did you mean Mode'],
  ])('rejects %j', async (inputs, message) => {
    expectFailure(message)(await harness.deploy(inputs));
  });
});
