import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { findProseIssues, readYamlTexts } from '../check/prose.mjs';

const Dictionary = z.object({
  rules: z.array(
    z.object({
      expected: z.string(),
      pattern: z.string(),
      specs: z.array(z.object({ from: z.string(), to: z.string() })),
    }),
  ),
});

const { rules } = Dictionary.parse(parse(readFileSync(new URL('../check/prose.yml', import.meta.url), 'utf8')));

const find = (text: string): Promise<readonly string[]> => findProseIssues(new Map([['a.md', text]]));

describe('the dictionary of prose', () => {
  it('has a text to find and a text to leave alone for every expression', () => {
    expect(rules.length).toBeGreaterThanOrEqual(40);
    for (const { pattern, specs } of rules) {
      expect({ pattern, found: specs.map(({ from, to }) => from !== to) }).toEqual({ pattern, found: [true, false] });
    }
  });

  it('finds every example in a document, with its rewrite', async () => {
    const examples = rules.flatMap(({ specs }) => specs[0] ?? []);
    const found = await findProseIssues(new Map(examples.map(({ from }, index) => [`${index}.md`, from])));
    expect(found.map((line) => Number.parseInt(line, 10))).toEqual(expect.arrayContaining([...examples.keys()]));
    expect(await find('The signature is made anew.')).toEqual(['a.md:1:23: anew => again']);
  });

  it('leaves the examples of good sentences alone', async () => {
    const examples = rules.flatMap(({ specs }) => specs[1] ?? []);
    expect(await findProseIssues(new Map(examples.map(({ from }, index) => [`${index}.md`, from])))).toEqual([]);
  });

  it.each([
    'Exported AWS credentials as environment variables. Cleanup done: restored environment variables.',
    'No OIDC token found; using the default AWS credential chain.',
    'If any source reports a finding, the gate fails even if another source is unavailable.',
    'Images that already exist in ECR are skipped; several images are pushed in parallel.',
    'Successful resources were kept. Fix the template and redeploy, or rerun with `mode: retry`.',
    'Not retrying: SalesStream failed with a non-transient error.',
    'Unsupported operations return HTTP 501 naming the operation.',
    'Symbolic links and files in unrecognised locations are rejected.',
  ])('leaves plain English alone: %s', async (sentence) => {
    expect(await find(sentence)).toEqual([]);
  });
});

describe('the check of prose', () => {
  it.each([
    ['a table head', '| which | use |\n|---|---|\n| a | b |'],
    ['the text of a link', 'See [there](a.md).'],
    ['an expression with a line break', 'The scenario has what\nthere is.'],
    ['a heading', '## What nobody expects'],
    ['emphasis', 'The service is *not to be had*.'],
  ])('finds an expression in %s', async (_, text) => {
    expect(await find(text)).toHaveLength(1);
  });

  it.each([
    ['code', 'Set `folder` to `nobody`.\n\n```console\n$ cd folder\n```'],
    ['a generated block', '<!-- generated: inputs -->\n\nThe folder.\n\n<!-- /generated -->'],
    ['an exception', '<!-- textlint-disable prh -->\n\nThe folder.\n\n<!-- textlint-enable prh -->'],
  ])('ignores %s', async (_, text) => {
    expect(await find(text)).toEqual([]);
  });

  it('reports the line of the document after a generated block', async () => {
    expect(await find('<!-- generated: inputs -->\n\nA folder.\n\n<!-- /generated -->\n\nA folder.')).toEqual([
      'a.md:7:3: folder => directory',
    ]);
  });

  it('reads names, descriptions and comments of YAML, on their lines', () => {
    const workflow =
      'name: Deliver\non: push # every push\njobs:\n  # The first job.\n  a:\n    steps:\n      - name: Push image\n';
    expect(readYamlTexts(workflow).split('\n')).toEqual([
      'Deliver',
      'every push',
      '',
      'The first job.',
      '',
      '',
      'Push image',
      '',
    ]);
  });
});
