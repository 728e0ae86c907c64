import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const IMPORT = /(?:^|[;}\n])\s*(?:import|export)\b[^;"'()]*?["']\.\/([^"']+)["']/g;

/** A bundle's file and all its static imports, transitively. */
export const findStaticClosure = (
  dist: string,
  file: string,
  seen: ReadonlySet<string> = new Set(),
): ReadonlySet<string> => {
  if (seen.has(file)) return seen;
  const found = [...readFileSync(join(dist, file), 'utf8').matchAll(IMPORT)].flatMap(([, name]) => name ?? []);
  return found.reduce<ReadonlySet<string>>((all, name) => findStaticClosure(dist, name, all), new Set([...seen, file]));
};

/** The size in bytes of all files that are loaded before a bundle's file runs. */
export const getStaticSize = (dist: string, file: string): number =>
  [...findStaticClosure(dist, file)].reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
