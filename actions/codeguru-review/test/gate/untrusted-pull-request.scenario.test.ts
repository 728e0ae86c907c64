import { existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkout, pullRequest } from '../checkout.js';
import { buildSarif } from '../sarif-log.js';

const CODE = 'one();\ntwo();\neval("three");\nfour();\n';
const EVAL = { line: 3 };
const IGNORE_ALL = 'ignore: [{ files: ["**"], reason: mine }]';

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const link = (target: string, name: string): void => {
  mkdirSync(join(checkout.directory, name, '..'), { recursive: true });
  symlinkSync(target, join(checkout.directory, name));
};

/** Commits the working tree and returns the commit's hash. */
const commitAll = (): string => {
  checkout.git('add', '--all', ':!scan.sarif');
  checkout.git('commit', '--quiet', '--allow-empty', '-m', 'all');
  return checkout.git('rev-parse', 'HEAD');
};

describe('a pull request cannot bring its own ignore file', () => {
  it('above the directory under review', async () => {
    const base = checkout.commit({ 'app/src/app.js': 'one();\n', '.codeguru-ignore.yml': 'ignore: []' });
    const head = checkout.commit({ 'app/src/app.js': CODE, '.codeguru-ignore.yml': IGNORE_ALL });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    const inputs = { 'root-directory': 'app', 'ignore-file': '.codeguru-ignore.yml' };
    expect((await checkout.run({ ...pullRequest(base, head), inputs })).outputs['verdict']).toBe('blocked');
  });

  it('behind a link in place of a directory', async () => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    checkout.commit({ 'src/app.js': CODE, 'theirs/ignore.yml': IGNORE_ALL });
    link('theirs', 'policy');
    const head = commitAll();
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    const inputs = { 'ignore-file': 'policy/ignore.yml' };
    expect((await checkout.run({ ...pullRequest(base, head), inputs })).outputs['verdict']).toBe('blocked');
  });

  describe('in a submodule', () => {
    const inputs = { 'ignore-file': 'policy/ignore.yml' };

    /** Adds a submodule with an ignore file and commits it as the base. */
    const start = (first: string): string => {
      const module = new Checkout();
      module.commit({ 'ignore.yml': first });
      checkout.commit({ 'src/app.js': 'one();\n' });
      checkout.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', module.directory, 'policy');
      module.remove();
      return commitAll();
    };

    const moveTo = (content: string): string => {
      const runGit = (...args: readonly string[]) => checkout.git('-C', 'policy', ...args);
      checkout.write('policy/ignore.yml', content);
      runGit('commit', '--quiet', '--all', '-m', 'mine');
      checkout.write('src/app.js', CODE);
      return commitAll();
    };

    it('that it updates', async () => {
      const base = start('ignore: []');
      const head = moveTo(IGNORE_ALL);
      checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
      expect((await checkout.run({ ...pullRequest(base, head), inputs })).outputs['verdict']).toBe('blocked');
    });

    it('unless it leaves the submodule unchanged', async () => {
      const base = start('ignore: [{ ids: [no-eval], reason: agreed }]');
      const head = checkout.commit({ 'src/app.js': CODE });
      checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
      expect((await checkout.run({ ...pullRequest(base, head), inputs })).outputs['verdict']).toBe('passed');
    });
  });

  it.each<[string, (base: string, head: string) => Readonly<Record<string, unknown>>]>([
    ['pull_request_review_comment', (base, head) => pullRequest(base, head).event],
    [
      'workflow_run',
      (_, head) => ({
        repository: { full_name: 'octocat/shop' },
        workflow_run: {
          event: 'pull_request',
          head_sha: head,
          head_repository: { full_name: 'stranger/shop' },
          pull_requests: [],
        },
      }),
    ],
    ['issue_comment', () => ({ issue: { number: 7, pull_request: { url: 'x' } } })],
    ['merge_group', (base, head) => ({ merge_group: { base_sha: base, head_sha: head } })],
    ['pull_request_target', (base, head) => pullRequest(base, head).event],
  ])('on the event %s', async (name, event) => {
    const base = checkout.commit({ 'src/app.js': 'one();\n', '.codeguru-ignore.yml': 'ignore: []' });
    const head = checkout.commit({ 'src/app.js': CODE, '.codeguru-ignore.yml': IGNORE_ALL });
    checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
    const env = { GITHUB_EVENT_NAME: name, GITHUB_SHA: base };
    const { outputs } = await checkout.run({ env, event: event(base, head) });
    expect(outputs['verdict']).toBe('blocked');
  });
});

it('reads the ignore file of the target branch if the host names no base commit', async () => {
  checkout.commit({ 'src/app.js': 'one();\n', '.codeguru-ignore.yml': 'ignore: []' });
  checkout.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  checkout.commit({ 'src/app.js': CODE, '.codeguru-ignore.yml': IGNORE_ALL });
  checkout.write('scan.sarif', buildSarif({ results: [EVAL] }));
  const env = { GITHUB_EVENT_NAME: 'push', GITHUB_BASE_REF: 'main' };
  expect((await checkout.run({ env, event: {} })).outputs['verdict']).toBe('blocked');
});

describe('an ignore entry with lines of the base', () => {
  const entry = 'ignore: [{ locations: ["src/app.js:3-4"], reason: checked by hand }]';
  const getVerdict = async (content: string, finding: object, others: Readonly<Record<string, string>> = {}) => {
    const base = checkout.commit({ 'src/app.js': CODE, '.codeguru-ignore.yml': entry });
    const head = checkout.commit({ 'src/app.js': content, ...others });
    checkout.write('scan.sarif', buildSarif({ results: [finding] }));
    return (await checkout.run(pullRequest(base, head))).outputs['verdict'];
  };

  it('still applies when the lines move', async () => {
    expect(await getVerdict(`zero();\n${CODE}`, { line: 4 })).toBe('passed');
    expect(await getVerdict(CODE.replace('one();\n', ''), { line: 2 })).toBe('passed');
  });

  it('does not apply to new code in their place', async () => {
    expect(await getVerdict(CODE.replace('four();', 'eval(four);'), { line: 4 })).toBe('blocked');
    expect(await getVerdict(`eval(zero);\neval(0);\neval(1);\n${CODE}`, { line: 3 })).toBe('blocked');
  });

  it('does not apply, with a warning, in a clone that is too shallow to compare', async () => {
    const base = checkout.commit({ 'src/app.js': CODE, '.codeguru-ignore.yml': entry });
    const head = checkout.commit({ 'src/app.js': CODE.replace('four();', 'eval(four);') });
    checkout.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    checkout.git('clone', '--quiet', '--depth=1', `file://${checkout.directory}`, 'shallow');
    checkout.git('-C', 'shallow', 'fetch', '--quiet', '--depth=1', 'origin', base);
    checkout.write(
      'scan.sarif',
      buildSarif({ results: [{ ...EVAL, file: `${checkout.directory}/shallow/src/app.js` }] }),
    );
    const step = await checkout.run({ ...pullRequest(base, head), inputs: { 'root-directory': 'shallow' } });
    expect(step.outputs['verdict']).toBe('blocked');
    expect(step.log).toContain(
      'Ignore entries with lines are not applied, because the changed lines cannot be determined',
    );
  });
});

describe('a SARIF file that the pull request commits is rejected:', () => {
  it.each<[string, string, () => void]>([
    ['a file', 'scan.sarif', () => checkout.write('scan.sarif', buildSarif({ results: [] }))],
    [
      'a file that a pattern matches',
      '**/*.sarif',
      () => checkout.write('out/scan.sarif', buildSarif({ results: [] })),
    ],
    [
      'a file behind a link',
      'out/scan.sarif',
      () => {
        checkout.write('theirs/scan.sarif', buildSarif({ results: [] }));
        link('theirs', 'out');
      },
    ],
  ])('%s', async (_, pattern, write) => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    write();
    checkout.git('add', '--all');
    const head = checkout.commit({ 'src/app.js': CODE });
    const step = await checkout.run({ ...pullRequest(base, head), inputs: { 'sarif-files': pattern } });
    expect(step.failures[0]).toContain('so the pull request could have changed it');
  });
});

describe('a finding is not known', () => {
  const getVerdict = async (base: string, head: string, finding: object, run = {}) => {
    checkout.write('scan.sarif', buildSarif({ results: [finding], run }));
    const step = await checkout.run({ ...pullRequest(base, head), inputs: { compare: 'new' } });
    return step.outputs['verdict'];
  };

  it.each(['-diff', 'binary', '-text -diff'])('if an attribute hides its lines from git: %s', async (attribute) => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    const head = checkout.commit({ 'src/app.js': CODE, '.gitattributes': `*.js ${attribute}\n` });
    expect(await getVerdict(base, head, EVAL)).toBe('blocked');
  });

  it('if a link replaced its file', async () => {
    const base = checkout.commit({ 'src/app.js': `// one\n// two\n// three\n// four\n`, 'bad.txt': CODE });
    unlinkSync(join(checkout.directory, 'src/app.js'));
    link('../bad.txt', 'src/app.js');
    expect(await getVerdict(base, commitAll(), EVAL)).toBe('blocked');
  });

  it('if its file is a Git LFS pointer', async () => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 99\n`;
    const head = checkout.commit({ 'src/app.js': pointer });
    expect(await getVerdict(base, head, { line: 50 })).toBe('blocked');
  });

  it.each(['\r', '\u2028', '\u2029', '\u0085', '\f'])('if %j ends lines for scanners but not for git', async (end) => {
    const base = checkout.commit({ 'src/app.js': 'one();\ntwo();\nthree();\nfour();\nfive();\n' });
    const head = checkout.commit({ 'src/app.js': `one();${end}//${end}eval();\ntwo();\nthree();\nfour();\nfive();\n` });
    expect(await getVerdict(base, head, EVAL)).toBe('blocked');
  });

  it('if the checkout is the base', async () => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    const head = checkout.commit({ 'src/app.js': CODE });
    checkout.git('checkout', '--quiet', base);
    expect(await getVerdict(base, head, EVAL)).not.toBe('passed');
  });

  it('unless its lines are unchanged since the base', async () => {
    const base = checkout.commit({ 'src/app.js': CODE });
    const head = checkout.commit({ 'src/app.js': `${CODE}five();\n` });
    expect(await getVerdict(base, head, EVAL)).toBe('passed');
  });
});

describe('the scanned commit', () => {
  it('is wrong if the base is checked out, as on pull_request_target', async () => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    const head = checkout.commit({ 'src/app.js': CODE });
    checkout.git('checkout', '--quiet', base);
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    const { outputs } = await checkout.run(pullRequest(base, head));
    expect(outputs['verdict']).toBe('unknown');
    expect(outputs['reason']).toContain(`the checkout does not contain the pull request's head commit ${head}`);
  });

  it('is right if the test merge commit is checked out in a shallow clone', async () => {
    const base = checkout.commit({ 'src/app.js': 'one();\n' });
    checkout.git('checkout', '--quiet', '-b', 'feature');
    const head = checkout.commit({ 'src/app.js': 'one();\ntwo();\n' });
    checkout.git('checkout', '--quiet', 'main');
    checkout.commit({ 'README.md': '# Shop\n' });
    checkout.git('merge', '--quiet', '--no-edit', 'feature');
    checkout.git('clone', '--quiet', '--depth=1', `file://${checkout.directory}`, 'shallow');
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    const step = await checkout.run({ ...pullRequest(base, head), inputs: { 'root-directory': 'shallow' } });
    expect(step.failures).toEqual([]);
  });

  it('is wrong if the scanner reports another commit', async () => {
    checkout.commit({ 'src/app.js': CODE });
    const provenance = (revisionId: string) => ({ versionControlProvenance: [{ repositoryUri: 'x', revisionId }] });
    const verdict = async (revision: string) => {
      checkout.write('scan.sarif', buildSarif({ results: [], run: provenance(revision) }));
      return (await checkout.run()).outputs['verdict'];
    };
    expect(await verdict('1'.repeat(40))).toBe('unknown');
    expect(await verdict(checkout.git('rev-parse', 'HEAD'))).toBe('passed');
  });
});

describe('the report', () => {
  it('replaces a committed link in place of a report file', async () => {
    const outside = checkout.write('.git/precious', 'mine\n');
    checkout.commit({ 'src/app.js': CODE });
    link(outside, 'report/findings.sarif');
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    const step = await checkout.run({ inputs: { 'report-directory': 'report' } });
    expect(readFileSync(outside, 'utf8')).toBe('mine\n');
    expect(readFileSync(step.outputs['sarif-file'] ?? '', 'utf8')).toContain('"runs"');
  });

  it('shows no code of untracked files, which may hold credentials', async () => {
    checkout.commit({ 'src/app.js': CODE });
    checkout.write('credentials.json', '{ "private_key": "hidden" }\n');
    checkout.write('scan.sarif', buildSarif({ results: [{ file: 'credentials.json', line: 1 }, EVAL] }));
    const step = await checkout.run();
    const htmlReport = readFileSync(step.outputs['html-file'] ?? '', 'utf8');
    expect(htmlReport + step.summary).toContain('eval(');
    expect(htmlReport + step.summary).not.toContain('private_key');
  });

  it('leaves no part of a secret where a line is truncated', async () => {
    checkout.commit({ 'src/app.js': `${'x'.repeat(235)}secret-token\n` });
    checkout.write('scan.sarif', buildSarif({ results: [{ line: 1 }] }));
    const step = await checkout.run({ inputs: { 'github-token': 'secret-token' } });
    const htmlReport = readFileSync(step.outputs['html-file'] ?? '', 'utf8');
    expect(htmlReport).toContain('xxx***');
    expect(htmlReport + step.summary).not.toContain('xs');
  });

  it('is not written if a link redirects its directory', async () => {
    checkout.commit({ 'src/app.js': CODE });
    mkdirSync(join(checkout.directory, '.git/elsewhere'));
    link('.git/elsewhere', 'report');
    checkout.write('scan.sarif', buildSarif({ results: [] }));
    const step = await checkout.run({ inputs: { 'report-directory': 'report' } });
    expect(existsSync(join(checkout.directory, '.git/elsewhere/findings.sarif'))).toBe(false);
    expect(step.log).toContain("set 'report-directory' to a path that is not in the repository");
  });
});
