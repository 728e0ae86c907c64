import { describe, expect, it } from '@jest/globals';
import { createImage } from '../../../../packages/oci/test/image-fixtures.js';
import { type Harness, TRANSIENT_FAULTS, withHarness } from '../harness.js';

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

/** A run with the same settings finds no drift. */
const expectSettings = async (harness: Harness): Promise<void> => {
  const { failures, log, operations } = await harness.push('oci:build', settings);
  expect(failures).toEqual([]);
  expect(log).not.toContain('warning');
  expect(operations).toEqual(
    expect.arrayContaining(['GetLifecyclePolicy', 'GetRepositoryPolicy', 'ListTagsForResource']),
  );
};

describe.each(['DescribeRepositories', 'CreateRepository', 'PutLifecyclePolicy', 'SetRepositoryPolicy'])(
  'a repository is created with all its settings when the first %s',
  (operation) => {
    it.each(TRANSIENT_FAULTS)('is %s', async (_label, fault) => {
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

describe('a missing repository', () => {
  it('is created with its settings in one call, followed by its policies', async () => {
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

  it('is an error that names the missing permission', async () => {
    await withHarness({ allowed: ['always', 'push'] }, async (harness) => {
      const { failures, operations } = await harness.push(await harness.writeLayout('build', createImage()), settings);
      expect(failures[0]).toContain('ecr:CreateRepository');
      expect(operations).not.toContain('StartUpload');
    });
  });

  it('is not created when a policy is not JSON', async () => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('policy.json', '{');
      const { failures, operations } = await harness.push(await harness.writeLayout('build', createImage()), {
        ...settings,
        'lifecycle-policy': 'policy.json',
      });
      expect(failures[0]).toContain("policy.json' is not valid JSON");
      expect(operations).toEqual(['GetAuthorizationToken']);
    });
  });
});

describe('a repository that a parallel push creates', () => {
  it('is used', async () => {
    await withHarness({}, async (harness) => {
      harness.aws.setFaults([{ fault: 'latency', by: '100ms', operation: 'CreateRepository' }]);
      await harness.writeLayout('build', createImage());
      await harness.writeLayout('other', createImage({ command: 'other' }));
      const images = [
        { source: 'oci:build', repository: 'new', tags: ['1'] },
        { source: 'oci:other', repository: 'new', tags: ['2'] },
      ];
      const inputs = { images: JSON.stringify(images), 'create-repository': 'true' };
      const { failures, calls, log } = await harness.run({ inputs });
      expect(failures).toEqual([]);
      const errors = calls.filter(({ operation }) => operation === 'CreateRepository').map(({ error }) => error);
      expect(errors.sort()).toEqual(['RepositoryAlreadyExistsException', undefined]);
      expect(log).toContain('Repository new was created by a concurrent process');
    });
  });
});
