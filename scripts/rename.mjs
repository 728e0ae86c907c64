import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunNpm, root, run } from './command.mjs';
import { readRepositoryName } from './release/repository-name.mjs';

/** Changes the public name of the repository in package.json and all texts that contain it. */
const [name] = process.argv.slice(2);
if (name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name)) throw new Error('usage: npm run rename -- owner/name');
const current = readRepositoryName();
const { output } = await run('git', ['grep', '--files-with-matches', '--fixed-strings', current, '--', ':!*/dist/*']);
const files = output.split('\n').filter((file) => file !== '');
for (const file of files) {
  const path = join(root, file);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(current, name));
}
await mustRunNpm(['run', 'generate']);
console.log(`${current} is ${name} in ${files.length} files`);
