import { buildBundles } from './bundle/bundles.mjs';
import { setUpAll } from './install/installation.mjs';
import { addCounts, formatCounts, layers, runLayer } from './layer.mjs';

/** @typedef {import('./layer.mjs').LayerName} LayerName */

/** @param {string} text @returns {text is LayerName} */
const isLayer = (text) => text in layers;

/** Runs the named test layers, or all, and prints the total. Other arguments are passed to jest. */
const args = process.argv.slice(2);
const named = args.filter(isLayer);
const chosen = named.length > 0 ? named : Object.keys(layers).filter(isLayer);
const ready = await setUpAll([...new Set(chosen.flatMap((name) => layers[name].tools))]);
if (chosen.some((name) => layers[name].bundles)) await buildBundles();
const counts = [];
for (const name of chosen)
  counts.push(
    await runLayer(
      name,
      args.filter((arg) => !isLayer(arg)),
    ),
  );
const sum = addCounts(counts);
console.log(`\n${formatCounts(sum)}`);
if (!ready || sum.failed > 0) process.exitCode = 1;
