import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../command.mjs';

/** @typedef {{ action: string, source: string, picture: string }} SummaryPicture `source` and `picture` are paths in the checkout */

export const DIGESTS_PATH = 'docs/summaries/digests.json';

/** The job summaries that the demo writes and the READMEs show. @type {readonly SummaryPicture[]} */
export const summaryPictures = readdirSync(join(root, 'actions')).map((action) => ({
  action,
  source: `.demo/summaries/${action}.md`,
  picture: `docs/summaries/${action}.png`,
}));

/** @param {string} chart a Mermaid chart without its fences */
const normalizeChart = (chart) =>
  chart
    .split('\n')
    .filter((line) => !/^\s*(?:axisFormat|tickInterval)\b/u.test(line))
    .toSorted()
    .join('\n');

/**
 * The part of a summary that is the same in every run of the demo: words with digits (times, durations, sizes, ids,
 * addresses) become `#`, and the rows of charts have an order of their own.
 * @param {string} markdown
 */
export const normalizeSummary = (markdown) =>
  markdown
    .replace(/(?<=```mermaid\n)[\s\S]*?(?=\n```)/gu, normalizeChart)
    .replace(/\S*\d\S*/gu, '#')
    .replace(/#(?:[ ,]+(?:#|[kMG]?B(?:\/s)?\b\S*))+/gu, '#');

/** @param {string} markdown */
export const digestSummary = (markdown) => createHash('sha256').update(normalizeSummary(markdown)).digest('hex');

/**
 * Finds pictures that show another summary than the demo makes.
 * @param {Readonly<Record<string, string>>} digests of the summaries in the pictures, by action
 * @param {string} directory the checkout
 * @returns {string[]} one line for each picture
 */
export const findStalePictures = (digests, directory = root) =>
  summaryPictures
    .filter(({ action, source, picture }) => {
      const [summary, image] = [source, picture].map((path) => join(directory, path));
      if (summary === undefined || image === undefined || !existsSync(summary) || !existsSync(image)) return true;
      return digests[action] !== digestSummary(readFileSync(summary, 'utf8'));
    })
    .map(({ picture, source }) => `${picture} does not show ${source}: run npm run pictures`);

/** Runs the demo, and checks that the pictures of the READMEs show its job summaries. */
export const checkPictures = async () => {
  const demo = await run(process.execPath, [join(root, 'scripts', 'demo.mjs')]);
  if (demo.status !== 0) return demo;
  const lines = findStalePictures(JSON.parse(readFileSync(join(root, DIGESTS_PATH), 'utf8')));
  return { status: lines.length === 0 ? 0 : 1, output: lines.join('\n') };
};
