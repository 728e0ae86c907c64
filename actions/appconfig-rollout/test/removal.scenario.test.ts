import {
  CreateApplicationCommand,
  CreateEnvironmentCommand,
  ListApplicationsCommand,
  ListEnvironmentsCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { MINUTE, onStage, type Stage } from './helpers/stage.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

const applications = async (stage: Stage): Promise<readonly string[]> =>
  ((await stage.other.send(new ListApplicationsCommand({}))).Items ?? []).map(({ Name = '' }) => Name);

const environments = async (stage: Stage, tenant: string): Promise<readonly string[]> => {
  const { Items = [] } = await stage.other.send(new ListApplicationsCommand({}));
  const ApplicationId = Items.find(({ Name }) => Name === tenant)?.Id;
  return ((await stage.other.send(new ListEnvironmentsCommand({ ApplicationId }))).Items ?? []).map(
    ({ Name = '' }) => Name,
  );
};

describe('a revert', () => {
  it('takes the latest run back, and only what that run deployed', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await stage.write({ 'config/tenants/acme/dev/Names.yaml': 'names: [z]\n' });
      await stage.run({ inputs: FAST, variables: { GITHUB_RUN_ID: '101' } });
      const { deployments, failures } = await stage.run({
        inputs: { mode: 'revert', 'run-id': '101' },
        variables: { GITHUB_RUN_ID: '102' },
      });
      expect(failures).toEqual([]);
      expect(deployments).toMatchObject([
        {
          tenant: 'acme',
          environment: 'dev',
          profile: 'Names',
          state: 'reverted',
          label: expect.stringMatching(/^dev-/),
        },
      ]);
      expect(await stage.served('acme', 'dev', 'Names')).toBe('names: [a]\n');
      expect(await stage.served('acme', 'qa', 'Names')).toBe('names: [a]\n');
    }));

  it('needs no run: each environment goes back by its latest one', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const { outputs } = await stage.run({ inputs: { mode: 'revert', tenants: 'globex' } });
      expect(outputs).toMatchObject({ 'rolled-back': '3', failed: '0' });
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('');
      expect(await stage.served('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
    }));

  it('does not ask whether the files are well', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await stage.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": ' });
      const { failures, outputs } = await stage.run({ inputs: { mode: 'revert', tenants: 'globex' } });
      expect(failures).toEqual([]);
      expect(outputs).toMatchObject({ 'rolled-back': '3' });
    }));

  it('fails where there is nothing that AppConfig still reverts', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const { revertibleUntil } = (await stage.run({ inputs: { ...FAST, mode: 'preview' } })).deployments[0] ?? {};
      expect(revertibleUntil).toBeUndefined();
      await stage.clock.advance(73 * 60 * MINUTE);
      const { failures } = await stage.run({ inputs: { mode: 'revert' } });
      expect(failures[0]).toMatch(/^there is no deployment of this action to revert/);
    }));
});

describe('a cleanup', () => {
  it('shows what would go, and needs a confirmation', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const { failures, writes, summary } = await stage.run({ inputs: { mode: 'cleanup', cleanup: 'all' } });
      // Two applications, four environments, four profiles, seven versions.
      expect(failures).toEqual(["17 things would be removed: add 'confirm: all' to do it"]);
      expect(writes).toEqual([]);
      expect(summary).toContain('| application acme | planned |');
      const wrong = await stage.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'absent' } });
      expect(wrong.failures[0]).toContain("'absent' does not confirm 'cleanup: all'");
    }));

  it('of all tears the tenants of the tree down, in order', () =>
    onStage(async (stage) => {
      await stage.other.send(new CreateApplicationCommand({ Name: 'foreign' }));
      await stage.run({ inputs: FAST });
      const { failures, writes } = await stage.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'all' } });
      expect(failures).toEqual([]);
      expect(await applications(stage)).toEqual(['foreign']);
      expect([...new Set(writes)]).toEqual([
        'DeleteEnvironment',
        'DeleteHostedConfigurationVersion',
        'DeleteConfigurationProfile',
        'DeleteApplication',
      ]);
    }));

  it('of what is absent removes what the tree has no more, and nothing else', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await stage.remove('config/tenants/globex');
      await stage.remove('config/tenants/acme/qa');
      const { failures } = await stage.run({ inputs: { mode: 'cleanup', confirm: 'absent' } });
      expect(failures).toEqual([]);
      expect(await applications(stage)).toEqual(['acme']);
      expect(await environments(stage, 'acme')).toEqual(['dev']);
      expect(await stage.served('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
    }));

  it('of what is absent removes a profile that its tenant alone has no more', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      await stage.remove('config/tenants/globex/qa/Names.yaml');
      const { failures, summary } = await stage.run({ inputs: { mode: 'cleanup', confirm: 'absent' } });
      expect(failures).toEqual([]);
      expect(summary).toContain('| configuration profile globex/Names | removed |');
      expect(await stage.served('acme', 'qa', 'Names')).toBe('names: [a]\n');
      expect(await stage.served('globex', 'qa', 'Limits')).toBe('{"rate": 10}');
    }));

  it('of what is absent keeps every environment that has a folder or is named', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: { ...FAST, environments: 'dev, qa, prod', tenants: 'acme' } });
      const inputs = { mode: 'cleanup', environments: 'prod' };
      expect((await stage.run({ inputs })).failures).toEqual([]);
      expect(await environments(stage, 'acme')).toEqual(['dev', 'qa', 'prod']);
    }));

  it.each([
    [{ cleanup: 'all', environments: 'dev' }, "input 'environments' has no effect in 'cleanup: all': leave it out"],
    [{ cleanup: 'absent', profiles: 'Limits' }, "input 'profiles' has no effect in 'cleanup: absent': leave it out"],
    [
      { cleanup: 'all', 'changed-since': 'main' },
      "input 'changed-since' has no effect in 'cleanup: all': leave it out",
    ],
    [
      { tree: '', application: 'acme', environment: 'dev', profile: 'Limits', file: 'config/template/Limits.json' },
      "'cleanup: absent' compares with a 'tree': name it",
    ],
  ])('refuses what would be taken for a limit: %j', (inputs, message) =>
    onStage(async (stage) => {
      const { failures, calls } = await stage.run({ inputs: { mode: 'cleanup', ...inputs } });
      expect(failures).toEqual([message]);
      expect(calls).toEqual([]);
    }),
  );

  it('spares what somebody else has made, and what it is in', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const { Items = [] } = await stage.other.send(new ListApplicationsCommand({}));
      const ApplicationId = Items.find(({ Name }) => Name === 'acme')?.Id;
      await stage.other.send(new CreateEnvironmentCommand({ ApplicationId, Name: 'theirs' }));
      const { failures, summary } = await stage.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'all' } });
      expect(failures).toEqual([]);
      expect(summary).toContain('| environment acme/theirs | spared | it was not made by this action for this tree |');
      expect(await environments(stage, 'acme')).toEqual(['theirs']);
    }));

  it('of another tree’s applications does not happen', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const variables = { GITHUB_REPOSITORY: 'octocat/other' };
      await stage.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'all' }, variables });
      expect(await applications(stage)).toEqual(['acme', 'globex']);
    }));

  it('respects deletion protection, and is red', () =>
    onStage(
      async (stage) => {
        await stage.run({ inputs: FAST });
        await stage.clock.advance(2 * 60 * MINUTE);
        await stage.served('acme', 'dev', 'Limits');
        const { failures } = await stage.run({ inputs: { mode: 'cleanup', cleanup: 'all', confirm: 'all' } });
        expect(failures[0]).toMatch(/^environment acme\/dev was kept: .*protected from deletion/);
        expect(await applications(stage)).toEqual(['acme']);
        expect(await stage.served('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      },
      { appconfig: { deletionProtection: '60m' } },
    ));
});

describe('pruning', () => {
  it('keeps the latest versions, and whatever is deployed or could be gone back to', () =>
    onStage(async (stage) => {
      const inputs = { ...FAST, tenants: 'globex', environments: 'dev', 'keep-versions': '1' };
      for (const rate of [1, 2, 3]) {
        await stage.write({ 'config/tenants/globex/dev/Limits.json': `{"rate": ${rate}}` });
        await stage.run({ inputs });
      }
      const deleted = () =>
        stage.aws
          .calls()
          .filter(({ operation }) => operation === 'DeleteHostedConfigurationVersion')
          .map(({ input }) => input['VersionNumber']);
      expect(deleted()).toEqual([]);
      await stage.clock.advance(80 * 60 * MINUTE);
      await stage.run({ inputs });
      expect(deleted()).toEqual([2, 1]);
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('{"rate": 3}');
    }));
});
