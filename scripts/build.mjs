import { buildBundles } from './bundle.mjs';
import { installDependencies } from './dependencies.mjs';

/** Compiles everything, generates what the definitions say, then bundles every entry. */
await installDependencies();
await buildBundles();
