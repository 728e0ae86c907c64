import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type CorpusText, corpus } from './corpus.js';
import { readTree, sortTree, type TypedTree } from './typed-tree.js';

/** Tree of a text by version of SnakeYAML, `null` for an error; one tree where the versions agree. */
type OracleResult = TypedTree | null | Readonly<Record<string, TypedTree | null>>;

const versions = ['1.33', '2.6'];
const oracleFile = new URL('oracle.json', import.meta.url);

/** Runs SnakeYAML. Both jars (`org.yaml:snakeyaml`, Maven Central) are in the directory; needs a JDK of version 11 or later. */
const runSnakeYaml = (version: string, jars: string): readonly (TypedTree | null)[] => {
  const source = fileURLToPath(new URL('Oracle.java', import.meta.url));
  const input = corpus.map(({ text }) => Buffer.from(text).toString('base64')).join('\n');
  const output = execFileSync(process.env['JAVA'] ?? 'java', ['-cp', `${jars}/snakeyaml-${version}.jar`, source], {
    input,
    encoding: 'utf8',
  });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TypedTree | null);
};

const sortResult = (tree: TypedTree | null): TypedTree | null => (tree === null ? null : sortTree(tree));

const updateOracle = (jars: string): void => {
  const results = versions.map((version) => runSnakeYaml(version, jars).map(sortResult));
  const lines = corpus.map(({ name }, index) => {
    const trees = results.map((result) => result[index] ?? null);
    const isSame = trees.every((tree) => JSON.stringify(tree) === JSON.stringify(trees[0]));
    const result = isSame ? trees[0] : Object.fromEntries(versions.map((version, at) => [version, trees[at]]));
    return `${JSON.stringify(name)}: ${JSON.stringify(result)}`;
  });
  writeFileSync(oracleFile, `{\n${lines.join(',\n')}\n}\n`);
};

const jars = process.env['UPDATE_ORACLE'];
if (jars) updateOracle(jars);
const oracle: Readonly<Record<string, OracleResult>> = JSON.parse(readFileSync(oracleFile, 'utf8'));

const listTrees = ({ name }: CorpusText): readonly (TypedTree | null)[] => {
  const result = oracle[name] ?? null;
  return result === null || Array.isArray(result)
    ? [result as TypedTree | null]
    : Object.values(result as Readonly<Record<string, TypedTree | null>>);
};

describe('a text is read as SnakeYAML reads it', () => {
  it('the oracle has an result for each text', () => {
    expect(Object.keys(oracle)).toEqual(corpus.map(({ name }) => name));
  });

  it.each(corpus)('$name', (item) => {
    expect(listTrees(item)).toContainEqual(readTree(item.text) ?? null);
  });
});
