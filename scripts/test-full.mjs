import { buildBundles } from './bundle/bundles.mjs';
import { setUpAll } from './install/installation.mjs';
import { findProgram } from './install/tool.mjs';
import { formatResults, runLayer } from './layer.mjs';

/**
 * Runs what is too long for `npm test`: randomised tests with more seeds, all recipes twice in the same clone, rain on
 * Local AWS, and the layers without servers of others on every supported version of Node.js.
 */
const ready = await setUpAll(['act', 'python', 'rain', 'node22', 'node24']);
await buildBundles();

const env = { TEST_FULL: 'true' };
const results = [
  await runLayer('unit', ['\\.property\\.test'], { env, label: 'properties' }),
  await runLayer('scenario', ['test/chaos'], { env, label: 'chaos' }),
  await runLayer('e2e', ['test/e2e/recipes'], { env, label: 'recipes' }),
  await runLayer('conformance', ['clients/rain'], { env, label: 'rain' }),
];
for (const version of /** @type {const} */ (['node22', 'node24'])) {
  const program = findProgram(version);
  if (program === undefined) continue;
  for (const layer of /** @type {const} */ (['unit', 'scenario', 'bundle'])) {
    results.push(await runLayer(layer, [], { program, label: `${layer} on ${version}` }));
  }
}
console.log(`\n${formatResults(results)}`);
if (!ready || results.some(({ failed }) => failed > 0)) process.exitCode = 1;
