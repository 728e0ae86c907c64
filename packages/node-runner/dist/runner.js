#!/usr/bin/env node
if (parseInt(process.versions.node, 10) < 20) {
  process.stderr.write('runner.js: Node 20 or newer is required, got ' + process.version + '\n');
  process.exitCode = 2;
} else {
  import('./index.js').then(function (index) {
    return index.runner();
  });
}
