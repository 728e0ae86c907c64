import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Checkout } from '../../actions/codeguru-review/test/checkout.js';
import { startGitHub } from '../../actions/codeguru-review/test/fake-github.js';
import { buildSarif } from '../../actions/codeguru-review/test/sarif-log.js';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';

const run = promisify(execFile);
const multitool = findProgram('sarif');
const obstacle = findToolObstacle(['sarif']);

/** The files that scanners wrote: `<scanner>/<case>.sarif`. */
const corpus = fileURLToPath(new URL('../../packages/findings/test/sarif/corpus', import.meta.url));
const scans = readdirSync(corpus, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.sarif'));

const hostile = buildSarif({
  scanner: 'Scanner "of" <all>',
  rules: [{ id: 'a/b', name: 'One\ntwo', helpUri: 'https://rules.test/a b' }],
  results: [
    { rule: 'a/b', file: 'half \ud800/100%/ü:"<>|.js', message: '\u202e\u0000{0} {1}' },
    { rule: '', level: 'none' },
    { rule: 'c', file: '../outside.js' },
  ],
});

/** Sends the requests of the SARIF validator, which tries the links in a file, to a port that nothing listens on. */
const offline = { http_proxy: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' };

/** The errors that Microsoft's SARIF validator reports, each as `rule message`. */
const listIssues = async (file: string, rules: string): Promise<readonly string[]> => {
  const report = `${file}.issues.sarif`;
  const options = ['--output', report, '--log', 'ForceOverwrite', '--rule-kind', rules, '--level', 'Error', '--quiet'];
  await run(multitool ?? '', ['validate', file, ...options], { env: { ...process.env, ...offline } });
  const issues: readonly { ruleId: string; message: { text?: string; arguments?: readonly string[] } }[] = JSON.parse(
    readFileSync(report, 'utf8'),
  ).runs[0].results;
  return issues.map(({ ruleId, message }) => `${ruleId} ${message.text ?? message.arguments?.join(', ')}`);
};

declareUnless(obstacle, describe)('Microsoft’s SARIF tool', () => {
  const checkout = new Checkout();
  let written: string;
  let uploaded: string;

  beforeAll(async () => {
    const github = await startGitHub();
    checkout.commit({
      'src/app.js': 'one();\neval("two");\n',
      '.codeguru-ignore.yml': 'ignore: [{ ids: [no-eval], reason: x }]',
    });
    for (const name of scans) checkout.write(`scan/${name}`, readFileSync(join(corpus, name), 'utf8'));
    checkout.write('scan/hostile.sarif', hostile);
    checkout.write('scan/silent.sarif', buildSarif({ scanner: 'Silent', results: [] }));
    const { outputs } = await checkout.run({
      inputs: {
        'sarif-files': 'scan/**/*.sarif',
        baseline: 'scan/eslint/app.sarif',
        'upload-sarif': 'true',
        'github-token': 't',
      },
      env: { GITHUB_API_URL: github.url, GITHUB_SHA: 'a'.repeat(40), GITHUB_REF: 'refs/heads/main' },
    });
    written = outputs['sarif-file'] ?? '';
    const [upload] = github.listPosted('/code-scanning/sarifs');
    uploaded = checkout.write(
      'uploaded.sarif',
      gunzipSync(Buffer.from(String(upload?.['sarif']), 'base64')).toString(),
    );
    await github.close();
  });
  afterAll(() => checkout.remove());

  it('finds no error in the SARIF file that codeguru-review writes', async () => {
    expect(await listIssues(written, 'Sarif')).toEqual([]);
  });

  it('finds no error by the rules of GitHub code scanning in the upload', async () => {
    expect(await listIssues(uploaded, 'Sarif;Gh;Ghas')).toEqual([]);
  });

  it('finds errors in an invalid file', async () => {
    const text = readFileSync(written, 'utf8').replace('"ruleIndex": 0', '"ruleIndex": 99');
    const wrong = checkout.write('wrong.sarif', text);
    expect(await listIssues(wrong, 'Sarif')).not.toEqual([]);
  });
});
