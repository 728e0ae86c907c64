import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Harness, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('a file', () => {
  const runToFailure = async (harness: Harness, inputs: Readonly<Record<string, string>> = {}) => {
    const { failures, calls } = await harness.run({ inputs: { ...FAST, ...inputs } });
    expect(calls).toEqual([]);
    return failures[0];
  };

  it('that is not UTF-8 is rejected before anything starts', () =>
    withHarness(async (harness) => {
      await writeFile(join(harness.directory, 'config/template/Banner.txt'), Buffer.from([0x47, 0xfc, 0x6e]));
      expect(await runToFailure(harness)).toBe('config/template/Banner.txt: is not UTF-8 text: convert it');
    }));

  it('that is too large is rejected without being read', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/template/Banner.txt': '' });
      await truncate(join(harness.directory, 'config/template/Banner.txt'), 2 ** 33);
      expect(await runToFailure(harness)).toContain(
        'config/template/Banner.txt: has 8589934592 bytes, more than the limit of',
      );
    }));

  it.each([
    ['config/tenants/acme/dev/Limits.json', '../qa/Limits.json'],
    ['config/template/Secret.txt', '/proc/self/environ'],
    ['config/tenants/initech', 'acme'],
    ['config/tenants/acme/prod', '../globex/dev'],
  ])('%s that is a symbolic link is rejected', (path, target) =>
    withHarness(async (harness) => {
      await symlink(target, join(harness.directory, path));
      expect(await runToFailure(harness)).toBe(
        `${path}: is neither a file nor a directory: replace a symbolic link with the file`,
      );
    }),
  );

  it.each([
    ['config/tenants/acme/Limits.json', 'is not in an environment: move it to the directory of an environment'],
    [
      'config/tenants/acme/dev/more/Limits.json',
      'is a directory, but only profile files are read at this level: move it',
    ],
    ['config/template/more/Limits.json', 'is a directory, but only profile files are read at this level: move it'],
    ['config/schemas/Limits.json', 'is not named like a schema: rename it to <Profile>.schema.json'],
    [
      'config/schemas/Limit.schema.json',
      'belongs to a profile that is not in the template or in a tenant: correct the name',
    ],
  ])('%s in an unused place is rejected', (path, message) =>
    withHarness(async (harness) => {
      await harness.write({ [path]: '{}' });
      expect(await runToFailure(harness)).toBe(`${path.replace(/(?<=more)\/.*/, '')}: ${message}`);
    }),
  );

  it('is required for each profile in the settings, whose name may be misspelt', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/appconfig.yml': 'profiles:\n  Limit: { type: AWS.AppConfig.FeatureFlags }\n' });
      expect(await runToFailure(harness)).toBe(
        "config/appconfig.yml: 'profiles.Limit' not found in the template or in a tenant: correct the name",
      );
    }));

  it.each([
    [`config/tenants/${'t'.repeat(65)}/dev/Limits.json`, /^tenant 't{65}' has more than 64 characters/],
    [`config/tenants/acme/${'e'.repeat(65)}/Limits.json`, /^environment 'e{65}' has more than 64 characters/],
    [`config/template/${'p'.repeat(129)}.json`, /^profile 'p{129}' has more than 128 characters/],
  ])('with a name that is too long is rejected before anything starts: %s', (path, message) =>
    withHarness(async (harness) => {
      await harness.write({ [path]: '{}' });
      expect(await runToFailure(harness)).toMatch(message);
    }),
  );

  it('keeps its long numbers in a merge, and is deployed again when one changes', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/template/Limits.json': '{"id": 12345678901234567890, "ratio": 1.0}',
        'config/tenants/globex/dev/Limits.json': '{"burst": 1}',
      });
      const { failures } = await harness.run({ inputs: { ...FAST, merge: 'deep' } });
      expect(failures).toEqual([]);
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"id": 12345678901234567890, "ratio": 1.0}');
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe(
        '{\n  "id": 12345678901234567890,\n  "ratio": 1.0,\n  "burst": 1\n}\n',
      );
      await harness.write({ 'config/template/Limits.json': '{"id": 12345678901234567891, "ratio": 1.0}' });
      const seen = await harness.run({ inputs: { mode: 'preview', tenants: 'acme', environments: 'dev' } });
      expect(seen.outputs).toMatchObject({ changed: '1' });
      expect(seen.summary).toContain('! id: 12345678901234567890 → 12345678901234567891');
    }));

  it('with a tag that JSON does not allow is rejected in a merge into JSON', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"burst": 1}' });
      await harness.remove('config/template/Limits.json');
      await harness.write({ 'config/template/Limits.yaml': 'key: !secret x\n' });
      expect(await runToFailure(harness, { merge: 'deep' })).toContain(
        "config/tenants/globex/dev/Limits.json: contains '!secret', which cannot be written in JSON",
      );
    }));

  it('whose quotes alone change is deployed again', () =>
    withHarness(
      async (harness) => {
        await harness.run({ inputs: FAST });
        await harness.write({ 'config/tenants/acme/dev/Country.yaml': '# same\ncountry: NO\nmode: 0644\n' });
        expect((await harness.run({ inputs: FAST })).outputs).toMatchObject({ changed: '0', skipped: '1' });
        await harness.write({ 'config/tenants/acme/dev/Country.yaml': 'country: "NO"\nmode: 0644\n' });
        const { outputs, summary } = await harness.run({ inputs: { mode: 'preview' } });
        expect(outputs).toMatchObject({ changed: '1' });
        expect(summary).toContain('! country: NO → "NO"');
        expect((await harness.run({ inputs: FAST })).outputs).toMatchObject({ changed: '1' });
        expect(await harness.readServed('acme', 'dev', 'Country')).toContain('"NO"');
      },
      {},
      { 'config/tenants/acme/dev/Country.yaml': 'mode: 0644\ncountry: NO\n' },
    ));

  it('with a merge key of another value than maps is rejected, also without a schema', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/template/Routes.yaml': '<<: x\n' });
      expect(await runToFailure(harness)).toContain("Routes.yaml: contains a merge key '<<' whose value is not a map");
    }));

  it('with several YAML documents is deployed as it is, and rejected in a merge', () =>
    withHarness(
      async (harness) => {
        expect((await harness.run({ inputs: FAST })).failures).toEqual([]);
        expect(await harness.readServed('acme', 'dev', 'Server')).toBe('port: 80\n---\nport: 8080\n---\n');
        await harness.write({ 'config/template/Server.yaml': 'a: 1\n' });
        expect(await runToFailure(harness, { merge: 'deep' })).toContain(
          "contains 3 YAML documents: 'merge: deep' requires exactly one",
        );
      },
      {},
      { 'config/tenants/acme/dev/Server.yaml': 'port: 80\n---\nport: 8080\n---\n' },
    ));
});

describe('names', () => {
  it('with special characters are deployed and never interpreted', () =>
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
