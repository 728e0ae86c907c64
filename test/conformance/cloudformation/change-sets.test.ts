import { expect, it } from '@jest/globals';
import { readOutcome } from '../account.js';
import { describeOnEmulators } from '../reference-emulator.js';
import { ChangeSet } from './change-set.js';
import { buildParameters, Stack } from './stack.js';
import { CHAIN, QUEUE, WAITING } from './templates.js';

describeOnEmulators('change sets', (suite) => {
  const stack = (name = 'shop') => new Stack(suite.emulator, name);
  const set = (name: string, of = 'shop') => new ChangeSet(suite.emulator, of, name);
  const createStack = async (TemplateBody: string, name = 'shop') => {
    const created = stack(name);
    await created.create({ TemplateBody });
    await expect(created.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    return created;
  };
  const AVAILABLE = 'CREATE_COMPLETE AVAILABLE';

  it('a change set of type CREATE puts a new stack in review, and its execution creates the stack', async () => {
    const first = set('first');
    await expect(
      first.create({ TemplateBody: CHAIN, ChangeSetType: 'CREATE', Description: 'the first' }),
    ).resolves.toBe(AVAILABLE);
    await expect(first.listChanges()).resolves.toEqual(['Add Bucket', 'Add Queue', 'Add Topic']);
    const { Description, Parameters, StackName } = await first.describe();
    expect({ Description, StackName }).toEqual({ Description: 'the first', StackName: 'shop' });
    expect(Parameters).toMatchObject([{ ParameterKey: 'Delay', ParameterValue: '0' }]);

    const shop = stack();
    await expect(shop.getStatus()).resolves.toBe('REVIEW_IN_PROGRESS');
    await expect(shop.getResourceStatuses()).resolves.toEqual({});
    await first.execute({ ClientRequestToken: 'run-1' });
    await expect(shop.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    await expect(shop.listStatuses('shop')).resolves.toEqual([
      'REVIEW_IN_PROGRESS',
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
    ]);
    const tokens = (await shop.listEvents()).map(({ token }) => token);
    expect(new Set(tokens.slice(1))).toEqual(new Set(['run-1']));
    const reasons = suite.differing('operation-reason', {
      'local AWS': ['User Initiated', 'User Initiated'],
      MiniStack: ['', ''],
    });
    const own = (await shop.listEvents()).filter(({ id }) => id === 'shop');
    expect(own.slice(0, 2).map(({ reason }) => reason)).toEqual(reasons);
  });

  it('a stack in review can be created, described and deleted, but not updated', async () => {
    await set('first').create({ TemplateBody: QUEUE, ChangeSetType: 'CREATE' });
    const shop = stack();
    const { StackId } = await shop.describe();
    await expect(readOutcome(shop.update({ TemplateBody: QUEUE }))).resolves.toBe(
      suite.differing('wrong-state-wording', {
        'local AWS': `ValidationError: Stack:${StackId} is in REVIEW_IN_PROGRESS state and can not be updated.`,
        MiniStack: 'ValidationError: Stack [shop] is in REVIEW_IN_PROGRESS state and cannot be updated',
      }),
    );
    await expect(readOutcome(set('update').create({ TemplateBody: QUEUE }))).resolves.toBe(
      suite.differing('change-set-in-wrong-state', {
        'local AWS': `ValidationError: Stack:${StackId} is in REVIEW_IN_PROGRESS state and can not be updated.`,
        MiniStack: 'accepted',
      }),
    );
    await expect(set('second').create({ TemplateBody: QUEUE, ChangeSetType: 'CREATE' })).resolves.toBe(AVAILABLE);
    await shop.delete();
    await expect(readOutcome(shop.describe())).resolves.toBe('ValidationError: Stack with id shop does not exist');
  });

  it('a change set’s name is unique in its stack, and its type must fit the stack', async () => {
    const wrong = set('first').create({ TemplateBody: QUEUE });
    await expect(readOutcome(wrong)).resolves.toBe('ValidationError: Stack [shop] does not exist');
    await set('first').create({ TemplateBody: QUEUE, ChangeSetType: 'CREATE' });
    const again = set('first').create({ TemplateBody: QUEUE, ChangeSetType: 'CREATE' });
    await expect(readOutcome(again)).resolves.toBe('AlreadyExistsException: ChangeSet [first] already exists');

    await createStack(QUEUE, 'other');
    const second = set('second', 'other').create({ TemplateBody: CHAIN, ChangeSetType: 'CREATE' });
    await expect(readOutcome(second)).resolves.toBe(
      suite.differing('creating-what-exists', {
        'local AWS':
          'ValidationError: Stack [other] already exists and cannot be created again with the changeSet [second].',
        MiniStack: 'AlreadyExistsException: Stack [other] already exists',
      }),
    );
  });

  it.each([
    ['the same template', { TemplateBody: QUEUE }],
    [
      'the previous template and values',
      { UsePreviousTemplate: true, Parameters: buildParameters({ Delay: undefined }) },
    ],
  ])('a change set with %s fails as empty and cannot be executed', async (_, input) => {
    const shop = await createStack(QUEUE);
    const empty = set('empty');
    await expect(empty.create(input)).resolves.toBe('FAILED UNAVAILABLE');
    const { StatusReason, ChangeSetId } = await empty.describe();
    expect(StatusReason).toBe(
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    );
    await expect(readOutcome(empty.execute())).resolves.toBe(
      suite.differing('not-executable-wording', {
        'local AWS': `InvalidChangeSetStatusException: ChangeSet [${ChangeSetId}] cannot be executed in its current status of [FAILED]`,
        MiniStack: 'InvalidChangeSetStatusException: ChangeSet [empty] is in UNAVAILABLE status',
      }),
    );
    await expect(shop.getStatus()).resolves.toBe('CREATE_COMPLETE');
  });

  it('a change set can change only outputs', async () => {
    const shop = await createStack(QUEUE);
    const created = set('outputs').create({ TemplateBody: `${QUEUE}  Name: { Value: !GetAtt Queue.QueueName }\n` });
    await expect(created).resolves.toBe(
      suite.differing('outputs-only', { 'local AWS': AVAILABLE, MiniStack: 'FAILED UNAVAILABLE' }),
    );
    await expect(set('outputs').listChanges()).resolves.toEqual([]);
    await expect(shop.getStatus()).resolves.toBe('CREATE_COMPLETE');
  });

  it('a change set can change only tags', async () => {
    await createStack(QUEUE);
    const tags = set('tags');
    await expect(tags.create({ UsePreviousTemplate: true, Tags: [{ Key: 'team', Value: 'red' }] })).resolves.toBe(
      AVAILABLE,
    );
    await expect(tags.listChanges()).resolves.toEqual(
      suite.differing('tags-only', { 'local AWS': [], MiniStack: ['Modify Queue (False)'] }),
    );
  });

  it('a change set describes in-place modifications, replacements, additions and removals, and their reasons', async () => {
    const shop = await createStack(QUEUE);
    const { Queue } = await shop.getPhysicalIds();

    const value = set('value');
    await value.create({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '3' }) });
    await expect(value.listChanges()).resolves.toEqual(['Modify Queue (False)']);
    const [change] = (await value.describe()).Changes ?? [];
    expect(change?.ResourceChange).toMatchObject({ PhysicalResourceId: Queue, Scope: ['Properties'] });
    const target = { Attribute: 'Properties', Name: 'DelaySeconds', RequiresRecreation: 'Never' };
    expect(change?.ResourceChange?.Details).toEqual([
      { Target: target, Evaluation: 'Dynamic', ChangeSource: 'DirectModification' },
      { Target: target, Evaluation: 'Static', ChangeSource: 'ParameterReference', CausingEntity: 'Delay' },
    ]);

    const name = set('name');
    await name.create({ TemplateBody: QUEUE.replace('DelaySeconds', 'QueueName: named, DelaySeconds') });
    await expect(name.listChanges()).resolves.toEqual(['Modify Queue (True)']);
    const [replaced] = (await name.describe()).Changes ?? [];
    expect(replaced?.ResourceChange).toMatchObject({
      PolicyAction: 'ReplaceAndDelete',
      Details: [
        {
          Target: { Attribute: 'Properties', Name: 'QueueName', RequiresRecreation: 'Always' },
          Evaluation: 'Static',
          ChangeSource: 'DirectModification',
        },
      ],
    });

    const other = set('other');
    await other.create({ TemplateBody: CHAIN.replace('Queue:', 'Line:').replace('Queue.', 'Line.') });
    await expect(other.listChanges()).resolves.toEqual(['Add Bucket', 'Add Line', 'Add Topic', 'Remove Queue']);
    const removed = (await other.describe()).Changes?.find((one) => one.ResourceChange?.Action === 'Remove');
    expect(removed?.ResourceChange).toMatchObject({ PhysicalResourceId: Queue, PolicyAction: 'Delete' });
  });

  it('execution creates replacements first and deletes the replaced resources last', async () => {
    const shop = await createStack(QUEUE);
    const { Queue: before } = await shop.getPhysicalIds();
    const name = set('name');
    await name.create({ TemplateBody: QUEUE.replace('DelaySeconds', 'QueueName: named, DelaySeconds') });
    await name.execute();
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    const { Queue: after } = await shop.getPhysicalIds();
    expect(after).not.toBe(before);
    expect(after).toMatch(/\/named$/);
    await expect(shop.findReason('Queue', 'UPDATE_IN_PROGRESS')).resolves.toContain(
      suite.differing('replacement-events', {
        'local AWS': 'Resource creation Initiated',
        MiniStack: 'Requested update requires the creation of a new physical resource; hence creating one.',
      }),
    );
    const gone = (await shop.listEvents()).filter(({ status }) => status === 'DELETE_COMPLETE');
    expect(gone.map(({ id, physicalId }) => [id, physicalId])).toEqual(
      suite.differing('replacement-events', { 'local AWS': [['Queue', before]], MiniStack: [] }),
    );
  });

  it('execution deletes the stack’s other change sets', async () => {
    const shop = await createStack(QUEUE);
    const one = set('one');
    await one.create({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '1' }) });
    await set('two').create({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '2' }) });
    await expect(shop.listChangeSets()).resolves.toEqual(['one', 'two']);
    await one.execute();
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '1' });
    await expect(readOutcome(set('two').execute())).resolves.toBe(
      'ChangeSetNotFoundException: ChangeSet [two] does not exist',
    );
    await expect(shop.listChangeSets()).resolves.toEqual(
      suite.differing('executed-change-sets', { 'local AWS': [], MiniStack: ['one'] }),
    );
    await expect(readOutcome(one.execute())).resolves.toBe(
      suite.differing('executed-change-sets', {
        'local AWS': 'ChangeSetNotFoundException: ChangeSet [one] does not exist',
        MiniStack: 'InvalidChangeSetStatusException: ChangeSet [one] is in EXECUTE_COMPLETE status',
      }),
    );
  });

  it('an update makes earlier change sets obsolete', async () => {
    const shop = await createStack(QUEUE);
    const late = set('late');
    await late.create({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '1' }) });
    await shop.update({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '2' }) });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    const { ExecutionStatus } = await late.describe();
    expect(ExecutionStatus).toBe('OBSOLETE');
    await expect(readOutcome(late.execute())).resolves.toMatch(/^InvalidChangeSetStatusException: /);
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '2' });
  });

  it('a deleted change set cannot be described, and deleting it again succeeds', async () => {
    const shop = await createStack(QUEUE);
    const one = set('one');
    await one.create({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '1' }) });
    await one.delete();
    await expect(shop.listChangeSets()).resolves.toEqual([]);
    await expect(readOutcome(one.delete())).resolves.toBe('accepted');
    const missing = 'ChangeSetNotFoundException: ChangeSet [one] does not exist';
    await expect(readOutcome(one.describe())).resolves.toBe(missing);
    await expect(readOutcome(one.execute())).resolves.toBe(missing);
    const unknown = set('one', 'nobody');
    await expect(readOutcome(unknown.delete())).resolves.toBe('ValidationError: Stack [nobody] does not exist');
  });

  it('a change set is rejected during an operation, and for a stack that can only be deleted', async () => {
    const shop = stack();
    await shop.create({ TemplateBody: WAITING, Parameters: buildParameters({ Waits: 'yes' }) });
    const { StackId } = await shop.describe();
    const attempt = (name: string) =>
      readOutcome(
        set(name).create({ UsePreviousTemplate: true, Parameters: buildParameters({ Waits: 'no', Delay: '1' }) }),
      );
    await expect(attempt('early')).resolves.toBe(
      suite.differing('change-set-in-wrong-state', {
        'local AWS': `ValidationError: Stack:${StackId} is in CREATE_IN_PROGRESS state and can not be updated.`,
        MiniStack: 'accepted',
      }),
    );
    await expect(shop.waitForTerminal()).resolves.toBe('ROLLBACK_COMPLETE');
    await expect(attempt('late')).resolves.toBe(
      suite.differing('change-set-in-wrong-state', {
        'local AWS': `ValidationError: Stack:${StackId} is in ROLLBACK_COMPLETE state and can not be updated.`,
        MiniStack: 'accepted',
      }),
    );
  });

  it('a change set without tags keeps the tags of the stack', async () => {
    const shop = stack();
    await shop.create({ TemplateBody: QUEUE, Tags: [{ Key: 'team', Value: 'red' }] });
    await shop.waitForTerminal();
    const one = set('one');
    await one.create({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '1' }) });
    const { Tags } = await one.describe();
    expect(Tags).toEqual(
      suite.differing('tags-shown', { 'local AWS': [{ Key: 'team', Value: 'red' }], MiniStack: [] }),
    );
    await one.execute();
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    expect((await shop.describe()).Tags).toEqual([{ Key: 'team', Value: 'red' }]);
  });

  it('the failure option is set either on creation or on execution of a change set, not on both', async () => {
    await createStack(QUEUE);
    const one = set('one');
    const input = { UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '1' }) };
    await one.create({ ...input, OnStackFailure: 'ROLLBACK' });
    await expect(readOutcome(one.execute({ DisableRollback: true }))).resolves.toMatch(
      /^ValidationError: .*DisableRollback.*OnStackFailure/,
    );
    await expect(readOutcome(set('two').create({ ...input, OnStackFailure: 'DELETE' }))).resolves.toMatch(
      /^ValidationError: OnStackFailure DELETE .*CREATE/,
    );
  });
});
