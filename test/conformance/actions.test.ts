import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Account, readOutcome } from './account.js';
import { Stack } from './cloudformation/stack.js';
import { CHAIN, STORED } from './cloudformation/templates.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { miniStackObstacle } from './reference-emulator.js';
import { createEndpointEnv, type Inputs, ROOT_ENV, readOutput, Workspace } from './workspace.js';

const FAILING = { parameters: 'Delay=1000' };
const CAUSE = 'Value must be between 0 and 900.';

declareUnless(miniStackObstacle, describe)('the bundle of cloudformation-deploy, before MiniStack', () => {
  let emulator: MiniStack;
  let account: Account;
  const workspace = new Workspace();

  beforeAll(async () => {
    emulator = await startMiniStack();
    account = new Account(emulator.url);
    workspace.write('chain.yml', CHAIN);
    workspace.write('stored.yml', STORED);
    // Larger than TemplateBody may be.
    workspace.write('large.yml', `${CHAIN}Metadata: { Padding: ${'x'.repeat(60_000)} }\n`);
  });

  afterAll(async () => {
    workspace[Symbol.dispose]();
    account.destroy();
    await emulator.close();
  });

  beforeEach(() => emulator.reset());

  const shop = () => new Stack({ account, advance: async () => {} }, 'shop');
  const deploy = async (inputs: Inputs = {}) => {
    const env = { ...createEndpointEnv(emulator.url), ...ROOT_ENV };
    const result = await workspace.run(
      'cloudformation-deploy',
      { name: 'shop', template: 'chain.yml', ...inputs },
      env,
    );
    return { ...result, output: readOutput(result) };
  };
  const deploySuccessfully = async (inputs: Inputs = {}) => {
    const { conclusion, output, outputs } = await deploy(inputs);
    expect({ conclusion, output }).toEqual({ conclusion: 'success', output: expect.any(String) });
    return outputs;
  };

  it('creates a stack and sets its outputs', async () => {
    const outputs = await deploySuccessfully();
    expect(outputs).toMatchObject({ 'stack-status': 'CREATE_COMPLETE', 'has-changes': 'true', 'changes-count': '3' });
    await expect(shop().getOutputs()).resolves.toEqual({
      BucketName: outputs['BucketName'],
      TopicArn: outputs['TopicArn'],
    });
    const bucket = account.s3.send(new HeadBucketCommand({ Bucket: outputs['BucketName'] }));
    await expect(readOutcome(bucket)).resolves.toBe('accepted');
  });

  it('makes no change for an unchanged template, and keeps parameter values that are not set', async () => {
    await deploySuccessfully({ parameters: 'Delay=5' });
    const before = await shop().listEvents();
    await expect(deploySuccessfully()).resolves.toMatchObject({
      'has-changes': 'false',
      'stack-status': 'CREATE_COMPLETE',
    });
    await expect(shop().listEvents()).resolves.toEqual(before);
    await expect(shop().getParameters()).resolves.toEqual({ Delay: '5' });
  });

  it('updates in place', async () => {
    await deploySuccessfully();
    const before = await shop().getPhysicalIds();
    await expect(deploySuccessfully({ parameters: 'Delay=5' })).resolves.toMatchObject({
      'stack-status': 'UPDATE_COMPLETE',
    });
    await expect(shop().getParameters()).resolves.toEqual({ Delay: '5' });
    await expect(shop().getPhysicalIds()).resolves.toEqual(before);
  });

  it('preserves a failed creation, reports the root cause, and resumes it where it stopped', async () => {
    const failed = await deploy({ ...FAILING, 'on-failure': 'preserve' });
    expect(failed.conclusion).toBe('failure');
    expect(failed.outputs['stack-status']).toBe('CREATE_FAILED');
    expect(failed.outputs['root-cause']).toContain(CAUSE);
    expect(failed.summary).toContain(CAUSE);
    expect(JSON.parse(failed.outputs['failed-resources'] ?? '')).toMatchObject([
      { logicalId: 'Queue', status: 'CREATE_FAILED' },
    ]);
    const { Bucket } = await shop().getPhysicalIds();

    const resumed = await deploySuccessfully({ parameters: 'Delay=5' });
    expect(resumed).toMatchObject({ 'stack-status': 'UPDATE_COMPLETE', 'was-resumed': 'true', BucketName: Bucket });
  });

  it('rolls a failed creation back, and creates a new stack in the next run', async () => {
    const failed = await deploy(FAILING);
    expect(failed.conclusion).toBe('failure');
    expect(failed.outputs['stack-status']).toBe('ROLLBACK_COMPLETE');
    expect(failed.outputs['root-cause']).toContain(CAUSE);
    const again = await deploySuccessfully();
    expect(again['stack-status']).toBe('CREATE_COMPLETE');
    expect(again['stack-id']).not.toBe(failed.outputs['stack-id']);
  });

  it('rolls a failed update back to the previous state', async () => {
    await deploySuccessfully({ parameters: 'Delay=5' });
    const before = await shop().getPhysicalIds();
    const failed = await deploy(FAILING);
    expect(failed.conclusion).toBe('failure');
    expect(failed.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failed.outputs['root-cause']).toContain(CAUSE);
    await expect(shop().getParameters()).resolves.toEqual({ Delay: '5' });
    await expect(shop().getPhysicalIds()).resolves.toEqual(before);
  });

  it('rolls a preserved update back in mode rollback', async () => {
    await deploySuccessfully({ parameters: 'Delay=5' });
    const failed = await deploy({ ...FAILING, 'on-failure': 'preserve' });
    expect(failed.outputs['stack-status']).toBe('UPDATE_FAILED');
    await expect(deploySuccessfully({ mode: 'rollback' })).resolves.toMatchObject({
      'stack-status': 'UPDATE_ROLLBACK_COMPLETE',
    });
    await expect(shop().getParameters()).resolves.toEqual({ Delay: '5' });
  });

  it('leaves no stack and no change set after a preview', async () => {
    const first = await deploySuccessfully({ mode: 'preview' });
    expect(first).toMatchObject({ 'changes-count': '3', 'has-changes': 'true' });
    const { StackSummaries = [] } = await account.cloudformation.send(new ListStacksCommand({}));
    expect(StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')).toEqual([]);
    await deploySuccessfully();
    const before = await shop().listChangeSets();
    await expect(deploySuccessfully({ mode: 'preview', parameters: 'Delay=9' })).resolves.toMatchObject({
      'changes-count': '2',
    });
    await expect(shop().listChangeSets()).resolves.toEqual(before);
    await expect(shop().getParameters()).resolves.toEqual({ Delay: '0' });
  });

  it('reports drift of a resource that was changed by hand', async () => {
    await deploySuccessfully({ template: 'stored.yml' });
    await expect(deploySuccessfully({ mode: 'drift', 'fail-on-drift': 'true' })).resolves.toMatchObject({
      'drift-status': 'IN_SYNC',
    });
    const { Parameter } = await shop().getPhysicalIds();
    await account.ssm.send(new PutParameterCommand({ Name: Parameter, Value: 'by hand', Overwrite: true }));
    const drifted = await deploy({ mode: 'drift', 'fail-on-drift': 'true' });
    expect(drifted.conclusion).toBe('failure');
    expect(drifted.outputs['drift-status']).toBe('DRIFTED');
    expect(drifted.summary).toContain('Parameter');
  });

  it('uploads a template to S3 that is too large for TemplateBody', async () => {
    await expect(deploySuccessfully({ template: 'large.yml' })).resolves.toMatchObject({
      'stack-status': 'CREATE_COMPLETE',
    });
  });
});
