import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Job, type JobOptions } from '../src/job.js';
import { type SampleAction, SampleActions } from './sample-action.js';

const windows = process.platform === 'win32';

/** A job in a workspace of its own, with a way to write actions; all is removed with it. */
const newJob = (options: Partial<JobOptions> = {}) => {
  const actions = new SampleActions();
  const workspace = join(actions.folder, 'workspace');
  const job = new Job({ workspace, pauses: { interrupt: 300, terminate: 300, drain: 300 }, ...options });
  return {
    job,
    workspace,
    write: (action: SampleAction) => actions.write(action),
    run: (action: SampleAction, inputs: Record<string, string> = {}) =>
      job.run({ action: actions.write(action), inputs }),
    [Symbol.asyncDispose]: async () => {
      await job[Symbol.asyncDispose]();
      actions[Symbol.dispose]();
    },
  };
};

const printEnvironment = 'say(JSON.stringify(process.env));';
const readEnvironment = (log: readonly string[]): Record<string, string> => JSON.parse(log.at(-1) ?? '{}');

describe('a step', () => {
  it('gives its outputs, summary and log', async () => {
    await using story = newJob();
    const result = await story.run({
      main: `append('OUTPUT', 'one=1\\nmany<<EOF\\nfirst\\nEOF?\\nEOF\\n'); append('STEP_SUMMARY', '# Done'); say('hi'); console.error('also');`,
    });
    expect(result).toMatchObject({
      stage: 'main',
      conclusion: 'success',
      outputs: { one: '1', many: 'first\nEOF?' },
      summary: '# Done',
    });
    expect([...result.log].sort()).toEqual(['also', 'hi']);
  });

  it('sees a clean environment with what a runner puts there', async () => {
    process.env['LEAK_OF_THE_CALLER'] = 'leak';
    await using story = newJob({
      env: { FROM_JOB: 'job' },
      github: { repository: 'o/r', run_attempt: '2', token: 't-1' },
      idToken: { url: 'http://127.0.0.1:1/token', token: 'request-token' },
      event: { number: 7 },
    });
    const main = `import { readFileSync } from 'node:fs';
      say(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8')); say(process.cwd()); ${printEnvironment}`;
    const { log } = await story.run({ inputs: { 'role-arn': {} }, main }, { 'role-arn': 'arn' });
    delete process.env['LEAK_OF_THE_CALLER'];
    const environment = readEnvironment(log);
    expect(log.slice(0, 2)).toEqual(['{"number":7}', story.workspace]);
    expect(environment).toMatchObject({
      CI: 'true',
      FROM_JOB: 'job',
      GITHUB_ACTION: '__self',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_REPOSITORY_OWNER: 'o',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_WORKSPACE: story.workspace,
      'INPUT_ROLE-ARN': 'arn',
      RUNNER_TEMP: story.job.temp,
      ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/token',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: '***',
    });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['LEAK_OF_THE_CALLER']));
    expect(Object.keys(environment)).not.toContain('GITHUB_TOKEN');
    expect(Object.keys(environment)).not.toContain('NODE_OPTIONS');
  });

  it('hides secrets in everything that leaves it, and passes them on unhidden', async () => {
    await using story = newJob();
    const first = await story.run({
      main: `say('::add-mask::hunter-22'); say('log hunter-22'); say('::error::bad hunter-22');
        append('STEP_SUMMARY', 'first\\nhunter-22\\n'); append('OUTPUT', 'o=hunter-22\\n'); append('ENV', 'E=hunter-22\\n');`,
    });
    expect(first.log).toEqual(['log ***', '##[error]bad ***']);
    expect(first.annotations).toMatchObject([{ message: 'bad ***' }]);
    expect(first.summary).toBe('first\n***\n');
    expect(first.outputs).toEqual({ o: 'hunter-22' });
    const second = await story.run({ main: `say(process.env.E); append('OUTPUT', 'length=' + process.env.E.length);` });
    expect(second).toMatchObject({ log: ['***'], outputs: { length: '9' } });
    expect(story.job.masks.values).toEqual(['hunter-22']);
  });

  it('passes variables and folders on to later steps, the last folder first', async () => {
    await using story = newJob({ machine: { PATH: '/machine' }, env: { A: 'job' } });
    await story.run({ main: `append('ENV', 'A=one\\nNODE_OPTIONS=--inspect\\n'); append('PATH', '/x\\n/y\\n');` });
    await story.run({ main: `append('PATH', '/x\\n');` });
    const { log } = await story.run({ main: printEnvironment });
    expect(readEnvironment(log)).toMatchObject({ A: 'one', PATH: ['/x', '/y', '/machine'].join(windows ? ';' : ':') });
    expect(readEnvironment(log)).not.toHaveProperty('NODE_OPTIONS');
    expect(story.job.results[0]?.annotations).toMatchObject([
      { message: "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command." },
    ]);
  });

  it('warns of inputs the action does not declare', async () => {
    await using story = newJob();
    const { annotations } = await story.run({ inputs: { a: {}, b: {} }, main: '' }, { c: '1' });
    expect(annotations).toMatchObject([
      { level: 'warning', message: "Unexpected input(s) 'c', valid inputs are ['a', 'b']" },
    ]);
  });

  it.each([
    ['an exit code', 'process.exitCode = 3;'],
    ['an exception', "throw new Error('no');"],
    ['a file command nobody can read', "append('ENV', 'nonsense\\n');"],
    ['a disabled command', "say('::set-env name=A::1');"],
  ])('fails by %s', async (_, main) => {
    await using story = newJob();
    expect(await story.run({ main })).toMatchObject({ conclusion: 'failure' });
    expect(story.job.status).toBe('failure');
  });

  it('fails where the Node it is to run under does not exist', async () => {
    await using story = newJob({ node: '/nowhere/node' });
    await expect(story.run({ main: '' })).rejects.toThrow('ENOENT');
  });

  it('loses a summary over a mebibyte, with an error and without failing', async () => {
    await using story = newJob();
    const result = await story.run({ main: `append('STEP_SUMMARY', 'x'.repeat(1024 * 1024 + 1));` });
    expect(result).toMatchObject({ conclusion: 'success', summary: '', annotations: [{ level: 'error' }] });
  });

  it('ends with its process even if something it started holds its output open', async () => {
    await using story = newJob();
    const main = `import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: 'inherit', detached: true });
      child.unref(); say('done');`;
    const started = performance.now();
    expect(await story.run({ main })).toMatchObject({ conclusion: 'success', log: ['done'] });
    expect(performance.now() - started).toBeLessThan(2_500);
  });
});

describe('a job', () => {
  const sayState = `say('post of ' + process.env.STATE_who + ' after ' + process.env.INPUT_NAME);`;
  const withPost = (who: string) => ({
    inputs: { name: { default: who } },
    main: `append('STATE', 'who=${who}\\n');`,
    post: sayState,
  });

  it('runs posts in reverse order with their own state and inputs', async () => {
    await using story = newJob();
    await story.run(withPost('first'));
    await story.run(withPost('second'));
    const posts = await story.job.finish();
    expect(posts.map(({ stage, log }) => [stage, ...log])).toEqual([
      ['post', 'post of second after second'],
      ['post', 'post of first after first'],
    ]);
    expect(await story.job.finish()).toEqual([]);
  });

  it('runs pre before main, and shares its state', async () => {
    await using story = newJob();
    await story.run({ pre: `append('STATE', 'a=1\\n');`, main: `say('state ' + process.env.STATE_a);` });
    expect(story.job.results.map(({ stage, log }) => [stage, ...log])).toEqual([['pre'], ['main', 'state 1']]);
  });

  it('skips what follows a failure, but runs the post of what failed', async () => {
    await using story = newJob();
    await story.run({ ...withPost('first'), main: `append('STATE', 'who=first\\n'); process.exitCode = 1;` });
    expect(await story.run({ main: `say('never');`, post: `say('nor this');` })).toMatchObject({
      conclusion: 'skipped',
      log: [],
    });
    const always = story.write({ main: `say('always');` });
    expect(await story.job.run({ action: always, condition: 'always()' })).toMatchObject({ log: ['always'] });
    expect((await story.job.finish()).map(({ log }) => log)).toEqual([['post of first after first']]);
    expect(story.job.status).toBe('failure');
  });

  it('skips a post whose condition does not hold', async () => {
    await using story = newJob();
    await story.run({ main: 'process.exitCode = 1;', post: `say('only after success');`, postIf: 'success()' });
    expect(await story.job.finish()).toMatchObject([{ conclusion: 'skipped' }]);
  });

  it('goes on after a failure that is forgiven', async () => {
    await using story = newJob();
    const action = story.write({ main: 'process.exitCode = 1;' });
    const result = await story.job.run({ action, continueOnError: true });
    expect(result).toMatchObject({ outcome: 'failure', conclusion: 'success' });
    expect(story.job.status).toBe('success');
  });

  it('fails with a post that fails', async () => {
    await using story = newJob();
    await story.run({ main: '', post: 'process.exitCode = 1;' });
    await story.job.finish();
    expect(story.job.status).toBe('failure');
  });

  it('removes RUNNER_TEMP at its end', async () => {
    const story = newJob();
    await story.run({ main: '' });
    expect(existsSync(story.job.temp)).toBe(true);
    await story[Symbol.asyncDispose]();
    expect(existsSync(story.job.temp)).toBe(false);
  });
});

const waiting = `setInterval(() => {}, 1000); say('waiting');`;

describe('a step that is cancelled', () => {
  (windows ? it.skip : it).each([
    ['SIGINT', `process.once('SIGINT', () => { say('got SIGINT'); process.exit(0); });`, ['got SIGINT']],
    [
      'SIGTERM',
      `process.on('SIGINT', () => say('got SIGINT')); process.once('SIGTERM', () => { say('got SIGTERM'); process.exit(0); });`,
      ['got SIGINT', 'got SIGTERM'],
    ],
    [
      'SIGKILL',
      `process.on('SIGINT', () => say('got SIGINT')); process.on('SIGTERM', () => say('got SIGTERM'));`,
      ['got SIGINT', 'got SIGTERM'],
    ],
  ])('ends at %s', async (signal, handlers, said) => {
    await using story = newJob();
    const action = story.write({ main: handlers + waiting, post: `say('post');` });
    const step = await story.job.begin({ action });
    await step.line(/waiting/);
    story.job.cancel();
    const result = await step.result;
    expect(result).toMatchObject({ conclusion: 'cancelled', log: ['waiting', ...said] });
    expect(result.ending.signal).toBe(signal === 'SIGKILL' ? 'SIGKILL' : null);
    expect(await story.job.finish()).toMatchObject([{ conclusion: 'success', log: ['post'] }]);
    expect(story.job.status).toBe('cancelled');
  });

  it('keeps the state it saved before it was killed', async () => {
    await using story = newJob();
    const main = `append('STATE', 'token=t\\n'); ${waiting}`;
    const step = await story.job.begin({
      action: story.write({ main, post: `say('undo ' + process.env.STATE_token);` }),
    });
    await step.line(/waiting/);
    step.kill();
    expect(await step.result).toMatchObject({ conclusion: 'failure', ending: { exitCode: null, signal: 'SIGKILL' } });
    expect(await story.job.finish()).toMatchObject([{ log: ['undo t'] }]);
  });

  it('says which line it never said', async () => {
    await using story = newJob();
    const step = await story.job.begin({ action: story.write({ main: `say('one');` }) });
    await expect(step.line(/two/)).rejects.toThrow('the step ended without a line like /two/');
    await expect(step.line(/one/)).resolves.toBe('one');
  });
});
