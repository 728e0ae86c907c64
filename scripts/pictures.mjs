import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DIGESTS_PATH, digestSummary, readSummary, summaryPictures } from './check/pictures.mjs';
import { mustRunModule, root } from './command.mjs';
import { setUpAll } from './install/installation.mjs';

/**
 * Makes the pictures of the documents with Chromium: job summaries in docs/summaries with the digests of their Markdown,
 * and docs/demo.png from the report of the last demo.
 */
await setUpAll([]);
await mustRunModule('tsc', ['-b']);
const { renderSummaryPage } = await import('./build/demo/report/summary-page.js');
const { takePicture, takeReportPicture } = await import('./build/demo/report/pictures.js');

const style = readFileSync(
  createRequire(import.meta.url).resolve('github-markdown-css/github-markdown-light.css'),
  'utf8',
);
mkdirSync(dirname(join(root, DIGESTS_PATH)), { recursive: true });
/** @type {Record<string, string>} */
const digests = {};
for (const summaryPicture of summaryPictures) {
  const markdown = readSummary(summaryPicture);
  const path = join(root, summaryPicture.picture);
  await takePicture(renderSummaryPage(markdown, style), { width: 1000, scale: 1.5, path });
  digests[summaryPicture.action] = digestSummary(markdown);
  console.log(summaryPicture.picture);
}
writeFileSync(join(root, DIGESTS_PATH), `${JSON.stringify(digests, null, 2)}\n`);

const report = join(root, '.demo', 'index.html');
if (existsSync(report)) {
  await takeReportPicture(report, join(root, 'docs', 'demo.png'));
  console.log('docs/demo.png');
} else {
  console.log('docs/demo.png is unchanged: run npm run demo first');
}
