import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from '@jest/globals';
import { ACCOUNT, REGION, scenario, TestHarness } from './harness.js';

const policy = readFileSync(new URL('../iam-policy.json', import.meta.url), 'utf8')
  .replaceAll('${Partition}', 'aws')
  .replaceAll('${Region}', REGION)
  .replaceAll('${Account}', ACCOUNT);

const harness = await TestHarness.open({
  ...scenario,
  iam: {
    accessKeys: { AKIAROOT: 'root-secret' },
    users: { deployer: { accessKeys: { AKIADEPLOYER: 'deployer-secret' }, policies: { own: JSON.parse(policy) } } },
  },
  cloudformation: { ...scenario.cloudformation, drift: [{ stack: 'shop', resource: 'A' }] },
});
afterAll(() => harness.close());

it('the generated policy allows all calls of the action', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' });
  const preserve = { 'on-failure': 'preserve' };
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), mode: 'preview' });
  await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
  await harness.deploy({ mode: 'retry', ...preserve });
  await harness.deploy({ mode: 'retry', 'termination-protection': 'true', 'stack-policy': '{"Statement":[]}' });
  await harness.deploy({ template: 'previous', tags: 'a=b' });
  await harness.deploy({ mode: 'drift' });
  await harness.deploy({ template: harness.writeTemplate({ A: 'good', C: 'bad' }), ...preserve });
  await harness.deploy({ mode: 'rollback' });
  await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), 'termination-protection': 'false' });
  await harness.deploy({
    template: harness.writeTemplate({ A: 'better' }),
    timeout: '3s',
    'on-timeout': 'cancel-update',
  });
  await harness.deploy({ template: harness.writeTemplate({ S: 'stuck', D: 'good' }) });
  await harness.deploy({ template: harness.writeTemplate({ S: 'other', D: 'bad' }) });
  await harness.deploy({ mode: 'rollback' });
  harness.write('page.txt', 'hello');
  const packaged = {
    Resources: { L: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: 'page.txt' } } },
  };
  await harness.deploy({ template: harness.write('packaged.json', JSON.stringify(packaged)) });
  await harness.deploy({ mode: 'delete' });

  const calls = harness.aws.calls().filter(({ via }) => via === undefined);
  const denied = calls.filter(({ verdict }) => verdict === 'denied');
  expect(denied.map(({ operation, resource, actions }) => ({ operation, resource, actions }))).toEqual([]);
  expect(new Set(calls.map(({ operation }) => operation))).toEqual(
    new Set([
      ...['GetCallerIdentity', 'DescribeStacks', 'DescribeStackEvents', 'GetTemplate'],
      ...['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet', 'DeleteStack'],
      ...['ListChangeSets'],
      ...['UpdateStack', 'RollbackStack', 'ContinueUpdateRollback', 'CancelUpdateStack'],
      ...['UpdateTerminationProtection', 'SetStackPolicy'],
      ...['DetectStackDrift', 'DescribeStackDriftDetectionStatus', 'DescribeStackResourceDrifts'],
      ...['HeadBucket', 'CreateBucket', 'PutPublicAccessBlock', 'PutBucketEncryption', 'PutBucketTagging'],
      ...['HeadObject', 'PutObject'],
    ]),
  );
});

it('a preview without permission to delete its stack keeps it with a warning, and a deployment uses it', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' });
  const inputs = { name: 'fresh', template: harness.writeTemplate({ A: 'good' }) };
  harness.aws.setFaults([{ fault: 'error', operation: 'DeleteStack', code: 'AccessDenied', status: 403 }]);
  const first = await harness.deploy({ ...inputs, mode: 'preview' });
  expect(first.failure).toBeUndefined();
  expect(first.log).toContain(
    'warning: Stack fresh remains in REVIEW_IN_PROGRESS without resources: DeleteStack: AccessDenied',
  );
  const second = await harness.deploy({ ...inputs, mode: 'preview' });
  expect([second.failure, second.writes]).toEqual([undefined, ['CreateChangeSet', 'DeleteChangeSet']]);
  const deploy = await harness.deploy(inputs);
  expect(deploy.outputs['stack-status']).toBe('CREATE_COMPLETE');
  harness.aws.setFaults([]);
});
