// Copies the function and its packages to dist, which the template references.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const target = join(import.meta.dirname, 'dist');
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
for (const name of ['index.mjs', 'package.json', 'node_modules'])
  cpSync(join(import.meta.dirname, name), join(target, name), { recursive: true });
