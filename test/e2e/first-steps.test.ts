import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { root } from '../../scripts/command.mjs';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';
import { readShellBlocks } from '../shell-blocks.js';
import { Act } from './act/act.js';

const awsCli = findProgram('aws');
const obstacle = findToolObstacle(['act', 'aws']);
const GUIDE = 'examples/bootstrap/README.md';
const REPOSITORY = 'octo-org/octo-repo';

/** Emulates the GitHub CLI: reads a repository, and records every other call in `calls.json`. */
const GH = `#!/usr/bin/env node
const { appendFileSync } = require('node:fs');
const args = process.argv.slice(2);
const answers = { '.owner.id': '123456', '.id': '456789', '.[0].databaseId': '4711' };
const jq = args[args.indexOf('--jq') + 1];
if (args.includes('--jq')) console.log(answers[jq] ?? process.exit(1));
appendFileSync(process.env.GH_CALLS, JSON.stringify({ args, repository: process.env.GH_REPO ?? null }) + '\\n');
`;

const callSchema = z.object({ args: z.array(z.string()), repository: z.string().nullable() });

declareUnless(obstacle, describe)('the ten steps of the bootstrap guide', () => {
  const directory = mkdtempSync(join(tmpdir(), 'first-steps-'));
  const clone = join(directory, 'octo-repo');
  let aws: LocalAws;
  let result: { readonly status: number; readonly output: string };

  const git = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
      cwd,
      encoding: 'utf8',
    });

  const readGhCalls = () =>
    readFileSync(join(directory, 'calls.json'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => callSchema.parse(JSON.parse(line)));

  /** Variables of the repository and of the environment, as set with `gh variable set`. */
  const readVariables = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      readGhCalls().flatMap(({ args: [command, action, name = '', ...rest] }) =>
        command === 'variable' && action === 'set' ? [[name, rest[rest.indexOf('--body') + 1] ?? '']] : [],
      ),
    );

  /** Creates the published repository, and the clone of the user's repository. */
  const createRepositories = (): void => {
    const published = join(directory, 'published');
    cpSync(join(root, 'examples'), join(published, 'examples'), { recursive: true });
    git(published, 'init', '--quiet', '--initial-branch', 'main');
    git(published, 'add', '--all');
    git(published, 'commit', '--quiet', '--message', 'publish');
    git(directory, 'init', '--quiet', '--bare', 'origin.git');
    mkdirSync(clone);
    git(clone, 'init', '--quiet', '--initial-branch', 'main');
    git(clone, 'remote', 'add', 'origin', join(directory, 'origin.git'));
  };

  const runGuide = async () => {
    const programs = join(directory, 'bin');
    mkdirSync(programs);
    writeFileSync(join(programs, 'gh'), GH, { mode: 0o755 });
    const commands = readShellBlocks(GUIDE)
      .filter(({ checkedBy }) => checkedBy === 'test/e2e/first-steps.test.ts')
      .flatMap((block) => block.commands);
    const { AWS_ENDPOINT_URL = '', ...keys } = aws.createEnv({ keys: true });
    const child = spawn('bash', ['-e', '-c', `exec 2>&1\n${commands.join('\n')}`], {
      cwd: clone,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        AWS_ENDPOINT_URL,
        AWS_ACCESS_KEY_ID: keys['AWS_ACCESS_KEY_ID'],
        AWS_SECRET_ACCESS_KEY: keys['AWS_SECRET_ACCESS_KEY'],
        PATH: [programs, dirname(awsCli ?? ''), process.env['PATH']].join(delimiter),
        HOME: directory,
        GH_CALLS: join(directory, 'calls.json'),
        GIT_AUTHOR_NAME: 'test',
        GIT_AUTHOR_EMAIL: 'test@example.com',
        GIT_COMMITTER_NAME: 'test',
        GIT_COMMITTER_EMAIL: 'test@example.com',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `url.file://${join(directory, 'published')}.insteadOf`,
        GIT_CONFIG_VALUE_0: 'https://github.com/aws-delivery/suite',
      },
    });
    const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return { status: Number(status), output };
  };

  beforeAll(async () => {
    aws = await startLocalAws({
      scenario: { account: '123456789012', region: 'eu-west-1', oidc: { claims: { repository: REPOSITORY } } },
    });
    createRepositories();
    result = await runGuide();
  }, 120_000);
  afterAll(async () => {
    await aws.close();
    rmSync(directory, { recursive: true });
  });

  it('are at most ten, and all their commands succeed', () => {
    const steps = readFileSync(join(root, GUIDE), 'utf8').match(/^\d+\. \*\*/gmu) ?? [];
    expect(steps).toHaveLength(10);
    expect(result.status === 0 ? 'passed' : result.output).toBe('passed');
  });

  it('create the environment that the role trusts, and set the variables of the examples', () => {
    expect(readVariables()).toEqual({
      AWS_REGION: 'eu-west-1',
      BOUNDARY_ARN: 'arn:aws:iam::123456789012:policy/delivery-boundary',
      DEPLOY_ROLE_ARN: 'arn:aws:iam::123456789012:role/delivery-deploy',
      PREVIEW_ROLE_ARN: 'arn:aws:iam::123456789012:role/delivery-preview',
      ROLE_PATH: '/delivery/',
      SERVICE_ROLE_ARN: 'arn:aws:iam::123456789012:role/delivery-cloudformation',
    });
    const calls = readGhCalls().map(({ args }) => args.join(' '));
    expect(calls).toContainEqual(
      expect.stringMatching(`^api --method PUT repos/${REPOSITORY}/environments/production `),
    );
    expect(calls).toContainEqual(expect.stringMatching(/deployment-branch-policies .*name=main/u));
    expect(calls).toContainEqual(expect.stringMatching(/^variable set DEPLOY_ROLE_ARN --env production /u));
  });

  it('push a workflow that passes in the repository of the user, with the roles of the stack', async () => {
    git(directory, 'clone', '--quiet', '--branch', 'main', 'origin.git', 'pushed');
    const pushed = join(directory, 'pushed');
    rmSync(join(pushed, '.git'), { recursive: true });
    expect(existsSync(join(pushed, 'examples'))).toBe(false);
    using runner = new Act();
    const before = aws.calls().length;
    const { exitCode, output, findStep } = await runner.run({
      from: pushed,
      workflow: '.github/workflows/deliver.yml',
      env: aws.createEnv({ claims: { environment: 'production' } }),
      variables: readVariables(),
    });
    expect(exitCode === 0 ? 'delivered' : output).toBe('delivered');
    expect(findStep('stack').outputs['stack-status']).toBe('CREATE_COMPLETE');
    const calls = aws.calls().slice(before);
    expect(calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
    const created = calls.find(({ operation }) => operation === 'CreateChangeSet');
    expect(created?.principal).toContain('assumed-role/delivery-deploy/');
    expect(created?.input['RoleARN']).toBe('arn:aws:iam::123456789012:role/delivery-cloudformation');
  }, 240_000);
});
