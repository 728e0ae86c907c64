import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkout, pullRequest, type Step } from '../checkout.js';
import { buildSarif } from '../sarif-log.js';

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const CODE = 'one();\neval("two");\nthree();\nfour();\n';

/** The path of the first finding in annotation, outputs, summary and report. */
const listPaths = ({ annotations, outputs, summary }: Step) => {
  const [result] = JSON.parse(readFileSync(outputs['sarif-file'] ?? '', 'utf8')).runs[0].results;
  return [
    (annotations[0]?.properties as { readonly file?: string } | undefined)?.file,
    JSON.parse(outputs['findings'] ?? '')[0].where,
    /\[(\S+):\d+\]/u.exec(summary)?.[1],
    result.locations[0].physicalLocation.artifactLocation.uri,
  ];
};

describe('the path of a finding is relative to the top of the checkout', () => {
  const expected = [
    'services/shop/src/app.js',
    'services/shop/src/app.js:2',
    'services/shop/src/app.js',
    'services/shop/src/app.js',
  ];

  it.each([
    ['relative to root-directory', 'src/app.js'],
    ['relative to the top', 'services/shop/src/app.js'],
    ['of a container action', '/github/workspace/services/shop/src/app.js'],
  ])('for a path %s', async (_, file) => {
    const commit = checkout.commit({ 'services/shop/src/app.js': CODE });
    checkout.write('scan.sarif', buildSarif({ results: [{ file, line: 2 }] }));
    const step = await checkout.run({ inputs: { 'root-directory': 'services/shop' }, env: { GITHUB_SHA: commit } });
    expect(listPaths(step)).toEqual(expected);
    expect(step.summary).toContain(`/blob/${commit}/services/shop/src/app.js#L2`);
    expect(step.summary).toContain('eval("two")');
  });

  it('for a checkout below the workspace', async () => {
    const commit = checkout.commit({ 'services/shop/src/app.js': CODE });
    const workspace = join(checkout.directory, '..');
    const name = checkout.directory.slice(workspace.length + 1);
    checkout.write('scan.sarif', buildSarif({ results: [{ file: 'services/shop/src/app.js', line: 2 }] }));
    const step = await checkout.run({
      inputs: { 'root-directory': name, 'sarif-files': `${name}/scan.sarif` },
      env: { GITHUB_WORKSPACE: workspace, GITHUB_SHA: commit },
    });
    expect(listPaths(step)).toEqual(expected);
  });

  it('so that ignore entries may name it from the top or from root-directory', async () => {
    checkout.commit({ 'services/shop/src/app.js': CODE });
    checkout.write('scan.sarif', buildSarif({ results: [{ file: 'src/app.js', line: 2 }] }));
    for (const file of ['services/shop/src/app.js', 'src/app.js']) {
      checkout.write('ignore.yml', `ignore:\n  - files: ['${file}']\n    reason: tests only\n`);
      const inputs = { 'root-directory': 'services/shop', 'ignore-file': 'ignore.yml' };
      expect((await checkout.run({ inputs })).outputs['verdict']).toBe('passed');
    }
  });
});

describe('a renamed file', () => {
  const run = async (inputs: Readonly<Record<string, string>>, change: (base: string) => string) => {
    const base = checkout.commit({ 'src/app.js': `${CODE}${'more();\n'.repeat(20)}` });
    const head = change(base);
    checkout.write('scan.sarif', buildSarif({ results: [{ file: 'src/main.js', line: 2 }] }));
    return checkout.run({ inputs: { compare: 'new', ...inputs }, ...pullRequest(base, head) });
  };
  const rename = (): string => {
    checkout.git('mv', 'src/app.js', 'src/main.js');
    checkout.git('commit', '--quiet', '-m', 'rename');
    return checkout.git('rev-parse', 'HEAD');
  };

  it('has no new findings', async () => {
    expect((await run({}, rename)).outputs).toMatchObject({ verdict: 'passed', 'new-count': '0' });
  });

  it('has no new findings compared with a baseline', async () => {
    checkout.commit({ 'src/app.js': `${CODE}${'more();\n'.repeat(20)}` });
    checkout.write('scan.sarif', buildSarif({ results: [{ file: 'src/app.js', line: 2 }] }));
    const { outputs } = await checkout.run();
    const baseline = outputs['sarif-file'] ?? '';
    expect((await run({ baseline }, rename)).outputs).toMatchObject({ verdict: 'passed', 'new-count': '0' });
  });

  it('has new findings on edited lines', async () => {
    const step = await run({}, () => {
      rename();
      return checkout.commit({ 'src/main.js': `${CODE.replace('two', '2')}${'more();\n'.repeat(20)}` });
    });
    expect(step.outputs).toMatchObject({ verdict: 'blocked', 'new-count': '1' });
  });

  it('is ignored by an entry of the base that names its old name and lines', async () => {
    checkout.commit({ 'ignore.yml': "ignore:\n  - locations: ['src/app.js:2']\n    reason: tests only\n" });
    const step = await run({ compare: 'all', 'ignore-file': 'ignore.yml' }, rename);
    expect(JSON.parse(step.outputs['counts'] ?? '').ignored).toEqual({ high: 1 });
  });
});

describe('a report of the action', () => {
  it('is not read by a later run', async () => {
    checkout.commit({ 'src/app.js': CODE });
    checkout.write('reports/scan.sarif', buildSarif({ results: [{ line: 2 }] }));
    const inputs = { 'sarif-files': 'reports/*.sarif', 'report-directory': 'reports' };
    for (const count of [0, 1]) {
      const step = await checkout.run({ inputs });
      expect(JSON.parse(step.outputs['counts'] ?? '').all).toEqual({ high: 1 });
      expect(step.log.includes("Skipped reports of this action among 'sarif-files': 'reports/findings.sarif'")).toBe(
        count === 1,
      );
    }
  });

  it('alone does not pass as the output of a scanner', async () => {
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    await checkout.run({ inputs: { 'report-directory': 'reports' } });
    const step = await checkout.run({ inputs: { 'sarif-files': '**/findings.sarif' } });
    expect(step.failures[0]).toContain("input 'sarif-files': only reports of this action found");
  });
});

it('reads compressed files and files in UTF-16', async () => {
  checkout.commit({ 'src/app.js': CODE });
  const content = buildSarif({ results: [{ line: 2 }] });
  checkout.write('one.sarif.gz', gzipSync(content));
  checkout.write('two.sarif', Buffer.from(`\ufeff${content}`, 'utf16le'));
  const step = await checkout.run({ inputs: { 'sarif-files': 'one.sarif.gz, two.sarif' } });
  expect(JSON.parse(step.outputs['counts'] ?? '').all).toEqual({ high: 2 });
});

it('rejects a file that is too large when it is decompressed', async () => {
  checkout.write('scan.sarif.gz', gzipSync(Buffer.alloc(257 * 1024 * 1024)));
  const step = await checkout.run({ inputs: { 'sarif-files': 'scan.sarif.gz' } });
  expect(step.failures[0]).toContain("'scan.sarif.gz' has more than the limit of 268435456 bytes");
});

it('passes a successful run without results, with a notice', async () => {
  checkout.write(
    'scan.sarif',
    buildSarif({ results: [], run: { results: undefined, invocations: [{ executionSuccessful: true }] } }),
  );
  const step = await checkout.run();
  expect(step.outputs['verdict']).toBe('passed');
  const notice = expect.stringMatching(/^Scanner reported a successful run but wrote no 'results' property/u);
  expect(step.annotations).toEqual([expect.objectContaining({ kind: 'notice', message: notice })]);
  expect(step.summary).toContain('Scanner reported a successful run');
});
