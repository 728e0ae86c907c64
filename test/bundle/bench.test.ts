import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { calls } from '../bench/calls.js';
import { deployMemory } from '../bench/deploy-memory.js';
import { imageMemory } from '../bench/image-memory.js';
import { missedOf, tableOf } from '../bench/table.js';

const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

// The benches whose figures a busy machine does not sway; `npm run bench` has them all.
it.each([calls, deployMemory, imageMemory])('$name keeps to its bars', async ({ measure }) => {
  const lines = await measure({ root, folder, awsCli: undefined, say: () => undefined });
  expect(lines.length).toBeGreaterThan(0);
  expect(tableOf(missedOf(lines))).toBe(tableOf([]));
});
