import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { measurePreview, PREVIEW_BUDGETS } from '../bench/rollout-preview.js';

const directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'preview-crowd-'));
afterAll(() => rmSync(directory, { recursive: true }));

it(`previews a thousand tenants with two environments and three profiles in ${PREVIEW_BUDGETS.megabytes} MB`, async () => {
  const { megabytes } = await measurePreview({
    root,
    directory,
    awsCli: undefined,
    programs: {},
    log: () => undefined,
  });
  expect(megabytes).toBeLessThanOrEqual(PREVIEW_BUDGETS.megabytes);
}, 300_000);
