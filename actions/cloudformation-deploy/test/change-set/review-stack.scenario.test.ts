import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const first = { template: harness.write('first.json', renderThings({ A: 'good' })) };
const second = { template: harness.write('second.json', renderThings({ A: 'better', B: 'good' })) };
const preview = { mode: 'preview' };

/** Runs two deployments, the second some seconds after the first. */
const runBoth = async (
  firstInputs: Parameters<TestHarness['deploy']>[0],
  seconds: number,
  secondInputs: Parameters<TestHarness['deploy']>[0],
) => {
  const running = harness.deploy(firstInputs);
  await harness.wait(seconds);
  return Promise.all([running, harness.deploy(secondInputs)]);
};

const createClient = () => new CloudFormationClient({});
const readStatus = async (): Promise<string> => {
  const response = await createClient()
    .send(new DescribeStacksCommand({ StackName: 'shop' }))
    .catch(() => undefined);
  return response?.Stacks?.[0]?.StackStatus ?? 'none';
};
const listChangeSetNames = async (): Promise<readonly string[]> => {
  const { Summaries: sets = [] } = await createClient().send(new ListChangeSetsCommand({ StackName: 'shop' }));
  return sets.map(({ ChangeSetName: name = '' }) => name);
};

/** Creates a change set as another tool would. */
const createForeignChangeSet = async (ChangeSetName: string): Promise<void> => {
  const input = {
    StackName: 'shop',
    ChangeSetName,
    ChangeSetType: 'CREATE',
    TemplateBody: renderThings({ A: 'good' }),
  } as const;
  await createClient().send(new CreateChangeSetCommand(input));
  await harness.wait(5);
};

describe('two previews of a new stack', () => {
  it.each([0, 0.2, 0.5, 0.8, 1, 1.2, 1.5, 1.8, 2, 2.5])('both pass and leave no stack, %d s apart', async (seconds) => {
    const runs = await runBoth({ ...first, ...preview }, seconds, { ...second, ...preview });
    expect(runs.map(({ failure }) => failure)).toEqual([undefined, undefined]);
    expect(runs.map(({ outputs }) => outputs['changes-count'])).toEqual(['1', '2']);
    await harness.wait(10);
    expect(await readStatus()).toBe('none');
  });
});

describe('a preview concurrent with a deployment', () => {
  it.each([0, 0.5, 1, 1.5, 2, 3])(
    'deletes nothing of a deployment that creates the stack, %d s apart',
    async (seconds) => {
      const [previewed, deployed] = await runBoth({ ...second, ...preview }, seconds, first);
      expect([previewed.failure, deployed.failure]).toEqual([undefined, undefined]);
      expect(await readStatus()).toBe('CREATE_COMPLETE');
      expect(await listChangeSetNames()).toEqual([]);
    },
  );

  it.each([0, 0.5, 1, 1.5, 2, 3])(
    'reads the stack again when the execution deletes its change set, %d s apart',
    async (seconds) => {
      await harness.deploy(first);
      const [deployed, previewed] = await runBoth(second, seconds, { ...second, ...preview });
      expect([previewed.failure, deployed.failure]).toEqual([undefined, undefined]);
      expect(await readStatus()).toBe('UPDATE_COMPLETE');
      expect(await listChangeSetNames()).toEqual([]);
    },
  );
});

describe('a stack that another user put under review', () => {
  it('is kept with its change set', async () => {
    await createForeignChangeSet('theirs');
    const run = await harness.deploy({ ...second, ...preview });
    expect(run.failure).toBeUndefined();
    expect(await listChangeSetNames()).toEqual(['theirs']);
  });

  it('is kept without a change set', async () => {
    await createForeignChangeSet('theirs');
    await createClient().send(new DeleteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'theirs' }));
    const run = await harness.deploy({ ...second, ...preview });
    expect(run.failure).toBeUndefined();
    expect(await readStatus()).toBe('REVIEW_IN_PROGRESS');
    expect(await listChangeSetNames()).toEqual([]);
  });

  it('is deleted with the last change set under review', async () => {
    const [created, previewed] = await runBoth({ ...first, mode: 'create-only' }, 0.5, { ...second, ...preview });
    expect([created.failure, previewed.failure]).toEqual([undefined, undefined]);
    expect(await listChangeSetNames()).toEqual([created.outputs['change-set-name']]);
  });
});

describe('a change set that is deleted concurrently each time', () => {
  it('fails the run after a few conflicts', async () => {
    await harness.deploy(first);
    const code = 'ChangeSetNotFound';
    harness.aws.setFaults([{ fault: 'error', operation: 'DescribeChangeSet', code, message: 'gone', status: 404 }]);
    const run = await harness.deploy({ ...second, ...preview });
    expect(run.failure).toContain('does not exist. It was executed or deleted');
    expect(run.log.match(/Stack changed concurrently/gu)).toHaveLength(4);
    expect(run.durationMs).toBeLessThan(180_000);
    expect(await listChangeSetNames()).toEqual([]);
  });
});
