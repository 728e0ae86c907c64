import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { root } from '../../scripts/command.mjs';
import { buildAccountScenario } from '../../scripts/demo/environment/account.js';
import { findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import { readFiles } from './act/read-files.js';

const obstacle = findToolObstacle(['act']);
const role = 'arn:aws:iam::123456789012:role/deliver';
const UNIT = 'ou-abcd-11111111';
const variables = {
  AWS_REGION: 'eu-west-1',
  DEPLOY_ROLE_ARN: role,
  DRIFT_ROLE_ARN: role,
  SHARD_COUNT: '0',
  ORGANIZATIONAL_UNITS: UNIT,
  TARGET_REGIONS: 'eu-west-1,us-east-1',
};

/** The demo's account with drift in one stack: its queue was changed by hand. */
const scenario = () => {
  const document = parseDocument(buildAccountScenario(root));
  document.setIn(['iam', 'accessKeys'], { test: 'test' });
  const difference = { path: '/DelaySeconds', expected: '0', actual: '30' };
  document.setIn(
    ['cloudformation', 'drift'],
    [{ stack: 'ticket-shop-function', resource: 'Touched', differences: [difference] }],
  );
  document.setIn(['cloudformation', 'stackSets'], {
    organizationalUnits: { [UNIT]: ['111111111111', '222222222222'] },
  });
  return document.toJS();
};

declareUnless(obstacle, describe)('the operations workflows under act', () => {
  let act: Act;
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws({ scenario: scenario() });
    act = new Act();
  });
  beforeEach(() => aws.reset());
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
  });

  const createStack = async (StackName: string, logicalId: string): Promise<void> => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new CloudFormationClient({ endpoint: aws.url, region: 'eu-west-1', credentials });
    const TemplateBody = JSON.stringify({ Resources: { [logicalId]: { Type: 'AWS::SQS::Queue' } } });
    await client.send(new CreateStackCommand({ StackName, TemplateBody }));
    client.destroy();
    aws.clock.advance(60_000);
  };

  const run = (name: string, inputs?: Readonly<Record<string, string>>): Promise<ActResult> => {
    const workflow = `examples/workflows/${name}.yml`;
    return act.run({
      files: readFiles(
        workflow,
        'examples/delivery/template.yaml',
        'examples/appconfig',
        'examples/several-stacks',
        'examples/organization',
      ),
      workflow,
      event: ['first-delivery', 'several-stacks', 'organization'].includes(name) ? 'push' : 'workflow_dispatch',
      env: aws.createEnv(),
      variables,
      ...(inputs && { inputs }),
    });
  };

  it('check every stack for drift, and fail if one has drifted', async () => {
    await createStack('ticket-shop', 'Untouched');
    await createStack('ticket-shop-function', 'Touched');
    const { exitCode, output } = await run('drift');
    expect(exitCode).toBe(1);
    expect(output).toContain('ticket-shop: IN_SYNC, 0 drifted resources');
    expect(output).toContain('ticket-shop-function: DRIFTED, 1 drifted resource: fail-on-drift is true');
    expect(aws.calls().filter(({ operation }) => operation === 'DetectStackDrift')).toHaveLength(2);
  });

  it('fail if a stack cannot be checked for drift', async () => {
    await createStack('ticket-shop', 'Untouched');
    const { exitCode, output } = await run('drift');
    expect(exitCode).toBe(1);
    expect(output).toContain('ticket-shop-function');
  });

  it('deploy several stacks in the order of their references', async () => {
    const { exitCode, output, findStep } = await run('several-stacks');
    expect({ exitCode, text: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, text: '' });
    const results = JSON.parse(findStep('stacks').outputs['stack-results'] ?? '');
    expect(results['orders-alarms']).toMatchObject({ result: 'complete', 'stack-status': 'CREATE_COMPLETE' });
    const { QueueName } = results['orders-queue']['stack-outputs'];
    expect(output).toContain(`orders arrive at ${QueueName}`);
    const alarms = aws
      .calls()
      .find(({ operation, input }) => operation === 'CreateChangeSet' && input['StackName'] === 'orders-alarms');
    expect(alarms?.input['Parameters']).toContainEqual({ ParameterKey: 'QueueName', ParameterValue: QueueName });
  });

  it('deploy a stack set to the accounts of organizational units', async () => {
    const { exitCode, output, findStep } = await run('organization');
    expect({ exitCode, text: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, text: '' });
    expect(JSON.parse(findStep('guardrails').outputs['stack-set-instances'] ?? '')).toEqual({
      '111111111111/eu-west-1': 'SUCCEEDED',
      '222222222222/eu-west-1': 'SUCCEEDED',
      '111111111111/us-east-1': 'SUCCEEDED',
      '222222222222/us-east-1': 'SUCCEEDED',
    });
  });

  it('roll back a stack that a failed delivery preserved', async () => {
    const delivery = await run('first-delivery');
    expect(delivery.findStep('stack').outputs['stack-status']).toBe('CREATE_FAILED');
    const { exitCode, output } = await run('rollback', { target: 'stack', stack: 'ticket-shop' });
    expect(exitCode).toBe(0);
    expect(output).toContain('ROLLBACK_COMPLETE');
  });
});
