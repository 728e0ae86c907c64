import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DIGESTS_PATH, digestSummary, summaryPictures } from './check/pictures.mjs';
import { mustRun, root } from './command.mjs';
import { setUpAll } from './install/installation.mjs';

/**
 * Runs the demo and makes the pictures of the documents with Chromium: its job summaries in docs/summaries with the
 * digests of their Markdown, and docs/demo.png from its report.
 */
await setUpAll([]);
await mustRun(process.execPath, [join(root, 'scripts', 'demo.mjs')]);
const { renderSummaryPage } = await import('./build/demo/report/summary-page.js');
const { takePicture, takeReportPicture } = await import('./build/demo/report/pictures.js');

const style = readFileSync(
  createRequire(import.meta.url).resolve('github-markdown-css/github-markdown-light.css'),
  'utf8',
);
mkdirSync(dirname(join(root, DIGESTS_PATH)), { recursive: true });
/** @type {Record<string, string>} */
const digests = {};
for (const { action, source, picture } of summaryPictures) {
  const markdown = readFileSync(join(root, source), 'utf8');
  await takePicture(renderSummaryPage(markdown, style), { width: 1280, scale: 1.25, path: join(root, picture) });
  digests[action] = digestSummary(markdown);
  console.log(picture);
}
writeFileSync(join(root, DIGESTS_PATH), `${JSON.stringify(digests, null, 2)}\n`);
await takeReportPicture(join(root, '.demo', 'index.html'), join(root, 'docs', 'demo.png'));
console.log('docs/demo.png');
