import { describe, expect, it } from '@jest/globals';
import { imageOf } from './helpers/image.js';
import { onStage, type Stage, type StageOptions } from './helpers/stage.js';

type Faults = NonNullable<StageOptions['faults']>;

const lifecycle = JSON.stringify({ rules: [{ rulePriority: 1 }] });
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
const wish = {
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
const expectAsWished = async (stage: Stage): Promise<void> => {
  const { failures, log, operations } = await stage.push('oci:build', wish);
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
      await onStage({}, async (stage) => {
        await stage.layout('build', imageOf());
        stage.aws.setFaults([{ ...fault, operation, calls: 1 }]);
        const { failures } = await stage.push('oci:build', wish);
        expect(failures).toEqual([]);
        stage.aws.setFaults([]);
        await expectAsWished(stage);
      });
    });
  },
);

describe('a repository that is missing', () => {
  it('is created with its settings in one call, and its policies after it', async () => {
    await onStage({}, async (stage) => {
      const { failures, calls } = await stage.push(await stage.layout('build', imageOf()), wish);
      expect(failures).toEqual([]);
      expect(calls.find(({ operation }) => operation === 'CreateRepository')?.input).toMatchObject({
        repositoryName: 'new',
        imageTagMutability: 'IMMUTABLE',
        tags: [{ Key: 'team', Value: 'red' }],
      });
      await expectAsWished(stage);
    });
  });

  it('is not created by somebody who may not, in words that say what is missing', async () => {
    await onStage({ allowed: ['always', 'push'] }, async (stage) => {
      const { failures, operations } = await stage.push(await stage.layout('build', imageOf()), wish);
      expect(failures[0]).toContain('ecr:CreateRepository');
      expect(operations).not.toContain('StartUpload');
    });
  });

  it('is refused before anything is created where a policy is not JSON', async () => {
    await onStage({}, async (stage) => {
      await stage.write('policy.json', '{');
      const { failures, operations } = await stage.push(await stage.layout('build', imageOf()), {
        ...wish,
        'lifecycle-policy': 'policy.json',
      });
      expect(failures[0]).toContain("policy.json' is not JSON");
      expect(operations).toEqual(['GetAuthorizationToken']);
    });
  });
});
