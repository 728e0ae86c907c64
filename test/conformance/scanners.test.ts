import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { readSarif } from '@aws-delivery/findings/sarif/read-sarif';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';

const run = promisify(execFile);
const corpus = fileURLToPath(new URL('../../packages/findings/test/sarif/corpus', import.meta.url));
const sources = join(corpus, 'sources');
/** The directory that the corpus has in place of the scanners' own. */
const TOP = '/home/runner/work/shop/shop';

declareUnless(findToolObstacle(['zizmor']), describe)('a scanner that runs now', () => {
  const python = findProgram('python') ?? 'python3';
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'scanners-'));
    const env = { ...process.env, PATH: `${dirname(python)}${delimiter}${process.env['PATH']}` };
    await run(python, [join(corpus, 'make.py'), directory, 'zizmor'], { env });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('writes findings that are read as by the independent oracle', async () => {
    const { stdout } = await run(python, [join(corpus, 'oracle.py'), directory]);
    const expected: Readonly<Record<string, unknown>> = JSON.parse(stdout);
    const names = readdirSync(join(directory, 'zizmor')).map((name) => `zizmor/${name}`);
    expect(Object.keys(expected)).toEqual(names.sort());
    const exists = (file: string): boolean => existsSync(join(sources, file));
    const options = { name: 'scan.sarif', top: TOP, root: TOP, workspace: TOP, exists };
    for (const name of names) {
      const { findings, gaps } = readSarif(readFileSync(join(directory, name)), options);
      expect([name, findings.map(({ rule, severity }) => [rule.id, severity])]).toEqual([name, expected[name]]);
      expect([name, gaps, findings.every(({ location }) => location !== undefined && exists(location.file))]).toEqual([
        name,
        [],
        true,
      ]);
    }
    expect(names).toHaveLength(4);
  });
});
