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

  it(`takes at most ${PREVIEW_BUDGETS.megabytes} MB`, () =>
    expect(run.megabytes).toBeLessThanOrEqual(PREVIEW_BUDGETS.megabytes));

  it(`takes at most ${PREVIEW_BUDGETS.seconds} s on a machine without other load`, () => {
    // On a slow or busy machine the budget grows in proportion.
    expect(run.milliseconds / 1000).toBeLessThanOrEqual(PREVIEW_BUDGETS.seconds * slowdown);
  });
});
