import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { JobRecord } from '../../src/cli/job-record.js';
import { removeOwner } from '../../src/cli/state-owner.js';
import { CommandLineHarness } from './command-line-harness.js';

const windows = process.platform === 'win32';

const WAIT_SCRIPT = `setInterval(() => {}, 1000); say('waiting');`;

describe('a recorded job', () => {
  it('is removed after its posts have run', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: `say('here ' + process.env.RUNNER_TEMP);`, post: '' });
    expect(await cli.run(['--state', 'retained', 'works'])).toBe(0);
    expect(cli.output).toContain(`here ${cli.resolvePath('retained')}`);
    expect(existsSync(cli.resolvePath('retained'))).toBe(false);
    expect(await cli.run(['--state', 'retained', '--post'])).toBe(0);
  });

  it('lets another process run the posts of a killed runner with state, exports and secrets', async () => {
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
    const exitCode = interrupted.run(['--state', 'retained', 'login', '--', 'change', '--name', 'shop'], {
      actionsDirectory: cli.actions.directory,
      directory: cli.directory,
    });
    await interrupted.waitForOutput(/waiting/);
    expect(statSync(cli.resolvePath('retained')).mode & 0o777).toBe(windows ? 0o666 : 0o700);

    expect(await cli.run(['--state', 'retained', '--post'])).toBe(2);
    expect(cli.errorOutput).toMatch(/retained' belongs to a running job \(process \d+ on .+\): run --post after it/u);
    expect(await cli.run(['--state', 'retained', 'login'])).toBe(2);
    expect(cli.errorOutput).toMatch(/belongs to a running job .*: use a separate directory for each job/u);
    expect(cli.output).toBe('');

    // A killed runner would leave exactly the current files, so the posts are run from them.
    const ownerFile = join(cli.resolvePath('retained'), 'job.owner.json');
    writeFileSync(ownerFile, readFileSync(ownerFile, 'utf8').replace(/"startedAt":"\d+"/u, '"startedAt":"1"'));
    expect(await cli.run(['--state', 'retained', '--post'])).toBe(0);
    expect(cli.lines).toEqual(['undo shop t-1 9 ***', 'login out']);
    expect(existsSync(cli.resolvePath('retained'))).toBe(false);
    interrupted.signals.send('SIGINT');
    await exitCode;
    interrupted[Symbol.dispose]();
  });

  it('fails when a post that another process runs fails', async () => {
    using cli = new CommandLineHarness();
    const action = cli.actions.write({ name: 'works', main: '', post: `process.exitCode = 3;` });
    const record = new JobRecord(cli.resolvePath('retained'));
    const temp = join(record.open(), 'job-1');
    removeOwner(cli.resolvePath('retained'));
    mkdirSync(temp);
    const step = { action, id: 'works', inputs: {}, state: {}, ended: true };
    record.write({ temp, status: 'success', env: {}, masks: [], steps: [step] });
    expect(await cli.run(['--state', 'retained', '--post'])).toBe(1);
    expect(existsSync(cli.resolvePath('retained'))).toBe(false);
  });

  it('is removed when its outputs cannot be written', async () => {
    using cli = new CommandLineHarness();
    const outputs = cli.resolvePath('outputs.json');
    const main = `append('OUTPUT', 'a=1\\n'); (await import('node:fs')).mkdirSync(${JSON.stringify(outputs)});`;
    cli.actions.write({ name: 'works', main, post: `say('post');` });
    expect(await cli.run(['--state', 'retained', '--outputs', outputs, 'works'])).toBe(1);
    expect([cli.lines, existsSync(cli.resolvePath('retained'))]).toEqual([['post'], false]);
    expect(cli.errorOutput).toContain('runner.js: ');
  });

  it('is not overwritten by the next job', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: '' });
    const record = new JobRecord(cli.resolvePath('retained'));
    record.open();
    removeOwner(cli.resolvePath('retained'));
    record.write({ temp: cli.resolvePath('retained'), status: 'success', env: {}, masks: [], steps: [] });
    expect(await cli.run(['--state', 'retained', 'works'])).toBe(2);
    expect(cli.errorOutput).toContain(
      "contains a job whose post steps have not run: run them first with runner.js --state '",
    );
    writeFileSync(join(cli.resolvePath('retained'), 'job.json'), '{}');
    expect(await cli.run(['--state', 'retained', '--post'])).toBe(1);
    expect(cli.errorOutput).toContain('is not a valid job record');
  });

  it('rejects a directory with other files, since it would remove them', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: '' });
    writeFileSync(cli.resolvePath('mine'), 'precious');
    expect(await cli.run(['--state', '.', 'works'])).toBe(2);
    expect(cli.errorOutput).toContain(
      "contains 'mine', which does not belong to a job: specify a directory that does not exist",
    );
    expect(readFileSync(cli.resolvePath('mine'), 'utf8')).toBe('precious');
  });

  it('rejects symbolic links and directories of other users', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({ name: 'works', main: '', post: `say('run');` });
    new JobRecord(cli.resolvePath('foreign')).open();
    const step = { action: join(cli.actions.directory, 'works'), id: 'works', inputs: {}, state: {}, ended: true };
    const status = 'success' as const;
    const record = { temp: cli.resolvePath('foreign'), status, env: {}, masks: [], steps: [step] };
    new JobRecord(cli.resolvePath('foreign')).write(record);
    symlinkSync(cli.resolvePath('foreign'), cli.resolvePath('link'), 'junction');
    expect(await cli.run(['--state', 'link', '--post'])).toBe(2);
    expect(await cli.run(['--state', 'link', 'works'])).toBe(2);
    expect(
      cli.errorOutput.match(/link' is a symbolic link: specify a directory that other users cannot create/g),
    ).toHaveLength(2);
    expect(cli.output).toBe('');
    if (process.getuid === undefined) return;
    const otherOwner = new JobRecord(cli.resolvePath('foreign'), process.getuid() + 1);
    expect(() => otherOwner.read()).toThrow("foreign' belongs to another user");
    expect(() => otherOwner.open()).toThrow("foreign' belongs to another user");
  });
});
