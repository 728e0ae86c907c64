import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../command.mjs';

/** @typedef {{ action: string, source: string, picture: string }} SummaryPicture `source` and `picture` are paths in the checkout */

/** The golden summaries that are shown in the READMEs, by action. */
const SUMMARIES = {
  'oidc-credentials': 'environment',
  'health-gate': 'template',
  'codeguru-review': 'reviewer',
  'ecr-push': 'scan-enhanced',
  'cloudformation-deploy': 'root-cause',
  'appconfig-rollout': 'waves',
};

/** Values that golden files replace, since they differ between runs. */
const PLACEHOLDERS = {
  '127.0.0.1:<port>': '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  '<time>': '2026-11-20T13:00:00.000Z',
};

export const DIGESTS_PATH = 'docs/summaries/digests.json';

/** @type {readonly SummaryPicture[]} */
export const summaryPictures = Object.entries(SUMMARIES).map(([action, name]) => ({
  action,
  source: `actions/${action}/test/golden/${name}.summary.md`,
  picture: `docs/summaries/${action}.png`,
}));

/**
 * Reads the job summary that a picture shows.
 * @param {SummaryPicture} picture
 */
export const readSummary = ({ source }) =>
  Object.entries(PLACEHOLDERS).reduce(
    (text, [placeholder, value]) => text.replaceAll(placeholder, value),
    readFileSync(join(root, source), 'utf8'),
  );

/** @param {string} markdown */
export const digestSummary = (markdown) => createHash('sha256').update(markdown).digest('hex');

/**
 * Finds pictures that do not show the current summary of their action.
 * @param {Readonly<Record<string, string>>} digests of the summaries in the pictures, by action
 * @returns {string[]} one line for each picture
 */
export const findStalePictures = (digests) =>
  summaryPictures
    .filter(
      (each) => !existsSync(join(root, each.picture)) || digests[each.action] !== digestSummary(readSummary(each)),
    )
    .map(({ picture, source }) => `${picture} does not show ${source}: run npm run pictures`);

/** Checks that the pictures of the READMEs show the current job summaries. */
export const checkPictures = async () => {
  const path = join(root, DIGESTS_PATH);
  const lines = findStalePictures(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
  return { status: lines.length === 0 ? 0 : 1, output: lines.join('\n') };
};
