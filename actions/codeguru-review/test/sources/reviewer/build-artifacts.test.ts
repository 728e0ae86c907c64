import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { createBuildArtifact } from '../../../src/sources/reviewer/build-artifacts.js';

let workspace: string;
beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'build-')));
  const files = ['shop/api/target/classes/A.class', 'shop/web/build/libs/web.jar', 'shop/target/other.txt'];
  for (const file of [...files, 'lib/build/classes/java/main/L.class']) {
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    writeFileSync(join(workspace, file), 'x');
  }
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

const create = (paths: readonly string[], root = 'shop') => {
  const tempDirectory = mkdtempSync(join(workspace, 'temp-'));
  return createBuildArtifact({ paths, root: join(workspace, root), workspace, tempDirectory });
};

const listNames = async (paths: readonly string[]): Promise<readonly string[]> => {
  const { artifact } = await create(paths);
  const bytes = await artifact?.withBody(async (body) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of Readable.from(body.open())) chunks.push(chunk);
    return new Uint8Array(Buffer.concat(chunks));
  });
  return bytes === undefined ? [] : Object.keys(unzipSync(bytes));
};

describe('build artifacts', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['of all modules', ['auto'], ['api/target/classes/A.class', 'web/build/libs/web.jar']],
    ['of all modules, required', ['required'], ['api/target/classes/A.class', 'web/build/libs/web.jar']],
    ['that match a pattern', ['*/target/classes'], ['api/target/classes/A.class']],
    ['of a path', ['web/build/libs/'], ['web/build/libs/web.jar']],
    ['without duplicates', ['auto', 'web/build/libs'], ['api/target/classes/A.class', 'web/build/libs/web.jar']],
  ])('%s are packed', async (_, paths, names) => {
    expect([...(await listNames(paths))].sort()).toEqual(names);
  });

  it('of absolute paths in the workspace are packed', async () => {
    const paths = [join(workspace, 'shop/api/target/classes'), join(workspace, '**/L.class')];
    expect([...(await listNames(paths))].sort()).toEqual([
      'api/target/classes/A.class',
      'lib/build/classes/java/main/L.class',
    ]);
  });

  it('that auto does not find are a notice', async () => {
    const { artifact, notice } = await create(['auto'], 'lib/build/classes/java/main');
    expect([artifact, notice]).toEqual([undefined, expect.stringContaining('security analysis does not')]);
  });

  it.each<[readonly string[], string]>([
    [['required'], "input 'build-artifacts': no compiled code found"],
    [['**/*.war'], "input 'build-artifacts': no file matches '**/*.war'"],
    [['out'], "input 'build-artifacts': cannot read 'out'"],
    [['/etc/java'], "input 'build-artifacts': '/etc/java' must be in the workspace"],
  ])('%j are rejected if there are none', async (paths, message) => {
    await expect(create(paths, 'lib/build/classes/java/main')).rejects.toThrow(message);
  });
});
