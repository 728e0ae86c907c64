import { describe, expect, it } from '@jest/globals';
import { createImage } from '../../../../packages/oci/test/image-fixtures.js';
import { type Harness, type HarnessOptions, withHarness } from '../harness.js';

type Faults = NonNullable<HarnessOptions['faults']>;

const lifecycle = JSON.stringify({ rules: [{ rulePriority: 1 }] });
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
const settings = {
  repository: 'new',
  'create-repository': 'true',
  'tag-mutability': 'IMMUTABLE',
  'lifecycle-policy': lifecycle,
  'repository-policy': policy,
  'repository-tags': 'team=red',
};

const PASSING: readonly (readonly [string, Faults[number]])[] = [
  ['throttled', { fault: 'throttle' }],
  ['answered by 503', { fault: 'error', status: 503 }],
  ['cut', { fault: 'reset' }],
  ['done and never answered', { fault: 'lost-reply' }],
];

/** Whether a repository has all that was asked for: a run with the same wish finds nothing to say. */
const expectSettings = async (harness: Harness): Promise<void> => {
  const { failures, log, operations } = await harness.push('oci:build', settings);
  expect(failures).toEqual([]);
  expect(log).not.toContain('warning');
  expect(operations).toEqual(
    expect.arrayContaining(['GetLifecyclePolicy', 'GetRepositoryPolicy', 'ListTagsForResource']),
  );
};

describe.each(['DescribeRepositories', 'CreateRepository', 'PutLifecyclePolicy', 'SetRepositoryPolicy'])(
  'a repository is created with all its settings where the first %s',
  (operation) => {
    it.each(PASSING)('is %s', async (_what, fault) => {
      await withHarness({}, async (harness) => {
        await harness.writeLayout('build', createImage());
        harness.aws.setFaults([{ ...fault, operation, calls: 1 }]);
        const { failures } = await harness.push('oci:build', settings);
        expect(failures).toEqual([]);
        harness.aws.setFaults([]);
        await expectSettings(harness);
      });
    });
  },
);

describe('a repository that is missing', () => {
  it('is created with its settings in one call, and its policies after it', async () => {
    await withHarness({}, async (harness) => {
      const { failures, calls } = await harness.push(await harness.writeLayout('build', createImage()), settings);
      expect(failures).toEqual([]);
      expect(calls.find(({ operation }) => operation === 'CreateRepository')?.input).toMatchObject({
        repositoryName: 'new',
        imageTagMutability: 'IMMUTABLE',
        tags: [{ Key: 'team', Value: 'red' }],
      });
      await expectSettings(harness);
    });
  });

  it('is not created by somebody who may not, in words that say what is missing', async () => {
    await withHarness({ allowed: ['always', 'push'] }, async (harness) => {
      const { failures, operations } = await harness.push(await harness.writeLayout('build', createImage()), settings);
      expect(failures[0]).toContain('ecr:CreateRepository');
      expect(operations).not.toContain('StartUpload');
    });
  });

  it('is refused before anything is created where a policy is not JSON', async () => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('policy.json', '{');
      const { failures, operations } = await harness.push(await harness.writeLayout('build', createImage()), {
        ...settings,
        'lifecycle-policy': 'policy.json',
      });
      expect(failures[0]).toContain("policy.json' is not JSON");
      expect(operations).toEqual(['GetAuthorizationToken']);
    });
  });
});
