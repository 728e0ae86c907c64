import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunNpm, root } from './command.mjs';
import { findLatestRelease } from './release/changelog.mjs';
import { draftSection, readCommits } from './release/commits.mjs';
import { createReleaseNotes } from './release/notes.mjs';
import { prepareRelease } from './release/prepare.mjs';
import { packRunner } from './release/runner-package.mjs';

const usage = `usage: npm run release -- VERSION             prepares that version in the checkout, for a commit and its review
       npm run release -- changes             prints the changes since the latest release, from the commits
       node scripts/release.mjs notes VERSION   prints the release notes of that version
       node scripts/release.mjs pack DIRECTORY  packs the node runner as npm package`;

/** Prepares a version, the lock file and the bundles included. */
const prepare = async (/** @type {string} */ version) => {
  await prepareRelease(root, version, new Date().toISOString().slice(0, 10));
  await mustRunNpm(['install', '--package-lock-only', '--ignore-scripts']);
  await mustRunNpm(['run', 'build']);
  console.log(
    `Prepared ${version}. Review the changes, then run: git commit --all --message 'chore: release ${version}'`,
  );
};

const readChangelog = () => readFileSync(join(root, 'CHANGELOG.md'), 'utf8');

const [first, second] = process.argv.slice(2);
if (first === 'notes' && second !== undefined) {
  console.log(createReleaseNotes(readChangelog(), second));
} else if (first === 'pack' && second !== undefined) {
  console.log(await packRunner(second));
} else if (first === 'changes' && second === undefined) {
  console.log(draftSection(await readCommits(root, findLatestRelease(readChangelog()))));
} else if (first !== undefined && second === undefined) await prepare(first);
else throw new Error(usage);
