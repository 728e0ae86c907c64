import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a folder by path: those named, and all below the folders named. */
export const filesBelow = (root: string, ...paths: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    paths.flatMap((path) => {
      if (statSync(join(root, path)).isFile()) return [[path, readFileSync(join(root, path), 'utf8')]];
      return readdirSync(join(root, path)).flatMap((name) => Object.entries(filesBelow(root, `${path}/${name}`)));
    }),
  );
