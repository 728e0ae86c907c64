import { setUpAll } from './install/installation.mjs';

/** Installs the npm packages and the tools of the tests; quick when nothing is missing. */
if (!(await setUpAll())) process.exitCode = 1;
