import { buildBundles } from './bundle/bundles.mjs';
import { installDependencies } from './install/dependencies.mjs';

/** Compiles everything, generates what the definitions say, then bundles every entry. */
await installDependencies();
await buildBundles();
