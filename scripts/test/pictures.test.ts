import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestSummary, findStalePictures, normalizeSummary, summaryPictures } from '../check/pictures.mjs';
import { root } from '../command.mjs';
import { renderSummaryPage } from '../demo/report/summary-page.js';

const SUMMARY =
  '## ✅ ECR: 1 image: 1 pushed\n\n| `127.0.0.1:4580/shop` | ✅ pushed | 2 uploaded (2.3 kB, 24.0 kB/s) |\n';

describe('the pictures of job summaries', () => {
  let checkout: string;
  const write = (file: string, content: string): void => {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    writeFileSync(join(checkout, file), content);
  };
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'pictures-'));
    for (const { source, picture } of summaryPictures) {
      write(source, SUMMARY);
      write(picture, 'PNG');
    }
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  const digests = Object.fromEntries(summaryPictures.map(({ action }) => [action, digestSummary(SUMMARY)]));

  it('are current if their digests are those of the summaries that the demo wrote', () => {
    expect(findStalePictures(digests, checkout)).toEqual([]);
  });

  it('are current if only times, sizes and addresses differ', () => {
    write('.demo/summaries/ecr-push.md', SUMMARY.replace('4580', '9999').replace('24.0 kB/s', '1.2 MB/s'));
    expect(findStalePictures(digests, checkout)).toEqual([]);
  });

  it.each([
    ['has changed', () => write('.demo/summaries/ecr-push.md', SUMMARY.replace('pushed', 'uploaded'))],
    ['is missing', () => rmSync(join(checkout, '.demo/summaries/ecr-push.md'))],
  ])('are stale if the summary of an action %s', (_, change) => {
    change();
    expect(findStalePictures(digests, checkout)).toEqual([
      'docs/summaries/ecr-push.png does not show .demo/summaries/ecr-push.md: run npm run pictures',
    ]);
  });

  it('are stale if a picture is missing', () => {
    rmSync(join(checkout, 'docs/summaries/health-gate.png'));
    expect(findStalePictures(digests, checkout)).toHaveLength(1);
  });

  it('are shown by the README of their action', () => {
    for (const { action, picture } of summaryPictures) {
      const readme = readFileSync(join(root, 'actions', action, 'README.md'), 'utf8');
      expect(readme).toContain(`](../../${picture})`);
    }
  });

  it('show charts as bars', () => {
    const chart = ['```mermaid', 'gantt', '  dateFormat x', '  Table (2s) :done, 1000, 3000', '```'].join('\n');
    expect(renderSummaryPage(chart, '')).toContain('<div class="gantt"><span>Table (2s)</span>');
  });
});

describe('the normalized summary', () => {
  it('does not depend on the order and the times of the rows of a chart', () => {
    const rows = ['  Table (1m 02s) :done, 1000, 3000', '  Queue (2s) :crit, 1000, 2000'];
    const [one, two] = [rows, rows.toReversed()].map((lines) =>
      normalizeSummary(['```mermaid', 'gantt', '  tickInterval 1second', ...lines, '```', '', 'The end'].join('\n')),
    );
    expect(one).toBe(two);
    expect(one).toContain('  Queue # :crit, #');
    expect(one).toContain('The end');
  });
});
