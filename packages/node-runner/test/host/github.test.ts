import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHost, ENVIRONMENTS } from './host-harness.js';

describe('GitHubHost', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'host-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes outputs and the summary to the files of the step', async () => {
    const [output, summary, event] = ['output', 'summary', 'event.json'].map((name) => join(directory, name));
    writeFileSync(event ?? '', '{"number":7}');
    const { host } = createHost({
      ...ENVIRONMENTS['github'],
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_EVENT_PATH: event,
      GITHUB_ACTION: '__run',
      GITHUB_TOKEN: 'mapped',
      GITHUB_WORKSPACE: directory,
      RUNNER_TEMP: directory,
    });
    host.setOutput({ name: 'a', value: 'x\ny', secret: false });
    await host.publishSummary('# Up');
    expect(readFileSync(output ?? '', 'utf8')).toMatch(/^a<<(\S+)\nx\ny\n\1\n$/);
    expect(readFileSync(summary ?? '', 'utf8')).toBe('# Up');
    expect(host).toMatchObject({ workspace: directory, temp: directory, event: { number: 7 }, token: undefined });
    expect(host.github).toMatchObject({ repository: 'o/r', token: 'mapped' });
    for (const name of ['action', 'actions', 'output', 'workspace']) expect(host.github).not.toHaveProperty(name);
  });
});
