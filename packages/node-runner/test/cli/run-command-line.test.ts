import { readFileSync } from 'node:fs';
import { createSpecialFiles } from '@aws-delivery/action-kit/testing/special-files';
import { describe, expect, it } from '@jest/globals';
import { CommandLineHarness } from './command-line-harness.js';

describe('runCommandLine', () => {
  it('runs main and post with the inputs and prints their output', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'greet',
      inputs: { who: { default: 'nobody' } },
      main: `say('hello ' + process.env.INPUT_WHO + ' from ' + process.env.AWS_DELIVERY_RUNNER); append('STATE', 'seen=1\\n');`,
      post: `say('bye, seen ' + process.env.STATE_seen);`,
    });
    expect(await cli.run(['greet', '--who', 'you'])).toBe(0);
    expect(cli.lines).toEqual(['hello you from shell', 'bye, seen 1']);
    expect(cli.signals.listeners).toBe(0);
  });

  it('runs several actions as one job that shares exports and runs posts in reverse order', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'one',
      main: `append('ENV', 'KEY=k\\n'); append('PATH', '/x\\n');`,
      post: `say('post one');`,
    });
    cli.actions.write({
      name: 'two',
      main: `say(process.env.KEY + ' ' + process.env.PATH.split(':')[0]);`,
      post: `say('post two');`,
    });
    expect(await cli.run(['one', '--', 'two'])).toBe(0);
    expect(cli.lines).toEqual(['— one', '— two', 'k /x', 'post two', 'post one']);
  });

  it('runs the posts after a failure and exits with 1', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'fails',
      main: `say('::error file=a.yml,line=3::no'); process.exitCode = 7;`,
      post: `say('post');`,
    });
    cli.actions.write({ name: 'never', main: `say('never');` });
    expect(await cli.run(['fails', '--', 'never'])).toBe(1);
    expect(cli.lines).toEqual(['— fails', 'error: no (a.yml:3)', 'post']);
  });

  it('masks secrets in its output across chunks', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'leaks',
      main: `say('::add-mask::hunter-22'); process.stdout.write('it is hun'); setTimeout(() => say('ter-22!'), 50);`,
    });
    expect(await cli.run(['leaks'])).toBe(0);
    expect(cli.lines).toEqual(['it is ***!']);
  });

  it('knows the run from the options --commit and --ref, which replace the host’s values', async () => {
    using cli = new CommandLineHarness();
    const script = `const { GITHUB_SHA, GITHUB_REF, GITHUB_REF_TYPE } = process.env;
say([GITHUB_SHA, GITHUB_REF, GITHUB_REF_TYPE].join(' '));`;
    cli.actions.write({ name: 'look', main: script });
    const env = { PATH: process.env['PATH'], TRAVIS: 'true', TRAVIS_COMMIT: 'abc', TRAVIS_BRANCH: 'main' };
    expect(await cli.run(['look'], { env })).toBe(0);
    expect(await cli.run(['--commit', 'def', '--ref', 'refs/tags/v1', 'look'], { env })).toBe(0);
    expect(await cli.run(['--ref', 'feature', 'look'], { env })).toBe(0);
    expect(cli.lines).toEqual(['abc refs/heads/main branch', 'def refs/tags/v1 tag', 'abc refs/heads/feature branch']);
  });

  it('passes the variable of an action’s own input token-variable', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'login',
      inputs: { 'token-variable': {} },
      main: `say(process.env.MY_TOKEN ?? 'no token');`,
    });
    const env = { PATH: process.env['PATH'], MY_TOKEN: 'token-of-the-host' };
    expect(await cli.run(['login', '--token-variable', 'MY_TOKEN'], { env })).toBe(0);
    expect(cli.lines).toEqual(['token-of-the-host']);
  });

  it('passes only known and named variables of the caller to actions', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'look', main: `say(Object.keys(process.env).join(' '));` });
    const env = {
      PATH: process.env['PATH'],
      AWS_PROFILE: 'p',
      https_proxy: 'http://proxy',
      DOCKER_HOST: 'd',
      CI_JOB_TOKEN: 'secret',
      INPUT_NAME: 'leak',
      GITHUB_TOKEN: 'secret',
      MINE: '1',
      MY_ONE: '1',
      MY_OTHER: '1',
    };
    expect(await cli.run(['--env', 'MINE', '--env', 'MY_*', 'look'], { env })).toBe(0);
    const seen = cli.output.trim().split(' ');
    expect(seen).toEqual(
      expect.arrayContaining(['AWS_PROFILE', 'https_proxy', 'DOCKER_HOST', 'MINE', 'MY_ONE', 'MY_OTHER']),
    );
    for (const name of ['CI_JOB_TOKEN', 'INPUT_NAME', 'GITHUB_TOKEN']) expect(seen).not.toContain(name);
  });

  it('omits outputs with paths in RUNNER_TEMP', async () => {
    using cli = new CommandLineHarness();
    const main = `
      const { RUNNER_TEMP } = process.env;
      append('OUTPUT', 'gone=' + RUNNER_TEMP + '/findings.sarif\\nbeside=' + RUNNER_TEMP + '-2/a\\nstays=findings.sarif\\n');
    `;
    cli.actions.write({ name: 'scan', main });
    expect(await cli.run(['--outputs', 'out.json', 'scan'])).toBe(0);
    const outputs = JSON.parse(readFileSync(cli.resolvePath('out.json'), 'utf8'));
    expect(outputs).toEqual({ beside: expect.stringMatching(/-2\/a$/), stays: 'findings.sarif' });
  });

  it('writes to regular files only, and runs nothing otherwise', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'one', main: `say('started');` });
    const specialFiles = await createSpecialFiles(cli.directory);
    try {
      for (const option of ['--outputs', '--summary', '--code-quality', '--sast']) {
        for (const { path, type } of specialFiles.files) {
          expect(await cli.run([option, path, 'one'])).toBe(2);
          expect(cli.errorOutput).toContain(`option '${option}': '${path}' is ${type}: use a regular file`);
        }
      }
    } finally {
      await specialFiles.close();
    }
    expect(cli.output).toBe('');
  });

  it('writes outputs without secrets as dotenv and JSON, the last value per name', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'one', main: `append('OUTPUT', 'stack-id=1\\n'); append('OUTPUT', 'constant=k\\n');` });
    cli.actions.write({
      name: 'two',
      main: `say('::add-mask::hunter-22');
        append('OUTPUT', 'stack-id=2\\nkey=a hunter-22\\nmany<<E\\n1\\n2\\nE\\nlong=' + 'x'.repeat(6000) + '\\n');`,
    });
    const files = ['--outputs', 'out/a.env', '--outputs', 'b.json', '--outputs-prefix', 'OUTPUT_'];
    const lines = 'OUTPUT_STACK_ID=2\nOUTPUT_CONSTANT=k\n';
    expect(await cli.run([...files, '--host', 'gitlab', 'one', '--', 'two'])).toBe(0);
    expect(readFileSync(cli.resolvePath('out/a.env'), 'utf8')).toBe(lines);
    expect(cli.output).toContain(
      "warning: a.env does not contain many (line breaks or control characters); long (GitLab's limits: 20 variables, 5120 bytes): read them from a *.json file",
    );
    expect(await cli.run([...files, 'one', '--', 'two'])).toBe(0);
    expect(readFileSync(cli.resolvePath('out/a.env'), 'utf8')).toBe(`${lines}OUTPUT_LONG=${'x'.repeat(6000)}\n`);
    expect(cli.output).toContain('warning: a.env does not contain many (line breaks or control characters): read them');
    expect(JSON.parse(readFileSync(cli.resolvePath('b.json'), 'utf8'))).toEqual({
      'stack-id': '2',
      constant: 'k',
      many: '1\n2',
      long: 'x'.repeat(6000),
    });
  });

  it('prints the summary or writes it to a file', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'sums',
      main: `append('STEP_SUMMARY', '# Up\\n');`,
      post: `append('STEP_SUMMARY', 'and down\\n');`,
    });
    expect(await cli.run(['sums'])).toBe(0);
    expect(cli.lines).toEqual(['Summary', '  Up', '  and down']);
    expect(await cli.run(['--summary', 'sum/mary.md', 'sums'])).toBe(0);
    expect(readFileSync(cli.resolvePath('sum/mary.md'), 'utf8')).toBe('# Up\n\nand down\n');
  });

  it('masks secrets of later steps in the summary', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'sums', main: `append('STEP_SUMMARY', 'key hunter-22\\n');` });
    cli.actions.write({ name: 'learns', main: `say('::add-mask::hunter-22');` });
    expect(await cli.run(['--summary', 'summary.md', 'sums', '--', 'learns'])).toBe(0);
    expect(readFileSync(cli.resolvePath('summary.md'), 'utf8')).toBe('key ***\n');
  });

  it('explains how to get an OIDC token when oidc-credentials runs without one', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'oidc-credentials', main: `say('url ' + process.env.ACTIONS_ID_TOKEN_REQUEST_URL);` });
    for (const [host, advice] of [
      ['github', 'id-token: write'],
      ['azure-devops', '$(System.AccessToken)'],
      ['gitlab', 'GITLAB_OIDC_TOKEN'],
      ['shell', '--token-variable'],
    ] as const) {
      cli.output = '';
      expect(await cli.run(['--host', host, 'oidc-credentials'])).toBe(0);
      expect(cli.lines).toEqual([expect.stringContaining(advice), 'url undefined']);
    }
    cli.output = '';
    const endpointEnv = {
      ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/t',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
    };
    expect(await cli.run(['oidc-credentials'], { env: { PATH: process.env['PATH'], ...endpointEnv } })).toBe(0);
    expect(cli.lines).toEqual(['url http://127.0.0.1:1/t']);
  });

  it('prints help and its version', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'greet',
      inputs: { who: { description: 'Whom to greet.' } },
      outputs: { response: { description: 'What they said.' } },
      main: '',
    });
    expect(await cli.run(['--version'])).toBe(0);
    expect(cli.output).toBe('9.9.9\n');
    expect(await cli.run(['--help'])).toBe(0);
    expect(cli.output).toContain('--outputs <file>');
    expect(cli.output).toContain('  greet\n');
    for (const argv of [
      ['greet', '--help'],
      ['--help', 'greet'],
    ]) {
      cli.output = '';
      expect(await cli.run(argv)).toBe(0);
      expect(cli.output).toMatch(
        /usage: .* greet [\s\S]*GREET_WHO[\s\S]*--who\n +Whom to greet\.[\s\S]*response\n +What they said\./,
      );
    }
  });

  it.each([
    [[], 2, ''],
    [['gret'], 2, "unknown action 'gret': did you mean 'greet'?"],
    [['--host', 'jenkins', 'greet'], 2, "unknown host 'jenkins': expected one of github, azure-devops, gitlab, shell"],
    [['--actions', '/nowhere', 'greet'], 2, "no actions found in '/nowhere'"],
    [['--token-file', 'a', '--token-variable', 'b', 'greet'], 2, 'are mutually exclusive'],
    [['--post'], 2, "option '--post' requires a job: add --state"],
    [['--state', 's', '--post', 'greet'], 2, "option '--post' does not run actions"],
  ])('rejects %j', async (argv, code, message) => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'greet', main: '' });
    expect(await cli.run(argv)).toBe(code);
    expect(cli.errorOutput).toContain(message);
  });
});
