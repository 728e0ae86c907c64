import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from '@jest/globals';
import { ACCOUNT, REGION, Stage, scenario, things } from './stage.js';

const policy = readFileSync(new URL('../iam-policy.json', import.meta.url), 'utf8')
  .replaceAll('${Partition}', 'aws')
  .replaceAll('${Region}', REGION)
  .replaceAll('${Account}', ACCOUNT);

const stage = await Stage.open({
  ...scenario,
  iam: {
    accessKeys: { AKIAROOT: 'root-secret' },
    users: { deployer: { accessKeys: { AKIADEPLOYER: 'deployer-secret' }, policies: { own: JSON.parse(policy) } } },
  },
  cloudformation: { ...scenario.cloudformation, drift: [{ stack: 'shop', resource: 'A' }] },
});
afterAll(() => stage.close());

const template = (modes: Parameters<typeof things>[0]): string => stage.write('template.json', things(modes));

it('the generated policy is all that the action’s own calls need', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' });
  const preserve = { 'on-failure': 'preserve' };
  await stage.deploy({ template: template({ A: 'good' }), mode: 'preview' });
  await stage.deploy({ template: template({ A: 'good', B: 'flaky' }), ...preserve });
  await stage.deploy({ mode: 'retry', ...preserve });
  await stage.deploy({ mode: 'retry', 'termination-protection': 'true', 'stack-policy': '{"Statement":[]}' });
  await stage.deploy({ template: 'previous', tags: 'a=b' });
  await stage.deploy({ mode: 'drift' });
  await stage.deploy({ template: template({ A: 'good', C: 'bad' }), ...preserve });
  await stage.deploy({ mode: 'rollback' });
  await stage.deploy({ template: template({ A: 'good' }), 'termination-protection': 'false' });
  await stage.deploy({ template: template({ A: 'better' }), timeout: '3s', 'on-timeout': 'cancel-update' });
  await stage.deploy({ template: template({ S: 'stuck', D: 'good' }) });
  await stage.deploy({ template: template({ S: 'other', D: 'bad' }) });
  await stage.deploy({ mode: 'rollback' });
  stage.write('page.txt', 'hello');
  const packaged = {
    Resources: { L: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: 'page.txt' } } },
  };
  await stage.deploy({ template: stage.write('packaged.json', JSON.stringify(packaged)) });
  await stage.deploy({ mode: 'delete' });

  const calls = stage.aws.calls().filter(({ via }) => via === undefined);
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

it('a preview that may not delete a stack leaves it empty and says so, and a deploy takes it over', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' });
  const inputs = { name: 'fresh', template: template({ A: 'good' }) };
  stage.aws.setFaults([{ fault: 'error', operation: 'DeleteStack', code: 'AccessDenied', status: 403 }]);
  const first = await stage.deploy({ ...inputs, mode: 'preview' });
  expect(first.failure).toBeUndefined();
  expect(first.log).toContain('warning: stack fresh stays, empty, in REVIEW_IN_PROGRESS: DeleteStack: AccessDenied');
  const second = await stage.deploy({ ...inputs, mode: 'preview' });
  expect([second.failure, second.writes]).toEqual([undefined, ['CreateChangeSet', 'DeleteChangeSet']]);
  const deploy = await stage.deploy(inputs);
  expect(deploy.outputs['stack-status']).toBe('CREATE_COMPLETE');
  stage.aws.setFaults([]);
});
