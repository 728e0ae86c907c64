import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { renderLicenses } from '../bundle/licenses.mjs';

const directory = mkdtempSync(join(tmpdir(), 'licenses-'));
afterAll(() => rmSync(directory, { recursive: true }));

const install = (path: string, manifest: object, license?: string): string => {
  const target = join(directory, path);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify(manifest));
  if (license !== undefined) writeFileSync(join(target, 'LICENSE'), license);
  return join(target, 'index.js');
};

const alpha = install('node_modules/@a/alpha', { name: '@a/alpha', version: '1.0.0', license: 'MIT' }, 'Text one\r\n');
const beta = install('node_modules/beta', { name: 'beta', version: '2.0.0', license: 'MIT' }, 'Text one\n');
const inner = install(
  'node_modules/beta/node_modules/gamma',
  { name: 'gamma', version: '3.0.0', license: 'ISC' },
  'Text two',
);
const bare = install('node_modules/bare', {
  name: 'bare',
  version: '4.0.0',
  license: 'ISC',
  author: { name: 'A. Person' },
});
const own = install('packages/ours', { name: 'ours', version: '1.0.0' });

describe('renderLicenses', () => {
  it('lists the licences of concatenated, nested and chunked modules, each text once', () => {
    const text = renderLicenses({
      modules: [{ identifier: `loader.js??x!${alpha}|0f3`, modules: [{ identifier: beta }, { identifier: own }] }],
      children: [{ modules: [{ identifier: inner }] }],
    });
    const line = '-'.repeat(80);
    expect(text).toBe(
      `@a/alpha 1.0.0 (MIT)\nbeta 2.0.0 (MIT)\n\nText one\n\n${line}\n\ngamma 3.0.0 (ISC)\n\nText two\n`,
    );
  });

  it('names licence and author of a package without a licence file', () => {
    expect(renderLicenses({ modules: [{ identifier: bare }] })).toContain('License: ISC\nCopyright: A. Person');
  });

  it('rejects a package without a declared licence', () => {
    const unlicensed = install('node_modules/none', { name: 'none', version: '1.0.0' });
    expect(() => renderLicenses({ modules: [{ identifier: unlicensed }] })).toThrow(
      'none is bundled but declares no license',
    );
  });

  it('rejects a licence that is not allowed', () => {
    const copyleft = install('node_modules/strict', { name: 'strict', version: '1.0.0', license: 'AGPL-3.0' });
    expect(() => renderLicenses({ modules: [{ identifier: copyleft }] })).toThrow(
      'strict has the license AGPL-3.0: bundle only packages with one of 0BSD, Apache-2.0',
    );
  });

  it('names the source code where the licence asks for it', () => {
    const repository = { url: 'https://example.test/partly' };
    const partly = install('node_modules/partly', { name: 'partly', version: '1.0.0', license: 'MPL-2.0', repository });
    expect(renderLicenses({ modules: [{ identifier: partly }] })).toContain(
      'partly 1.0.0 (MPL-2.0, source code: https://example.test/partly)',
    );
  });
});
