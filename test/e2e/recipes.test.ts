import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { prepareActFiles } from '../../scripts/demo/environment/demo-environment.js';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';
import { copyCheckout } from './act/checkout-copy.js';

/** The commands of the console block in a document that contains a text, as a script that stops at the first failure. */
const readCommands = (document: string, text: string): string => {
  const blocks = readFileSync(join(root, document), 'utf8').matchAll(/```console\n(.*?)```/gsu);
  const [block = ''] = [...blocks].flatMap(([, content = '']) => (content.includes(text) ? [content] : []));
  const lines = block.split('\n').filter((line) => /^(?:\$|\s)/u.test(line));
  return ['set -e', ...lines.map((line) => line.replace(/^\$ /u, ''))].join('\n');
};

const findFreePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** A clone of this checkout with its own home directory, and a free port instead of Local AWS's default. */
class Clone {
  private readonly directory = mkdtempSync(join(tmpdir(), 'recipes-'));
  private readonly path = join(this.directory, 'suite');
  private readonly home = join(this.directory, 'home');

  constructor(private readonly port: number) {
    copyCheckout(this.path);
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
    for (const args of [
      ['init', '--quiet'],
      ['add', '--all'],
      [...author, 'commit', '--quiet', '--message', 'test'],
    ]) {
      execFileSync('git', args, { cwd: this.path });
    }
    mkdirSync(this.home);
    mkdirSync(join(this.path, '.demo'));
    symlinkSync(join(root, 'node_modules'), join(this.path, 'node_modules'));
    prepareActFiles(root, join(this.path, '.demo'));
    writeFileSync(join(this.path, 'scenario.yml'), 'region: eu-west-1\n');
  }

  /** Runs a script in the clone. Returns its output, or throws with it. */
  async run(script: string, programs: readonly string[]): Promise<string> {
    const commands = script.replaceAll(/local-aws (start|env|stop)/gu, `local-aws $1 --port ${this.port}`);
    const path = [...programs.map(dirname), process.env['PATH']].join(delimiter);
    const env = { PATH: path, HOME: this.home, AWS_EC2_METADATA_DISABLED: 'true' };
    const { stdout } = await promisify(execFile)('bash', ['-c', commands], { cwd: this.path, env, maxBuffer: 1e8 });
    return stdout;
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

describe('recipes of the documents, run twice in a clone', () => {
  let clone: Clone;
  beforeAll(async () => {
    clone = new Clone(await findFreePort());
  });
  // After a failed test the server is still running.
  afterEach(async () => {
    await clone.run('npx local-aws stop', []);
  });
  afterAll(() => clone[Symbol.dispose]());

  const aws = findProgram('aws');
  const act = findProgram('act');
  declareUnless(findToolObstacle(['aws']), it)('start Local AWS, use it with the AWS CLI and stop it', async () => {
    const commands = readCommands('packages/local-aws/README.md', 'local-aws start');
    for (const attempt of [1, 2]) {
      const output = await clone.run(commands, [aws ?? '']);
      expect(`${attempt}: ${output}`).toMatch(
        /Local AWS is ready at .*\narn:aws:iam::123456789012:root\nStopped Local AWS on port \d+ \(pid \d+\)\n$/u,
      );
    }
  });

  declareUnless(findToolObstacle(['act']), describe)('under act', () => {
    const commands = readCommands('README.md', 'local-aws start');

    it.each([
      ['first-delivery', ''],
      ['delivery', ''],
      ['configuration', '--var CONFIGURATION_STRATEGY=Linear50PercentEvery30Seconds'],
    ])(
      'deliver with %s.yml',
      async (workflow, option) => {
        expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(option);
        const script = commands.replace('workflows/delivery.yml', `workflows/${workflow}.yml ${option}`);
        for (const attempt of workflow === 'delivery' ? [1, 2] : [1]) {
          const output = await clone.run(script, [act ?? '']);
          expect(`${attempt}: ${output}`).toMatch(/Job succeeded[\s\S]*Stopped Local AWS on port \d+/u);
        }
      },
      600_000,
    );
  });

  declareUnless(findToolObstacle(['act', 'aws']), describe)('with the AWS CLI and act', () => {
    it('bootstrap an account and deliver with its roles', async () => {
      const commands = readCommands('examples/bootstrap/README.md', 'local-aws start');
      for (const attempt of [1, 2]) {
        const output = await clone.run(commands, [aws ?? '', act ?? '']);
        expect(`${attempt}: ${output}`).toMatch(
          /Successfully created[\s\S]*Job succeeded[\s\S]*Stopped Local AWS on port/u,
        );
      }
    }, 600_000);
  });

  it('refuse a second server on the port, and keep the first one', async () => {
    await clone.run('npx local-aws start', []);
    await expect(clone.run('npx local-aws start', [])).rejects.toThrow(
      /Local AWS is already running on port \d+ \(pid \d+\)\. Stop it with npx local-aws stop, or choose another --port/u,
    );
    expect(await clone.run('npx local-aws stop && npx local-aws stop', [])).toMatch(
      /^Stopped Local AWS on port \d+ \(pid \d+\)\nLocal AWS is not running on port \d+\n$/u,
    );
  });

  it('report why a server does not start', async () => {
    await expect(clone.run('npx local-aws start --scenario absent.yml', [])).rejects.toThrow(
      "local-aws: cannot read scenario 'absent.yml': ENOENT",
    );
  });
});
