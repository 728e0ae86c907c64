import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { packRunner } from '../../scripts/release/runner-package.mjs';

describe('the npm package of the node runner', () => {
  let directory: string;
  let archive: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'package-'));
    archive = await packRunner(directory);
    writeFileSync(join(directory, 'package.json'), '{ "private": true }');
    const queue = { Type: 'AWS::SQS::Queue' };
    writeFileSync(join(directory, 'template.json'), JSON.stringify({ Resources: { Queue: queue } }));
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', archive], {
      cwd: directory,
      stdio: 'pipe',
    });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const runPackage = async (args: readonly string[], variables: Readonly<Record<string, string>> = {}) => {
    const env = { PATH: process.env['PATH'], HOME: directory, ...variables };
    const command = ['--offline', 'aws-delivery', ...args];
    const { stdout } = await promisify(execFile)('npx', command, { cwd: directory, env });
    return stdout;
  };

  it('contains the runner, the bundles and their licences, and no source code', () => {
    const files = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trimEnd().split('\n');
    const actions = readdirSync(join(root, 'actions'));
    expect(files).toEqual(
      expect.arrayContaining([
        'package/packages/node-runner/dist/licenses.txt',
        ...actions.flatMap((name) => [
          `package/actions/${name}/dist/main.js`,
          `package/actions/${name}/dist/licenses.txt`,
        ]),
      ]),
    );
    const allowed =
      /^package\/(?:LICENSE|README\.md|package\.json|packages\/node-runner\/dist\/|actions\/[\w-]+\/(?:action\.yml$|dist\/))/u;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  });

  it('has no dependencies, and one command', () => {
    const manifest = JSON.parse(
      readFileSync(join(directory, 'node_modules/@aws-delivery/runner/package.json'), 'utf8'),
    );
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.bin)).toEqual(['aws-delivery']);
  });

  it('lists the actions from any directory', async () => {
    const help = await runPackage(['--help']);
    for (const name of readdirSync(join(root, 'actions'))) expect(help).toContain(name);
  });

  it('runs an action', async () => {
    const aws = await startLocalAws({ scenario: { iam: { accessKeys: { AKIAROOT: 'root-secret' } } } });
    try {
      const variables = {
        AWS_ENDPOINT_URL: aws.url,
        AWS_ACCESS_KEY_ID: 'AKIAROOT',
        AWS_SECRET_ACCESS_KEY: 'root-secret',
        AWS_REGION: 'eu-west-1',
      };
      const output = await runPackage(
        ['cloudformation-deploy', '--name', 'shop', '--template', 'template.json'],
        variables,
      );
      expect(output).toContain('CREATE_COMPLETE');
      expect(aws.calls().map(({ operation }) => operation)).toContain('ExecuteChangeSet');
    } finally {
      await aws.close();
    }
  });
});
