#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../build/src/cli.js', import.meta.url);

if (!existsSync(built)) {
  process.stderr.write('local-aws: not built. Run npm ci and npx tsc -b in the root directory of the repository\n');
  process.exit(1);
}

const { runCli } = await import(built.href);
const ended = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
});

try {
  await runCli(process.argv.slice(2), {
    write: (text) => process.stdout.write(text),
    ended,
    program: fileURLToPath(import.meta.url),
  });
} catch (thrown) {
  process.stderr.write(`local-aws: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
}
