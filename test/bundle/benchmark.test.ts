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

// The benchmarks whose figures do not depend on the machine's load; `npm run bench` runs all.
it.each([callCount, deployMemory, imageMemory])('$name is within its budgets', async ({ measure }) => {
  const figures = await measure({ root, directory, awsCli: undefined, programs: {}, log: () => undefined });
  expect(figures.length).toBeGreaterThan(0);
  expect(renderTable(findMissed(figures))).toBe(renderTable([]));
});
