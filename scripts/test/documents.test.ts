import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { listFiles, root } from '../command.mjs';

/** Documents below golden/ are the output of tests. */
const documents = (await listFiles('*.md')).filter((document) => !document.includes('/golden/'));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const removeCode = (text: string): string => text.replaceAll(/^ *```[\s\S]*?^ *```/gmu, '');

/** The anchor of a heading on GitHub: its text in lower case, without punctuation, with hyphens for spaces. */
const createAnchor = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

/** The anchors of a document; a repeated heading gets a number. */
const listAnchors = (text: string): ReadonlySet<string> => {
  const counts = new Map<string, number>();
  return new Set(
    [...removeCode(text).matchAll(/^#{1,6} (.+)$/gmu)].map(([, heading = '']) => {
      const anchor = createAnchor(heading);
      const count = counts.get(anchor) ?? 0;
      counts.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    }),
  );
};

/** The links of a document to files and headings of the repository. */
const listLinks = (text: string): readonly string[] =>
  [...removeCode(text).matchAll(/\]\(([^)\s]+)\)/gu)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(?:https?|mailto):/u.test(link));

/** Why a link leads nowhere; undefined if it is correct. */
const findFlaw = (document: string, link: string): string | undefined => {
  const [path = '', anchor = ''] = link.split('#');
  const target = path === '' ? document : normalize(join(dirname(document), path));
  if (!existsSync(join(root, target))) return `${link}: ${target} does not exist`;
  const file = statSync(join(root, target)).isDirectory() ? join(target, 'README.md') : target;
  if (anchor === '' || !file.endsWith('.md')) return undefined;
  return listAnchors(read(file)).has(anchor) ? undefined : `${link}: ${file} has no heading '${anchor}'`;
};

describe('links in documents', () => {
  it.each(documents)('lead to existing files and headings: %s', (document) => {
    expect(listLinks(read(document)).flatMap((link) => findFlaw(document, link) ?? [])).toEqual([]);
  });

  it.each([
    ['a missing file', 'README.md', 'docs/none.md', 'does not exist'],
    ['a missing heading', 'README.md', '#none', "has no heading 'none'"],
    ['a missing heading of another document', 'docs/glossary.md', '../README.md#none', "has no heading 'none'"],
  ])('are rejected with %s', (_, document, link, message) => {
    expect(findFlaw(document, link)).toContain(message);
  });
});

describe('a document with more than five sections', () => {
  const listSections = (text: string): readonly string[] =>
    [...removeCode(text).matchAll(/^## (.+)$/gmu)]
      .map(([, heading = '']) => heading)
      .filter((name) => name !== 'Contents');
  const long = documents.filter((document) => listSections(read(document)).length > 5);

  it('is found', () => expect(long.length).toBeGreaterThan(8));

  it.each(long)('has a table of contents with every section: %s', (document) => {
    const text = read(document);
    const links = listLinks(text);
    const missing = listSections(text).filter((name) => !links.includes(`#${createAnchor(name)}`));
    expect(missing).toEqual([]);
  });
});

describe('the README of an action', () => {
  const workflowSchema = z.looseObject({
    on: z.unknown(),
    permissions: z.record(z.string(), z.string()),
    jobs: z.record(z.string(), z.looseObject({ permissions: z.looseObject({ 'id-token': z.literal('write') }) })),
  });

  it.each(documents.filter((document) => document.startsWith('actions/')))(
    'begins with a complete workflow, and links to an example workflow, platforms and support: %s',
    (document) => {
      const text = read(document);
      const [, first = ''] = /^```yaml\n([\s\S]*?)^```/mu.exec(text) ?? [];
      const workflow = workflowSchema.parse(parse(first));
      expect(workflow.on).toBeDefined();
      expect(first).toContain(`/${dirname(document)}@v1`);
      for (const section of ['platforms-and-networks', 'versions-and-support'])
        expect(listLinks(text)).toContain(`../../README.md#${section}`);
      expect(listLinks(text)).toContainEqual(expect.stringMatching(/\/examples\/workflows\/[\w-]+\.yml$/u));
    },
  );
});

describe('an example workflow', () => {
  /** Why no test runs a workflow, by path. */
  const NOT_RUN: Readonly<Record<string, string>> = {
    'examples/workflows/terraform.yml': 'it needs Terraform, and actions from other repositories',
  };
  const workflows = readdirSync(join(root, 'examples/workflows')).map((name) => `examples/workflows/${name}`);

  it.each(workflows)('is in the table of the README: %s', (workflow) => {
    expect(listLinks(read('README.md'))).toContain(workflow);
  });

  it.each(workflows.filter((workflow) => !(workflow in NOT_RUN)))('is run by a test: %s', async (workflow) => {
    const tests = await listFiles('test/e2e/*.ts', 'actions/*/test/*.ts');
    // operations.test.ts composes the paths from the names.
    const names = [`workflows/${basename(workflow)}`, `run('${basename(workflow, '.yml')}'`];
    expect(tests.filter((test) => names.some((name) => read(test).includes(name)))).not.toEqual([]);
  });
});
