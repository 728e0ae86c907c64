import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/command.mjs';

const listFiles = (path: string): readonly string[] =>
  statSync(join(root, path)).isFile()
    ? [path]
    : readdirSync(join(root, path)).flatMap((name) => listFiles(`${path}/${name}`));

/** Reads files and directories of this checkout. Returns contents by path relative to its root. */
export const readFiles = (...paths: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(paths.flatMap(listFiles).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
