import { describe, expect, it } from '@jest/globals';
import type { Document } from '../../src/call.js';
import { Lab, rows } from './lab.js';
import { STACK, scenario } from './situations.js';

const child = (mode: string) => `
Parameters: { Mode: { Type: String, Default: ${mode} } }
Resources: { Inner: { Type: Test::Thing, Properties: { Mode: !Ref Mode } } }
Outputs: { Name: { Value: !Ref Inner } }
`;

const parent = (url: string, mode: string) => `
Resources:
  Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${url}, Parameters: { Mode: ${mode} } } }
  After: { Type: Test::Thing, Properties: { Name: !GetAtt Nested.Outputs.Name } }
Outputs: { Name: { Value: !GetAtt Nested.Outputs.Name } }
`;

const nestedId = async (lab: Lab) => String((await lab.physicalIds(STACK))['Nested']);

const create = async (mode: string, more: Document = {}) => {
  const lab = new Lab(scenario);
  const url = await lab.put('templates', 'child.yaml', child('good'));
  await lab.call('CreateStack', { StackName: STACK, TemplateBody: parent(url, mode), ...more });
  await lab.rest(STACK);
  return { lab, url };
};

describe('a nested stack', () => {
  it('is made from S3, and its outputs are attributes', async () => {
    const { lab } = await create('good');
    expect(await lab.status(STACK)).toBe('CREATE_COMPLETE');
    const id = await nestedId(lab);
    expect(await lab.stack(id)).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      ParentId: (await lab.stack(STACK))['StackId'],
      RootId: (await lab.stack(STACK))['StackId'],
    });
    expect((await lab.outputs(STACK))['Name']).toBe((await lab.physicalIds(id))['Inner']);
    expect(await lab.refusal('DeleteStack', { StackName: id })).toContain('delete its root');
  });

  it('takes its parent back with it when it fails', async () => {
    const { lab } = await create('bad');
    expect(await lab.status(STACK)).toBe('ROLLBACK_COMPLETE');
    const id = await nestedId(lab);
    expect(await lab.events(STACK)).toContain(
      `Nested CREATE_FAILED Embedded stack ${id} was not successfully created: The following resource(s) failed to create: [Inner]. `,
    );
    expect(await lab.status(id)).toBe('DELETE_COMPLETE');
  });

  it('is taken up again where it failed', async () => {
    const { lab, url } = await create('bad', { DisableRollback: true });
    expect(await lab.status(STACK)).toBe('CREATE_FAILED');
    const id = await nestedId(lab);
    expect(await lab.status(id)).toBe('CREATE_FAILED');
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: parent(url, 'good'), DisableRollback: true });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    expect(await nestedId(lab)).toBe(id);
    expect(await lab.status(id)).toBe('UPDATE_COMPLETE');
    expect((await lab.events(STACK)).join()).not.toContain('Nested DELETE');
  });

  it('is left alone by an update that does not touch it', async () => {
    const { lab, url } = await create('good');
    const before = (await lab.events(await nestedId(lab))).length;
    await lab.call('UpdateStack', {
      StackName: STACK,
      TemplateBody: `${parent(url, 'good')}\nDescription: x`,
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    expect(await lab.events(await nestedId(lab))).toHaveLength(before);
  });

  it('goes back when its parent fails after it', async () => {
    const { lab, url } = await create('good');
    const id = await nestedId(lab);
    const inner = await lab.physicalIds(id);
    const next = parent(url, 'better').replace('Name: !GetAtt', 'Mode: bad, Name: !GetAtt');
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: next });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lab.status(id)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lab.physicalIds(id)).toEqual(inner);
    expect((await lab.events(id)).slice(5)).toEqual([
      expect.stringMatching(/ UPDATE_IN_PROGRESS User Initiated$/),
      'Inner UPDATE_IN_PROGRESS',
      'Inner UPDATE_COMPLETE',
      expect.stringMatching(/ UPDATE_COMPLETE_CLEANUP_IN_PROGRESS$/),
      expect.stringMatching(/ UPDATE_ROLLBACK_IN_PROGRESS Rollback requested by parent stack$/),
      'Inner UPDATE_IN_PROGRESS',
      'Inner UPDATE_COMPLETE',
      expect.stringMatching(/ UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS$/),
      expect.stringMatching(/ UPDATE_ROLLBACK_COMPLETE$/),
    ]);
  });

  it('stops with its parent when that is cancelled', async () => {
    const { lab, url } = await create('good');
    const id = await nestedId(lab);
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: parent(url, 'better') });
    lab.wait(1);
    expect(await lab.status(id)).toBe('UPDATE_IN_PROGRESS');
    await lab.call('CancelUpdateStack', { StackName: STACK });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lab.status(id)).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('can be skipped resource by resource when it cannot go back', async () => {
    const { lab, url } = await create('stuck');
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: parent(url, 'bad') });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_FAILED');
    await lab.call('ContinueUpdateRollback', { StackName: STACK, ResourcesToSkip: ['Nested.Inner'] });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lab.status(await nestedId(lab))).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('goes with its root', async () => {
    const { lab } = await create('good');
    const id = await nestedId(lab);
    await lab.call('DeleteStack', { StackName: STACK });
    lab.wait(30);
    expect(await lab.status(id)).toBe('DELETE_COMPLETE');
  });

  it('has a change set of its own where that is asked for', async () => {
    const { lab, url } = await create('good');
    const set = {
      StackName: STACK,
      ChangeSetName: 'next',
      TemplateBody: parent(url, 'better'),
      IncludeNestedStacks: true,
    };
    const { Id: root } = await lab.call('CreateChangeSet', set);
    lab.wait(2);
    const described = await lab.call('DescribeChangeSet', { ChangeSetName: root });
    const [change] = rows(described['Changes']);
    const inner = String(
      Object.entries(change?.['ResourceChange'] ?? {}).find(([name]) => name === 'ChangeSetId')?.[1],
    );
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: inner })).toMatchObject({
      ParentChangeSetId: root,
      RootChangeSetId: root,
      Changes: [{ ResourceChange: { LogicalResourceId: 'Inner', Action: 'Modify' } }],
    });
    await lab.call('ExecuteChangeSet', { ChangeSetName: root });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: inner })).toMatchObject({
      ExecutionStatus: 'EXECUTE_COMPLETE',
    });
  });

  it('is put up for review by a change set that would make it, and made by its execution', async () => {
    const lab = new Lab(scenario);
    const url = await lab.put('templates', 'child.yaml', child('good'));
    const set = {
      StackName: STACK,
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: parent(url, 'good'),
      IncludeNestedStacks: true,
    };
    await lab.call('CreateChangeSet', set);
    const review = rows(
      (await lab.call('ListStacks', { StackStatusFilter: ['REVIEW_IN_PROGRESS'] }))['StackSummaries'],
    );
    expect(review.map(({ StackName: name }) => name)).toEqual([expect.stringMatching(/^shop-Nested-/), STACK]);
    lab.wait(2);
    await lab.call('ExecuteChangeSet', { StackName: STACK, ChangeSetName: 'first' });
    expect(await lab.rest(STACK)).toBe('CREATE_COMPLETE');
    expect(await nestedId(lab)).toBe(review[0]?.['StackId']);
  });

  it('needs a template that can be read', async () => {
    const lab = new Lab(scenario);
    const missing = parent('https://templates.s3.us-east-1.amazonaws.com/none.yaml', 'good');
    expect(await lab.refusal('CreateStack', { StackName: STACK, TemplateBody: missing })).toBe(
      'ValidationError: S3 error: The specified bucket does not exist',
    );
  });
});
