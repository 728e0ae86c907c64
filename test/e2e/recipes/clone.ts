import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { root } from '../../../scripts/command.mjs';
import { prepareActFiles } from '../../../scripts/demo/environment/demo-environment.js';
import { copyCheckout } from '../act/checkout-copy.js';

/** The commands of the console block in a document that contains a text, as a script that stops at the first failure. */
export const readCommands = (document: string, text: string): string => {
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

  private constructor(private readonly port: number) {
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

  static async create(): Promise<Clone> {
    return new Clone(await findFreePort());
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

/** Declares a clone for the tests of the enclosing block. Returns how they run a script in it. */
export const useClone = (): Clone['run'] => {
  let clone: Clone;
  beforeAll(async () => {
    clone = await Clone.create();
  });
  // After a failed test the server is still running.
  afterEach(async () => {
    await clone.run('npx local-aws stop', []);
  });
  afterAll(() => clone[Symbol.dispose]());
  return (script, programs) => clone.run(script, programs);
};
