import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/command.mjs';

const below = (path: string): readonly string[] =>
  statSync(join(root, path)).isFile()
    ? [path]
    : readdirSync(join(root, path)).flatMap((name) => below(`${path}/${name}`));

/** The texts of files and of whole folders of this checkout, by path from its root. */
export const filesOf = (...paths: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(paths.flatMap(below).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
