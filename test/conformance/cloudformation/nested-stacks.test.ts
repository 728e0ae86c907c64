import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { readOutcome } from '../account.js';
import { describeOnEmulators } from '../reference-emulator.js';
import { ChangeSet } from './change-set.js';
import { parameters, Stack } from './stack.js';
import { PARENT, QUEUE } from './templates.js';

const BUCKET = 'templates-of-the-conformance-suite';
const TEMPLATE = PARENT(`https://s3.eu-west-1.amazonaws.com/${BUCKET}/child.yml`);

describeOnEmulators('nested stacks', (suite) => {
  const parent = () => new Stack(suite.emulator, 'parent');
  const upload = async (body = QUEUE) => {
    const { s3 } = suite.emulator.account;
    await s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'child.yml', Body: body }));
  };
  const settled = async () => {
    await upload();
    const made = parent();
    await made.create({ TemplateBody: TEMPLATE });
    await expect(made.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    const { Child = '' } = await made.physicalIds();
    return { made, child: new Stack(suite.emulator, Child) };
  };

  it('a child is a stack whose id is the physical id in its parent', async () => {
    const { made, child } = await settled();
    expect(child.name).toMatch(
      /^arn:aws:cloudformation:eu-west-1:123456789012:stack\/parent-Child-[A-Za-z0-9-]+\/[0-9a-f-]{36}$/,
    );
    const { StackStatus, ParentId, RootId } = await child.describe();
    const { StackId } = await made.describe();
    expect({ StackStatus, ParentId, RootId }).toEqual({
      StackStatus: 'CREATE_COMPLETE',
      ParentId: suite.differing('family', { 'local AWS': StackId, MiniStack: undefined }),
      RootId: suite.differing('family', { 'local AWS': StackId, MiniStack: undefined }),
    });
    const { Arn } = await child.outputs();
    await expect(made.outputs()).resolves.toEqual({ ChildId: child.name, Arn });
    await expect(made.listStatuses('Child')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    await expect(child.listStatuses('Queue')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    const ends = (await child.events()).filter(
      ({ physicalId, status }) => physicalId === child.name && status === 'CREATE_COMPLETE',
    );
    expect(ends).toHaveLength(1);
  });

  it('an update of the parent updates the child', async () => {
    const { made, child } = await settled();
    const before = await child.physicalIds();
    await made.update({ UsePreviousTemplate: true, Parameters: parameters({ Delay: '5' }) });
    await expect(made.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    await expect(child.status()).resolves.toBe('UPDATE_COMPLETE');
    await expect(child.parameters()).resolves.toEqual({ Delay: '5' });
    await expect(child.physicalIds()).resolves.toEqual(before);
  });

  it('a failure in the child fails the parent, and both are rolled back', async () => {
    const { made, child } = await settled();
    const before = await child.physicalIds();
    await made.update({ UsePreviousTemplate: true, Parameters: parameters({ Delay: '1000' }) });
    await expect(made.waitForTerminal()).resolves.toBe(
      suite.differing('child-after-rollback', {
        'local AWS': 'UPDATE_ROLLBACK_COMPLETE',
        MiniStack: 'UPDATE_ROLLBACK_FAILED',
      }),
    );
    await expect(child.status()).resolves.toBe(
      suite.differing('child-after-rollback', {
        'local AWS': 'UPDATE_ROLLBACK_COMPLETE',
        MiniStack: 'UPDATE_IN_PROGRESS',
      }),
    );
    await expect(child.parameters()).resolves.toEqual({ Delay: '0' });
    await expect(child.physicalIds()).resolves.toEqual(before);
    await expect(child.findReason('Queue', 'UPDATE_FAILED')).resolves.toContain('Value must be between 0 and 900');
    const failed = (await made.events()).find(({ id, status }) => id === 'Child' && status === 'UPDATE_FAILED');
    expect(failed?.reason).toBe(
      suite.differing('child-failure-reason', {
        'local AWS': `Embedded stack ${child.name} was not successfully updated: The following resource(s) failed to update: [Queue]. `,
        MiniStack: 'Invalid value for the parameter DelaySeconds. Value must be between 0 and 900.',
      }),
    );
  });

  it('a preserved failure in the child is resumed by an update of the parent', async () => {
    await upload();
    const made = parent();
    await made.create({ TemplateBody: TEMPLATE, Parameters: parameters({ Delay: '1000' }), DisableRollback: true });
    await expect(made.waitForTerminal()).resolves.toBe('CREATE_FAILED');
    await expect(made.listStatuses('Topic')).resolves.toEqual([]);
    await expect(made.listStatuses('Child')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_FAILED']);
    const fix = new ChangeSet(suite.emulator, 'parent', 'fix');
    await fix.create({ UsePreviousTemplate: true, Parameters: parameters({ Delay: '1' }) });
    await fix.execute({ DisableRollback: true });
    await expect(made.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    const { Child = '' } = await made.physicalIds();
    await expect(new Stack(suite.emulator, Child).parameters()).resolves.toEqual({ Delay: '1' });
  });

  it('a missing template of a child fails before a resource is created', async () => {
    await upload();
    const made = parent();
    const started = made.create({ TemplateBody: TEMPLATE.replace('child.yml', 'nothing.yml') });
    await expect(readOutcome(started)).resolves.toMatch(
      suite.differing('nested-template-missing', {
        'local AWS': /^ValidationError: S3 error: /,
        MiniStack: /^accepted$/,
      }),
    );
  });

  it('a template is found by the virtual-hosted URL of its bucket', async () => {
    await upload();
    const made = parent();
    const TemplateURL = `https://${BUCKET}.s3.eu-west-1.amazonaws.com/child.yml`;
    await expect(readOutcome(made.create({ TemplateURL }))).resolves.toBe(
      suite.differing('template-address', {
        'local AWS': 'accepted',
        MiniStack: `ValidationError: Invalid TemplateURL: ${TemplateURL}`,
      }),
    );
  });

  it('deletion of the parent deletes the child', async () => {
    const { made, child } = await settled();
    await made.delete();
    await expect(readOutcome(made.waitForStatus((status) => status === 'gone'))).resolves.toBe(
      'ValidationError: Stack with id parent does not exist',
    );
    await expect(child.status()).resolves.toBe('DELETE_COMPLETE');
  });
});
