import { describe, expect, it } from '@jest/globals';
import { first, Lab, rows } from './lab.js';
import { STACK, scenario, situation, things } from './situations.js';

describe('a failed creation', () => {
  it('cancels what is under way, deletes what is done and keeps neither', async () => {
    const lab = new Lab({
      ...scenario,
      rules: [{ on: { resource: 'Slow', operation: 'create' }, duration: '60s' }, ...scenario.rules],
    });
    const template = {
      Resources: {
        ...JSON.parse(things({ Done: 'good', Slow: 'good' })).Resources,
        Late: { Type: 'Test::Thing', DependsOn: 'Done', Properties: { Mode: 'bad' } },
      },
    };
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: JSON.stringify(template) });
    expect(await lab.rest(STACK)).toBe('ROLLBACK_COMPLETE');
    const events = await lab.events(STACK);
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

  it('lets independent paths run on where it is preserved', async () => {
    const lab = new Lab(scenario);
    const body = JSON.parse(things({ Bad: 'bad', Good: 'good' }));
    body.Resources.AfterBad = { Type: 'Test::Thing', DependsOn: 'Bad' };
    body.Resources.AfterGood = { Type: 'Test::Thing', DependsOn: 'Good' };
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: JSON.stringify(body), DisableRollback: true });
    expect(await lab.rest(STACK)).toBe('CREATE_FAILED');
    expect(await lab.resources(STACK)).toEqual({
      Bad: 'CREATE_FAILED',
      Good: 'CREATE_COMPLETE',
      AfterGood: 'CREATE_COMPLETE',
    });
  });

  it('is deleted whole where it is to be', async () => {
    const lab = new Lab(scenario);
    const { StackId: arn } = await lab.call('CreateStack', {
      StackName: STACK,
      TemplateBody: things({ A: 'bad' }),
      OnFailure: 'DELETE',
    });
    expect(await lab.rest(String(arn))).toBe('DELETE_COMPLETE');
    expect(await lab.events(String(arn))).toContain(
      'shop DELETE_IN_PROGRESS The following resource(s) failed to create: [A]. Delete requested by user.',
    );
  });

  it('cannot be taken up again where nothing was to be done about it', async () => {
    const lab = new Lab(scenario);
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: things({ A: 'bad' }), OnFailure: 'DO_NOTHING' });
    expect(await lab.rest(STACK)).toBe('CREATE_FAILED');
    const again = { StackName: STACK, TemplateBody: things({ A: 'good' }), DisableRollback: true };
    expect(await lab.refusal('UpdateStack', again)).toBe(
      'ValidationError: This stack cannot be updated from [CREATE_FAILED] state because it contains [on-failure: DO_NOTHING]. Please use disable-rollback option instead during stack creation.',
    );
  });

  it('keeps what its policy retains, unless that was made by the creation and is not to be kept', async () => {
    const template = JSON.stringify({
      Resources: {
        Kept: { Type: 'Test::Thing', DeletionPolicy: 'Retain', Properties: { Mode: 'good' } },
        Bad: { Type: 'Test::Thing', DependsOn: 'Kept', Properties: { Mode: 'bad' } },
      },
    });
    const ends = async (more: object) => {
      const lab = new Lab(scenario);
      await lab.call('CreateStack', { StackName: STACK, TemplateBody: template, ...more });
      await lab.rest(STACK);
      return (await lab.events(STACK)).filter((event) => /^Kept DELETE_(COMPLETE|SKIPPED)/.test(event));
    };
    expect(await ends({})).toEqual(['Kept DELETE_SKIPPED']);
    expect(await ends({ RetainExceptOnCreate: true })).toEqual(['Kept DELETE_COMPLETE']);
  });
});

describe('RollbackStack', () => {
  it('deletes what a creation without a good end made', async () => {
    const lab = await situation('CREATE_FAILED');
    const { OperationId: id } = await lab.call('RollbackStack', { StackName: STACK, ClientRequestToken: 'back-1' });
    expect(await lab.rest(STACK)).toBe('ROLLBACK_COMPLETE');
    expect(first((await lab.stack(STACK))['LastOperations'])).toEqual({ OperationId: id, OperationType: 'ROLLBACK' });
  });

  it('goes back to the last good end of an update', async () => {
    const lab = await situation('UPDATE_FAILED');
    const before = await lab.physicalIds(STACK);
    await lab.call('RollbackStack', { StackName: STACK });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lab.physicalIds(STACK)).toEqual(before);
    const template = await lab.call('GetTemplate', { StackName: STACK });
    expect(template['TemplateBody']).toBe(things({ A: 'good' }));
  });
});

describe('an update', () => {
  it('replaces where a property asks for it, and deletes the old one at the end', async () => {
    const lab = new Lab(scenario);
    const template = (name: string) =>
      `Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: ${name} } } }`;
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: template('a') });
    await lab.rest(STACK);
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: template('b') });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    expect((await lab.events(STACK)).slice(5)).toEqual([
      'shop UPDATE_IN_PROGRESS User Initiated',
      'T UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
      'T UPDATE_IN_PROGRESS Resource creation Initiated',
      'T UPDATE_COMPLETE',
      'shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'T DELETE_IN_PROGRESS',
      'T DELETE_COMPLETE',
      'shop UPDATE_COMPLETE',
    ]);
    expect(await lab.physicalIds(STACK)).toEqual({ T: 'arn:aws:sns:us-east-1:123456789012:b' });
    expect(await lab.resources(STACK)).toEqual({ T: 'UPDATE_COMPLETE' });
  });

  it('refuses a replacement while failures are preserved', async () => {
    const lab = new Lab(scenario);
    const template = (name: string) =>
      `Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: ${name} } } }`;
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: template('a') });
    await lab.rest(STACK);
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: template('b'), DisableRollback: true });
    expect(await lab.rest(STACK)).toBe('UPDATE_FAILED');
    expect(await lab.events(STACK)).toContain(
      'T UPDATE_FAILED Replacement type updates not supported on stack with disable-rollback.',
    );
  });

  it('puts back the old resource where a replacement was rolled back', async () => {
    const lab = new Lab(scenario);
    const template = (name: string, mode: string) =>
      `Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: ${name} } }, B: { Type: Test::Thing, DependsOn: T, Properties: { Mode: ${mode} } } }`;
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: template('a', 'good') });
    await lab.rest(STACK);
    const before = await lab.physicalIds(STACK);
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: template('b', 'bad') });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lab.physicalIds(STACK)).toEqual(before);
    expect((await lab.events(STACK)).filter((event) => event.startsWith('T DELETE'))).toEqual([
      'T DELETE_IN_PROGRESS',
      'T DELETE_COMPLETE',
    ]);
  });

  it('does nothing where nothing changes, and says so', async () => {
    const lab = await situation('CREATE_COMPLETE');
    expect(await lab.refusal('UpdateStack', { StackName: STACK, UsePreviousTemplate: true })).toBe(
      'ValidationError: No updates are to be performed.',
    );
  });

  it('takes tags and outputs for a change', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const tags = { StackName: STACK, UsePreviousTemplate: true, Tags: [{ Key: 'team', Value: 'x' }] };
    await lab.call('UpdateStack', tags);
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    const body = { ...JSON.parse(things({ A: 'good' })), Outputs: { Name: { Value: { Ref: 'A' } } } };
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: JSON.stringify(body) });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    expect(await lab.outputs(STACK)).toEqual({ Name: (await lab.physicalIds(STACK))['A'] });
    expect((await lab.stack(STACK))['Tags']).toEqual([{ Key: 'team', Value: 'x' }]);
  });
});

describe('CancelUpdateStack', () => {
  it('cancels what is under way and goes back, and the old future never happens', async () => {
    const lab = await situation('UPDATE_IN_PROGRESS');
    await lab.call('CancelUpdateStack', { StackName: STACK, ClientRequestToken: 'cancel-1' });
    expect(await lab.status(STACK)).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    const events = (await lab.events(STACK)).slice(5);
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
  it('fails again as long as the cause is there', async () => {
    const lab = await situation('UPDATE_ROLLBACK_FAILED');
    await lab.call('ContinueUpdateRollback', { StackName: STACK });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_FAILED');
    expect((await lab.stack(STACK))['StackStatusReason']).toBe('The following resource(s) failed to update: [A]. ');
  });

  it.each([
    ['leaves out what is to be skipped', { ResourcesToSkip: ['A'] }],
    ['takes everything for done where it is forced', { ForceRollback: true }],
  ])('%s', async (_, more) => {
    const lab = await situation('UPDATE_ROLLBACK_FAILED');
    await lab.call('ContinueUpdateRollback', { StackName: STACK, ...more });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(first((await lab.stack(STACK))['LastOperations'])['OperationType']).toBe('CONTINUE_ROLLBACK');
  });

  it('skips only what failed to go back', async () => {
    const lab = await situation('UPDATE_ROLLBACK_FAILED');
    expect(await lab.refusal('ContinueUpdateRollback', { StackName: STACK, ResourcesToSkip: ['B'] })).toBe(
      'ValidationError: Resource [B] cannot be skipped: only resources whose rollback failed can be',
    );
    const both = { StackName: STACK, ResourcesToSkip: ['A'], ForceRollback: true };
    expect(await lab.refusal('ContinueUpdateRollback', both)).toContain('cannot be specified together');
  });
});

describe('DeleteStack', () => {
  it('respects termination protection until it is taken off', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const protect = (on: boolean) =>
      lab.call('UpdateTerminationProtection', { StackName: STACK, EnableTerminationProtection: on });
    await protect(true);
    expect((await lab.stack(STACK))['EnableTerminationProtection']).toBe(true);
    expect(await lab.refusal('DeleteStack', { StackName: STACK })).toBe(
      'ValidationError: Stack [shop] cannot be deleted while TerminationProtection is enabled',
    );
    await protect(false);
    await lab.call('DeleteStack', { StackName: STACK });
    lab.wait(5);
    expect(await lab.refusal('DescribeStacks', { StackName: STACK })).toContain('does not exist');
  });

  it.each([
    ['retains what is named', { RetainResources: ['A'] }],
    ['lets go what cannot be deleted where it is forced', { DeletionMode: 'FORCE_DELETE_STACK' }],
  ])('%s after a failure', async (_, more) => {
    const lab = await situation('DELETE_FAILED');
    const arn = String((await lab.stack(STACK))['StackId']);
    expect((await lab.stack(STACK))['StackStatusReason']).toBe('The following resource(s) failed to delete: [A]. ');
    await lab.call('DeleteStack', { StackName: STACK, ...more });
    expect(await lab.rest(arn)).toBe('DELETE_COMPLETE');
  });

  it('retains nothing before a failure', async () => {
    const lab = await situation('CREATE_COMPLETE');
    expect(await lab.refusal('DeleteStack', { StackName: STACK, RetainResources: ['A'] })).toContain(
      'specify which resources to retain only when the stack is in the DELETE_FAILED state.',
    );
  });

  it('keeps a stack whose export is in use', async () => {
    const lab = new Lab(scenario);
    await lab.call('CreateStack', {
      StackName: 'network',
      TemplateBody:
        'Resources: { A: { Type: Test::Thing } }\nOutputs: { Id: { Value: !Ref A, Export: { Name: !Sub "${AWS::StackName}-id" } } }',
    });
    await lab.rest('network');
    await lab.call('CreateStack', {
      StackName: 'app',
      TemplateBody: 'Resources: { B: { Type: Test::Thing, Properties: { Id: !ImportValue network-id } } }',
    });
    await lab.rest('app');
    expect(await lab.refusal('DeleteStack', { StackName: 'network' })).toBe(
      'ValidationError: Export network-id cannot be deleted as it is in use by app',
    );
    expect(first((await lab.call('ListExports'))['Exports'])['Name']).toBe('network-id');
  });
});

describe('an operation', () => {
  it('is done once for a token, and refused for the same token with other arguments', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const update = { StackName: STACK, TemplateBody: things({ A: 'better' }), ClientRequestToken: 'run-7' };
    const once = await lab.call('UpdateStack', update);
    expect(await lab.call('UpdateStack', update)).toEqual(once);
    expect(await lab.refusal('UpdateStack', { ...update, TemplateBody: things({ A: 'other' }) })).toContain(
      'TokenAlreadyExistsException',
    );
    await lab.rest(STACK);
    const events = rows((await lab.call('DescribeStackEvents', { StackName: STACK }))['StackEvents']);
    expect(events.filter((event) => event['ClientRequestToken'] === 'run-7')).toHaveLength(5);
    expect(events.filter((event) => event['OperationId'] === once['OperationId'])).toHaveLength(5);
  });

  it('fails for an alarm that goes off while it runs or is watched', async () => {
    const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors';
    const lab = new Lab({ ...scenario, alarms: [{ arn, after: '30s' }] });
    const triggers = { RollbackTriggers: [{ Arn: arn, Type: 'AWS::CloudWatch::Alarm' }], MonitoringTimeInMinutes: 1 };
    await lab.call('CreateStack', {
      StackName: STACK,
      TemplateBody: things({ A: 'good' }),
      RollbackConfiguration: triggers,
    });
    lab.wait(29);
    expect(await lab.status(STACK)).toBe('CREATE_IN_PROGRESS');
    expect(await lab.rest(STACK)).toBe('ROLLBACK_COMPLETE');
    expect((await lab.events(STACK)).join()).toContain(`Rollback trigger [${arn}] went into ALARM state.`);
  });

  it('may not use a role that does not trust CloudFormation', async () => {
    const lab = new Lab(scenario);
    const create = {
      StackName: STACK,
      TemplateBody: things({ A: 'good' }),
      RoleARN: 'arn:aws:iam::123456789012:role/untrusted',
    };
    expect(await lab.refusal('CreateStack', create)).toBe(
      'ValidationError: Role arn:aws:iam::123456789012:role/untrusted is invalid or cannot be assumed',
    );
  });
});

describe('EXPRESS', () => {
  const express = { DeploymentConfig: { Mode: 'EXPRESS' } };

  it('does not wait, and preserves failures unless told otherwise', async () => {
    const lab = new Lab({ ...scenario, rules: scenario.rules.slice(0, 2) });
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: things({ A: 'good', B: 'bad' }), ...express });
    lab.wait(1);
    expect(await lab.status(STACK)).toBe('CREATE_FAILED');
    expect((await lab.events(STACK)).join()).toContain('Resource operation completed using Express Mode.');
    expect(await lab.refusal('RollbackStack', { StackName: STACK })).toContain('RollbackStack is not supported');
    const next = { StackName: STACK, TemplateBody: things({ A: 'good', B: 'good' }), DisableRollback: true };
    expect(await lab.refusal('UpdateStack', next)).toContain('must use the same DeploymentConfig (mode=EXPRESS)');
    await lab.call('UpdateStack', { ...next, ...express });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
  });
});

describe('a resource that leaves the template', () => {
  const kept = (more: string) => `Resources: { A: { Type: Test::Thing }${more} }`;

  it('is forgotten, not deleted, where its policy retains it', async () => {
    const lab = new Lab(scenario);
    await lab.call('CreateStack', {
      StackName: STACK,
      TemplateBody: kept(', B: { Type: Test::Thing, DeletionPolicy: Retain }'),
    });
    await lab.rest(STACK);
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: kept('') });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    expect((await lab.events(STACK)).filter((event) => event.startsWith('B DELETE'))).toEqual(['B DELETE_SKIPPED']);
    expect(await lab.resources(STACK)).toEqual({ A: 'CREATE_COMPLETE' });
    expect(await lab.refusal('UpdateStack', { StackName: STACK, TemplateBody: kept('') })).toContain('No updates');
  });

  it('does not fail the update where it cannot be deleted', async () => {
    const lab = new Lab(scenario);
    await lab.call('CreateStack', {
      StackName: STACK,
      TemplateBody: kept(', B: { Type: Test::Thing, Properties: { Mode: sticky } }'),
    });
    await lab.rest(STACK);
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: kept('') });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    expect(await lab.events(STACK)).toContain('B DELETE_FAILED still in use');
  });
});
