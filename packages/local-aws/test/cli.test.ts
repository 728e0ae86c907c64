import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../src/cli.js';
import { ServerStateDirectory } from '../src/command-line/server-state.js';
import { getCommandName } from '../src/command-line/usage.js';
import { useLocalAws } from './fixtures.js';

const directory = mkdtempSync(join(tmpdir(), 'local-aws-'));
const states = new ServerStateDirectory(directory);
afterAll(() => rmSync(directory, { recursive: true }));

const parseEnvFile = (content: string): Record<string, string> =>
  Object.fromEntries(
    content.split('\n').flatMap((line) => (line.includes('=') ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
  );

/** Runs a command to its end. Returns its output. */
const runCommand = async (...args: readonly string[]): Promise<string> => {
  let output = '';
  const write = (content: string) => {
    output += content;
  };
  await runCli(args, { write, ended: new Promise(() => undefined), program: 'unused', states });
  return output;
};

describe('a server in the foreground', () => {
  const run = async (args: readonly string[], during: (output: string) => Promise<void>) => {
    let finish: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const write = (content: string) => {
      during(content).finally(finish);
    };
    await runCli(args, { write, ended, program: 'unused', states });
  };

  it('prints the environment and serves until it is stopped', async () => {
    let url = '';
    await run([], async (output) => {
      const env = parseEnvFile(output);
      url = env['AWS_ENDPOINT_URL'] ?? '';
      expect(Object.keys(env)).toEqual(
        expect.arrayContaining(['AWS_REGION', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']),
      );
      expect((await fetch(`${url}/_local-aws/health`)).status).toBe(200);
    });
    await expect(fetch(`${url}/_local-aws/health`)).rejects.toThrow('fetch failed');
  });
});

describe('the command line', () => {
  const start = useLocalAws();
  const getPort = ({ url }: { url: string }): string => new URL(url).port;
  let other: Server | undefined;
  afterEach(() => {
    other?.close();
  });

  it.each(['start', 'env', 'stop', ''])('explains the commands with %s --help', async (command) => {
    expect(await runCommand(...[command, '--help'].filter((arg) => arg !== ''))).toContain('local-aws start [options]');
  });

  it.each([
    [{ npm_command: 'exec' }, 'npx local-aws'],
    [{}, 'local-aws'],
  ])('names itself in hints as it was called (%j)', (env, name) => {
    expect(getCommandName(env)).toBe(name);
  });

  it('prints the environment of a running server for eval', async () => {
    const aws = await start({ scenario: { region: 'eu-west-1' } });
    const output = await runCommand('env', '--port', getPort(aws));
    expect(output).toContain(`export AWS_ENDPOINT_URL='${aws.url}'\nexport AWS_REGION='eu-west-1'\n`);
    expect(output).not.toContain('AWS_ACCESS_KEY_ID');
  });

  it('prints root keys and grants tokens with the specified claims', async () => {
    const aws = await start();
    const args = ['--claim', 'environment=production', '--claim', 'ref=refs/tags/a=b', '--keys', '--format', 'json'];
    const env = JSON.parse(await runCommand('env', '--port', getPort(aws), ...args));
    expect(env).toMatchObject({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    const response = await fetch(env['ACTIONS_ID_TOKEN_REQUEST_URL'], {
      headers: { authorization: `bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
    });
    const { value } = (await response.json()) as { value: string };
    const claims = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ sub: 'repo:octocat/my-repo:environment:production', ref: 'refs/tags/a=b' });
  });

  it('does not stop a server that it did not start', async () => {
    const aws = await start();
    await expect(runCommand('stop', '--port', getPort(aws))).rejects.toThrow(
      `the server on port ${getPort(aws)} (pid ${process.pid}) was not started with local-aws start`,
    );
    expect((await fetch(`${aws.url}/_local-aws/health`)).status).toBe(200);
  });

  it('ignores the state file of a server that has ended', async () => {
    const aws = await start();
    const port = getPort(aws);
    states.write(Number(port), { pid: 2 ** 22 + 1, url: aws.url });
    await aws.close();
    expect(await runCommand('stop', '--port', port)).toBe(`Local AWS is not running on port ${port}\n`);
    expect(states.read(Number(port))).toBeUndefined();
  });

  it('does not end a process that reuses the pid of a state file', async () => {
    const aws = await start();
    const port = getPort(aws);
    states.write(Number(port), { pid: process.ppid, url: aws.url });
    await expect(runCommand('stop', '--port', port)).rejects.toThrow('was not started with local-aws start');
  });

  it('reports that a port belongs to another program', async () => {
    const server = createServer((_, response) => response.end('other'));
    other = server;
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = String(typeof address === 'object' && address?.port);
    await expect(runCommand('--port', port)).rejects.toThrow(`port ${port} is in use by another process`);
    await expect(runCommand('env', '--port', port)).rejects.toThrow(`Local AWS is not running on port ${port}`);
  });

  it.each([
    [['--port', 'x'], "--port 'x' is not a port"],
    [['--format', 'shell'], "--format 'shell' is not supported: use env or json"],
    [['--upstream', 'localhost'], 'use URL or service=URL'],
    [['--upstream', 'sts=http://localhost'], 'sts cannot be forwarded'],
    [['--scenario', '/absent.yml'], "cannot read scenario '/absent.yml': ENOENT"],
    [['--unknown'], 'unknown'],
    [['run'], "unknown command 'run': use start, env or stop"],
    [['env', '--claim', 'environment'], "--claim 'environment' is not valid: use NAME=VALUE"],
    [['env', '--port', ''], "--port '' is not a port"],
  ])('rejects %j', async (args, message) => {
    await expect(runCommand(...args)).rejects.toThrow(message);
  });
});
