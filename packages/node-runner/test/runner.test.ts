import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { JobRecord } from '../src/cli/job-record.js';
import { CommandLineCall } from './command-line-call.js';

const windows = process.platform === 'win32';

describe('the command line of the runner', () => {
  it('runs main and post with the inputs, and shows what they say', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'greet',
      inputs: { who: { default: 'nobody' } },
      main: `say('hello ' + process.env.INPUT_WHO + ' from ' + process.env.AWS_DELIVERY_RUNNER); append('STATE', 'seen=1\\n');`,
      post: `say('bye, seen ' + process.env.STATE_seen);`,
    });
    expect(await call.run(['greet', '--who', 'you'])).toBe(0);
    expect(call.lines).toEqual(['hello you from shell', 'bye, seen 1']);
    expect(call.signals.listeners).toBe(0);
  });

  it('runs several actions as one job: exports reach the next, posts run in reverse order', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'one',
      main: `append('ENV', 'KEY=k\\n'); append('PATH', '/x\\n');`,
      post: `say('post one');`,
    });
    call.actions.write({
      name: 'two',
      main: `say(process.env.KEY + ' ' + process.env.PATH.split(':')[0]);`,
      post: `say('post two');`,
    });
    expect(await call.run(['one', '--', 'two'])).toBe(0);
    expect(call.lines).toEqual(['— one', '— two', 'k /x', 'post two', 'post one']);
  });

  it('stops at a failure, runs the posts, and exits with 1', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'fails',
      main: `say('::error file=a.yml,line=3::no'); process.exitCode = 7;`,
      post: `say('post');`,
    });
    call.actions.write({ name: 'never', main: `say('never');` });
    expect(await call.run(['fails', '--', 'never'])).toBe(1);
    expect(call.lines).toEqual(['— fails', 'error: no (a.yml:3)', 'post']);
  });

  it('hides secrets in what it prints, also where their output comes in pieces', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'leaks',
      main: `say('::add-mask::hunter-22'); process.stdout.write('it is hun'); setTimeout(() => say('ter-22!'), 50);`,
    });
    expect(await call.run(['leaks'])).toBe(0);
    expect(call.lines).toEqual(['it is ***!']);
  });

  it('lets nothing of the caller through but what an action needs, and what is named', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'look', main: `say(Object.keys(process.env).join(' '));` });
    const variables = {
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
    expect(await call.run(['--env', 'MINE', '--env', 'MY_*', 'look'], { variables })).toBe(0);
    const seen = call.printed.trim().split(' ');
    expect(seen).toEqual(
      expect.arrayContaining(['AWS_PROFILE', 'https_proxy', 'DOCKER_HOST', 'MINE', 'MY_ONE', 'MY_OTHER']),
    );
    for (const name of ['CI_JOB_TOKEN', 'INPUT_NAME', 'GITHUB_TOKEN']) expect(seen).not.toContain(name);
  });

  it('hands no path on that leads into the folder which goes with the job', async () => {
    using call = new CommandLineCall();
    const main = `
      const { RUNNER_TEMP } = process.env;
      append('OUTPUT', 'gone=' + RUNNER_TEMP + '/findings.sarif\\nbeside=' + RUNNER_TEMP + '-2/a\\nstays=findings.sarif\\n');
    `;
    call.actions.write({ name: 'scan', main });
    expect(await call.run(['--outputs', 'out.json', 'scan'])).toBe(0);
    const outputs = JSON.parse(readFileSync(call.path('out.json'), 'utf8'));
    expect(outputs).toEqual({ beside: expect.stringMatching(/-2\/a$/), stays: 'findings.sarif' });
  });

  it('writes outputs as lines and as JSON, without secrets, the later of equal names', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'one', main: `append('OUTPUT', 'stack-id=1\\n'); append('OUTPUT', 'kept=k\\n');` });
    call.actions.write({
      name: 'two',
      main: `say('::add-mask::hunter-22');
        append('OUTPUT', 'stack-id=2\\nkey=a hunter-22\\nmany<<E\\n1\\n2\\nE\\nlong=' + 'x'.repeat(6000) + '\\n');`,
    });
    const files = ['--outputs', 'out/a.env', '--outputs', 'b.json', '--outputs-prefix', 'OUTPUT_'];
    expect(await call.run([...files, 'one', '--', 'two'])).toBe(0);
    expect(readFileSync(call.path('out/a.env'), 'utf8')).toBe('OUTPUT_STACK_ID=2\nOUTPUT_KEPT=k\n');
    expect(JSON.parse(readFileSync(call.path('b.json'), 'utf8'))).toEqual({
      'stack-id': '2',
      kept: 'k',
      many: '1\n2',
      long: 'x'.repeat(6000),
    });
  });

  it('shows the summary in the log, or writes it to a file', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'sums',
      main: `append('STEP_SUMMARY', '# Up\\n');`,
      post: `append('STEP_SUMMARY', 'and down\\n');`,
    });
    expect(await call.run(['sums'])).toBe(0);
    expect(call.lines).toEqual(['Summary', '  # Up', '  and down']);
    expect(await call.run(['--summary', 'sum/mary.md', 'sums'])).toBe(0);
    expect(readFileSync(call.path('sum/mary.md'), 'utf8')).toBe('# Up\n\nand down\n');
  });

  it('hides in a summary what a later step learnt to be secret', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'sums', main: `append('STEP_SUMMARY', 'key hunter-22\\n');` });
    call.actions.write({ name: 'learns', main: `say('::add-mask::hunter-22');` });
    expect(await call.run(['--summary', 'summary.md', 'sums', '--', 'learns'])).toBe(0);
    expect(readFileSync(call.path('summary.md'), 'utf8')).toBe('key ***\n');
  });

  it('says what it takes to have an OIDC token, where credentials are wanted and none is there', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'oidc-credentials', main: `say('url ' + process.env.ACTIONS_ID_TOKEN_REQUEST_URL);` });
    for (const [host, advice] of [
      ['github', 'id-token: write'],
      ['azure-devops', '$(System.AccessToken)'],
      ['gitlab', 'GITLAB_OIDC_TOKEN'],
      ['shell', '--token-variable'],
    ] as const) {
      call.printed = '';
      expect(await call.run(['--host', host, 'oidc-credentials'])).toBe(0);
      expect(call.lines).toEqual([expect.stringContaining(advice), 'url undefined']);
    }
    call.printed = '';
    const given = { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/t', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret' };
    expect(await call.run(['oidc-credentials'], { variables: { PATH: process.env['PATH'], ...given } })).toBe(0);
    expect(call.lines).toEqual(['url http://127.0.0.1:1/t']);
  });

  it('is asked for help and its version', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'greet',
      inputs: { who: { description: 'Whom to greet.' } },
      outputs: { answer: { description: 'What they said.' } },
      main: '',
    });
    expect(await call.run(['--version'])).toBe(0);
    expect(call.printed).toBe('9.9.9\n');
    expect(await call.run(['--help'])).toBe(0);
    expect(call.printed).toContain('--outputs <file>');
    expect(call.printed).toContain('  greet\n');
    for (const argv of [
      ['greet', '--help'],
      ['--help', 'greet'],
    ]) {
      call.printed = '';
      expect(await call.run(argv)).toBe(0);
      expect(call.printed).toMatch(
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
    using call = new CommandLineCall();
    call.actions.write({ name: 'greet', main: '' });
    expect(await call.run(argv)).toBe(code);
    expect(call.errors).toContain(message);
  });
});

const waiting = `setInterval(() => {}, 1000); say('waiting');`;

(windows ? describe.skip : describe)('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s cancels as GitHub does, the post runs, and the exit code tells', async (signal, code) => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'waits',
      main: `process.on('SIGINT', () => say('got SIGINT')); process.on('SIGTERM', () => say('got SIGTERM')); ${waiting}`,
      post: `say('post');`,
    });
    call.actions.write({ name: 'next', main: `say('never');` });
    const ended = call.run(['waits', '--', 'next']);
    await call.said(/waiting/);
    call.signals.send(signal);
    expect(await ended).toBe(code);
    expect(call.lines).toEqual(['— waits', 'waiting', 'got SIGINT', 'got SIGTERM', 'post']);
  });

  it('ends main at once when it comes again, and the post still runs', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'waits',
      main: `process.on('SIGINT', () => say('got it')); ${waiting}`,
      post: `say('post');`,
    });
    const ended = call.run(['waits'], { pauses: { interrupt: 60_000, terminate: 60_000, drain: 300 } });
    await call.said(/waiting/);
    call.signals.send('SIGINT');
    await call.said(/got it/);
    call.signals.send('SIGINT');
    expect(await ended).toBe(130);
    expect(call.lines).toEqual(['waiting', 'got it', 'post']);
  });

  it('ends what main has started with it, where nothing else could', async () => {
    using call = new CommandLineCall();
    const child = `process.on('SIGINT', () => {}); console.log('child'); setInterval(() => {}, 1000);`;
    call.actions.write({
      name: 'starts',
      main: `import { spawn } from 'node:child_process'; process.on('SIGINT', () => say('got it'));
        spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`,
    });
    // The run ends when nobody holds the output open any more: long before the pause that would let go of it.
    const ended = call.run(['starts'], { pauses: { interrupt: 60_000, terminate: 60_000, drain: 60_000 } });
    await call.said(/child/);
    call.signals.send('SIGINT');
    await call.said(/got it/);
    call.signals.send('SIGINT');
    expect(await ended).toBe(130);
  });

  it('spares a post that runs when a host, having sent SIGINT, sends SIGTERM; a person ends it with one more', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'patient',
      main: waiting,
      post: `say('cleaning'); setTimeout(() => say('clean'), 300); setInterval(() => {}, 1000);`,
    });
    const ended = call.run(['patient']);
    await call.said(/waiting/);
    call.signals.send('SIGINT');
    await call.said(/cleaning/);
    call.signals.send('SIGTERM');
    await call.said(/clean$/m);
    call.signals.send('SIGTERM');
    expect(await ended).toBe(130);
    expect(call.lines).toEqual(['waiting', 'cleaning', 'clean']);
  });

  it('disturbs no post', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'cleans',
      main: '',
      post: `process.on('SIGINT', () => say('disturbed')); say('cleaning'); setTimeout(() => say('clean'), 300);`,
    });
    const ended = call.run(['cleans']);
    await call.said(/cleaning/);
    call.signals.send('SIGINT');
    expect(await ended).toBe(130);
    expect(call.lines).toEqual(['cleaning', 'clean']);
  });
});

describe('a job that is kept', () => {
  it('is gone when its posts have run', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'works', main: `say('here ' + process.env.RUNNER_TEMP);`, post: '' });
    expect(await call.run(['--state', 'kept', 'works'])).toBe(0);
    expect(call.printed).toContain(`here ${call.path('kept')}`);
    expect(existsSync(call.path('kept'))).toBe(false);
    expect(await call.run(['--state', 'kept', '--post'])).toBe(0);
  });

  it('has its posts run by another process when its runner was killed, with state, exports and secrets', async () => {
    using call = new CommandLineCall();
    call.actions.write({
      name: 'login',
      main: `say('::add-mask::hunter-22'); append('ENV', 'KEY=hunter-22\\n'); append('STATE', 'who=login\\n');`,
      post: `say(process.env.STATE_who + ' out');`,
    });
    call.actions.write({
      name: 'change',
      inputs: { name: {} },
      main: `append('STATE', 'token=t-1\\n'); ${waiting}`,
      post: `say(['undo', process.env.INPUT_NAME, process.env.STATE_token, process.env.KEY.length, process.env.KEY].join(' '));`,
    });
    const abandoned = new CommandLineCall();
    const ended = abandoned.run(['--state', 'kept', 'login', '--', 'change', '--name', 'shop'], {
      actions: call.actions.folder,
      directory: call.folder,
    });
    await abandoned.said(/waiting/);
    expect(statSync(call.path('kept')).mode & 0o777).toBe(windows ? 0o666 : 0o700);

    // What a killed runner leaves is what lies on the disk now; the same files are finished from there.
    expect(await call.run(['--state', 'kept', '--post'])).toBe(0);
    expect(call.lines).toEqual(['undo shop t-1 9 ***', 'login out']);
    expect(existsSync(call.path('kept'))).toBe(false);
    abandoned.signals.send('SIGINT');
    await ended;
    abandoned[Symbol.dispose]();
  });

  it('fails where a post does that another process runs', async () => {
    using call = new CommandLineCall();
    const action = call.actions.write({ name: 'works', main: '', post: `process.exitCode = 3;` });
    const record = new JobRecord(call.path('kept'));
    const temp = join(record.open(), 'job-1');
    mkdirSync(temp);
    const step = { action, id: 'works', inputs: {}, state: {}, ended: true };
    record.write({ temp, status: 'success', env: {}, masks: [], steps: [step] });
    expect(await call.run(['--state', 'kept', '--post'])).toBe(1);
    expect(existsSync(call.path('kept'))).toBe(false);
  });

  it('is gone as well where its outputs cannot be written', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'works', main: `append('OUTPUT', 'a=1\\n');`, post: `say('post');` });
    writeFileSync(call.path('file'), '');
    expect(await call.run(['--state', 'kept', '--outputs', 'file/below.json', 'works'])).toBe(1);
    expect([call.lines, existsSync(call.path('kept'))]).toEqual([['post'], false]);
    expect(call.errors).toContain('runner.js: ');
  });

  it('is not overwritten by the next one', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'works', main: '' });
    const record = new JobRecord(call.path('kept'));
    record.open();
    record.write({ temp: call.path('kept'), status: 'success', env: {}, masks: [], steps: [] });
    expect(await call.run(['--state', 'kept', 'works'])).toBe(2);
    expect(call.errors).toContain("holds a job whose posts have not run: run them first: runner.js --state '");
    writeFileSync(join(call.path('kept'), 'job.json'), '{}');
    expect(await call.run(['--state', 'kept', '--post'])).toBe(1);
    expect(call.errors).toContain('is no record of a job');
  });

  it('takes no folder with other things in it: it would remove them', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'works', main: '' });
    writeFileSync(call.path('mine'), 'precious');
    expect(await call.run(['--state', '.', 'works'])).toBe(2);
    expect(call.errors).toContain("holds 'mine', which is no job's: name a folder that is not there yet");
    expect(readFileSync(call.path('mine'), 'utf8')).toBe('precious');
  });

  it('is taken neither from nor to a place that somebody else prepared', async () => {
    using call = new CommandLineCall();
    call.actions.write({ name: 'works', main: '', post: `say('run');` });
    new JobRecord(call.path('theirs')).open();
    const step = { action: join(call.actions.folder, 'works'), id: 'works', inputs: {}, state: {}, ended: true };
    const status = 'success' as const;
    const record = { temp: call.path('theirs'), status, env: {}, masks: [], steps: [step] };
    new JobRecord(call.path('theirs')).write(record);
    symlinkSync(call.path('theirs'), call.path('link'), 'junction');
    expect(await call.run(['--state', 'link', '--post'])).toBe(2);
    expect(await call.run(['--state', 'link', 'works'])).toBe(2);
    expect(call.errors.match(/link' is a link: name a folder that nobody else can make/g)).toHaveLength(2);
    expect(call.printed).toBe('');
    if (process.getuid === undefined) return;
    const stranger = new JobRecord(call.path('theirs'), process.getuid() + 1);
    expect(() => stranger.read()).toThrow("theirs' is not of your making");
    expect(() => stranger.open()).toThrow("theirs' is not of your making");
  });
});
