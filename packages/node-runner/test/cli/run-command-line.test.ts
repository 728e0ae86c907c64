import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { JobRecord } from '../../src/cli/job-record.js';
import { CommandLineHarness } from './command-line-harness.js';

const windows = process.platform === 'win32';

describe('the command line of the runner', () => {
  it('runs main and post with the inputs, and shows what they say', async () => {
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

  it('runs several actions as one job: exports reach the next, posts run in reverse order', async () => {
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

  it('stops at a failure, runs the posts, and exits with 1', async () => {
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

  it('hides secrets in what it prints, also where their output comes in pieces', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'leaks',
      main: `say('::add-mask::hunter-22'); process.stdout.write('it is hun'); setTimeout(() => say('ter-22!'), 50);`,
    });
    expect(await cli.run(['leaks'])).toBe(0);
    expect(cli.lines).toEqual(['it is ***!']);
  });

  it('lets nothing of the caller through but what an action needs, and what is named', async () => {
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

  it('hands no path on that leads into the folder which goes with the job', async () => {
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

  it('writes outputs as lines and as JSON, without secrets, the later of equal names', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'one', main: `append('OUTPUT', 'stack-id=1\\n'); append('OUTPUT', 'kept=k\\n');` });
    cli.actions.write({
      name: 'two',
      main: `say('::add-mask::hunter-22');
        append('OUTPUT', 'stack-id=2\\nkey=a hunter-22\\nmany<<E\\n1\\n2\\nE\\nlong=' + 'x'.repeat(6000) + '\\n');`,
    });
    const files = ['--outputs', 'out/a.env', '--outputs', 'b.json', '--outputs-prefix', 'OUTPUT_'];
    expect(await cli.run([...files, 'one', '--', 'two'])).toBe(0);
    expect(readFileSync(cli.resolvePath('out/a.env'), 'utf8')).toBe('OUTPUT_STACK_ID=2\nOUTPUT_KEPT=k\n');
    expect(JSON.parse(readFileSync(cli.resolvePath('b.json'), 'utf8'))).toEqual({
      'stack-id': '2',
      kept: 'k',
      many: '1\n2',
      long: 'x'.repeat(6000),
    });
  });

  it('shows the summary in the log, or writes it to a file', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'sums',
      main: `append('STEP_SUMMARY', '# Up\\n');`,
      post: `append('STEP_SUMMARY', 'and down\\n');`,
    });
    expect(await cli.run(['sums'])).toBe(0);
    expect(cli.lines).toEqual(['Summary', '  # Up', '  and down']);
    expect(await cli.run(['--summary', 'sum/mary.md', 'sums'])).toBe(0);
    expect(readFileSync(cli.resolvePath('sum/mary.md'), 'utf8')).toBe('# Up\n\nand down\n');
  });

  it('hides in a summary what a later step learnt to be secret', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'sums', main: `append('STEP_SUMMARY', 'key hunter-22\\n');` });
    cli.actions.write({ name: 'learns', main: `say('::add-mask::hunter-22');` });
    expect(await cli.run(['--summary', 'summary.md', 'sums', '--', 'learns'])).toBe(0);
    expect(readFileSync(cli.resolvePath('summary.md'), 'utf8')).toBe('key ***\n');
  });

  it('says what it takes to have an OIDC token, where credentials are wanted and none is there', async () => {
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

  it('is asked for help and its version', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'greet',
      inputs: { who: { description: 'Whom to greet.' } },
      outputs: { answer: { description: 'What they said.' } },
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
        /usage: .* greet [\s\S]*GREET_WHO[\s\S]*--who\n +Whom to greet\.[\s\S]*answer\n +What they said\./,
      );
    }
  });

  it.each([
    [[], 2, ''],
    [['gret'], 2, "unknown action 'gret': did you mean 'greet'?"],
    [['--host', 'jenkins', 'greet'], 2, "unknown host 'jenkins': one of github, azure-devops, gitlab, shell"],
    [['--actions', '/nowhere', 'greet'], 2, "there are no actions in '/nowhere'"],
    [['--token-file', 'a', '--token-variable', 'b', 'greet'], 2, 'exclude each other'],
    [['--post'], 2, "'--post' needs to know whose: add --state"],
    [['--state', 's', '--post', 'greet'], 2, "'--post' runs no actions"],
  ])('refuses %j', async (argv, code, message) => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'greet', main: '' });
    expect(await cli.run(argv)).toBe(code);
    expect(cli.errorOutput).toContain(message);
  });
});

const WAIT_SCRIPT = `setInterval(() => {}, 1000); say('waiting');`;

(windows ? describe.skip : describe)('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s cancels as GitHub does, the post runs, and the exit code tells', async (signal, code) => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'waits',
      main: `process.on('SIGINT', () => say('got SIGINT')); process.on('SIGTERM', () => say('got SIGTERM')); ${WAIT_SCRIPT}`,
      post: `say('post');`,
    });
    cli.actions.write({ name: 'next', main: `say('never');` });
    const exitCode = cli.run(['waits', '--', 'next']);
    await cli.waitForOutput(/waiting/);
    cli.signals.send(signal);
    expect(await exitCode).toBe(code);
    expect(cli.lines).toEqual(['— waits', 'waiting', 'got SIGINT', 'got SIGTERM', 'post']);
  });

  it('ends main at once when it comes again, and the post still runs', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'waits',
      main: `process.on('SIGINT', () => say('got it')); ${WAIT_SCRIPT}`,
      post: `say('post');`,
    });
    const exitCode = cli.run(['waits'], { gracePeriods: { interrupt: 60_000, terminate: 60_000, drain: 300 } });
    await cli.waitForOutput(/waiting/);
    cli.signals.send('SIGINT');
    await cli.waitForOutput(/got it/);
    cli.signals.send('SIGINT');
    expect(await exitCode).toBe(130);
    expect(cli.lines).toEqual(['waiting', 'got it', 'post']);
  });

  it('ends what main has started with it, where nothing else could', async () => {
    using cli = new CommandLineHarness();
    const child = `process.on('SIGINT', () => {}); console.log('child'); setInterval(() => {}, 1000);`;
    cli.actions.write({
      name: 'starts',
      main: `import { spawn } from 'node:child_process'; process.on('SIGINT', () => say('got it'));
        spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`,
    });
    // The run ends when nobody holds the output open any more: long before the pause that would let go of it.
    const exitCode = cli.run(['starts'], { gracePeriods: { interrupt: 60_000, terminate: 60_000, drain: 60_000 } });
    await cli.waitForOutput(/child/);
    cli.signals.send('SIGINT');
    await cli.waitForOutput(/got it/);
    cli.signals.send('SIGINT');
    expect(await exitCode).toBe(130);
  });

  it('spares a post that runs when a host, having sent SIGINT, sends SIGTERM; a person ends it with one more', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'patient',
      main: WAIT_SCRIPT,
      post: `say('cleaning'); setTimeout(() => say('clean'), 300); setInterval(() => {}, 1000);`,
    });
    const exitCode = cli.run(['patient']);
    await cli.waitForOutput(/waiting/);
    cli.signals.send('SIGINT');
    await cli.waitForOutput(/cleaning/);
    cli.signals.send('SIGTERM');
    await cli.waitForOutput(/clean$/m);
    cli.signals.send('SIGTERM');
    expect(await exitCode).toBe(130);
    expect(cli.lines).toEqual(['waiting', 'cleaning', 'clean']);
  });

  it('disturbs no post', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'cleans',
      main: '',
      post: `process.on('SIGINT', () => say('disturbed')); say('cleaning'); setTimeout(() => say('clean'), 300);`,
    });
    const exitCode = cli.run(['cleans']);
    await cli.waitForOutput(/cleaning/);
    cli.signals.send('SIGINT');
    expect(await exitCode).toBe(130);
    expect(cli.lines).toEqual(['cleaning', 'clean']);
  });
});

describe('a job that is kept', () => {
  it('is gone when its posts have run', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: `say('here ' + process.env.RUNNER_TEMP);`, post: '' });
    expect(await cli.run(['--state', 'kept', 'works'])).toBe(0);
    expect(cli.output).toContain(`here ${cli.resolvePath('kept')}`);
    expect(existsSync(cli.resolvePath('kept'))).toBe(false);
    expect(await cli.run(['--state', 'kept', '--post'])).toBe(0);
  });

  it('has its posts run by another process when its runner was killed, with state, exports and secrets', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'login',
      main: `say('::add-mask::hunter-22'); append('ENV', 'KEY=hunter-22\\n'); append('STATE', 'who=login\\n');`,
      post: `say(process.env.STATE_who + ' out');`,
    });
    cli.actions.write({
      name: 'change',
      inputs: { name: {} },
      main: `append('STATE', 'token=t-1\\n'); ${WAIT_SCRIPT}`,
      post: `say(['undo', process.env.INPUT_NAME, process.env.STATE_token, process.env.KEY.length, process.env.KEY].join(' '));`,
    });
    const interrupted = new CommandLineHarness();
    const exitCode = interrupted.run(['--state', 'kept', 'login', '--', 'change', '--name', 'shop'], {
      actionsDirectory: cli.actions.directory,
      directory: cli.directory,
    });
    await interrupted.waitForOutput(/waiting/);
    expect(statSync(cli.resolvePath('kept')).mode & 0o777).toBe(windows ? 0o666 : 0o700);

    // What a killed runner leaves is what lies on the disk now; the same files are finished from there.
    expect(await cli.run(['--state', 'kept', '--post'])).toBe(0);
    expect(cli.lines).toEqual(['undo shop t-1 9 ***', 'login out']);
    expect(existsSync(cli.resolvePath('kept'))).toBe(false);
    interrupted.signals.send('SIGINT');
    await exitCode;
    interrupted[Symbol.dispose]();
  });

  it('fails where a post does that another process runs', async () => {
    using cli = new CommandLineHarness();
    const action = cli.actions.write({ name: 'works', main: '', post: `process.exitCode = 3;` });
    const record = new JobRecord(cli.resolvePath('kept'));
    const temp = join(record.open(), 'job-1');
    mkdirSync(temp);
    const step = { action, id: 'works', inputs: {}, state: {}, ended: true };
    record.write({ temp, status: 'success', env: {}, masks: [], steps: [step] });
    expect(await cli.run(['--state', 'kept', '--post'])).toBe(1);
    expect(existsSync(cli.resolvePath('kept'))).toBe(false);
  });

  it('is gone as well where its outputs cannot be written', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: `append('OUTPUT', 'a=1\\n');`, post: `say('post');` });
    writeFileSync(cli.resolvePath('file'), '');
    expect(await cli.run(['--state', 'kept', '--outputs', 'file/below.json', 'works'])).toBe(1);
    expect([cli.lines, existsSync(cli.resolvePath('kept'))]).toEqual([['post'], false]);
    expect(cli.errorOutput).toContain('runner.js: ');
  });

  it('is not overwritten by the next one', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: '' });
    const record = new JobRecord(cli.resolvePath('kept'));
    record.open();
    record.write({ temp: cli.resolvePath('kept'), status: 'success', env: {}, masks: [], steps: [] });
    expect(await cli.run(['--state', 'kept', 'works'])).toBe(2);
    expect(cli.errorOutput).toContain("holds a job whose posts have not run: run them first: runner.js --state '");
    writeFileSync(join(cli.resolvePath('kept'), 'job.json'), '{}');
    expect(await cli.run(['--state', 'kept', '--post'])).toBe(1);
    expect(cli.errorOutput).toContain('is no record of a job');
  });

  it('takes no folder with other things in it: it would remove them', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: '' });
    writeFileSync(cli.resolvePath('mine'), 'precious');
    expect(await cli.run(['--state', '.', 'works'])).toBe(2);
    expect(cli.errorOutput).toContain("holds 'mine', which is no job's: name a folder that is not there yet");
    expect(readFileSync(cli.resolvePath('mine'), 'utf8')).toBe('precious');
  });

  it('is taken neither from nor to a place that somebody else prepared', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: '', post: `say('run');` });
    new JobRecord(cli.resolvePath('theirs')).open();
    const step = { action: join(cli.actions.directory, 'works'), id: 'works', inputs: {}, state: {}, ended: true };
    const status = 'success' as const;
    const record = { temp: cli.resolvePath('theirs'), status, env: {}, masks: [], steps: [step] };
    new JobRecord(cli.resolvePath('theirs')).write(record);
    symlinkSync(cli.resolvePath('theirs'), cli.resolvePath('link'), 'junction');
    expect(await cli.run(['--state', 'link', '--post'])).toBe(2);
    expect(await cli.run(['--state', 'link', 'works'])).toBe(2);
    expect(cli.errorOutput.match(/link' is a link: name a folder that nobody else can make/g)).toHaveLength(2);
    expect(cli.output).toBe('');
    if (process.getuid === undefined) return;
    const otherOwner = new JobRecord(cli.resolvePath('theirs'), process.getuid() + 1);
    expect(() => otherOwner.read()).toThrow("theirs' is not of your making");
    expect(() => otherOwner.open()).toThrow("theirs' is not of your making");
  });
});
