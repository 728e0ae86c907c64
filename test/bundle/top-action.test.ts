import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Job } from '@aws-delivery/node-runner/job/job';
import { afterAll, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';

const workspace = mkdtempSync(join(tmpdir(), 'root-action-'));
afterAll(() => rmSync(workspace, { recursive: true }));

describe('the action.yml at the root', () => {
  it('fails and names actions that exist', async () => {
    await using job = new Job({ workspace });
    const { conclusion, annotations } = await job.run({ action: root });
    expect(conclusion).toBe('failure');
    const names = [...(annotations[0]?.message ?? '').matchAll(/^uses: [\w-]+\/[\w-]+\/(actions\/[\w-]+)@v\d+$/gm)];
    expect(names.length).toBeGreaterThan(0);
    for (const [, path = ''] of names) expect(existsSync(join(root, path))).toBe(true);
  });
});
