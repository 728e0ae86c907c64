import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  RollbackStackCommand,
  type RollbackStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect, it } from '@jest/globals';
import { readOutcome } from '../account.js';
import { describeOnEmulators } from '../reference-emulator.js';
import { ChangeSet } from './change-set.js';
import { buildParameters, Stack } from './stack.js';
import { CHAIN, QUEUE, SECRET, WAITING } from './templates.js';

const FAILING = buildParameters({ Delay: '1000' });
const GOOD = buildParameters({ Delay: '1' });

describeOnEmulators('recovery', (suite) => {
  const stack = (name = 'shop') => new Stack(suite.emulator, name);
  const set = (name: string, of = 'shop') => new ChangeSet(suite.emulator, of, name);
  const rollback = async (input: Partial<RollbackStackCommandInput> = {}) => {
    const { cloudformation } = suite.emulator.account;
    await cloudformation.send(new RollbackStackCommand({ StackName: 'shop', ...input }));
  };
  const continueRollback = async (StackName: string, ResourcesToSkip?: string[]) => {
    const { cloudformation } = suite.emulator.account;
    await cloudformation.send(new ContinueUpdateRollbackCommand({ StackName, ResourcesToSkip }));
  };
  const cancel = async (ClientRequestToken?: string) => {
    const { cloudformation } = suite.emulator.account;
    await cloudformation.send(new CancelUpdateStackCommand({ StackName: 'shop', ClientRequestToken }));
  };
  const createStack = async (TemplateBody = CHAIN) => {
    const shop = stack();
    await shop.create({ TemplateBody });
    await expect(shop.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    return shop;
  };
  const createFailedStack = async () => {
    const shop = stack();
    await shop.create({ TemplateBody: CHAIN, Parameters: FAILING, DisableRollback: true });
    await expect(shop.waitForTerminal()).resolves.toBe('CREATE_FAILED');
    return shop;
  };
  const createFailedUpdate = async () => {
    const shop = await createStack();
    await shop.update({ UsePreviousTemplate: true, Parameters: FAILING, DisableRollback: true });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_FAILED');
    return shop;
  };

  it('a preserved creation keeps the resources that succeeded', async () => {
    const shop = await createFailedStack();
    await expect(shop.listStatuses('shop')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_FAILED']);
    await expect(shop.listStatuses('Bucket')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    await expect(shop.listStatuses('Queue')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_FAILED']);
    await expect(shop.listStatuses('Topic')).resolves.toEqual([]);
    await expect(shop.getResourceStatuses()).resolves.toEqual({
      Bucket: 'CREATE_COMPLETE',
      ...suite.differing('failed-resources', { 'local AWS': { Queue: 'CREATE_FAILED' }, MiniStack: {} }),
    });
    const reason = suite.differing('failure-summary', {
      'local AWS': 'The following resource(s) failed to create: [Queue]. ',
      MiniStack:
        'Resource Queue failed: Invalid value for the parameter DelaySeconds. Value must be between 0 and 900.',
    });
    await expect(shop.findReason('shop', 'CREATE_FAILED')).resolves.toBe(reason);
    expect((await shop.describe()).StackStatusReason).toBe(reason);
    await expect(shop.getOutputs()).resolves.toEqual({});
  });

  it('a change set resumes a preserved creation where it stopped', async () => {
    const shop = await createFailedStack();
    const { Bucket } = await shop.getPhysicalIds();
    const fix = set('fix');
    await expect(fix.create({ UsePreviousTemplate: true, Parameters: GOOD })).resolves.toBe(
      'CREATE_COMPLETE AVAILABLE',
    );
    await fix.execute({ DisableRollback: true, ClientRequestToken: 'resume' });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    expect((await shop.getPhysicalIds())['Bucket']).toBe(Bucket);
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '1' });
    expect(Object.keys(await shop.getOutputs()).sort()).toEqual(['BucketName', 'TopicArn']);
    const resumed = (await shop.listEvents()).filter(({ token }) => token === 'resume');
    expect(resumed.find(({ id }) => id === 'shop')?.status).toBe('UPDATE_IN_PROGRESS');
    const created = resumed.filter(({ id, status }) => id === 'Topic' && status.endsWith('_COMPLETE'));
    expect(created.map(({ status }) => status)).toEqual(
      suite.differing('created-in-an-update', { 'local AWS': ['CREATE_COMPLETE'], MiniStack: ['UPDATE_COMPLETE'] }),
    );
  });

  it('an update resumes a preserved creation', async () => {
    const shop = await createFailedStack();
    const { Bucket } = await shop.getPhysicalIds();
    const { StackId } = await shop.describe();
    const wording = 'ValidationError: Stack [shop] is in CREATE_FAILED state and cannot be updated';
    const resume = { UsePreviousTemplate: true, Parameters: GOOD };
    const rejection = await readOutcome(shop.update(resume));
    expect(rejection).toBe(
      suite.differing('wrong-state-wording', {
        'local AWS':
          'ValidationError: This stack is currently in a non-terminal [CREATE_FAILED] state. To update the stack ' +
          'from this state, please use the disable-rollback parameter with update-stack API. To rollback to the ' +
          'last known good state, use the rollback-stack API',
        MiniStack: wording,
      }),
    );
    await expect(readOutcome(shop.update({ ...resume, DisableRollback: true }))).resolves.toBe(
      suite.differing('resume-by-update', { 'local AWS': 'accepted', MiniStack: wording }),
    );
    await expect(shop.waitForTerminal()).resolves.toBe(
      suite.differing('resume-by-update', { 'local AWS': 'UPDATE_COMPLETE', MiniStack: 'CREATE_FAILED' }),
    );
    expect((await shop.getPhysicalIds())['Bucket']).toBe(Bucket);
    expect((await shop.describe()).StackId).toBe(StackId);
  });

  it('a resumed creation that fails again is preserved again', async () => {
    const shop = await createFailedStack();
    const fix = set('fix');
    await fix.create({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '2000' }) });
    await fix.execute({ DisableRollback: true });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_FAILED');
    const better = set('better');
    await better.create({ UsePreviousTemplate: true, Parameters: GOOD });
    await better.execute({ DisableRollback: true });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
  });

  it('OnFailure DO_NOTHING preserves a failed creation, which cannot be updated', async () => {
    const shop = stack();
    await shop.create({ TemplateBody: CHAIN, Parameters: FAILING, OnFailure: 'DO_NOTHING' });
    await expect(shop.waitForTerminal()).resolves.toBe('CREATE_FAILED');
    const resume = shop.update({ UsePreviousTemplate: true, Parameters: GOOD, DisableRollback: true });
    await expect(readOutcome(resume)).resolves.toBe(
      suite.differing('wrong-state-wording', {
        'local AWS':
          'ValidationError: This stack cannot be updated from [CREATE_FAILED] state because it contains [on-failure: ' +
          'DO_NOTHING]. Please use disable-rollback option instead during stack creation.',
        MiniStack: 'ValidationError: Stack [shop] is in CREATE_FAILED state and cannot be updated',
      }),
    );
  });

  it('RollbackStack deletes the resources of a stack that never completed', async () => {
    const shop = await createFailedStack();
    await rollback({ ClientRequestToken: 'back' });
    await expect(shop.waitForTerminal()).resolves.toBe('ROLLBACK_COMPLETE');
    const own = (await shop.listEvents()).filter(({ token }) => token === 'back');
    expect(own[0]).toMatchObject({ id: 'shop', status: 'ROLLBACK_IN_PROGRESS', reason: 'User Initiated' });
    expect(own.at(-1)).toMatchObject({ id: 'shop', status: 'ROLLBACK_COMPLETE' });
    expect((await shop.listStatuses('Bucket')).slice(2)).toEqual(['DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
  });

  it('a preserved update keeps the changes that succeeded', async () => {
    const shop = await createFailedUpdate();
    expect((await shop.listStatuses('shop')).slice(2)).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_FAILED']);
    expect((await shop.listStatuses('Queue')).slice(2)).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_FAILED']);
    expect((await shop.getResourceStatuses())['Queue']).toBe(
      suite.differing('failed-resources', { 'local AWS': 'UPDATE_FAILED', MiniStack: 'CREATE_COMPLETE' }),
    );
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '1000' });
    await expect(shop.findReason('shop', 'UPDATE_FAILED')).resolves.toBe(
      suite.differing('failure-summary', {
        'local AWS': 'The following resource(s) failed to update: [Queue]. ',
        MiniStack:
          'Resource Queue failed: Invalid value for the parameter DelaySeconds. Value must be between 0 and 900.',
      }),
    );
  });

  it('RollbackStack restores the last complete state of an updated stack', async () => {
    const shop = await createFailedUpdate();
    const before = await shop.getPhysicalIds();
    await rollback({ ClientRequestToken: 'back' });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_ROLLBACK_COMPLETE');
    const own = (await shop.listEvents()).filter(({ token, id }) => token === 'back' && id === 'shop');
    expect(own.map(({ status, reason }) => [status, reason])).toEqual([
      ['UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated'],
      ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', ''],
      ['UPDATE_ROLLBACK_COMPLETE', ''],
    ]);
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '0' });
    await expect(shop.getPhysicalIds()).resolves.toEqual(before);
    await shop.update({ UsePreviousTemplate: true, Parameters: GOOD });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
  });

  it('RollbackStack, ContinueUpdateRollback and CancelUpdateStack are rejected for a complete stack', async () => {
    const shop = await createStack();
    const { StackId } = await shop.describe();
    await expect(readOutcome(rollback())).resolves.toBe(
      suite.differing('no-recovery-wording', {
        'local AWS': `ValidationError: Stack:${StackId} is in CREATE_COMPLETE state and can not be rolled back.`,
        MiniStack: 'ValidationError: RollbackStack cannot be called from current stack status',
      }),
    );
    await expect(readOutcome(continueRollback('shop'))).resolves.toBe(
      suite.differing('no-recovery-wording', {
        'local AWS': `ValidationError: Stack:${StackId} is in CREATE_COMPLETE state and can not continue to be rolled back.`,
        MiniStack: 'ValidationError: ContinueUpdateRollback cannot be called from current stack status',
      }),
    );
    await expect(readOutcome(cancel())).resolves.toBe(
      'ValidationError: CancelUpdateStack cannot be called from current stack status',
    );
    await expect(readOutcome(rollback({ StackName: 'none' }))).resolves.toBe(
      'ValidationError: Stack [none] does not exist',
    );
  });

  it('an update and a rollback are rejected during an operation', async () => {
    const shop = await createStack(WAITING);
    await shop.update({ TemplateBody: WAITING, Parameters: buildParameters({ Waits: 'yes' }) });
    const { StackId } = await shop.describe();
    await expect(readOutcome(shop.update({ TemplateBody: WAITING }))).resolves.toBe(
      suite.differing('wrong-state-wording', {
        'local AWS': `ValidationError: Stack:${StackId} is in UPDATE_IN_PROGRESS state and can not be updated.`,
        MiniStack: 'ValidationError: Stack [shop] is in UPDATE_IN_PROGRESS state and cannot be updated',
      }),
    );
    await expect(readOutcome(rollback())).resolves.toMatch(/^ValidationError: /);
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_ROLLBACK_COMPLETE');
    await expect(shop.findReason('Wait', 'UPDATE_FAILED')).resolves.toBe(
      suite.differing('created-in-an-update', {
        'local AWS': undefined,
        MiniStack: 'WaitCondition timed out. Received 0 conditions when expecting 1',
      }),
    );
    await expect(shop.findReason('Wait', 'CREATE_FAILED')).resolves.toBe(
      suite.differing('created-in-an-update', {
        'local AWS': 'WaitCondition timed out. Received 0 conditions when expecting 1',
        MiniStack: undefined,
      }),
    );
    await expect(shop.findReason('shop', 'UPDATE_ROLLBACK_IN_PROGRESS')).resolves.toBe(
      'The following resource(s) failed to create: [Wait]. ',
    );
  });

  it('a cancelled update is rolled back', async () => {
    const shop = await createStack(WAITING);
    const before = await shop.getPhysicalIds();
    await shop.update({
      TemplateBody: WAITING,
      Parameters: buildParameters({ Waits: 'yes', Delay: '9', Timeout: '2' }),
    });
    await shop.waitForStatus((status) => status === 'UPDATE_IN_PROGRESS');
    await suite.emulator.advance();
    await cancel('stop');
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await shop.listStatuses('shop')).slice(2)).toEqual([
      'UPDATE_IN_PROGRESS',
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
    await expect(shop.getPhysicalIds()).resolves.toMatchObject(before);
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '0', Waits: 'no', Timeout: '1' });
    await expect(shop.findReason('shop', 'UPDATE_ROLLBACK_IN_PROGRESS')).resolves.toBe(
      suite.differing('cancel-takes-hold', {
        'local AWS': 'User Initiated',
        MiniStack: 'The following resource(s) failed to create: [Wait]. ',
      }),
    );
  });

  it('a failed rollback is continued, without resources that are to be skipped', async () => {
    const bereft = stack('bereft');
    await bereft.create({ TemplateBody: SECRET });
    await expect(bereft.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    const { Secret } = await bereft.getPhysicalIds();
    await bereft.update({ TemplateBody: SECRET, Parameters: buildParameters({ Text: 'new', Waits: 'yes' }) });
    await bereft.waitForStatus((status) => status === 'UPDATE_IN_PROGRESS');
    // On local AWS the scenario defines the failure.
    if (suite.emulator.name === 'MiniStack') {
      await suite.emulator.account.secretsmanager.send(new DeleteSecretCommand({ SecretId: Secret }));
    }
    await expect(bereft.waitForTerminal()).resolves.toBe('UPDATE_ROLLBACK_FAILED');
    await expect(bereft.findReason('Secret', 'UPDATE_FAILED')).resolves.toContain('marked for deletion');
    expect((await bereft.describe()).StackStatusReason?.trim()).toBe(
      'The following resource(s) failed to update: [Secret].',
    );
    const { StackId } = await bereft.describe();
    await expect(readOutcome(bereft.update({ TemplateBody: SECRET }))).resolves.toBe(
      suite.differing('wrong-state-wording', {
        'local AWS': `ValidationError: Stack:${StackId} is in UPDATE_ROLLBACK_FAILED state and can not be updated.`,
        MiniStack: 'ValidationError: Stack [bereft] is in UPDATE_ROLLBACK_FAILED state and cannot be updated',
      }),
    );

    await continueRollback('bereft');
    await expect(bereft.waitForTerminal()).resolves.toBe('UPDATE_ROLLBACK_FAILED');
    expect((await bereft.listStatuses('bereft')).slice(-4)).toEqual([
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_FAILED',
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_FAILED',
    ]);
    await expect(readOutcome(continueRollback('bereft', ['Handle']))).resolves.toMatch(
      /^ValidationError: .*cannot be skipped/,
    );
    await continueRollback('bereft', ['Secret']);
    await expect(bereft.waitForTerminal()).resolves.toBe('UPDATE_ROLLBACK_COMPLETE');
    await expect(bereft.getParameters()).resolves.toMatchObject({ Text: 'old' });
    await expect(bereft.findReason('Secret', 'UPDATE_COMPLETE')).resolves.toBe(
      suite.differing('skipped-reason', { 'local AWS': '', MiniStack: 'Resource rollback skipped by user' }),
    );
  });

  it('a replacement is rejected while rollback is disabled', async () => {
    const shop = await createStack(QUEUE);
    const { Queue } = await shop.getPhysicalIds();
    await shop.update({
      TemplateBody: QUEUE.replace('DelaySeconds', 'QueueName: named, DelaySeconds'),
      DisableRollback: true,
    });
    await expect(shop.waitForTerminal()).resolves.toBe(
      suite.differing('replacement-while-preserving', { 'local AWS': 'UPDATE_FAILED', MiniStack: 'UPDATE_COMPLETE' }),
    );
    await expect(shop.findReason('Queue', 'UPDATE_FAILED')).resolves.toBe(
      suite.differing('replacement-while-preserving', {
        'local AWS': 'Replacement type updates not supported on stack with disable-rollback.',
        MiniStack: undefined,
      }),
    );
    expect((await shop.getPhysicalIds())['Queue'] === Queue).toBe(
      suite.differing('replacement-while-preserving', { 'local AWS': true, MiniStack: false }),
    );
  });
});
