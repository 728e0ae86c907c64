import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { readPolicies } from '../hosts/account-policies.js';
import { readShellBlocks } from '../shell-blocks.js';

const README = 'packages/node-runner/README.md';
const blocks = readShellBlocks(README).filter(({ checkedBy }) => checkedBy === 'test/e2e/runner-commands.test.ts');

const account = '123456789012';
const trust = {
  Statement: {
    Effect: 'Allow' as const,
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` },
    Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
  },
};

const scenario = {
  account,
  region: 'eu-west-1',
  iam: {
    accessKeys: { test: 'test' },
    oidcProviders: [{ url: 'https://token.actions.githubusercontent.com' }],
    roles: { deliver: { trust, policies: readPolicies(account) } },
  },
};

describe('the commands in the README of the node runner', () => {
  const directory = mkdtempSync(join(tmpdir(), 'runner-commands-'));
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await startLocalAws({ scenario });
    symlinkSync(join(root, 'packages'), join(directory, 'packages'));
    copyFileSync(join(root, 'examples/starter/template.yaml'), join(directory, 'template.yaml'));
  });
  afterAll(async () => {
    await aws.close();
    rmSync(directory, { recursive: true });
  });

  const runBlock = async (commands: readonly string[]) => {
    const runner = `runner.js() { node '${join(root, 'packages/node-runner/dist/runner.js')}' "$@"; }`;
    const env = { ...aws.createEnv({ keys: true }), PATH: process.env['PATH'], HOME: directory, TMPDIR: directory };
    const child = spawn('bash', ['-e', '-c', ['exec 2>&1', runner, ...commands].join('\n')], {
      cwd: directory,
      env: { ...env, ID: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return { status: Number(status), output };
  };

  it('are found', () => expect(blocks.length).toBeGreaterThanOrEqual(3));

  it.each(blocks)('succeed on local AWS: line $line', async ({ commands }) => {
    const { status, output } = await runBlock(commands);
    expect(status === 0 ? 'passed' : output).toBe('passed');
  });

  it('deploy the stack', () => {
    const executed = aws.calls().filter(({ operation }) => operation === 'ExecuteChangeSet');
    expect(executed.map(({ input }) => input['StackName'] ?? input['ChangeSetName'])).not.toEqual([]);
  });
});
