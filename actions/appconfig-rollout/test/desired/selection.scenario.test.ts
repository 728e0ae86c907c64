import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('the selection', () => {
  it('applies named environments to every tenant, with or without a directory', () =>
    withHarness(async (harness) => {
      const { deployments } = await harness.run({ inputs: { mode: 'preview', environments: 'dev, prod' } });
      const profiles = deployments.map(({ tenant, environment, profile }) => `${tenant}/${environment} ${profile}`);
      expect(profiles).toEqual([
        'acme/dev Limits',
        'acme/dev Names',
        'acme/prod Limits',
        'globex/dev Limits',
        'globex/prod Limits',
      ]);
    }));

  it('deploys once to an environment that is named twice', () =>
    withHarness(async (harness) => {
      const { outputs, writes } = await harness.run({
        inputs: { ...FAST, environments: 'dev, dev', profiles: 'Limits' },
      });
      expect(outputs).toMatchObject({ changed: '2' });
      expect(writes.filter((name) => name === 'StartDeployment')).toHaveLength(2);
    }));

  it('matches tenants and profiles by pattern, and rejects a pattern without a match', () =>
    withHarness(async (harness) => {
      const inputs = { mode: 'preview', tenants: 'glo*', profiles: 'Names' };
      expect((await harness.run({ inputs })).deployments).toMatchObject([{ tenant: 'globex', environment: 'qa' }]);
      const { failures } = await harness.run({ inputs: { mode: 'preview', tenants: 'gloop' } });
      expect(failures).toEqual(["input 'tenants': 'gloop' not found: expected one of acme, globex"]);
    }));

  it('selects profiles that depend on files changed since a commit', () =>
    withHarness(async (harness) => {
      const runGit = (...args: readonly string[]) =>
        execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
          cwd: harness.directory,
          encoding: 'utf8',
        });
      runGit('init', '--quiet');
      runGit('add', '.');
      runGit('commit', '--quiet', '-m', 'first');
      await harness.write({ 'config/tenants/acme/qa/Names.yaml': 'names: [c]\n' });
      runGit('commit', '--quiet', '-am', 'second');
      const first = await harness.run({ inputs: { mode: 'preview', 'changed-since': 'HEAD~1' } });
      expect(
        first.deployments.map(({ tenant, environment, profile }) => `${tenant}/${environment} ${profile}`),
      ).toEqual(['acme/qa Limits', 'acme/qa Names']);
      await harness.write({ 'config/template/Limits.json': '{"rate": 11}' });
      const more = await harness.run({ inputs: { mode: 'preview', 'changed-since': 'HEAD~1' } });
      expect(more.deployments).toHaveLength(5);
      // A new environment also needs the profiles of the template.
      await harness.write({ 'config/tenants/new/dev/Names.yaml': 'names: [n]\n' });
      runGit('add', '.');
      runGit('commit', '--quiet', '-m', 'third');
      const fresh = await harness.run({ inputs: { mode: 'preview', 'changed-since': 'HEAD', tenants: 'new' } });
      expect(fresh.deployments).toEqual([]);
      const third = await harness.run({ inputs: { mode: 'preview', 'changed-since': 'HEAD~1', tenants: 'new' } });
      expect(third.deployments.map(({ profile }) => profile)).toEqual(['Limits', 'Names']);
      const { failures } = await harness.run({ inputs: { mode: 'preview', 'changed-since': 'nowhere' } });
      expect(failures[0]).toContain("git cannot compare with 'nowhere' (");
    }));

  it('uses the repository of the tree, and names fetch-depth for a shallow one', () =>
    withHarness(async (harness) => {
      const runGit = (directory: string, ...args: readonly string[]) =>
        execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
          cwd: join(harness.directory, directory),
          encoding: 'utf8',
        });
      runGit('config', 'init', '--quiet');
      runGit('config', 'add', '.');
      runGit('config', 'commit', '--quiet', '-m', 'first');
      const before = runGit('config', 'rev-parse', 'HEAD').trim();
      await harness.write({ 'config/tenants/acme/qa/Names.yaml': 'names: [c]\n' });
      runGit('config', 'commit', '--quiet', '-am', 'second');
      const inputs = { mode: 'preview', 'changed-since': before };
      const whole = await harness.run({ inputs });
      expect(new Set(whole.deployments.map(({ tenant, environment }) => `${tenant}/${environment}`))).toEqual(
        new Set(['acme/qa']),
      );
      runGit('', 'clone', '--quiet', '--depth', '1', `file://${join(harness.directory, 'config')}`, 'shallow');
      const { failures, calls } = await harness.run({ inputs: { ...inputs, tree: 'shallow' } });
      expect(failures[0]).toContain(`git cannot compare with '${before}' (`);
      expect(calls).toEqual([]);
    }));

  it('can be a single file', () =>
    withHarness(async (harness) => {
      const fileInputs = {
        tree: '',
        application: 'shop',
        environment: 'prod',
        profile: 'Banner',
        file: 'config/banner.txt',
      };
      await harness.write({ 'config/banner.txt': 'Grüße, 世界 🎉\r\n' });
      const { failures } = await harness.run({ inputs: { ...FAST, ...fileInputs } });
      expect(failures).toEqual([]);
      expect(await harness.readServed('shop', 'prod', 'Banner')).toBe('Grüße, 世界 🎉\r\n');
      await harness.write({ 'config/banner.txt': 'Welcome back\n' });
      const { summary } = await harness.run({ inputs: { ...fileInputs, mode: 'preview' } });
      expect(summary).toContain('- line 1: "Grüße, 世界 🎉\\r"\n+ line 1: "Welcome back"');
    }));
});
