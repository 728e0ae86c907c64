import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { callCount } from '../bench/call-count.js';
import { deployMemory } from '../bench/deploy/deploy-memory.js';
import { imageMemory } from '../bench/image/image-memory.js';
import { findMissed, renderTable } from '../bench/table.js';

const directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'bench-'));
afterAll(() => rmSync(directory, { recursive: true }));

// The benches whose figures a busy machine does not sway; `npm run bench` has them all.
it.each([callCount, deployMemory, imageMemory])('$name keeps to its bars', async ({ measure }) => {
  const lines = await measure({ root, directory, awsCli: undefined, log: () => undefined });
  expect(lines.length).toBeGreaterThan(0);
  expect(renderTable(findMissed(lines))).toBe(renderTable([]));
});
