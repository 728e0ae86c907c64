#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../build/src/cli.js', import.meta.url);

if (!existsSync(built)) {
  process.stderr.write('local-aws is not built yet: run "npm ci" and "npx tsc -b" at the root of the repository\n');
  process.exit(1);
}

const { runCli } = await import(built.href);
const ended = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
});

try {
  await runCli(process.argv.slice(2), { write: (text) => process.stdout.write(text), ended });
} catch (thrown) {
  process.stderr.write(`local-aws: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
}
