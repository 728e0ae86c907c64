import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { root } from '../command.mjs';

const directory = mkdtempSync(join(tmpdir(), 'lock-'));
afterAll(() => rmSync(directory, { recursive: true }));

const module = JSON.stringify(join(root, 'scripts', 'process-lock.mjs'));
const createScript = (path: string, then = ''): readonly string[] => [
  '--input-type=module',
  '--eval',
  `import { lockForProcess } from ${module}; console.log(String(lockForProcess(${JSON.stringify(path)}))); ${then}`,
];
const tryLock = (path: string): string => spawnSync(process.execPath, createScript(path), { encoding: 'utf8' }).stdout;

describe('lockForProcess', () => {
  it('names the running process that has the lock', async () => {
    const path = join(directory, 'new', 'a.pid');
    const first = spawn(process.execPath, createScript(path, 'setInterval(() => {}, 1000);'));
    await once(first.stdout, 'data');
    expect(tryLock(path)).toBe(`${first.pid}\n`);
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(tryLock(path)).toBe('undefined\n');
    expect(existsSync(path)).toBe(false);
  });

  it.each(['', 'no number', '-1', '0'])('replaces a file without a process id: %j', (content) => {
    const path = join(directory, 'b.pid');
    writeFileSync(path, content);
    expect(tryLock(path)).toBe('undefined\n');
  });
});
