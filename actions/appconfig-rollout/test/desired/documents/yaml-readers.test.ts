import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createContent } from '../../../src/desired/documents/content.js';

interface Pair {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly unchanged: boolean;
}

const readJsonFile = <T>(name: string): T =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'yaml-readers', name), 'utf8'));

const pairs = readJsonFile<readonly Pair[]>('pairs.json');
const { readers, results } = readJsonFile<{
  readonly readers: readonly string[];
  readonly results: Readonly<Record<string, readonly string[]>>;
}>('results.json');

const isUnchanged = ({ before, after }: Pair): boolean => {
  const [a, b] = [before, after].map((text) => createContent(text, 'yaml', 'AWS.Freeform').digest);
  return a === b;
};

describe(`a pair of YAML documents, compared with ${readers.join(', ')}`, () => {
  it.each(pairs.map((pair) => [pair.name, pair] as const))('is judged: %s', (name, pair) => {
    expect(isUnchanged(pair)).toBe(pair.unchanged);
    expect(results[name]).toHaveLength(readers.length);
    // Only what every reader reads equally may count as unchanged.
    if (pair.unchanged) expect(results[name]?.filter((result) => result !== 'equal')).toEqual([]);
  });

  it('has results for at least 60 pairs', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(60);
    expect(Object.keys(results).sort()).toEqual(pairs.map(({ name }) => name).sort());
  });
});
