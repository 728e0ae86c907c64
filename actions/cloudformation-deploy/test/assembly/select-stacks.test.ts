import { describe, expect, it } from '@jest/globals';
import { readAssembly } from '../../src/assembly/read-assembly.js';
import { matchesPath, selectStacks } from '../../src/assembly/select-stacks.js';
import { ApplicationCopy } from './application-copy.js';

describe('matchesPath', () => {
  it.each([
    ['Prod/network', 'Prod/*', true],
    ['Prod/network', 'Prod/net*rk', true],
    ['Prod/network', 'Prod/netw?rk', true],
    ['Prod/network', '*', false],
    ['Prod/network', '**', true],
    ['Prod/network', '**/network', true],
    ['network', '**/network', true],
    ['Prod/eu/network', 'Prod/**/network', true],
    ['Prod/network', 'Prod/**/network', true],
    ['Prod/network', 'prod/network', false],
    ['Prod/network', 'Prod', false],
    ['network', 'net', false],
    ['a.b', 'a?b', true],
    ['aXb', 'a.b', false],
    ['abcabd', 'a*abd', true],
    ['', '*', true],
  ])('%s matches %s: %s', (path, pattern, expected) => {
    expect(matchesPath(path, pattern)).toBe(expected);
  });

  it('takes time in proportion to hostile patterns', () => {
    expect(matchesPath('a'.repeat(2000), `${'*a'.repeat(200)}b`)).toBe(false);
    expect(matchesPath('a/'.repeat(500), `${'**/'.repeat(100)}b`)).toBe(false);
  });
});

describe('selectStacks', () => {
  const select = async (patterns: readonly string[], exclusively = false) => {
    using application = new ApplicationCopy();
    const assembly = await readAssembly(application.path);
    return selectStacks(assembly, { patterns, exclusively }).map(({ displayName }) => displayName);
  };

  it.each<[readonly string[], boolean, readonly string[]]>([
    [[], false, ['network', 'site', 'Prod/network', 'Prod/site', 'images']],
    [['site'], false, ['network', 'site']],
    [['site'], true, ['site']],
    [['Prod/*'], false, ['Prod/network', 'Prod/site']],
    [['Prod-site'], false, ['Prod/network', 'Prod/site']],
    [['Prodsite9481AE49'], true, ['Prod/site']],
    [['*'], false, ['network', 'site', 'images']],
    [['**'], false, ['network', 'site', 'Prod/network', 'Prod/site', 'images']],
    [['Prod-*'], false, ['Prod/network', 'Prod/site']],
  ])('%j, exclusively %s: %j', async (patterns, exclusively, expected) => {
    expect((await select(patterns, exclusively)).toSorted()).toEqual(expected.toSorted());
  });

  it('names the stacks where none matches', async () => {
    await expect(select(['netwrok'])).rejects.toThrow("no stack matches 'netwrok': did you mean network?");
    await expect(select(['Test/**'])).rejects.toThrow('stacks are');
  });
});
