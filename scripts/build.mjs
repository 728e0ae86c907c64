import { buildBundles } from './bundle.mjs';

/** Compiles every package, then bundles every entry. */
await buildBundles();
