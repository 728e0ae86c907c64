import { setUpAll } from './install/installation.mjs';

/** Installs missing npm packages and tools of the tests. */
if (!(await setUpAll())) process.exitCode = 1;
