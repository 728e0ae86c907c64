import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReportWriter } from '../../src/report/report-writer.js';

describe('a report file', () => {
  let workspace: string;
  let outside: string;
  beforeEach(() => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'report-writer-')));
    outside = realpathSync(mkdtempSync(join(tmpdir(), 'report-writer-')));
  });
  afterEach(() => {
    for (const directory of [workspace, outside]) rmSync(directory, { recursive: true });
  });

  const write = async (directory: string, pieces: readonly string[], secrets: readonly string[] = []) => {
    const host = createFakeHost({ env: { GITHUB_WORKSPACE: workspace } });
    for (const secret of secrets) host.redactor.add(secret);
    return {
      path: await new ReportWriter(directory, host).write('a.json', () => pieces),
      log: host.recorded.log.getOutput(),
    };
  };

  it('has all pieces, without secrets', async () => {
    const pieces = Array.from({ length: 5000 }, (_, index) => `${index}:hunter22-long ${'x'.repeat(50)};`);
    const { path = '' } = await write(join(workspace, 'new', 'reports'), pieces, ['hunter22-long']);
    expect(readFileSync(path, 'utf8')).toBe(pieces.join('').replaceAll('hunter22-long', '***'));
  });

  it('replaces a link, and not the file that it leads to', async () => {
    writeFileSync(join(outside, 'target'), 'kept');
    symlinkSync(join(outside, 'target'), join(workspace, 'a.json'));
    await write(workspace, ['new']);
    expect(readFileSync(join(workspace, 'a.json'), 'utf8')).toBe('new');
    expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('kept');
  });

  it('is not written to a directory that a link of the repository redirects', async () => {
    mkdirSync(join(outside, 'reports'));
    symlinkSync(join(outside, 'reports'), join(workspace, 'reports'));
    const { path, log } = await write(join(workspace, 'reports'), ['new']);
    expect(path).toBeUndefined();
    expect(log).toContain("set 'report-directory' to a path that is not in the repository");
  });
});
