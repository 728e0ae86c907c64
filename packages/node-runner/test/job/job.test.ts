import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless, WINDOWS_OBSTACLE } from '@aws-delivery/action-kit/testing/declare-unless';
import { describe, expect, it } from '@jest/globals';
import { Job, type JobOptions } from '../../src/job/job.js';
import { type SampleAction, SampleActions } from '../sample-action.js';

const windows = process.platform === 'win32';

/** A job in a temporary workspace with functions that write and run sample actions. */
const createFixture = (options: Partial<JobOptions> = {}) => {
  const actions = new SampleActions();
  const workspace = join(actions.directory, 'workspace');
  const job = new Job({ workspace, gracePeriods: { interrupt: 300, terminate: 300, drain: 300 }, ...options });
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
  it('returns its outputs, summary and log', async () => {
    await using fixture = createFixture();
    const result = await fixture.run({
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

  it('sees only the variables that a runner sets', async () => {
    process.env['LEAK_OF_THE_CALLER'] = 'leak';
    await using fixture = createFixture({
      env: { FROM_JOB: 'job' },
      github: { repository: 'o/r', run_attempt: '2', token: 't-1' },
      idToken: { url: 'http://127.0.0.1:1/token', token: 'request-token' },
      event: { number: 7 },
    });
    const main = `import { readFileSync } from 'node:fs';
      say(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8')); say(process.cwd()); ${printEnvironment}`;
    const { log } = await fixture.run({ inputs: { 'role-arn': {} }, main }, { 'role-arn': 'arn' });
    delete process.env['LEAK_OF_THE_CALLER'];
    const environment = readEnvironment(log);
    expect(log.slice(0, 2)).toEqual(['{"number":7}', fixture.workspace]);
    expect(environment).toMatchObject({
      CI: 'true',
      FROM_JOB: 'job',
      GITHUB_ACTION: '__self',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_REPOSITORY_OWNER: 'o',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_WORKSPACE: fixture.workspace,
      'INPUT_ROLE-ARN': 'arn',
      RUNNER_TEMP: fixture.job.temp,
      ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/token',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: '***',
    });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['LEAK_OF_THE_CALLER']));
    expect(Object.keys(environment)).not.toContain('GITHUB_TOKEN');
    expect(Object.keys(environment)).not.toContain('NODE_OPTIONS');
  });

  it('masks secrets in log, annotations and summary, and passes them on in outputs and exports', async () => {
    await using fixture = createFixture();
    const first = await fixture.run({
      main: `say('::add-mask::hunter-22'); say('log hunter-22'); say('::error::bad hunter-22');
        append('STEP_SUMMARY', 'first\\nhunter-22\\n'); append('OUTPUT', 'o=hunter-22\\n'); append('ENV', 'E=hunter-22\\n');`,
    });
    expect(first.log).toEqual(['log ***', '##[error]bad ***']);
    expect(first.annotations).toMatchObject([{ message: 'bad ***' }]);
    expect(first.summary).toBe('first\n***\n');
    expect(first.outputs).toEqual({ o: 'hunter-22' });
    const second = await fixture.run({
      main: `say(process.env.E); append('OUTPUT', 'length=' + process.env.E.length);`,
    });
    expect(second).toMatchObject({ log: ['***'], outputs: { length: '9' } });
    expect(fixture.job.masks.values).toEqual(['hunter-22']);
  });

  it('exports variables and paths to later steps, the last path first', async () => {
    await using fixture = createFixture({ baseEnv: { PATH: '/machine' }, env: { A: 'job' } });
    await fixture.run({ main: `append('ENV', 'A=one\\nNODE_OPTIONS=--inspect\\n'); append('PATH', '/x\\n/y\\n');` });
    await fixture.run({ main: `append('PATH', '/x\\n');` });
    const { log } = await fixture.run({ main: printEnvironment });
    expect(readEnvironment(log)).toMatchObject({ A: 'one', PATH: ['/x', '/y', '/machine'].join(windows ? ';' : ':') });
    expect(readEnvironment(log)).not.toHaveProperty('NODE_OPTIONS');
    expect(fixture.job.results[0]?.annotations).toMatchObject([
      { message: "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command." },
    ]);
  });

  it('warns about undeclared inputs', async () => {
    await using fixture = createFixture();
    const { annotations } = await fixture.run({ inputs: { a: {}, b: {} }, main: '' }, { c: '1' });
    expect(annotations).toMatchObject([
      { level: 'warning', message: "Unexpected input(s) 'c', valid inputs are ['a', 'b']" },
    ]);
  });

  it.each([
    ['an exit code', 'process.exitCode = 3;'],
    ['an exception', "throw new Error('no');"],
    ['an invalid file command', "append('ENV', 'nonsense\\n');"],
    ['a disabled command', "say('::set-env name=A::1');"],
  ])('fails after %s', async (_, main) => {
    await using fixture = createFixture();
    expect(await fixture.run({ main })).toMatchObject({ conclusion: 'failure' });
    expect(fixture.job.status).toBe('failure');
  });

  it('rejects when the Node program does not exist', async () => {
    await using fixture = createFixture({ node: '/nowhere/node' });
    await expect(fixture.run({ main: '' })).rejects.toThrow('ENOENT');
  });

  it('drops a summary above 1 MiB with an error annotation and without failing', async () => {
    await using fixture = createFixture();
    const result = await fixture.run({ main: `append('STEP_SUMMARY', 'x'.repeat(1024 * 1024 + 1));` });
    expect(result).toMatchObject({ conclusion: 'success', summary: '', annotations: [{ level: 'error' }] });
  });

  it('ends with its process although a child process holds the output open', async () => {
    await using fixture = createFixture();
    const main = `import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { stdio: 'inherit', detached: true });
      child.unref(); say(String(child.pid));`;
    const { conclusion, log } = await fixture.run({ main });
    // A run that waited for the output's end would find the child dead, and kill nothing.
    expect(process.kill(Number(log[0]), 'SIGKILL')).toBe(true);
    expect(conclusion).toBe('success');
  });
});

describe('a job', () => {
  const PRINT_STATE = `say('post of ' + process.env.STATE_who + ' after ' + process.env.INPUT_NAME);`;
  const createActionWithPost = (who: string) => ({
    inputs: { name: { default: who } },
    main: `append('STATE', 'who=${who}\\n');`,
    post: PRINT_STATE,
  });

  it('runs posts in reverse order with their own state and inputs', async () => {
    await using fixture = createFixture();
    await fixture.run(createActionWithPost('first'));
    await fixture.run(createActionWithPost('second'));
    const posts = await fixture.job.finish();
    expect(posts.map(({ stage, log }) => [stage, ...log])).toEqual([
      ['post', 'post of second after second'],
      ['post', 'post of first after first'],
    ]);
    expect(await fixture.job.finish()).toEqual([]);
  });

  it('runs pre before main and shares its state', async () => {
    await using fixture = createFixture();
    await fixture.run({ pre: `append('STATE', 'a=1\\n');`, main: `say('state ' + process.env.STATE_a);` });
    expect(fixture.job.results.map(({ stage, log }) => [stage, ...log])).toEqual([['pre'], ['main', 'state 1']]);
  });

  it('skips steps after a failure and runs the post of the failed step', async () => {
    await using fixture = createFixture();
    await fixture.run({
      ...createActionWithPost('first'),
      main: `append('STATE', 'who=first\\n'); process.exitCode = 1;`,
    });
    expect(await fixture.run({ main: `say('never');`, post: `say('nor this');` })).toMatchObject({
      conclusion: 'skipped',
      log: [],
    });
    const always = fixture.write({ main: `say('always');` });
    expect(await fixture.job.run({ action: always, condition: 'always()' })).toMatchObject({ log: ['always'] });
    expect((await fixture.job.finish()).map(({ log }) => log)).toEqual([['post of first after first']]);
    expect(fixture.job.status).toBe('failure');
  });

  it('skips a post whose condition is not met', async () => {
    await using fixture = createFixture();
    await fixture.run({ main: 'process.exitCode = 1;', post: `say('only after success');`, postIf: 'success()' });
    expect(await fixture.job.finish()).toMatchObject([{ conclusion: 'skipped' }]);
  });

  it('continues after a failure with continueOnError', async () => {
    await using fixture = createFixture();
    const action = fixture.write({ main: 'process.exitCode = 1;' });
    const result = await fixture.job.run({ action, continueOnError: true });
    expect(result).toMatchObject({ outcome: 'failure', conclusion: 'success' });
    expect(fixture.job.status).toBe('success');
  });

  it('fails when a post fails', async () => {
    await using fixture = createFixture();
    await fixture.run({ main: '', post: 'process.exitCode = 1;' });
    await fixture.job.finish();
    expect(fixture.job.status).toBe('failure');
  });

  it('removes RUNNER_TEMP at its end', async () => {
    const fixture = createFixture();
    await fixture.run({ main: '' });
    expect(existsSync(fixture.job.temp)).toBe(true);
    await fixture[Symbol.asyncDispose]();
    expect(existsSync(fixture.job.temp)).toBe(false);
  });
});

const WAIT_SCRIPT = `setInterval(() => {}, 1000); say('waiting');`;

describe('a cancelled step', () => {
  describe.each([
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
  ])('with handlers up to %s', (signal, handlers, expectedLog) => {
    declareUnless(WINDOWS_OBSTACLE, it)(`ends at ${signal}`, async () => {
      await using fixture = createFixture();
      const action = fixture.write({ main: handlers + WAIT_SCRIPT, post: `say('post');` });
      const step = await fixture.job.start({ action });
      await step.waitForLine(/waiting/);
      fixture.job.cancel();
      const result = await step.result;
      expect(result).toMatchObject({ conclusion: 'cancelled', log: ['waiting', ...expectedLog] });
      expect(result.exit.signal).toBe(signal === 'SIGKILL' ? 'SIGKILL' : null);
      expect(await fixture.job.finish()).toMatchObject([{ conclusion: 'success', log: ['post'] }]);
      expect(fixture.job.status).toBe('cancelled');
    });
  });

  it('retains the state saved before a kill', async () => {
    await using fixture = createFixture();
    const main = `append('STATE', 'token=t\\n'); ${WAIT_SCRIPT}`;
    const step = await fixture.job.start({
      action: fixture.write({ main, post: `say('undo ' + process.env.STATE_token);` }),
    });
    await step.waitForLine(/waiting/);
    step.kill();
    expect(await step.result).toMatchObject({ conclusion: 'failure', exit: { exitCode: null, signal: 'SIGKILL' } });
    expect(await fixture.job.finish()).toMatchObject([{ log: ['undo t'] }]);
  });

  it('rejects when an expected line is never logged', async () => {
    await using fixture = createFixture();
    const step = await fixture.job.start({ action: fixture.write({ main: `say('one');` }) });
    await expect(step.waitForLine(/two/)).rejects.toThrow('the step ended without a line like /two/');
    await expect(step.waitForLine(/one/)).resolves.toBe('one');
  });
});
