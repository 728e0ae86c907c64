import {
  CreateApplicationCommand,
  CreateEnvironmentCommand,
  ListApplicationsCommand,
  ListEnvironmentsCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, MINUTE, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

const listApplications = async (harness: Harness): Promise<readonly string[]> =>
  ((await harness.foreignClient.send(new ListApplicationsCommand({}))).Items ?? []).map(({ Name = '' }) => Name);

const listEnvironments = async (harness: Harness, tenant: string): Promise<readonly string[]> => {
  const { Items = [] } = await harness.foreignClient.send(new ListApplicationsCommand({}));
  const ApplicationId = Items.find(({ Name }) => Name === tenant)?.Id;
  return ((await harness.foreignClient.send(new ListEnvironmentsCommand({ ApplicationId }))).Items ?? []).map(
    ({ Name = '' }) => Name,
  );
};

describe('a cleanup', () => {
  it('lists resources and deletes nothing without confirmation', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const { failures, writes, summary } = await harness.run({ inputs: { mode: 'cleanup', cleanup: 'all' } });
      // Two applications, four environments, four profiles, seven versions.
      expect(failures).toEqual(["17 resources to delete: set 'confirm: all' to delete them"]);
      expect(writes).toEqual([]);
      expect(summary).toContain('| application acme | to be deleted |');
      const wrong = await harness.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'absent' } });
      expect(wrong.failures[0]).toContain("'absent' does not match 'cleanup: all'");
    }));

  it('with cleanup: all deletes the tenants of the tree in order', () =>
    withHarness(async (harness) => {
      await harness.foreignClient.send(new CreateApplicationCommand({ Name: 'foreign' }));
      await harness.run({ inputs: FAST });
      const { failures, writes } = await harness.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'all' } });
      expect(failures).toEqual([]);
      expect(await listApplications(harness)).toEqual(['foreign']);
      expect([...new Set(writes)]).toEqual([
        'DeleteEnvironment',
        'DeleteHostedConfigurationVersion',
        'DeleteConfigurationProfile',
        'DeleteApplication',
      ]);
    }));

  it('with cleanup: absent deletes what the tree no longer contains', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.remove('config/tenants/globex');
      await harness.remove('config/tenants/acme/qa');
      const { failures } = await harness.run({ inputs: { mode: 'cleanup', confirm: 'absent' } });
      expect(failures).toEqual([]);
      expect(await listApplications(harness)).toEqual(['acme']);
      expect(await listEnvironments(harness, 'acme')).toEqual(['dev']);
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
    }));

  it('with cleanup: absent deletes a profile that only its tenant no longer has', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.remove('config/tenants/globex/qa/Names.yaml');
      const { failures, summary } = await harness.run({ inputs: { mode: 'cleanup', confirm: 'absent' } });
      expect(failures).toEqual([]);
      expect(summary).toContain('| configuration profile globex/Names | deleted |');
      expect(await harness.readServed('acme', 'qa', 'Names')).toBe('names: [a]\n');
      expect(await harness.readServed('globex', 'qa', 'Limits')).toBe('{"rate": 10}');
    }));

  it('with cleanup: absent keeps environments that are named or have a directory', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: { ...FAST, environments: 'dev, qa, prod', tenants: 'acme' } });
      const inputs = { mode: 'cleanup', environments: 'prod' };
      expect((await harness.run({ inputs })).failures).toEqual([]);
      expect(await listEnvironments(harness, 'acme')).toEqual(['dev', 'qa', 'prod']);
    }));

  it.each([
    [{ cleanup: 'all', environments: 'dev' }, "input 'environments' has no effect with 'cleanup: all': remove it"],
    [{ cleanup: 'absent', profiles: 'Limits' }, "input 'profiles' has no effect with 'cleanup: absent': remove it"],
    [{ cleanup: 'all', 'changed-since': 'main' }, "input 'changed-since' has no effect with 'cleanup: all': remove it"],
    [
      { tree: '', application: 'acme', environment: 'dev', profile: 'Limits', file: 'config/template/Limits.json' },
      "'cleanup: absent' requires 'tree': set it",
    ],
  ])('rejects inputs without effect: %j', (inputs, message) =>
    withHarness(async (harness) => {
      const { failures, calls } = await harness.run({ inputs: { mode: 'cleanup', ...inputs } });
      expect(failures).toEqual([message]);
      expect(calls).toEqual([]);
    }),
  );

  it('keeps resources of other owners and the application that contains them', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const { Items = [] } = await harness.foreignClient.send(new ListApplicationsCommand({}));
      const ApplicationId = Items.find(({ Name }) => Name === 'acme')?.Id;
      await harness.foreignClient.send(new CreateEnvironmentCommand({ ApplicationId, Name: 'theirs' }));
      const { failures, summary } = await harness.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'all' } });
      expect(failures).toEqual([]);
      expect(summary).toContain('| environment acme/theirs | skipped | not created by this action for this tree |');
      expect(await listEnvironments(harness, 'acme')).toEqual(['theirs']);
    }));

  it('keeps applications of other trees', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const env = { GITHUB_REPOSITORY: 'octocat/other' };
      await harness.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'all' }, env });
      expect(await listApplications(harness)).toEqual(['acme', 'globex']);
    }));

  it('respects deletion protection, and fails', () =>
    withHarness(
      async (harness) => {
        await harness.run({ inputs: FAST });
        await harness.clock.advance(2 * 60 * MINUTE);
        await harness.readServed('acme', 'dev', 'Limits');
        const { failures } = await harness.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'all' } });
        expect(failures[0]).toMatch(/^cannot delete environment acme\/dev: .*protected from deletion/);
        expect(await listApplications(harness)).toEqual(['acme']);
        expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      },
      { appconfig: { deletionProtection: '60m' } },
    ));
});
