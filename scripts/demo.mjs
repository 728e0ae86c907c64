import { mustRunModule } from './command.mjs';
import { setUpAll } from './install/installation.mjs';

/** Installs dependencies, compiles and runs the demo. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
await setUpAll([]);
await mustRunModule('tsc', ['-b']);
const { runDemo } = await import('./build/demo/main.js');
process.exitCode = await runDemo(process.argv.slice(2));
