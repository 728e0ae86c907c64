import {
  GetTemplateCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, it } from '@jest/globals';
import { readOutcome } from '../account.js';
import { describeOnEmulators } from '../reference-emulator.js';
import { buildParameters, Stack } from './stack.js';
import { CHAIN, QUEUE, WAITING } from './templates.js';

describeOnEmulators('stacks', (suite) => {
  const stack = (name = 'shop') => new Stack(suite.emulator, name);
  const createStack = async (name: string, TemplateBody: string) => {
    const created = stack(name);
    await created.create({ TemplateBody });
    await expect(created.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    return created;
  };

  it('a creation has an event for every status, with its client request token', async () => {
    const shop = stack();
    const id = await shop.create({
      TemplateBody: QUEUE,
      Parameters: buildParameters({ Delay: '5' }),
      ClientRequestToken: 'run-1',
    });
    await expect(shop.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    expect(id).toMatch(/^arn:aws:cloudformation:eu-west-1:123456789012:stack\/shop\/[0-9a-f-]{36}$/);

    const events = await shop.listEvents();
    expect(new Set(events.map(({ token }) => token))).toEqual(new Set(['run-1']));
    expect(events[0]).toMatchObject({ id: 'shop', status: 'CREATE_IN_PROGRESS', reason: 'User Initiated' });
    expect(events[1]).toMatchObject({ id: 'Queue', status: 'CREATE_IN_PROGRESS', physicalId: '' });
    expect(events.at(-1)).toMatchObject({ id: 'shop', status: 'CREATE_COMPLETE', physicalId: id });
    await expect(shop.listStatuses('Queue')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    expect(events.filter(({ reason }) => reason === 'Resource creation Initiated')).toHaveLength(
      suite.differing('creation-initiated', { 'local AWS': 1, MiniStack: 0 }),
    );

    const arn = /^arn:aws:sqs:eu-west-1:123456789012:shop-Queue-[A-Za-z0-9]+$/;
    await expect(shop.getOutputs()).resolves.toEqual({ Arn: expect.stringMatching(arn) });
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '5' });
    await expect(shop.getResourceStatuses()).resolves.toEqual({ Queue: 'CREATE_COMPLETE' });
    await expect(new Stack(suite.emulator, id).getStatus()).resolves.toBe('CREATE_COMPLETE');
  });

  it('an update changes only modified resources, in place, and keeps previous values', async () => {
    const shop = await createStack('shop', CHAIN);
    const before = await shop.getPhysicalIds();
    await shop.update({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '7' }) });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    await expect(shop.getPhysicalIds()).resolves.toEqual(before);
    await expect(shop.listStatuses('Queue')).resolves.toEqual([
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ]);
    const untouched = ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'];
    await expect(shop.listStatuses('Bucket')).resolves.toEqual(
      suite.differing('untouched-resources', {
        'local AWS': untouched,
        MiniStack: [...untouched, 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'],
      }),
    );
    await expect(shop.listStatuses('shop')).resolves.toEqual([
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'UPDATE_IN_PROGRESS',
      ...suite.differing('cleanup-phase', {
        'local AWS': ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'],
        MiniStack: [],
      }),
      'UPDATE_COMPLETE',
    ]);

    await shop.update({
      TemplateBody: CHAIN.replace('Default: 0', 'Default: 3'),
      Parameters: buildParameters({ Delay: undefined }),
      Tags: [{ Key: 'team', Value: 'red' }],
    });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '7' });
  });

  it.each([
    ['the same template', { TemplateBody: QUEUE, Parameters: buildParameters({ Delay: undefined }) }],
    ['the previous template', { UsePreviousTemplate: true, Parameters: buildParameters({ Delay: undefined }) }],
    ['the same value', { UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '0' }) }],
  ])('an update with %s is rejected because nothing changes', async (_, input) => {
    const shop = await createStack('shop', QUEUE);
    await expect(readOutcome(shop.update(input))).resolves.toBe('ValidationError: No updates are to be performed.');
    await expect(shop.getStatus()).resolves.toBe('CREATE_COMPLETE');
  });

  it('a failed update is rolled back automatically', async () => {
    const shop = await createStack('shop', QUEUE);
    const outputs = await shop.getOutputs();
    await shop.update({
      TemplateBody: QUEUE.replace('Arn:', 'Other: { Value: !Ref Queue }\n  Arn:'),
      Parameters: buildParameters({ Delay: '1000' }),
      ClientRequestToken: 'run-2',
    });
    await expect(shop.waitForTerminal()).resolves.toBe('UPDATE_ROLLBACK_COMPLETE');
    await expect(shop.findReason('Queue', 'UPDATE_FAILED')).resolves.toContain('Value must be between 0 and 900.');
    await expect(shop.findReason('shop', 'UPDATE_ROLLBACK_IN_PROGRESS')).resolves.toBe(
      'The following resource(s) failed to update: [Queue]. ',
    );
    expect((await shop.listStatuses('shop')).slice(2)).toEqual([
      'UPDATE_IN_PROGRESS',
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect((await shop.listStatuses('Queue')).slice(2)).toEqual([
      'UPDATE_IN_PROGRESS',
      'UPDATE_FAILED',
      ...suite.differing('failed-update-sent-back', { 'local AWS': ['UPDATE_IN_PROGRESS'], MiniStack: [] }),
      'UPDATE_COMPLETE',
    ]);
    await expect(shop.getParameters()).resolves.toEqual({ Delay: '0' });
    await expect(shop.getOutputs()).resolves.toEqual(outputs);
  });

  it('a failed creation leaves a stack that can only be deleted', async () => {
    const shop = stack();
    await shop.create({ TemplateBody: CHAIN, Parameters: buildParameters({ Delay: '1000' }) });
    await expect(shop.waitForTerminal()).resolves.toBe('ROLLBACK_COMPLETE');
    await expect(shop.listStatuses('shop')).resolves.toEqual([
      'CREATE_IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_COMPLETE',
    ]);
    await expect(shop.listStatuses('Bucket')).resolves.toEqual([
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'DELETE_IN_PROGRESS',
      'DELETE_COMPLETE',
    ]);
    await expect(shop.listStatuses('Topic')).resolves.toEqual([]);
    await expect(shop.findReason('Queue', 'CREATE_FAILED')).resolves.toContain('Value must be between 0 and 900.');
    await expect(shop.findReason('shop', 'ROLLBACK_IN_PROGRESS')).resolves.toBe(
      suite.differing('rollback-reason', {
        'local AWS': 'The following resource(s) failed to create: [Queue]. Rollback requested by user.',
        MiniStack: 'Rollback requested',
      }),
    );
    const { StackId } = await shop.describe();
    await expect(readOutcome(shop.update({ TemplateBody: CHAIN }))).resolves.toBe(
      suite.differing('wrong-state-wording', {
        'local AWS': `ValidationError: Stack:${StackId} is in ROLLBACK_COMPLETE state and can not be updated.`,
        MiniStack: 'ValidationError: Stack [shop] is in ROLLBACK_COMPLETE state and cannot be updated',
      }),
    );
    await shop.delete();
    await expect(new Stack(suite.emulator, StackId ?? '').waitForTerminal()).resolves.toBe('DELETE_COMPLETE');
    await expect(shop.create({ TemplateBody: CHAIN })).resolves.not.toBe(StackId);
  });

  it('a name cannot be used again while its stack exists', async () => {
    const shop = await createStack('shop', QUEUE);
    const taken = 'AlreadyExistsException: Stack [shop] already exists';
    await expect(readOutcome(shop.create({ TemplateBody: QUEUE }))).resolves.toBe(taken);

    const failed = stack('failed');
    await failed.create({ TemplateBody: QUEUE, Parameters: buildParameters({ Delay: '1000' }) });
    await expect(failed.waitForTerminal()).resolves.toBe('ROLLBACK_COMPLETE');
    await expect(readOutcome(failed.create({ TemplateBody: QUEUE }))).resolves.toBe(
      suite.differing('rolled-back-name', {
        'local AWS': 'AlreadyExistsException: Stack [failed] already exists',
        MiniStack: 'accepted',
      }),
    );
  });

  it('a failed creation with OnFailure DELETE deletes the stack', async () => {
    const shop = stack();
    const id = await shop.create({
      TemplateBody: CHAIN,
      Parameters: buildParameters({ Delay: '1000' }),
      OnFailure: 'DELETE',
    });
    const gone = new Stack(suite.emulator, id);
    await expect(gone.waitForStatus((status) => status === 'DELETE_COMPLETE')).resolves.toBe('DELETE_COMPLETE');
    await expect(gone.listStatuses('shop')).resolves.toEqual([
      'CREATE_IN_PROGRESS',
      ...suite.differing('on-failure-delete', {
        'local AWS': [],
        MiniStack: ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE'],
      }),
      'DELETE_IN_PROGRESS',
      'DELETE_COMPLETE',
    ]);
    await expect(readOutcome(shop.describe())).resolves.toBe('ValidationError: Stack with id shop does not exist');
  });

  it('a deletion deletes the resources, and the stack is found only by its id afterwards', async () => {
    const shop = await createStack('shop', CHAIN);
    const { StackId: id = '' } = await shop.describe();
    await shop.delete({ ClientRequestToken: 'run-9' });
    const gone = new Stack(suite.emulator, id);
    await expect(gone.waitForTerminal()).resolves.toBe('DELETE_COMPLETE');
    const own = (await gone.listEvents()).filter(({ token }) => token === 'run-9');
    expect(own[0]).toMatchObject({
      id: 'shop',
      status: 'DELETE_IN_PROGRESS',
      reason: suite.differing('deletion-reason', { 'local AWS': 'User Initiated', MiniStack: '' }),
    });
    const order = own.filter(({ status }) => status === 'DELETE_COMPLETE').map((event) => event.id);
    expect(order).toEqual(['Topic', 'Queue', 'Bucket', 'shop']);
    await expect(gone.getResourceStatuses()).resolves.toEqual(
      suite.differing('deleted-resources', {
        'local AWS': { Bucket: 'DELETE_COMPLETE', Queue: 'DELETE_COMPLETE', Topic: 'DELETE_COMPLETE' },
        MiniStack: {},
      }),
    );

    await expect(readOutcome(shop.describe())).resolves.toBe('ValidationError: Stack with id shop does not exist');
    await expect(readOutcome(shop.update({ TemplateBody: CHAIN }))).resolves.toBe(
      'ValidationError: Stack [shop] does not exist',
    );
    await expect(readOutcome(shop.listEvents())).resolves.toBe(
      suite.differing('events-after-deletion', {
        'local AWS': 'ValidationError: Stack [shop] does not exist',
        MiniStack: 'accepted',
      }),
    );
    await expect(shop.delete()).resolves.toBeUndefined();
    const { StackSummaries = [] } = await suite.emulator.account.cloudformation.send(new ListStacksCommand({}));
    expect(StackSummaries.map(({ StackName, StackStatus }) => [StackName, StackStatus])).toEqual([
      ['shop', 'DELETE_COMPLETE'],
    ]);
  });

  it('a stack with termination protection is not deleted', async () => {
    const shop = await createStack('shop', QUEUE);
    const { cloudformation } = suite.emulator.account;
    const protect = (EnableTerminationProtection: boolean) =>
      cloudformation.send(new UpdateTerminationProtectionCommand({ StackName: 'shop', EnableTerminationProtection }));
    await protect(true);
    const { StackId, EnableTerminationProtection } = await shop.describe();
    expect(EnableTerminationProtection).toBe(true);
    const named = suite.differing('protection-wording', { 'local AWS': 'shop', MiniStack: StackId });
    await expect(readOutcome(shop.delete())).resolves.toBe(
      `ValidationError: Stack [${named}] cannot be deleted while TerminationProtection is enabled`,
    );
    await protect(false);
    await expect(shop.delete()).resolves.toBeUndefined();
  });

  it('every operation rejects an unknown stack with its own message', async () => {
    const none = stack('none');
    const plain = 'ValidationError: Stack [none] does not exist';
    const withId = 'ValidationError: Stack with id none does not exist';
    await expect(readOutcome(none.describe())).resolves.toBe(withId);
    await expect(readOutcome(none.listEvents())).resolves.toBe(plain);
    await expect(readOutcome(none.update({ TemplateBody: QUEUE }))).resolves.toBe(plain);
    await expect(none.delete()).resolves.toBeUndefined();
    const getTemplate = suite.emulator.account.cloudformation.send(new GetTemplateCommand({ StackName: 'none' }));
    const wording = suite.differing('missing-stack-wording', { 'local AWS': withId, MiniStack: plain });
    await expect(readOutcome(getTemplate)).resolves.toBe(wording);
    await expect(readOutcome(none.getResourceStatuses())).resolves.toBe(wording);
  });

  it('parameter values are validated before a resource is created', async () => {
    const bound = QUEUE.replace('Default: 0', 'Default: 5, MinValue: 1, MaxValue: 10');
    const attempt = (values: Record<string, string>, TemplateBody = bound) =>
      readOutcome(stack().create({ TemplateBody, Parameters: buildParameters(values) }));
    await expect(attempt({ Delay: '0' })).resolves.toBe(
      "ValidationError: Parameter 'Delay' must be a number not less than 1",
    );
    await expect(attempt({ Delay: '11' })).resolves.toBe(
      "ValidationError: Parameter 'Delay' must be a number not greater than 10",
    );
    await expect(attempt({ Delay: 'x' })).resolves.toBe(
      suite.differing('parameter-wording', {
        'local AWS': "ValidationError: Parameter 'Delay' must be a number",
        MiniStack: "ValidationError: Parameter 'Delay' value 'x' is not a valid Number",
      }),
    );
    await expect(attempt({}, QUEUE.replace(', Default: 0', ''))).resolves.toBe(
      suite.differing('parameter-wording', {
        'local AWS': 'ValidationError: Parameters: [Delay] must have values',
        MiniStack: "ValidationError: Parameter 'Delay' has no Default and was not provided",
      }),
    );
    await expect(attempt({ Waits: 'maybe' }, WAITING)).resolves.toBe(
      suite.differing('parameter-wording', {
        'local AWS': "ValidationError: Parameter 'Waits' must be one of AllowedValues",
        MiniStack: "ValidationError: Parameter 'Waits' value 'maybe' is not in AllowedValues: ['yes', 'no']",
      }),
    );
    await expect(readOutcome(stack().describe())).resolves.toBe('ValidationError: Stack with id shop does not exist');
    const unknown = stack().create({ TemplateBody: QUEUE, Parameters: buildParameters({ Other: 'x' }) });
    await expect(readOutcome(unknown)).resolves.toBe(
      suite.differing('unknown-parameter', {
        'local AWS': 'ValidationError: Parameters: [Other] do not exist in the template',
        MiniStack: 'accepted',
      }),
    );
  });

  it.each([
    ['refers to an undefined name', 'Resources:\n  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Nope } }'],
    [
      'refers to an undefined name in an output',
      'Resources:\n  Q: { Type: AWS::SQS::Queue }\nOutputs:\n  A: { Value: !Ref Nope }',
    ],
    ['has no resources', 'Description: nothing'],
  ])('a template that %s is rejected', async (_, TemplateBody) => {
    await expect(readOutcome(stack().create({ TemplateBody }))).resolves.toMatch(
      suite.differing('template-validation', {
        'local AWS': /^ValidationError: Template format error: /,
        MiniStack: /^accepted$/,
      }),
    );
  });

  it('a template that is not YAML is rejected', async () => {
    await expect(readOutcome(stack().create({ TemplateBody: 'Resources: [' }))).resolves.toMatch(
      /^ValidationError: Template format error: /,
    );
  });

  it('a template with a circular dependency is rejected', async () => {
    const circle = stack();
    const topic = (needs: string) => `{ Type: AWS::SNS::Topic, DependsOn: ${needs} }`;
    const created = circle.create({ TemplateBody: `Resources:\n  A: ${topic('B')}\n  B: ${topic('A')}` });
    await expect(readOutcome(created)).resolves.toMatch(
      suite.differing('template-validation', {
        'local AWS': /^ValidationError: .*circular dependency between resources: \[A, B\]/i,
        MiniStack: /^accepted$/,
      }),
    );
  });

  it('stack names must match the pattern', async () => {
    await expect(readOutcome(stack('1st').create({ TemplateBody: QUEUE }))).resolves.toBe(
      "ValidationError: 1 validation error detected: Value '1st' at 'stackName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
    );
  });

  it('GetTemplate returns the template unchanged, and ValidateTemplate its parameters', async () => {
    await createStack('shop', QUEUE);
    const { cloudformation } = suite.emulator.account;
    const { TemplateBody } = await cloudformation.send(new GetTemplateCommand({ StackName: 'shop' }));
    expect(TemplateBody).toBe(QUEUE);
    const { Parameters } = await cloudformation.send(new ValidateTemplateCommand({ TemplateBody: QUEUE }));
    expect(Parameters).toMatchObject([{ ParameterKey: 'Delay', DefaultValue: '0', NoEcho: false }]);
  });
});
