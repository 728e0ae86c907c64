import { buildBundles } from './bundle.mjs';

/** Compiles everything, generates what the definitions say, then bundles every entry. */
await buildBundles();
