import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { readOutcome } from '../account.js';
import { describeOnEmulators } from '../reference-emulator.js';
import { ChangeSet } from './change-set.js';
import { buildParameters, Stack } from './stack.js';
import { QUEUE, renderParent } from './templates.js';

const BUCKET = 'templates-of-the-conformance-suite';
const TEMPLATE = renderParent(`https://s3.eu-west-1.amazonaws.com/${BUCKET}/child.yml`);

describeOnEmulators('nested stacks', (suite) => {
  const parent = () => new Stack(suite.emulator, 'parent');
  const upload = async (body = QUEUE) => {
    const { s3 } = suite.emulator.account;
    await s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'child.yml', Body: body }));
  };
  const createParent = async () => {
    await upload();
    const parentStack = parent();
    await parentStack.create({ TemplateBody: TEMPLATE });
    await expect(parentStack.waitForTerminal()).resolves.toBe('CREATE_COMPLETE');
    const { Child = '' } = await parentStack.getPhysicalIds();
    return { parentStack, child: new Stack(suite.emulator, Child) };
  };

  it('a child is a stack whose id is the physical id in its parent', async () => {
    const { parentStack, child } = await createParent();
    expect(child.name).toMatch(
      /^arn:aws:cloudformation:eu-west-1:123456789012:stack\/parent-Child-[A-Za-z0-9-]+\/[0-9a-f-]{36}$/,
    );
    const { StackStatus, ParentId, RootId } = await child.describe();
    const { StackId } = await parentStack.describe();
    expect({ StackStatus, ParentId, RootId }).toEqual({
      StackStatus: 'CREATE_COMPLETE',
      ParentId: suite.differing('family', { 'local AWS': StackId, MiniStack: undefined }),
      RootId: suite.differing('family', { 'local AWS': StackId, MiniStack: undefined }),
    });
    const { Arn } = await child.getOutputs();
    await expect(parentStack.getOutputs()).resolves.toEqual({ ChildId: child.name, Arn });
    await expect(parentStack.listStatuses('Child')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    await expect(child.listStatuses('Queue')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
    const ends = (await child.listEvents()).filter(
      ({ physicalId, status }) => physicalId === child.name && status === 'CREATE_COMPLETE',
    );
    expect(ends).toHaveLength(1);
  });

  it('an update of the parent updates the child', async () => {
    const { parentStack, child } = await createParent();
    const before = await child.getPhysicalIds();
    await parentStack.update({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '5' }) });
    await expect(parentStack.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    await expect(child.getStatus()).resolves.toBe('UPDATE_COMPLETE');
    await expect(child.getParameters()).resolves.toEqual({ Delay: '5' });
    await expect(child.getPhysicalIds()).resolves.toEqual(before);
  });

  it('a failure in the child fails the parent, and both are rolled back', async () => {
    const { parentStack, child } = await createParent();
    const before = await child.getPhysicalIds();
    await parentStack.update({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '1000' }) });
    await expect(parentStack.waitForTerminal()).resolves.toBe(
      suite.differing('child-after-rollback', {
        'local AWS': 'UPDATE_ROLLBACK_COMPLETE',
        MiniStack: 'UPDATE_ROLLBACK_FAILED',
      }),
    );
    await expect(child.getStatus()).resolves.toBe(
      suite.differing('child-after-rollback', {
        'local AWS': 'UPDATE_ROLLBACK_COMPLETE',
        MiniStack: 'UPDATE_IN_PROGRESS',
      }),
    );
    await expect(child.getParameters()).resolves.toEqual({ Delay: '0' });
    await expect(child.getPhysicalIds()).resolves.toEqual(before);
    await expect(child.findReason('Queue', 'UPDATE_FAILED')).resolves.toContain('Value must be between 0 and 900');
    const failed = (await parentStack.listEvents()).find(
      ({ id, status }) => id === 'Child' && status === 'UPDATE_FAILED',
    );
    expect(failed?.reason).toBe(
      suite.differing('child-failure-reason', {
        'local AWS': `Embedded stack ${child.name} was not successfully updated: The following resource(s) failed to update: [Queue]. `,
        MiniStack: 'Invalid value for the parameter DelaySeconds. Value must be between 0 and 900.',
      }),
    );
  });

  it('a preserved failure in the child is resumed by an update of the parent', async () => {
    await upload();
    const parentStack = parent();
    await parentStack.create({
      TemplateBody: TEMPLATE,
      Parameters: buildParameters({ Delay: '1000' }),
      DisableRollback: true,
    });
    await expect(parentStack.waitForTerminal()).resolves.toBe('CREATE_FAILED');
    await expect(parentStack.listStatuses('Topic')).resolves.toEqual([]);
    await expect(parentStack.listStatuses('Child')).resolves.toEqual(['CREATE_IN_PROGRESS', 'CREATE_FAILED']);
    const fix = new ChangeSet(suite.emulator, 'parent', 'fix');
    await fix.create({ UsePreviousTemplate: true, Parameters: buildParameters({ Delay: '1' }) });
    await fix.execute({ DisableRollback: true });
    await expect(parentStack.waitForTerminal()).resolves.toBe('UPDATE_COMPLETE');
    const { Child = '' } = await parentStack.getPhysicalIds();
    await expect(new Stack(suite.emulator, Child).getParameters()).resolves.toEqual({ Delay: '1' });
  });

  it('a missing template of a child fails before a resource is created', async () => {
    await upload();
    const parentStack = parent();
    const started = parentStack.create({ TemplateBody: TEMPLATE.replace('child.yml', 'nothing.yml') });
    await expect(readOutcome(started)).resolves.toMatch(
      suite.differing('nested-template-missing', {
        'local AWS': /^ValidationError: S3 error: /,
        MiniStack: /^accepted$/,
      }),
    );
  });

  it('a template is found by the virtual-hosted URL of its bucket', async () => {
    await upload();
    const parentStack = parent();
    const TemplateURL = `https://${BUCKET}.s3.eu-west-1.amazonaws.com/child.yml`;
    await expect(readOutcome(parentStack.create({ TemplateURL }))).resolves.toBe(
      suite.differing('template-address', {
        'local AWS': 'accepted',
        MiniStack: `ValidationError: Invalid TemplateURL: ${TemplateURL}`,
      }),
    );
  });

  it('deletion of the parent deletes the child', async () => {
    const { parentStack, child } = await createParent();
    await parentStack.delete();
    await expect(readOutcome(parentStack.waitForStatus((status) => status === 'gone'))).resolves.toBe(
      'ValidationError: Stack with id parent does not exist',
    );
    await expect(child.getStatus()).resolves.toBe('DELETE_COMPLETE');
  });
});
