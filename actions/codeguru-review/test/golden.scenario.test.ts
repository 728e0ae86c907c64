import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import {
  compareGolden,
  formatCalls,
  formatJson,
  formatRun,
  type Replacement,
} from '@aws-delivery/action-kit/testing/golden';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Checkout, pullRequest, type Step } from './checkout.js';
import { type FakeGitHub, startGitHub } from './fake-github.js';
import { type AwsStep, BUCKET, Harness, type HarnessOptions } from './harness.js';
import { buildSarif, type ResultInput } from './sarif-log.js';

const directory = fileURLToPath(new URL('golden', import.meta.url));

beforeAll(() => void jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterAll(() => void jest.restoreAllMocks());

/** The last script of a page is its own; the one before contains the findings. */
const PAGE_SCRIPT = /(?<=<script>)[\s\S]*(?=<\/script>)/u;
const PAGE_STYLE = /(?<=<style>)[\s\S]*(?=<\/style>)/u;

/** The body of an HTML report: all reports have the same head, style sheet and script. */
const formatBody = (page: string): string =>
  page
    .replace(/^[\s\S]*<body>\n/u, '')
    .replace(PAGE_SCRIPT, '')
    .replaceAll('><', '>\n<');

/** The report files of a step. */
const readReports = ({ outputs }: Step): Readonly<Record<string, string>> => {
  const path = outputs['sarif-file'];
  if (path === undefined) return {};
  const directory = dirname(path);
  const texts = readdirSync(directory).map((name) => [name, readFileSync(`${directory}/${name}`, 'utf8')] as const);
  return Object.fromEntries(
    texts.map(([name, text]) => [name, name.endsWith('.html') ? formatBody(text) : formatJson(JSON.parse(text))]),
  );
};

/** Compares all effects of a step except its AWS calls. */
const compareStep = (
  scenario: string,
  checkout: Checkout,
  step: Step,
  more: readonly Replacement[] = [],
  reports = readReports(step),
): void => {
  const replacements: readonly Replacement[] = [...more, [checkout.directory, '<checkout>'], ...TEMPORARY];
  compareGolden({ directory, scenario, files: { ...formatRun(step), ...reports }, replacements });
};

/** The report directory has a random name. */
const TEMPORARY: readonly Replacement[] = [[/codeguru-review-\w{6}/gu, '<temp>']];

/** Replaces full and short commit hashes, which depend on the commit time. */
const replaceCommits = (names: Readonly<Record<string, string>>): readonly Replacement[] =>
  Object.entries(names).flatMap(([name, sha]) => [
    [sha, `<${name}>`] as const,
    [sha.slice(0, 12), `<short ${name}>`] as const,
  ]);

const CODE = 'one();\ntwo();\neval("three");\nfour();\n';

describe('findings of a scanner', () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = new Checkout();
    checkout.commit({ 'src/app.js': CODE });
  });
  afterEach(() => checkout.remove());

  const rules = [
    {
      id: 'no-eval',
      name: 'NoEval',
      shortDescription: { text: 'No eval' },
      fullDescription: { text: 'eval runs any text' },
      helpUri: 'https://rules.test/no-eval',
      help: { text: 'Parse it instead.' },
      properties: { 'security-severity': '9.1', tags: ['security', 'CWE-95'] },
    },
  ];

  it('block, with all their fields', async () => {
    const results: readonly ResultInput[] = [
      { line: 3, message: 'eval is <b>not</b> kept', more: { fingerprints: { own: 'f1' } } },
      { rule: 'style', level: 'note', line: 1, endLine: 2 },
      { rule: 'odd', level: 'none', file: 'src/other.js' },
      { rule: 'accepted', line: 2, more: { suppressions: [{ kind: 'external', justification: 'agreed' }] } },
    ];
    checkout.write('scan.sarif', buildSarif({ results, rules }));
    const step = await checkout.run();
    compareStep('blocked', checkout, step);
    const page = readFileSync(step.outputs['html-file'] ?? '', 'utf8');
    const [head = ''] = page.replace(PAGE_STYLE, '').split('<body>');
    const files = {
      'head.html': head,
      'style.txt': PAGE_STYLE.exec(page)?.[0] ?? '',
      'script.txt': PAGE_SCRIPT.exec(page)?.[0] ?? '',
    };
    compareGolden({ directory, scenario: 'report', files, replacements: [] });
  });

  it('pass below the threshold, by other thresholds and as ignored', async () => {
    const results = [{ line: 3 }, { rule: 'style', level: 'warning' as const }, { rule: 'old' }];
    checkout.write('scan.sarif', buildSarif({ results }));
    checkout.write(
      'ignore.yml',
      'ignore:\n  - ids: [no-eval]\n    reason: tests only\n    expires: 2026-12-31\n  - ids: [unused]\n    reason: gone\n',
    );
    const inputs = { 'ignore-file': 'ignore.yml', 'fail-on-for': 'old=none' };
    compareStep('excepted', checkout, await checkout.run({ inputs }));
  });

  it('do not fail if the baseline has them', async () => {
    checkout.write('old.sarif', buildSarif({ results: [{ line: 3 }, { rule: 'gone' }] }));
    checkout.write('scan.sarif', buildSarif({ results: [{ line: 3 }, { rule: 'new', line: 2 }] }));
    compareStep('baseline', checkout, await checkout.run({ inputs: { compare: 'new', baseline: 'old.sarif' } }));
  });

  it('give the verdict unknown if a scan did not finish', async () => {
    checkout.write('scan.sarif', buildSarif({ results: [], run: { invocations: [{ executionSuccessful: false }] } }));
    compareStep('unknown', checkout, await checkout.run());
    compareStep('unknown-warn', checkout, await checkout.run({ inputs: { 'on-unavailable': 'warn' } }));
  });
});

describe('a pull request', () => {
  let checkout: Checkout;
  let github: FakeGitHub;
  beforeEach(async () => {
    checkout = new Checkout();
    github = await startGitHub();
  });
  afterEach(async () => {
    await github.close();
    checkout.remove();
  });

  it.each(['summary', 'lines'])('gets its comments and its upload: %s', async (comment) => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    const head = checkout.commit({ 'src/app.js': 'one();\neval(2);\neval(3);\n' });
    checkout.write('scan.sarif', buildSarif({ results: [{ line: 2 }, { line: 3 }, { rule: 'old', line: 1 }] }));
    const { env, event } = pullRequest(base, head);
    const step = await checkout.run({
      inputs: { 'github-token': 'ghs_secret', comment, 'upload-sarif': 'true', compare: 'new' },
      env: { ...env, GITHUB_API_URL: github.url, GITHUB_SHA: 'a'.repeat(40) },
      event,
    });
    const shas = replaceCommits({ base, head });
    compareStep(`comment-${comment}`, checkout, step, shas, {});
    const requests = github.requests.map(({ method, path, body }) => {
      const { sarif: packed, ...rest } = body;
      const unpacked = packed === undefined ? {} : { sarif: '<gzip, base64>' };
      return { method, path, body: { ...rest, ...unpacked } };
    });
    const [upload] = github.listPosted('/code-scanning/sarifs');
    const log = gunzipSync(Buffer.from(String(upload?.['sarif']), 'base64')).toString();
    const files = { 'requests.json': formatJson(requests), 'upload.sarif': formatJson(JSON.parse(log)) };
    const replacements = [...shas, [checkout.directory, '<checkout>'] as const];
    compareGolden({ directory, scenario: `comment-${comment}-github`, files, replacements });
  });
});

describe('a review or scan by AWS', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  const open = async (options: HarnessOptions): Promise<string> => {
    harness = await Harness.open(options);
    return harness.checkout.commit({ 'src/App.java': 'class App {\n  run(sql + name);\n}\n', 'README.md': '# Shop\n' });
  };

  /** Compares a step and its AWS calls; hashes of commits and archives depend on the machine. */
  const compareAwsStep = async (
    scenario: string,
    step: AwsStep,
    commits: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const hashes: readonly Replacement[] = [
      ...replaceCommits(commits),
      [/[0-9a-f]{64}/gu, '<sha256>'],
      [/\b77-[0-9a-f]{12}-1\b/gu, '<run>'],
      [/"(ContentLength|ChecksumSHA256)":("[^"]+"|\d+)/gu, '"$1":"<of archive>"'],
    ];
    compareStep(scenario, harness.checkout, step, hashes);
    const replacements: readonly Replacement[] = [...hashes, [harness.checkout.directory, '<checkout>'], ...TEMPORARY];
    const calls = formatCalls(step.calls, { replacements });
    const post = (await harness.post(step)).join('\n');
    compareGolden({ directory, scenario: `${scenario}-aws`, files: { 'calls.jsonl': calls, 'post.calls': post } });
  };

  const injection = { file: 'src/App.java', line: 2, severity: 'Critical' as const };
  const associations = [{ name: 'shop', bucket: BUCKET }];

  it('uploads, waits, blocks, and deletes its upload', async () => {
    const review = { recommendations: [injection, { file: 'README.md', severity: 'Low' as const }] };
    const commit = await open({ 'codeguru-reviewer': { associations, review } });
    await compareAwsStep('reviewer', await harness.run(), { commit });
  });

  it('covers the changes of a pull request', async () => {
    const base = await open({ 'codeguru-reviewer': { associations, review: {} } });
    const head = harness.checkout.commit({ 'src/New.java': 'class New {}\n' });
    const step = await harness.run(pullRequest(base, head));
    await compareAwsStep('reviewer-pull-request', step, { base, head });
  });

  it('is unavailable without an association', async () => {
    const commit = await open({});
    await compareAwsStep('reviewer-no-association', await harness.run(), { commit });
  });

  it('starts an Inspector scan of the commit', async () => {
    const sha = 'c'.repeat(40);
    const findings = [
      { file: 'src/app.py', line: 1, urls: ['https://cwe.test/89'], cwes: ['CWE-89'] },
      { file: 'src/app.py', line: 2, status: 'SUPPRESSED' as const },
    ];
    const codeProjects = [{ name: 'octocat/shop', scanned: 'other', scan: { commit: sha }, findings }];
    const commit = await open({ inspector2: { codeProjects } });
    const step = await harness.run({ inputs: { 'findings-from': 'inspector' }, env: { GITHUB_SHA: sha } });
    await compareAwsStep('inspector', step, { commit });
    expect(step.outputs['verdict']).toBe('blocked');
  });
});
