import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless, WINDOWS_OBSTACLE } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createImage, createLayoutFiles, writeFiles } from '../../packages/oci/test/image-fixtures.js';
import { root } from '../../scripts/command.mjs';
import { scenario } from '../hosts/gitlab/account.js';
import { followOutput } from '../process-output.js';

const runner = join(root, 'packages', 'node-runner', 'dist', 'runner.js');
const isWindows = process.platform === 'win32';
const roleArn = 'arn:aws:iam::123456789012:role/deliver';
const allow = (sub: string): object => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/gitlab.example' },
  Condition: { StringEquals: { 'gitlab.example:sub': sub } },
});

const emptySarif = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Scanner' } }, results: [] }] };
const template = (size: string): string =>
  JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: size } } } });

interface ProcessResult {
  readonly code: number | null;
  readonly output: string;
}

describe('the bundle of the node runner', () => {
  let aws: LocalAws;
  let directory: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'runner-'));
    aws = await startLocalAws({
      scenario: { ...scenario, iam: { ...scenario.iam, accessKeys: { AKIAROOT: 'root-secret' } } },
    });
    writeFileSync(join(directory, 'template.json'), template('1'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await aws.close();
    rmSync(directory, { recursive: true });
  });

  const start = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: directory, AWS_ENDPOINT_URL: aws.url, ...variables };
    // A separate process group, as a shell gives to a command in a terminal.
    const child = spawn(process.execPath, [runner, ...args], { cwd: directory, env, detached: !isWindows });
    children.push(child);
    child.stdin.end();
    const output = followOutput(child);
    const ended = new Promise<ProcessResult>((resolve) =>
      child.once('close', (code) => resolve({ code, output: output.get() })),
    );
    return { pid: child.pid ?? 0, ended, waitForOutput: output.waitFor };
  };
  const run = (args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<ProcessResult> =>
    start(args, variables).ended;

  const keys = { AWS_ACCESS_KEY_ID: 'AKIAROOT', AWS_SECRET_ACCESS_KEY: 'root-secret', AWS_REGION: 'eu-west-1' };
  const deploy = ['cloudformation-deploy', '--name', 'shop', '--template', 'template.json'];
  const listOperations = () => aws.calls().map(({ operation }) => operation);

  it.each(['12.22.12', '18.20.8', '19.9.0'])('names the version that it needs on Node %s', async (node) => {
    const versions = JSON.stringify({ ...process.versions, node });
    const script = `Object.defineProperty(process, 'versions', { value: ${versions} })`;
    const { code, output } = await run(['--version'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
    });
    expect(code).toBe(2);
    expect(output).toMatch(/^runner\.js: Node 20 or newer is required, got v[\d.]+\n$/);
  });

  it('deploys from a shell, with inputs from arguments and from the environment', async () => {
    const variables = {
      ...keys,
      CLOUDFORMATION_DEPLOY_TEMPLATE: 'template.json',
      CLOUDFORMATION_DEPLOY_TAGS: 'team=shop',
    };
    const { code, output } = await run(
      ['--outputs', 'out.json', 'cloudformation-deploy', '--name=shop', '--fail-on-empty'],
      variables,
    );
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('creation complete') });
    expect(output).not.toContain('\u001b');
    expect(JSON.parse(readFileSync(join(directory, 'out.json'), 'utf8'))).toMatchObject({
      'stack-status': 'CREATE_COMPLETE',
    });
    const [changeSet] = aws.calls().filter(({ operation }) => operation === 'CreateChangeSet');
    expect(changeSet?.input).toMatchObject({ Tags: expect.arrayContaining([{ Key: 'team', Value: 'shop' }]) });
    expect(await run(['cloudformation-deploy', '--name=shop', '--fail-on-empty'], variables)).toMatchObject({
      code: 1,
    });
  });

  it('runs all six actions as one job', async () => {
    const token = await aws.issueToken({ audience: 'sts.amazonaws.com' });
    const image = createImage();
    await writeFiles(join(directory, 'build'), createLayoutFiles({ latest: image.manifest }, [image]));
    writeFileSync(join(directory, 'scan.sarif'), JSON.stringify(emptySarif));
    cpSync(join(root, 'examples', 'appconfig'), join(directory, 'config'), { recursive: true });
    const uses = [
      ['oidc-credentials', '--aws-region', 'eu-west-1', '--role-arn', roleArn],
      ['health-gate', '--template', 'template.json'],
      ['codeguru-review', '--findings-from', 'sarif', '--sarif-files', 'scan.sarif'],
      ['ecr-push', '--source', 'oci:build', '--repository', 'app', '--tags', '1.0', '--create-repository'],
      deploy,
      ['appconfig-rollout', '--tree', 'config', '--mode', 'preview'],
    ];
    const args = ['--outputs', 'out.json', '--summary', 'summary.md', '--token-variable', 'MY_TOKEN'];
    const line = uses.flatMap((use, index) => (index === 0 ? use : ['--', ...use]));
    const { code, output } = await run([...args, ...line], { MY_TOKEN: token });
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output.split('\n').filter((text) => text.startsWith('— '))).toEqual(uses.map(([name]) => `— ${name}`));
    expect(JSON.parse(readFileSync(join(directory, 'out.json'), 'utf8'))).toMatchObject({
      'aws-account-id': '123456789012',
      verdict: 'passed',
      digest: image.manifest.digest,
      'stack-status': 'CREATE_COMPLETE',
    });
    const principals = new Set(
      aws
        .calls()
        .map(({ principal }) => principal)
        .filter((name) => name?.includes('role')),
    );
    expect([...principals]).toEqual([expect.stringContaining('assumed-role/deliver/')]);
  });

  it.each([
    [
      'an environment variable',
      async (token: string) => ({ args: ['--token-variable', 'MY_TOKEN'], variables: { MY_TOKEN: token } }),
    ],
    [
      'a file',
      async (token: string) => {
        writeFileSync(join(directory, 'token'), `${token}\n`);
        return { args: ['--token-file', 'token'], variables: {} };
      },
    ],
    ['Bitbucket', async (token: string) => ({ args: [], variables: { BITBUCKET_STEP_OIDC_TOKEN: token } })],
  ])('assumes a role with the token from %s, and deploys with its credentials', async (_, prepareToken) => {
    const { args, variables } = await prepareToken(await aws.issueToken({ audience: 'sts.amazonaws.com' }));
    const login = ['oidc-credentials', '--aws-region', 'eu-west-1', '--role-arn', roleArn];
    const { code, output } = await run([...args, ...login, '--', ...deploy], variables);
    expect({ code, output }).toMatchObject({ code: 0 });
    const [first, ...others] = aws.calls();
    expect(first?.operation).toBe('AssumeRoleWithWebIdentity');
    expect(others.at(-1)?.principal).toContain('assumed-role/deliver/');
    expect(output).not.toMatch(/eyJ|ASIA/);
  });

  describe('on Azure DevOps', () => {
    let server: Server;
    let tokenCount = 0;
    let url: string;
    beforeEach(async () => {
      tokenCount = 0;
      server = createServer(async (_, response) => {
        tokenCount += 1;
        response.end(JSON.stringify({ oidcToken: await aws.issueToken({ audience: 'api://AzureADTokenExchange' }) }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/oidc`;
    });
    afterEach(() => void server.close());

    const azure = () => ({
      TF_BUILD: 'True',
      SYSTEM_OIDCREQUESTURI: url,
      SYSTEM_ACCESSTOKEN: 'access',
      BUILD_BUILDID: '5',
    });
    const login = ['oidc-credentials', '--aws-region', 'eu-west-1', '--role-arn', roleArn];

    it('names the audience to request and to list in IAM', async () => {
      const { code, output } = await run(login, azure());
      expect(code).toBe(1);
      expect(output).toContain(
        "##vso[task.logissue type=error;]the audience of the token is 'api://AzureADTokenExchange', expected 'sts.amazonaws.com'",
      );
      expect(output).toContain(
        'set --audience api://AzureADTokenExchange for oidc-credentials, and add it to the audiences (client IDs) of the identity provider in IAM',
      );
      expect(listOperations()).toEqual([]);
    });

    it('requests a token for every attempt, and prints secrets only in commands to the agent', async () => {
      await aws.close();
      const oidcProviders = [{ url: 'https://gitlab.example', audiences: ['api://AzureADTokenExchange'] }];
      const trust = {
        Version: '2012-10-17' as const,
        Statement: [allow('project_path:group/shop:ref_type:branch:ref:main')],
      };
      const iam = { oidcProviders, roles: { deliver: { trust } } };
      aws = await startLocalAws({ scenario: { ...scenario, iam } });
      aws.setFaults([{ fault: 'error', service: 'sts', code: 'IDPCommunicationError', status: 400, calls: '1' }]);
      const { code, output } = await run([...login, '--audience', 'api://AzureADTokenExchange'], azure());
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(tokenCount).toBe(2);
      expect(output).toContain('##vso[task.setvariable variable=awsAccountId;isOutput=true;]123456789012');
      const visibleOutput = output.replaceAll(/^##vso\[task\.setsecret\].*$/gm, '');
      expect(visibleOutput).not.toMatch(/eyJ|ASIA/);
    });
  });

  declareUnless(WINDOWS_OBSTACLE, describe)('a signal', () => {
    const update = async () => {
      expect(await run(deploy, keys)).toMatchObject({ code: 0 });
      writeFileSync(join(directory, 'template.json'), template('2'));
      const running = start([...deploy, '--on-cancel', 'cancel-update'], keys);
      await running.waitForOutput(/UPDATE_IN_PROGRESS +Queue/);
      return running;
    };

    it.each<[string, NodeJS.Signals, number, (pid: number) => number]>([
      ['from the keyboard, to the whole group', 'SIGINT', 130, (pid) => -pid],
      ['to the runner', 'SIGTERM', 143, (pid) => pid],
    ])('%s cancels the action, and the post step applies on-cancel', async (_, signal, code, target) => {
      const { pid, ended } = await update();
      process.kill(target(pid), signal);
      const result = await ended;
      expect(result.code).toBe(code);
      expect(result.output).toContain('cancelled: received SIGINT from the runner');
      expect(listOperations()).toContain('CancelUpdateStack');
    });
  });

  it('prints help for itself and for every input of every action', async () => {
    const names = readdirSync(join(root, 'actions'));
    const { output } = await run(['--help']);
    for (const name of names) {
      expect(output).toContain(`  ${name}\n`);
      const help = await run([name, '--help']);
      expect(help.code).toBe(0);
      const inputs = readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8').split('\noutputs:')[0] ?? '';
      for (const [, input] of inputs.matchAll(/^ {2}([\w-]+):$/gm)) expect(help.output).toContain(`  --${input}\n`);
    }
  });

  it('is in the archive of a release, with the actions', () => {
    const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: root, maxBuffer: 2 ** 28 });
    const files = execFileSync('tar', ['-t'], { input: archive, encoding: 'utf8' }).split('\n');
    const actions = readdirSync(join(root, 'actions')).map((name) => `actions/${name}/dist/main.js`);
    expect(files).toEqual(expect.arrayContaining(['packages/node-runner/dist/runner.js', ...actions]));
  });
});
