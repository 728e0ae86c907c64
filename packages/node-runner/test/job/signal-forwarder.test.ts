import { declareUnless, WINDOWS_OBSTACLE } from '@aws-delivery/action-kit/testing/declare-unless';
import { describe, expect, it } from '@jest/globals';
import { CommandLineHarness } from '../cli/command-line-harness.js';

const WAIT_SCRIPT = `setInterval(() => {}, 1000); say('waiting');`;

declareUnless(WINDOWS_OBSTACLE, describe)('SignalForwarder', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('cancels the job on %s, runs the post and exits with %i', async (signal, code) => {
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

  it('kills main at the second signal and still runs the post', async () => {
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

  it('kills the child processes of main together with it', async () => {
    using cli = new CommandLineHarness();
    const child = `process.on('SIGINT', () => {}); console.log('child'); setInterval(() => {}, 1000);`;
    cli.actions.write({
      name: 'starts',
      main: `import { spawn } from 'node:child_process'; process.on('SIGINT', () => say('got it'));
        spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`,
    });
    // The run ends as soon as no process holds the output open, well before the drain period.
    const exitCode = cli.run(['starts'], { gracePeriods: { interrupt: 60_000, terminate: 60_000, drain: 60_000 } });
    await cli.waitForOutput(/child/);
    cli.signals.send('SIGINT');
    await cli.waitForOutput(/got it/);
    cli.signals.send('SIGINT');
    expect(await exitCode).toBe(130);
  });

  it('ignores the first SIGTERM during a post and kills the post at the second', async () => {
    using cli = new CommandLineHarness();
    cli.actions.write({
      name: 'cleans-slowly',
      main: WAIT_SCRIPT,
      post: `say('cleaning'); setTimeout(() => say('clean'), 300); setInterval(() => {}, 1000);`,
    });
    const exitCode = cli.run(['cleans-slowly']);
    await cli.waitForOutput(/waiting/);
    cli.signals.send('SIGINT');
    await cli.waitForOutput(/cleaning/);
    cli.signals.send('SIGTERM');
    await cli.waitForOutput(/clean$/m);
    cli.signals.send('SIGTERM');
    expect(await exitCode).toBe(130);
    expect(cli.lines).toEqual(['waiting', 'cleaning', 'clean']);
  });

  it('does not interrupt a running post', async () => {
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
