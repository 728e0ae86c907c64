import { buildBundles } from './bundle/bundles.mjs';
import { installDependencies } from './install/dependencies.mjs';

/** Installs dependencies, compiles, generates files and builds the bundles. */
await installDependencies();
await buildBundles();
