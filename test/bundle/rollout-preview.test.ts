import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { measurePreview, PREVIEW_BUDGETS } from '../bench/rollout-preview.js';
import { measureSlowdown } from './cold-start.js';
import type { MeasuredRun } from './measured-run.js';

const directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'preview-crowd-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('a preview of a thousand tenants with two environments and three profiles', () => {
  let run: MeasuredRun;
  let slowdown: number;

  beforeAll(async () => {
    const before = await measureSlowdown();
    run = await measurePreview({ root, directory, awsCli: undefined, log: () => undefined });
    slowdown = Math.max(before, await measureSlowdown());
  }, 300_000);

  it('takes at most 200 MB', () => expect(run.megabytes).toBeLessThanOrEqual(PREVIEW_BUDGETS.megabytes));

  it('takes at most ten seconds, of a machine on which Node starts in 19 ms', () => {
    // A machine that is slow, or busy, is so for both: it is allowed as many times more.
    expect(run.milliseconds / 1000).toBeLessThanOrEqual(PREVIEW_BUDGETS.seconds * slowdown);
  });
});
