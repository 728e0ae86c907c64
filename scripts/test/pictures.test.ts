import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { digestSummary, findStalePictures, readSummary, summaryPictures } from '../check/pictures.mjs';
import { root } from '../command.mjs';
import { renderSummaryPage } from '../demo/report/summary-page.js';

const digests = Object.fromEntries(summaryPictures.map((each) => [each.action, digestSummary(readSummary(each))]));

describe('the pictures of job summaries', () => {
  it('are current if their digests are those of the summaries', () => {
    expect(findStalePictures(digests)).toEqual([]);
  });

  it('are stale if the summary of an action has changed', () => {
    expect(findStalePictures({ ...digests, 'ecr-push': digestSummary('## other') })).toEqual([
      'docs/summaries/ecr-push.png does not show actions/ecr-push/test/golden/scan-enhanced.summary.md: run npm run pictures',
    ]);
  });

  it('are shown by the README of their action, and contain no placeholder', () => {
    for (const picture of summaryPictures) {
      const readme = readFileSync(join(root, 'actions', picture.action, 'README.md'), 'utf8');
      expect(readme).toContain(`](../../${picture.picture})`);
      expect(readSummary(picture)).not.toMatch(/<(?!\/?(?:details|summary|br)\b)[a-z-]+>/u);
    }
  });

  it('show charts as bars', () => {
    const chart = ['```mermaid', 'gantt', '  dateFormat x', '  Table (2s) :done, 1000, 3000', '```'].join('\n');
    expect(renderSummaryPage(chart, '')).toContain('<div class="gantt"><span>Table (2s)</span>');
  });
});
