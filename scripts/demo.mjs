import { join } from 'node:path';
import { mustRunModule, root } from './command.mjs';
import { setUpAll } from './install/installation.mjs';
import { lockForProcess } from './process-lock.mjs';

/** Installs dependencies, compiles and runs the demo, once at a time. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const other = lockForProcess(join(root, '.cache', 'demo.pid'));
if (other === undefined) {
  await setUpAll([]);
  await mustRunModule('tsc', ['-b']);
  const { runDemo } = await import('./build/demo/main.js');
  process.exitCode = await runDemo(process.argv.slice(2));
} else {
  console.error(`The demo is already running in this directory (process ${other}): wait until it ends`);
  process.exitCode = 1;
}
