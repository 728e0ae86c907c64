import { buildBundles } from './bundle/bundles.mjs';
import { setUpAll } from './install/installation.mjs';
import { formatPlan, formatResults, layerGroups, layers, runLayer } from './layer.mjs';

/** @typedef {import('./layer.mjs').LayerName} LayerName */

/** @param {string} text @returns {text is LayerName} */
const isLayer = (text) => text in layers;

/** Runs the named test layers, or all, and prints the results by layer. Other arguments are passed to jest. */
const args = process.argv.slice(2);
const named = args.filter(isLayer);
const chosen = named.length > 0 ? named : Object.keys(layers).filter(isLayer);
const jestArguments = args.filter((arg) => !isLayer(arg));
console.log(formatPlan(chosen));
const ready = await setUpAll([...new Set(chosen.flatMap((name) => layers[name].tools))]);
if (chosen.some((name) => layers[name].bundles)) await buildBundles();
const results = [];
for (const group of layerGroups) {
  const names = group.filter((name) => chosen.includes(name));
  results.push(...(await Promise.all(names.map((name) => runLayer(name, jestArguments)))));
}
console.log(`\n${formatResults(results)}`);
if (!ready || results.some(({ failed }) => failed > 0)) process.exitCode = 1;
