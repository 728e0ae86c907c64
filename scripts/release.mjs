import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunNpm, root } from './command.mjs';
import { getReleaseNotes } from './release/changelog.mjs';
import { prepareRelease } from './release/prepare.mjs';

const usage = `usage: npm run release -- VERSION             prepares that version in the checkout, for a commit and its review
       node scripts/release.mjs notes VERSION   prints the release notes of that version`;

/** Prepares a version, the lock file and the bundles included. */
const prepare = async (/** @type {string} */ version) => {
  await prepareRelease(root, version, new Date().toISOString().slice(0, 10));
  await mustRunNpm(['install', '--package-lock-only', '--ignore-scripts']);
  await mustRunNpm(['run', 'build']);
  console.log(
    `Prepared ${version}. Review the changes, then run: git commit --all --message 'chore: release ${version}'`,
  );
};

const [first, second] = process.argv.slice(2);
if (first === 'notes' && second !== undefined) {
  console.log(getReleaseNotes(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), second));
} else if (first !== undefined && second === undefined) await prepare(first);
else throw new Error(usage);
