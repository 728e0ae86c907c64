import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Stage, things } from './stage.js';

const stage = await Stage.open();
afterAll(() => stage.close());
beforeEach(() => stage.aws.reset());

const first = { template: stage.write('first.json', things({ A: 'good' })) };
const second = { template: stage.write('second.json', things({ A: 'better', B: 'good' })) };
const preview = { mode: 'preview' };

/** Starts the second some seconds after the first. */
const beside = async (one: Parameters<Stage['deploy']>[0], seconds: number, other: Parameters<Stage['deploy']>[0]) => {
  const running = stage.deploy(one);
  await stage.wait(seconds);
  return Promise.all([running, stage.deploy(other)]);
};

const client = () => new CloudFormationClient({});
const statusNow = async (): Promise<string> => {
  const found = await client()
    .send(new DescribeStacksCommand({ StackName: 'shop' }))
    .catch(() => undefined);
  return found?.Stacks?.[0]?.StackStatus ?? 'none';
};
const changeSetsNow = async (): Promise<readonly string[]> => {
  const { Summaries: sets = [] } = await client().send(new ListChangeSetsCommand({ StackName: 'shop' }));
  return sets.map(({ ChangeSetName: name = '' }) => name);
};

/** As somebody else makes it, with a tool of their own. */
const review = async (ChangeSetName: string): Promise<void> => {
  const input = {
    StackName: 'shop',
    ChangeSetName,
    ChangeSetType: 'CREATE',
    TemplateBody: things({ A: 'good' }),
  } as const;
  await client().send(new CreateChangeSetCommand(input));
  await stage.wait(5);
};

describe('two previews of a stack that is not there', () => {
  it.each([0, 0.2, 0.5, 0.8, 1, 1.2, 1.5, 1.8, 2, 2.5])(
    'are both right and leave nothing, %d s apart',
    async (seconds) => {
      const runs = await beside({ ...first, ...preview }, seconds, { ...second, ...preview });
      expect(runs.map(({ failure }) => failure)).toEqual([undefined, undefined]);
      expect(runs.map(({ outputs }) => outputs['changes-count'])).toEqual(['1', '2']);
      await stage.wait(10);
      expect(await statusNow()).toBe('none');
    },
  );
});

describe('a preview beside a deploy', () => {
  it.each([0, 0.5, 1, 1.5, 2, 3])('that creates the stack takes nothing from it, %d s apart', async (seconds) => {
    const [previewed, deployed] = await beside({ ...second, ...preview }, seconds, first);
    expect([previewed.failure, deployed.failure]).toEqual([undefined, undefined]);
    expect(await statusNow()).toBe('CREATE_COMPLETE');
    expect(await changeSetsNow()).toEqual([]);
  });

  it.each([0, 0.5, 1, 1.5, 2, 3])('whose execution takes its change set looks again, %d s apart', async (seconds) => {
    await stage.deploy(first);
    const [deployed, previewed] = await beside(second, seconds, { ...second, ...preview });
    expect([previewed.failure, deployed.failure]).toEqual([undefined, undefined]);
    expect(await statusNow()).toBe('UPDATE_COMPLETE');
    expect(await changeSetsNow()).toEqual([]);
  });
});

describe('a stack that somebody else put up for review', () => {
  it('stays, with their change set', async () => {
    await review('theirs');
    const run = await stage.deploy({ ...second, ...preview });
    expect(run.failure).toBeUndefined();
    expect(await changeSetsNow()).toEqual(['theirs']);
  });

  it('stays without any as well', async () => {
    await review('theirs');
    await client().send(new DeleteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'theirs' }));
    const run = await stage.deploy({ ...second, ...preview });
    expect(run.failure).toBeUndefined();
    expect(await statusNow()).toBe('REVIEW_IN_PROGRESS');
    expect(await changeSetsNow()).toEqual([]);
  });

  it('goes with the last change set that was under review beside this one', async () => {
    const [kept, previewed] = await beside({ ...first, mode: 'create-only' }, 0.5, { ...second, ...preview });
    expect([kept.failure, previewed.failure]).toEqual([undefined, undefined]);
    expect(await changeSetsNow()).toEqual([kept.outputs['change-set-name']]);
  });
});

describe('a change set that is taken away again and again', () => {
  it('is a failure in the end, and is not waited for for ever', async () => {
    await stage.deploy(first);
    const code = 'ChangeSetNotFound';
    stage.aws.setFaults([{ fault: 'error', operation: 'DescribeChangeSet', code, message: 'gone', status: 404 }]);
    const run = await stage.deploy({ ...second, ...preview });
    expect(run.failure).toContain('does not exist: it was executed, deleted, or replaced');
    expect(run.log.match(/somebody else came first/gu)).toHaveLength(4);
    expect(run.took).toBeLessThan(180_000);
    expect(await changeSetsNow()).toEqual([]);
  });
});
