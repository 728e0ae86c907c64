import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunNpm, root } from './command.mjs';
import { addRelease, getReleaseNotes } from './release/changelog.mjs';
import { listVersionFiles, parseVersion, replaceVersion } from './release/version.mjs';

const usage = `usage: npm run release -- VERSION     makes the tree of that version, to be committed and reviewed
       node scripts/release.mjs notes VERSION     prints what changed in it`;

const changelogPath = join(root, 'CHANGELOG.md');
const read = (/** @type {string} */ path) => readFileSync(path, 'utf8');

/** Sets the version of the repository in every package.json, the bundles and the changelog. */
const prepare = async (/** @type {string} */ version) => {
  const { version: current } = JSON.parse(read(join(root, 'package.json')));
  const [next, last] = [parseVersion(version), parseVersion(current)];
  const first = next.findIndex((part, index) => part !== last[index]);
  if (first < 0 || (next[first] ?? 0) < (last[first] ?? 0)) throw new Error(`${version} does not follow ${current}`);
  const changelog = addRelease(read(changelogPath), version, new Date().toISOString().slice(0, 10));
  for (const file of listVersionFiles(root)) writeFileSync(file, replaceVersion(read(file), current, version));
  writeFileSync(changelogPath, changelog);
  await mustRunNpm(['install', '--package-lock-only', '--ignore-scripts']);
  await mustRunNpm(['run', 'build']);
  console.log(`This is ${version}: look at it, then git commit --all --message 'Release ${version}'`);
};

const [first, second] = process.argv.slice(2);
if (first === 'notes' && second !== undefined) console.log(getReleaseNotes(read(changelogPath), second));
else if (first !== undefined && second === undefined) await prepare(first);
else throw new Error(usage);
