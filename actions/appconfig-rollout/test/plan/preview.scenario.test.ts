import { execFileSync } from 'node:child_process';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Harness, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('a preview', () => {
  it('shows what is new, and writes nothing, with the permissions of reading alone', () =>
    withHarness(
      async (harness) => {
        const step = await harness.run({ inputs: { mode: 'preview' } });
        expect(step.failures).toEqual([]);
        expect(step.writes).toEqual([]);
        expect(step.outputs).toMatchObject({ changed: '7', skipped: '0', versions: '{}' });
        expect(step.log).toContain('acme/dev Limits: would be deployed');
        expect(step.summary).toContain('+ (all): {"rate":10}');
      },
      { allowed: ['always'] },
    ));

  it('shows what differs in meaning, key by key', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"burst": 5, "rate": 30}' });
      const step = await harness.run({ inputs: { mode: 'preview' } });
      expect(step.outputs).toMatchObject({ changed: '1', skipped: '6' });
      expect(step.summary).toContain('! rate: 20 → 30');
      expect(step.summary).toContain('+ burst: 5');
      expect(step.summary).toContain('**globex**');
      expect(step.writes).toEqual([]);
    }));

  it('shows what a deep merge makes of a tenant’s file', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/template/Limits.json': '{"rate": 10, "burst": {"size": 1, "list": [1, 2]}, "old": true}',
        'config/tenants/globex/dev/Limits.json': '{"burst": {"list": [3]}, "old": null}',
      });
      const { summary } = await harness.run({
        inputs: { mode: 'preview', merge: 'deep', tenants: 'globex', environments: 'dev' },
      });
      expect(summary).toContain('+ (all): {"rate":10,"burst":{"size":1,"list":[3]}}');
      expect(summary).toContain('merged into config/template/Limits.json');
    }));

  it('says that nothing watches over a bake', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const { summary } = await harness.run({ inputs: { mode: 'preview' } });
      expect(summary).toContain('no alarm watches over acme/dev, acme/qa, globex/dev, globex/qa');
    }));
});

describe('the selection', () => {
  it('gives every tenant the environments that are named, with or without a folder', () =>
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

  it('takes an environment that is named twice once', () =>
    withHarness(async (harness) => {
      const { outputs, writes } = await harness.run({
        inputs: { ...FAST, environments: 'dev, dev', profiles: 'Limits' },
      });
      expect(outputs).toMatchObject({ changed: '2' });
      expect(writes.filter((name) => name === 'StartDeployment')).toHaveLength(2);
    }));

  it('takes tenants and profiles by pattern, and refuses one that fits nothing', () =>
    withHarness(async (harness) => {
      const inputs = { mode: 'preview', tenants: 'glo*', profiles: 'Names' };
      expect((await harness.run({ inputs })).deployments).toMatchObject([{ tenant: 'globex', environment: 'qa' }]);
      const { failures } = await harness.run({ inputs: { mode: 'preview', tenants: 'gloop' } });
      expect(failures).toEqual(["input 'tenants': 'gloop' fits none of acme, globex"]);
    }));

  it('takes what depends on files changed since a commit', () =>
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
      // A new environment has nothing of the template yet.
      await harness.write({ 'config/tenants/new/dev/Names.yaml': 'names: [n]\n' });
      runGit('add', '.');
      runGit('commit', '--quiet', '-m', 'third');
      const fresh = await harness.run({ inputs: { mode: 'preview', 'changed-since': 'HEAD', tenants: 'new' } });
      expect(fresh.deployments).toEqual([]);
      const third = await harness.run({ inputs: { mode: 'preview', 'changed-since': 'HEAD~1', tenants: 'new' } });
      expect(third.deployments.map(({ profile }) => profile)).toEqual(['Limits', 'Names']);
      const { failures } = await harness.run({ inputs: { mode: 'preview', 'changed-since': 'nowhere' } });
      expect(failures[0]).toContain("git cannot compare with 'nowhere': check out with 'fetch-depth: 0'");
    }));

  it('asks the repository that the tree is in, and says so where its history is not all there', () =>
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
      expect(failures[0]).toContain(`git cannot compare with '${before}': check out with 'fetch-depth: 0'`);
      expect(calls).toEqual([]);
    }));

  it('may be one file', () =>
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

describe('a file', () => {
  const runToFailure = async (harness: Harness, inputs: Readonly<Record<string, string>> = {}) => {
    const { failures, calls } = await harness.run({ inputs: { ...FAST, ...inputs } });
    expect(calls).toEqual([]);
    return failures[0];
  };

  it('in another encoding than UTF-8 is refused before anything is begun', () =>
    withHarness(async (harness) => {
      await writeFile(join(harness.directory, 'config/template/Banner.txt'), Buffer.from([0x47, 0xfc, 0x6e]));
      expect(await runToFailure(harness)).toBe('config/template/Banner.txt: is no text in UTF-8: convert it');
    }));

  it('that is far too large is refused unread', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/template/Banner.txt': '' });
      await truncate(join(harness.directory, 'config/template/Banner.txt'), 2 ** 33);
      expect(await runToFailure(harness)).toContain(
        'config/template/Banner.txt: has 8589934592 bytes, a configuration at most',
      );
    }));

  it.each([
    ['config/tenants/acme/dev/Limits.json', '../qa/Limits.json'],
    ['config/template/Secret.txt', '/proc/self/environ'],
    ['config/tenants/initech', 'acme'],
    ['config/tenants/acme/prod', '../globex/dev'],
  ])('%s that is a link is refused, not passed over', (path, target) =>
    withHarness(async (harness) => {
      await symlink(target, join(harness.directory, path));
      expect(await runToFailure(harness)).toBe(
        `${path}: is neither a file nor a folder: put the file itself there, not a link`,
      );
    }),
  );

  it.each([
    ['config/tenants/acme/Limits.json', 'is in no environment: put it into the folder of one'],
    ['config/tenants/acme/dev/more/Limits.json', 'is a folder where each file is a profile'],
    ['config/template/more/Limits.json', 'is a folder where each file is a profile'],
    ['config/schemas/Limits.json', 'is no schema by its name: call it <Profile>.schema.json'],
    ['config/schemas/Limit.schema.json', 'is for a profile that no tenant has'],
  ])('%s at a place where nobody looks is refused, not passed over', (path, message) =>
    withHarness(async (harness) => {
      await harness.write({ [path]: '{}' });
      expect(await runToFailure(harness)).toBe(`${path.replace(/(?<=more)\/.*/, '')}: ${message}`);
    }),
  );

  it('with settings alone is refused: a misspelt name would make a profile of another type', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/appconfig.yml': 'profiles:\n  Limit: { type: AWS.AppConfig.FeatureFlags }\n' });
      expect(await runToFailure(harness)).toBe("config/appconfig.yml: 'profiles.Limit': no tenant has such a profile");
    }));

  it.each([
    [`config/tenants/${'t'.repeat(65)}/dev/Limits.json`, /^tenant 't{65}' is longer than the 64 characters/],
    [`config/tenants/acme/${'e'.repeat(65)}/Limits.json`, /^environment 'e{65}' is longer than the 64 characters/],
    [`config/template/${'p'.repeat(129)}.json`, /^profile 'p{129}' is longer than the 128 characters/],
  ])('of too long a name is refused before anything is begun: %s', (path, message) =>
    withHarness(async (harness) => {
      await harness.write({ [path]: '{}' });
      expect(await runToFailure(harness)).toMatch(message);
    }),
  );

  it('of numbers that merging would change is refused', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/template/Limits.json': '{"id": 12345678901234567890}',
        'config/tenants/globex/dev/Limits.json': '{"burst": 1}',
      });
      expect(await runToFailure(harness, { merge: 'deep' })).toContain(
        "holds '12345678901234567890', which would not be the same",
      );
      const { failures } = await harness.run({ inputs: FAST });
      expect(failures).toEqual([]);
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"id": 12345678901234567890}');
      await harness.write({ 'config/template/Limits.json': '{"id": 12345678901234567891}' });
      const seen = await harness.run({ inputs: { mode: 'preview', tenants: 'acme', environments: 'dev' } });
      expect(seen.outputs).toMatchObject({ changed: '1' });
      expect(seen.summary).toContain('12345678901234567891');
    }));
});

describe('names', () => {
  it('of all kinds are taken as they are, and obeyed by nobody', () =>
    withHarness(
      async (harness) => {
        const { failures, outputs, log, summary } = await harness.run({ inputs: { ...FAST, environments: 'd e v' } });
        expect(failures).toEqual([]);
        expect(outputs).toMatchObject({ changed: '3' });
        expect(await harness.readServed('a ..\u2215b', 'd e v', 'x.y')).toBe('{}');
        expect(log).not.toMatch(/^::set-output/m);
        expect(summary).not.toContain('<img');
        expect((await harness.run({ inputs: { ...FAST, environments: 'd e v' } })).writes).toEqual([]);
      },
      {},
      {
        'config/template/x.y.json': '{}',
        'config/tenants/a ..\u2215b/e/x': '',
        'config/tenants/one\n::set-output name=x::y/e/x': '',
        'config/tenants/<img src=x onerror=alert(1)>/e/x': '',
      },
    ));
});

describe('feature flags', () => {
  const settings = 'profiles:\n  Flags:\n    type: AWS.AppConfig.FeatureFlags\n';

  it('written as YAML are sent as JSON', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/appconfig.yml': settings,
        'config/template/Flags.yaml': "version: '1'\nflags:\n  a: { name: A }\nvalues:\n  a: { enabled: true }\n",
      });
      const inputs = { ...FAST, profiles: 'Flags', tenants: 'acme', environments: 'dev' };
      expect((await harness.run({ inputs })).failures).toEqual([]);
      expect(JSON.parse(await harness.readServed('acme', 'dev', 'Flags'))).toEqual({
        version: '1',
        flags: { a: { name: 'A' } },
        values: { a: { enabled: true } },
      });
    }));

  it('that AppConfig would refuse are refused before anything is begun, on their lines', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/appconfig.yml': settings,
        'config/template/Flags.yaml': "version: '1'\nflags:\n  a: { name: A }\nvalues:\n  b: { enabled: yes please }\n",
      });
      const { failures, calls, recorded } = await harness.run({ inputs: { ...FAST, profiles: 'Flags' } });
      expect(failures[0]).toContain(
        "config/template/Flags.yaml:5: 'b' has a value, but no flag of that name is defined",
      );
      expect(calls).toEqual([]);
      expect(recorded.log.entries.filter(({ kind }) => kind === 'error')).toHaveLength(1);
    }));
});

describe('the settings of a tree', () => {
  it('that are misspelt are refused on their line', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/appconfig.yml': 'profiles:\n  Limits:\n    typ: AWS.Freeform\n' });
      const { failures, summary } = await harness.run({ inputs: FAST });
      expect(failures[0]).toMatch(/^config\/appconfig.yml:3: 'profiles.Limits': Unrecognized key: "typ"/);
      expect(summary).toContain('❌ AppConfig rollout: 1 fault in the files, nothing was begun');
    }));

  it('let a profile live elsewhere, at a version that is said', () =>
    withHarness(async (harness) => {
      const settings =
        'profiles:\n  Secrets:\n    location: secretsmanager://shop\n    version: v1\n    retrieval-role-arn: arn:aws:iam::123456789012:role/read\n';
      await harness.write({ 'config/appconfig.yml': settings });
      const inputs = { ...FAST, profiles: 'Secrets', tenants: 'acme', environments: 'dev' };
      const { failures, calls } = await harness.run({ inputs });
      expect(failures).toEqual([]);
      expect(calls.find(({ operation }) => operation === 'CreateConfigurationProfile')?.input).toMatchObject({
        LocationUri: 'secretsmanager://shop',
        RetrievalRoleArn: 'arn:aws:iam::123456789012:role/read',
      });
      expect(calls.find(({ operation }) => operation === 'StartDeployment')?.input).toMatchObject({
        ConfigurationVersion: 'v1',
      });
      expect((await harness.run({ inputs })).writes).toEqual([]);
    }));
});
