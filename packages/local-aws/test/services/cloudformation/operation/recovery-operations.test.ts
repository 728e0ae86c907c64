import { describe, expect, it } from '@jest/globals';
import { CloudFormationFixture, expectRows, getFirstRow } from '../fixture.js';
import { createFixtureInState, renderTemplate, STACK_NAME, scenario } from '../stack-states.js';

describe('a failed creation', () => {
  it('cancels running resources and deletes completed ones', async () => {
    const fixture = new CloudFormationFixture({
      ...scenario,
      rules: [{ on: { resource: 'Slow', operation: 'create' }, duration: '60s' }, ...scenario.rules],
    });
    const template = {
      Resources: {
        ...JSON.parse(renderTemplate({ Done: 'good', Slow: 'good' })).Resources,
        Late: { Type: 'Test::Thing', DependsOn: 'Done', Properties: { Mode: 'bad' } },
      },
    };
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: JSON.stringify(template) });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('ROLLBACK_COMPLETE');
    const events = await fixture.listEvents(STACK_NAME);
    expect(events).toEqual([
      'shop CREATE_IN_PROGRESS User Initiated',
      'Done CREATE_IN_PROGRESS',
      'Slow CREATE_IN_PROGRESS',
      'Done CREATE_IN_PROGRESS Resource creation Initiated',
      'Slow CREATE_IN_PROGRESS Resource creation Initiated',
      'Done CREATE_COMPLETE',
      'Late CREATE_IN_PROGRESS',
      'Late CREATE_IN_PROGRESS Resource creation Initiated',
      'Late CREATE_FAILED no such luck',
      'Slow CREATE_FAILED Resource creation cancelled',
      'shop ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Slow, Late]. Rollback requested by user.',
      'Late DELETE_IN_PROGRESS',
      'Slow DELETE_IN_PROGRESS',
      'Late DELETE_COMPLETE',
      'Slow DELETE_COMPLETE',
      'Done DELETE_IN_PROGRESS',
      'Done DELETE_COMPLETE',
      'shop ROLLBACK_COMPLETE',
    ]);
  });

  it('continues independent resources if failures are preserved', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const body = JSON.parse(renderTemplate({ Bad: 'bad', Good: 'good' }));
    body.Resources.AfterBad = { Type: 'Test::Thing', DependsOn: 'Bad' };
    body.Resources.AfterGood = { Type: 'Test::Thing', DependsOn: 'Good' };
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: JSON.stringify(body),
      DisableRollback: true,
    });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('CREATE_FAILED');
    expect(await fixture.getResourceStatuses(STACK_NAME)).toEqual({
      Bad: 'CREATE_FAILED',
      Good: 'CREATE_COMPLETE',
      AfterGood: 'CREATE_COMPLETE',
    });
  });

  it('is deleted with OnFailure=DELETE', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const { StackId: arn } = await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'bad' }),
      OnFailure: 'DELETE',
    });
    expect(await fixture.waitForTerminal(String(arn))).toBe('DELETE_COMPLETE');
    expect(await fixture.listEvents(String(arn))).toContain(
      'shop DELETE_IN_PROGRESS The following resource(s) failed to create: [A]. Delete requested by user.',
    );
  });

  it('cannot be resumed when created with OnFailure=DO_NOTHING', async () => {
    const fixture = new CloudFormationFixture(scenario);
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'bad' }),
      OnFailure: 'DO_NOTHING',
    });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('CREATE_FAILED');
    const again = { StackName: STACK_NAME, TemplateBody: renderTemplate({ A: 'good' }), DisableRollback: true };
    expect(await fixture.callRejected('UpdateStack', again)).toBe(
      'ValidationError: This stack cannot be updated from [CREATE_FAILED] state because it contains [on-failure: DO_NOTHING]. Please use disable-rollback option instead during stack creation.',
    );
  });

  it('retains resources by policy, unless RetainExceptOnCreate applies', async () => {
    const template = JSON.stringify({
      Resources: {
        Kept: { Type: 'Test::Thing', DeletionPolicy: 'Retain', Properties: { Mode: 'good' } },
        Bad: { Type: 'Test::Thing', DependsOn: 'Kept', Properties: { Mode: 'bad' } },
      },
    });
    const listDeletionEvents = async (extra: object) => {
      const fixture = new CloudFormationFixture(scenario);
      await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: template, ...extra });
      await fixture.waitForTerminal(STACK_NAME);
      return (await fixture.listEvents(STACK_NAME)).filter((event) => /^Kept DELETE_(COMPLETE|SKIPPED)/.test(event));
    };
    expect(await listDeletionEvents({})).toEqual(['Kept DELETE_SKIPPED']);
    expect(await listDeletionEvents({ RetainExceptOnCreate: true })).toEqual(['Kept DELETE_COMPLETE']);
  });
});

describe('RollbackStack', () => {
  it('deletes the resources of a failed creation', async () => {
    const fixture = await createFixtureInState('CREATE_FAILED');
    const { OperationId: id } = await fixture.call('RollbackStack', {
      StackName: STACK_NAME,
      ClientRequestToken: 'back-1',
    });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('ROLLBACK_COMPLETE');
    expect(getFirstRow((await fixture.getStack(STACK_NAME))['LastOperations'])).toEqual({
      OperationId: id,
      OperationType: 'ROLLBACK',
    });
  });

  it('restores the state before a failed update', async () => {
    const fixture = await createFixtureInState('UPDATE_FAILED');
    const before = await fixture.getPhysicalIds(STACK_NAME);
    await fixture.call('RollbackStack', { StackName: STACK_NAME });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await fixture.getPhysicalIds(STACK_NAME)).toEqual(before);
    const template = await fixture.call('GetTemplate', { StackName: STACK_NAME });
    expect(template['TemplateBody']).toBe(renderTemplate({ A: 'good' }));
  });
});

describe('an update', () => {
  it('replaces a resource if a property requires it, and deletes the old one in the cleanup', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const template = (name: string) =>
      `Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: ${name} } } }`;
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: template('a') });
    await fixture.waitForTerminal(STACK_NAME);
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: template('b') });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect((await fixture.listEvents(STACK_NAME)).slice(5)).toEqual([
      'shop UPDATE_IN_PROGRESS User Initiated',
      'T UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
      'T UPDATE_IN_PROGRESS Resource creation Initiated',
      'T UPDATE_COMPLETE',
      'shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'T DELETE_IN_PROGRESS',
      'T DELETE_COMPLETE',
      'shop UPDATE_COMPLETE',
    ]);
    expect(await fixture.getPhysicalIds(STACK_NAME)).toEqual({ T: 'arn:aws:sns:us-east-1:123456789012:b' });
    expect(await fixture.getResourceStatuses(STACK_NAME)).toEqual({ T: 'UPDATE_COMPLETE' });
  });

  it('rejects a replacement while failures are preserved', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const template = (name: string) =>
      `Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: ${name} } } }`;
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: template('a') });
    await fixture.waitForTerminal(STACK_NAME);
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: template('b'), DisableRollback: true });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_FAILED');
    expect(await fixture.listEvents(STACK_NAME)).toContain(
      'T UPDATE_FAILED Replacement type updates not supported on stack with disable-rollback.',
    );
  });

  it('restores the old resource when a replacement is rolled back', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const template = (name: string, mode: string) =>
      `Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: ${name} } }, B: { Type: Test::Thing, DependsOn: T, Properties: { Mode: ${mode} } } }`;
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: template('a', 'good') });
    await fixture.waitForTerminal(STACK_NAME);
    const before = await fixture.getPhysicalIds(STACK_NAME);
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: template('b', 'bad') });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await fixture.getPhysicalIds(STACK_NAME)).toEqual(before);
    expect((await fixture.listEvents(STACK_NAME)).filter((event) => event.startsWith('T DELETE'))).toEqual([
      'T DELETE_IN_PROGRESS',
      'T DELETE_COMPLETE',
    ]);
  });

  it('is rejected if nothing changes', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    expect(await fixture.callRejected('UpdateStack', { StackName: STACK_NAME, UsePreviousTemplate: true })).toBe(
      'ValidationError: No updates are to be performed.',
    );
  });

  it('accepts changes of only tags or outputs', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const tags = { StackName: STACK_NAME, UsePreviousTemplate: true, Tags: [{ Key: 'team', Value: 'x' }] };
    await fixture.call('UpdateStack', tags);
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    const body = { ...JSON.parse(renderTemplate({ A: 'good' })), Outputs: { Name: { Value: { Ref: 'A' } } } };
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: JSON.stringify(body) });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect(await fixture.getOutputs(STACK_NAME)).toEqual({ Name: (await fixture.getPhysicalIds(STACK_NAME))['A'] });
    expect((await fixture.getStack(STACK_NAME))['Tags']).toEqual([{ Key: 'team', Value: 'x' }]);
  });
});

describe('CancelUpdateStack', () => {
  it('cancels running resources and rolls back, and discards the old plan', async () => {
    const fixture = await createFixtureInState('UPDATE_IN_PROGRESS');
    await fixture.call('CancelUpdateStack', { StackName: STACK_NAME, ClientRequestToken: 'cancel-1' });
    expect(await fixture.getStatus(STACK_NAME)).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
    const events = (await fixture.listEvents(STACK_NAME)).slice(5);
    expect(events).toEqual([
      'shop UPDATE_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_FAILED Resource update cancelled',
      'shop UPDATE_ROLLBACK_IN_PROGRESS User Initiated',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'shop UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'shop UPDATE_ROLLBACK_COMPLETE',
    ]);
  });
});

describe('ContinueUpdateRollback', () => {
  it('fails again while the cause persists', async () => {
    const fixture = await createFixtureInState('UPDATE_ROLLBACK_FAILED');
    await fixture.call('ContinueUpdateRollback', { StackName: STACK_NAME });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_FAILED');
    expect((await fixture.getStack(STACK_NAME))['StackStatusReason']).toBe(
      'The following resource(s) failed to update: [A]. ',
    );
  });

  it.each([
    ['skips the resources in ResourcesToSkip', { ResourcesToSkip: ['A'] }],
    ['completes with ForceRollback', { ForceRollback: true }],
  ])('%s', async (_, extra) => {
    const fixture = await createFixtureInState('UPDATE_ROLLBACK_FAILED');
    await fixture.call('ContinueUpdateRollback', { StackName: STACK_NAME, ...extra });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(getFirstRow((await fixture.getStack(STACK_NAME))['LastOperations'])['OperationType']).toBe(
      'CONTINUE_ROLLBACK',
    );
  });

  it('skips only resources whose rollback failed', async () => {
    const fixture = await createFixtureInState('UPDATE_ROLLBACK_FAILED');
    expect(
      await fixture.callRejected('ContinueUpdateRollback', { StackName: STACK_NAME, ResourcesToSkip: ['B'] }),
    ).toBe('ValidationError: Resource [B] cannot be skipped: only resources whose rollback failed can be');
    const both = { StackName: STACK_NAME, ResourcesToSkip: ['A'], ForceRollback: true };
    expect(await fixture.callRejected('ContinueUpdateRollback', both)).toContain('cannot be specified together');
  });
});

describe('DeleteStack', () => {
  it('respects termination protection until it is disabled', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const setProtection = (on: boolean) =>
      fixture.call('UpdateTerminationProtection', { StackName: STACK_NAME, EnableTerminationProtection: on });
    await setProtection(true);
    expect((await fixture.getStack(STACK_NAME))['EnableTerminationProtection']).toBe(true);
    expect(await fixture.callRejected('DeleteStack', { StackName: STACK_NAME })).toBe(
      'ValidationError: Stack [shop] cannot be deleted while TerminationProtection is enabled',
    );
    await setProtection(false);
    await fixture.call('DeleteStack', { StackName: STACK_NAME });
    fixture.wait(5);
    expect(await fixture.callRejected('DescribeStacks', { StackName: STACK_NAME })).toContain('does not exist');
  });

  it.each([
    ['retains named resources', { RetainResources: ['A'] }],
    ['abandons undeletable resources with FORCE_DELETE_STACK', { DeletionMode: 'FORCE_DELETE_STACK' }],
  ])('%s after a failure', async (_, extra) => {
    const fixture = await createFixtureInState('DELETE_FAILED');
    const arn = String((await fixture.getStack(STACK_NAME))['StackId']);
    expect((await fixture.getStack(STACK_NAME))['StackStatusReason']).toBe(
      'The following resource(s) failed to delete: [A]. ',
    );
    await fixture.call('DeleteStack', { StackName: STACK_NAME, ...extra });
    expect(await fixture.waitForTerminal(arn)).toBe('DELETE_COMPLETE');
  });

  it('rejects RetainResources before a failure', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    expect(await fixture.callRejected('DeleteStack', { StackName: STACK_NAME, RetainResources: ['A'] })).toContain(
      'specify which resources to retain only when the stack is in the DELETE_FAILED state.',
    );
  });

  it('rejects deleting a stack whose export is in use', async () => {
    const fixture = new CloudFormationFixture(scenario);
    await fixture.call('CreateStack', {
      StackName: 'network',
      TemplateBody:
        'Resources: { A: { Type: Test::Thing } }\nOutputs: { Id: { Value: !Ref A, Export: { Name: !Sub "${AWS::StackName}-id" } } }',
    });
    await fixture.waitForTerminal('network');
    await fixture.call('CreateStack', {
      StackName: 'app',
      TemplateBody: 'Resources: { B: { Type: Test::Thing, Properties: { Id: !ImportValue network-id } } }',
    });
    await fixture.waitForTerminal('app');
    expect(await fixture.callRejected('DeleteStack', { StackName: 'network' })).toBe(
      'ValidationError: Export network-id cannot be deleted as it is in use by app',
    );
    expect(getFirstRow((await fixture.call('ListExports'))['Exports'])['Name']).toBe('network-id');
  });
});

describe('an operation', () => {
  it('runs once for a token, which is rejected with other arguments', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const update = {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'better' }),
      ClientRequestToken: 'run-7',
    };
    const once = await fixture.call('UpdateStack', update);
    expect(await fixture.call('UpdateStack', update)).toEqual(once);
    expect(
      await fixture.callRejected('UpdateStack', { ...update, TemplateBody: renderTemplate({ A: 'other' }) }),
    ).toContain('TokenAlreadyExistsException');
    await fixture.waitForTerminal(STACK_NAME);
    const events = expectRows((await fixture.call('DescribeStackEvents', { StackName: STACK_NAME }))['StackEvents']);
    expect(events.filter((event) => event['ClientRequestToken'] === 'run-7')).toHaveLength(5);
    expect(events.filter((event) => event['OperationId'] === once['OperationId'])).toHaveLength(5);
  });

  it('fails on an alarm during the operation or the monitoring time', async () => {
    const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors';
    const fixture = new CloudFormationFixture({ ...scenario, alarms: [{ arn, after: '30s' }] });
    const triggers = { RollbackTriggers: [{ Arn: arn, Type: 'AWS::CloudWatch::Alarm' }], MonitoringTimeInMinutes: 1 };
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'good' }),
      RollbackConfiguration: triggers,
    });
    fixture.wait(29);
    expect(await fixture.getStatus(STACK_NAME)).toBe('CREATE_IN_PROGRESS');
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('ROLLBACK_COMPLETE');
    expect((await fixture.listEvents(STACK_NAME)).join()).toContain(`Rollback trigger [${arn}] went into ALARM state.`);
  });

  it('cannot use a role that does not trust CloudFormation', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const create = {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'good' }),
      RoleARN: 'arn:aws:iam::123456789012:role/untrusted',
    };
    expect(await fixture.callRejected('CreateStack', create)).toBe(
      'ValidationError: Role arn:aws:iam::123456789012:role/untrusted is invalid or cannot be assumed',
    );
  });
});

describe('EXPRESS', () => {
  const express = { DeploymentConfig: { Mode: 'EXPRESS' } };

  it('does not wait until resources are stable, and preserves failures by default', async () => {
    const fixture = new CloudFormationFixture({ ...scenario, rules: scenario.rules.slice(0, 2) });
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'good', B: 'bad' }),
      ...express,
    });
    fixture.wait(1);
    expect(await fixture.getStatus(STACK_NAME)).toBe('CREATE_FAILED');
    expect((await fixture.listEvents(STACK_NAME)).join()).toContain('Resource operation completed using Express Mode.');
    expect(await fixture.callRejected('RollbackStack', { StackName: STACK_NAME })).toContain(
      'RollbackStack is not supported',
    );
    const next = {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'good', B: 'good' }),
      DisableRollback: true,
    };
    expect(await fixture.callRejected('UpdateStack', next)).toContain(
      'must use the same DeploymentConfig (mode=EXPRESS)',
    );
    await fixture.call('UpdateStack', { ...next, ...express });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
  });
});

describe('a resource that is removed from the template', () => {
  const renderWith = (extra: string) => `Resources: { A: { Type: Test::Thing }${extra} }`;

  it('is not deleted if its policy is Retain', async () => {
    const fixture = new CloudFormationFixture(scenario);
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderWith(', B: { Type: Test::Thing, DeletionPolicy: Retain }'),
    });
    await fixture.waitForTerminal(STACK_NAME);
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderWith('') });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect((await fixture.listEvents(STACK_NAME)).filter((event) => event.startsWith('B DELETE'))).toEqual([
      'B DELETE_SKIPPED',
    ]);
    expect(await fixture.getResourceStatuses(STACK_NAME)).toEqual({ A: 'CREATE_COMPLETE' });
    expect(
      await fixture.callRejected('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderWith('') }),
    ).toContain('No updates');
  });

  it('does not fail the update if it cannot be deleted', async () => {
    const fixture = new CloudFormationFixture(scenario);
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderWith(', B: { Type: Test::Thing, Properties: { Mode: sticky } }'),
    });
    await fixture.waitForTerminal(STACK_NAME);
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderWith('') });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect(await fixture.listEvents(STACK_NAME)).toContain('B DELETE_FAILED still in use');
  });
});
