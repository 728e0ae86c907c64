import { mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkout, pullRequest, type Step } from '../checkout.js';
import { buildSarif } from '../sarif-log.js';

const CODE = 'one();\ntwo();\neval("three");\nfour();\n';
const EVAL = { line: 3 };

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const readJson = (step: Step, name: string): unknown => JSON.parse(readFileSync(step.outputs[name] ?? '', 'utf8'));

describe('the gate', () => {
  beforeEach(() => {
    checkout.commit({ 'src/app.js': CODE });
  });

  it('fails on a finding at the threshold and annotates its line', async () => {
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    const { outputs, failures, annotations } = await checkout.run();
    expect(outputs['verdict']).toBe('blocked');
    expect(failures).toEqual(['1 failing finding (1 high)']);
    expect(annotations).toEqual([
      {
        kind: 'error',
        message: 'no-eval is not kept',
        properties: { title: 'high: no-eval', file: 'src/app.js', startLine: 3, endLine: 3 },
      },
    ]);
  });

  it('treats an unranked finding as serious in the verdict and in all files', async () => {
    checkout.write('scan.sarif', buildSarif({ results: [{ ...EVAL, level: 'none' }] }));
    const step = await checkout.run({ inputs: { 'fail-on': 'critical' } });
    expect(step.failures).toEqual(['1 failing finding (1 unranked)']);
    expect(readJson(step, 'json-file')).toMatchObject([{ severity: 'High' }]);
    expect(readJson(step, 'sarif-file')).toMatchObject({ runs: [{ results: [{ level: 'error' }] }] });
  });

  it('fails if the root directory does not exist', async () => {
    const { failures } = await checkout.run({ inputs: { 'root-directory': 'nowhere' } });
    expect(failures[0]).toContain("input 'root-directory': directory '");
  });

  it('passes on findings below the threshold and still shows them', async () => {
    checkout.write('scan.sarif', buildSarif({ results: [{ ...EVAL, level: 'warning' }] }));
    const { outputs, failures, summary, annotations } = await checkout.run();
    expect([outputs['verdict'], failures]).toEqual(['passed', []]);
    expect(outputs['reason']).toBe("1 finding (1 medium), none at or above the 'fail-on' threshold");
    expect(summary).toContain('1 finding below the threshold');
    expect(annotations.map(({ kind }) => kind)).toEqual(['warning']);
  });

  it('passes without findings and names the scanner', async () => {
    checkout.write('scan.sarif', buildSarif({ results: [], scanner: 'Semgrep' }));
    const { outputs, summary } = await checkout.run();
    expect([outputs['verdict'], outputs['reason']]).toEqual(['passed', 'no findings']);
    expect(summary).toContain('Sources: Semgrep.');
  });

  it.each([
    ['no-eval=none', 'passed'],
    ['no-*=none', 'passed'],
    ['other=none', 'blocked'],
  ])('applies a threshold for a rule: %s', async (override, verdict) => {
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    expect((await checkout.run({ inputs: { 'fail-on-for': override } })).outputs['verdict']).toBe(verdict);
  });

  it.each([
    ['no-eval=none, no-*=low', 'passed'],
    ['no-*=low, no-eval=none', 'blocked'],
  ])('applies the first matching threshold of %s', async (thresholds, verdict) => {
    checkout.commit({ 'src/app.js': CODE });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    expect((await checkout.run({ inputs: { 'fail-on-for': thresholds } })).outputs['verdict']).toBe(verdict);
  });

  it.each([
    ['blocks', 'all', 'blocked'],
    ['passes', 'new', 'passed'],
  ])('%s on a finding of the baseline with compare: %s', async (_result, compare, verdict) => {
    checkout.commit({ 'src/app.js': CODE });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    checkout.write('old.sarif', buildSarif({ results: [EVAL] }));
    const { outputs } = await checkout.run({ inputs: { compare, baseline: 'old.sarif' } });
    expect([outputs['verdict'], outputs['new-count']]).toEqual([verdict, '0']);
  });

  it('applies a threshold for a category', async () => {
    const more = { properties: { category: 'SecurityIssues' } };
    checkout.write('scan.sarif', buildSarif({ results: [{ ...EVAL, level: 'note', more }] }));
    expect((await checkout.run()).outputs['verdict']).toBe('passed');
    const strict = await checkout.run({ inputs: { 'fail-on-for': 'securityissues=info' } });
    expect(strict.outputs['verdict']).toBe('blocked');
  });

  it('sorts the worst first in the annotations and the HTML report', async () => {
    const scored = { properties: { 'security-severity': '9.9' } };
    checkout.write(
      'scan.sarif',
      buildSarif({
        results: [{ rule: 'small', level: 'note' }, EVAL, { rule: 'worst', more: scored }, { file: 'src/a.js' }],
      }),
    );
    const step = await checkout.run();
    expect(step.annotations.map(({ properties }) => properties)).toMatchObject([
      { title: 'critical: worst' },
      { title: 'high: no-eval', file: 'src/a.js' },
      { title: 'high: no-eval', file: 'src/app.js' },
      { title: 'info: small' },
    ]);
    const htmlReport = readFileSync(step.outputs['html-file'] ?? '', 'utf8');
    expect([...htmlReport.matchAll(/<h([23])[^>]*>([^<]*)</gu)].map(([, level, text]) => `${level} ${text}`)).toEqual([
      '2 critical (1)',
      '3 src/app.js',
      '2 high (2)',
      '3 src/a.js',
      '3 src/app.js',
      '2 info (1)',
      '3 src/app.js',
    ]);
  });

  it('accepts suppressions in the scanner output outside of pull requests', async () => {
    const suppressions = [{ kind: 'inSource', justification: 'checked by hand' }];
    checkout.write('scan.sarif', buildSarif({ results: [{ ...EVAL, more: { suppressions } }] }));
    const step = await checkout.run();
    expect([step.outputs['verdict'], step.outputs['counts']]).toEqual([
      'passed',
      JSON.stringify({ all: { high: 1 }, fails: {}, ignored: { high: 1 } }),
    ]);
    expect(step.summary).toContain('checked by hand');
  });

  it('tolerates as many failing findings as max-findings allows', async () => {
    checkout.write('scan.sarif', buildSarif({ results: [EVAL, { line: 1 }] }));
    const step = await checkout.run({ inputs: { 'max-findings': '2' } });
    expect([step.outputs['verdict'], step.outputs['reason']]).toEqual([
      'passed',
      "2 failing findings (2 high), within 'max-findings' (2)",
    ]);
    expect((await checkout.run({ inputs: { 'max-findings': '1' } })).failures).toEqual([
      "2 failing findings (2 high), more than 'max-findings' (1)",
    ]);
  });

  it('tolerates as many failing findings of each severity as max-findings allows', async () => {
    checkout.write('scan.sarif', buildSarif({ results: [EVAL, { line: 1, level: 'warning' }] }));
    const run = (limits: string) => checkout.run({ inputs: { 'fail-on': 'low', 'max-findings': limits } });
    expect((await run('high=1, medium=1')).outputs['verdict']).toBe('passed');
    expect((await run('high: 1\nmedium: 1')).outputs['verdict']).toBe('passed');
    expect((await run('high=1')).failures).toEqual([
      "2 failing findings (1 high, 1 medium), more than 'max-findings' (high=1)",
    ]);
  });

  it.each([
    ['many', "input 'max-findings': 'many' must be a number, or numbers by severity such as medium=20, low=50"],
    ['-1', "input 'max-findings': '-1' must be a number, or numbers by severity such as medium=20, low=50"],
    ['low=x', "input 'max-findings': 'low=x' must be a number, or numbers by severity such as medium=20, low=50"],
    ['lots=1', "input 'max-findings': severity 'lots' must be one of critical, high, medium, low, info, none"],
  ])('rejects max-findings: %s', async (limits, message) => {
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    expect((await checkout.run({ inputs: { 'max-findings': limits } })).failures).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it('is unknown if a scanner reports that it did not finish', async () => {
    const run = { invocations: [{ executionSuccessful: false }] };
    checkout.write('scan.sarif', buildSarif({ results: [], scanner: 'ESLint', run }));
    const failing = await checkout.run();
    expect([failing.outputs['verdict'], failing.failures[0]]).toEqual([
      'unknown',
      'incomplete results from sarif: ESLint reported that its run failed; see its log',
    ]);
    const warning = await checkout.run({ inputs: { 'on-unavailable': 'warn' } });
    expect([warning.outputs['verdict'], warning.failures]).toEqual(['unknown', []]);
    const proceeding = await checkout.run({ inputs: { 'on-unavailable': 'proceed' } });
    expect(proceeding.outputs['reason']).toContain('passed by policy despite incomplete results');
  });

  it('rejects a file above the size limit without reading it', async () => {
    truncateSync(checkout.write('scan.sarif', ''), 300 * 1024 * 1024);
    expect((await checkout.run()).failures[0]).toContain(
      "'scan.sarif' has 314572800 bytes, more than the limit of 268435456 bytes",
    );
  });

  it('logs the warnings of a scanner and passes', async () => {
    const toolExecutionNotifications = [{ level: 'warning', message: { text: 'src/bad.js cannot be parsed' } }];
    const run = { invocations: [{ executionSuccessful: true, toolExecutionNotifications }] };
    checkout.write('scan.sarif', buildSarif({ results: [], scanner: 'Semgrep', run }));
    const { outputs, log } = await checkout.run();
    expect(outputs['verdict']).toBe('passed');
    expect(log).toContain('Semgrep: src/bad.js cannot be parsed');
  });

  it.each([
    ['nothing.sarif', "input 'sarif-files': cannot read 'nothing.sarif'"],
    ['*.none', "no file matches '*.none'"],
    ['broken.sarif', '\'broken.sarif\' is not SARIF 2.1.0: version: Invalid input: expected "2.1.0"'],
  ])('fails on the SARIF file %s', async (files, message) => {
    checkout.write('broken.sarif', '{"version": "2.0.0", "runs": []}');
    expect((await checkout.run({ inputs: { 'sarif-files': files } })).failures[0]).toContain(message);
  });

  it('writes all details of a finding to the report files and the summary', async () => {
    const rules = [{ id: 'no-eval', name: 'NoEval', helpUri: 'https://rules.test/no-eval' }];
    checkout.write('out/one.sarif', buildSarif({ results: [EVAL], rules }));
    const step = await checkout.run({ inputs: { 'sarif-files': 'out/**' } });
    expect(readJson(step, 'json-file')).toMatchObject([
      { filePath: 'src/app.js', startLine: 3, severity: 'High', ruleMetadata: { ruleId: 'no-eval' } },
    ]);
    expect(readJson(step, 'sarif-file')).toMatchObject({
      runs: [{ results: [{ ruleId: 'no-eval', level: 'error', suppressions: [] }] }],
    });
    const htmlReport = readFileSync(step.outputs['html-file'] ?? '', 'utf8');
    expect(htmlReport).toContain('<li class="hit"><span>3</span>eval(&quot;three&quot;);</li>');
    expect(htmlReport).toContain('href="https://rules.test/no-eval"');
    expect(step.summary).toContain('> 3 | eval("three");');
    expect(JSON.parse(step.outputs['counts'] ?? '')).toEqual({ all: { high: 1 }, fails: { high: 1 } });
  });
});

describe('ignore entries', () => {
  it('ignore the findings that they match, with their reason', async () => {
    checkout.commit({ 'src/app.js': CODE, '.codeguru-ignore.yml': 'ignore: [{ ids: [no-eval], reason: a demo }]' });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    const step = await checkout.run();
    expect(step.outputs['verdict']).toBe('passed');
    expect(step.summary).toContain('a demo (entry 1 of .codeguru-ignore.yml)');
    expect(readJson(step, 'json-file')).toEqual([]);
    expect(readJson(step, 'sarif-file')).toMatchObject({
      runs: [{ results: [{ suppressions: [{ kind: 'external', status: 'accepted' }] }] }],
    });
  });

  describe('that match nothing', () => {
    const entries = 'ignore: [{ ids: [no-eval], reason: a demo }, { ids: [old-rule], reason: gone }]';
    const unused = '1 unused exception: entry 2 of .codeguru-ignore.yml matches nothing';
    const runUnused = (inputs: Readonly<Record<string, string>>, run?: Readonly<Record<string, unknown>>) => {
      checkout.commit({ 'src/app.js': CODE, '.codeguru-ignore.yml': entries });
      checkout.write('scan.sarif', buildSarif({ results: [EVAL], ...(run === undefined ? {} : { run }) }));
      return checkout.run({ inputs });
    };

    it('are a warning', async () => {
      const step = await runUnused({});
      expect(step.failures).toEqual([]);
      expect(step.log).toContain(unused);
      expect(step.summary).toContain('Unused exceptions:');
    });

    it('fail the step with on-unused-exception: fail, and are silent with ignore', async () => {
      expect((await runUnused({ 'on-unused-exception': 'fail' })).failures[0]).toContain(unused);
      expect((await runUnused({ 'on-unused-exception': 'ignore' })).log).not.toContain('unused exception');
    });

    it('are not judged if a result is incomplete', async () => {
      const unfinished = { invocations: [{ executionSuccessful: false }] };
      const step = await runUnused({ 'on-unused-exception': 'fail', 'on-unavailable': 'proceed' }, unfinished);
      expect(step.failures).toEqual([]);
      expect(step.log).not.toContain('unused exception');
    });
  });

  it('fail the step once they have expired', async () => {
    const entry = 'ignore: [{ ids: [other], reason: soon, expires: 2026-11-19 }]';
    checkout.commit({ 'src/app.js': CODE, 'exceptions.yml': entry });
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    const { failures } = await checkout.run({ inputs: { 'ignore-file': 'exceptions.yml' } });
    expect(failures[0]).toContain('entry 1 of exceptions.yml (valid until 2026-11-19: soon) has expired');
  });

  it('fail the step if the named file does not exist', async () => {
    checkout.commit({ 'src/app.js': CODE });
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    const { failures } = await checkout.run({ inputs: { 'ignore-file': 'exceptions.yml' } });
    expect(failures[0]).toContain("input 'ignore-file': cannot read 'exceptions.yml'");
  });
});

describe('a pull request', () => {
  const suppressed = { ...EVAL, more: { suppressions: [{ kind: 'inSource', justification: 'trust me' }] } };

  it('cannot ignore its own finding with an entry in the ignore file', async () => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    const ignore = 'ignore: [{ files: ["**"], reason: mine }]';
    const head = checkout.commit({ 'src/app.js': CODE, '.codeguru-ignore.yml': ignore });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    const step = await checkout.run(pullRequest(base, head));
    expect(step.outputs['verdict']).toBe('blocked');
    expect(step.log).toContain('is added by this pull request and is not used until it is merged');
  });

  it('cannot widen an entry of the ignore file', async () => {
    const base = checkout.commit({
      'src/app.js': CODE,
      '.codeguru-ignore.yml': 'ignore: [{ ids: [no-eval], reason: ok }]',
    });
    const wide = 'ignore: [{ files: ["**"], reason: mine }]';
    const head = checkout.commit({ '.codeguru-ignore.yml': wide });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL, { rule: 'other' }] }));
    const step = await checkout.run(pullRequest(base, head));
    expect(step.failures).toEqual(['1 failing finding (1 high)']);
    expect(step.outputs['findings']).toContain('"rule":"other"');
  });

  it('cannot suppress its own finding with a comment, unlike a comment of the base', async () => {
    const base = checkout.commit({ 'src/app.js': CODE, 'src/old.js': CODE });
    const head = checkout.commit({ 'src/app.js': `${CODE}five();\n` });
    const old = { ...suppressed, file: 'src/old.js' };
    checkout.write('scan.sarif', buildSarif({ results: [suppressed, old] }));
    const step = await checkout.run(pullRequest(base, head));
    expect(step.failures).toEqual(['1 failing finding (1 high)']);
    expect(step.outputs['findings']).toContain('src/app.js:3');
  });

  it('cannot hide its own finding with a baseline', async () => {
    const baseline = buildSarif({ results: [EVAL] });
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    const head = checkout.commit({ 'src/app.js': CODE, 'baseline.sarif': baseline });
    checkout.write('scan.sarif', baseline);
    const inputs = { compare: 'new', baseline: 'baseline.sarif' };
    expect((await checkout.run({ ...pullRequest(base, head), inputs })).outputs['verdict']).toBe('blocked');
  });

  it('can be compared with a baseline from an earlier step', async () => {
    const base = checkout.commit({ 'src/app.js': CODE });
    const head = checkout.commit({ 'src/other.js': CODE });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    checkout.write('fetched.sarif', buildSarif({ results: [EVAL] }));
    const inputs = { compare: 'new', baseline: 'fetched.sarif' };
    const step = await checkout.run({ ...pullRequest(base, head), inputs });
    expect([step.outputs['verdict'], step.outputs['new-count']]).toEqual(['passed', '0']);
  });

  it('fails only on new findings with compare: new, even if lines moved', async () => {
    const base = checkout.commit({ 'src/app.js': CODE });
    const head = checkout.commit({ 'src/app.js': `zero();\n${CODE}eval("five");\n` });
    checkout.write('scan.sarif', buildSarif({ results: [{ line: 4 }, { line: 6 }] }));
    const step = await checkout.run({ ...pullRequest(base, head), inputs: { compare: 'new' } });
    expect(step.failures).toEqual(['1 failing finding (1 high)']);
    expect(step.outputs['findings']).toContain('src/app.js:6');
    expect(step.outputs['new-count']).toBe('1');
  });

  it('fails with a hint to fetch-depth in a shallow clone', async () => {
    checkout.commit({ 'src/app.js': CODE, '.codeguru-ignore.yml': 'ignore: [{ ids: [x], reason: y }]' });
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    const { failures } = await checkout.run(pullRequest('1'.repeat(40), '2'.repeat(40)));
    expect(failures[0]).toContain("set 'fetch-depth: 0' in actions/checkout to fetch the whole history");
  });
});

describe('a push', () => {
  const push = (before: string, after: string) => ({
    env: { GITHUB_EVENT_NAME: 'push', GITHUB_SHA: after },
    event: { before, after },
    inputs: { compare: 'new' },
  });

  it.each([
    ['the first push of a branch', '0'.repeat(40)],
    ['a force push', 'a'.repeat(40)],
  ])('has only new findings when it is %s', async (_, before) => {
    const after = checkout.commit({ 'src/app.js': CODE });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    expect((await checkout.run(push(before, after))).outputs).toMatchObject({ verdict: 'blocked', 'new-count': '1' });
  });

  it('is compared with the previous commit', async () => {
    const before = checkout.commit({ 'src/app.js': CODE });
    const after = checkout.commit({ 'src/other.js': CODE });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL, { ...EVAL, file: 'src/other.js' }] }));
    expect((await checkout.run(push(before, after))).outputs['new-count']).toBe('1');
  });
});

describe('malicious findings', () => {
  it('cannot show files outside of the checkout or in .git', async () => {
    checkout.commit({ 'src/app.js': CODE });
    const secret = checkout.write('../codeguru-review-secret.txt', 'outside\n');
    checkout.write('.git/config-copy', 'token\n');
    mkdirSync(join(checkout.directory, 'linked'));
    symlinkSync(secret, join(checkout.directory, 'linked/file.js'));
    symlinkSync(join(checkout.directory, '.git'), join(checkout.directory, 'linked/git'));
    const files = [
      '../codeguru-review-secret.txt',
      'linked/file.js',
      '.git/config-copy',
      'linked/git/config-copy',
      secret,
    ];
    checkout.write('scan.sarif', buildSarif({ results: files.map((file) => ({ file, message: 'look' })) }));
    const step = await checkout.run();
    const htmlReport = readFileSync(step.outputs['html-file'] ?? '', 'utf8');
    expect(htmlReport).not.toContain('class="hit"');
    expect(htmlReport).toContain('outside of the repository');
    expect(step.failures).toEqual(['5 failing findings (5 high)']);
  });

  it('are escaped in the report, the summary and the log', async () => {
    checkout.commit({ 'src/app.js': `${CODE}</li><script>alert(1)</script>\n` });
    const message =
      '<script>alert(1)</script>\n::set-output name=verdict::passed\n| a | [x](javascript:alert(1)) @octocat';
    const rules = [{ id: 'x', name: '<img src=x onerror=alert(1)>', helpUri: 'javascript:alert(1)' }];
    checkout.write('scan.sarif', buildSarif({ rules, results: [{ rule: 'x', line: 5, message }] }));
    const step = await checkout.run();
    const htmlReport = readFileSync(step.outputs['html-file'] ?? '', 'utf8');
    expect(htmlReport).not.toMatch(/<img|href="javascript/iu);
    expect(htmlReport.match(/<script/giu)).toHaveLength(2);
    expect(step.summary.replace(/```[\s\S]*?```/gu, '')).not.toMatch(/<script|<img|(?<!\\)\]\(javascript/iu);
    expect(step.log).not.toMatch(/^\s*::set-output/mu);
  });
});
