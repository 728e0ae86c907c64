import { readSarif } from '@aws-delivery/findings/sarif/read-sarif';
import { describe, expect, it } from '@jest/globals';
import type { EvaluatedFinding } from '../../src/gate/evaluate-findings.js';
import { findReplacement, renderSuggestion } from '../../src/publish/suggestion.js';
import { buildSarif } from '../sarif-log.js';

type Region = Readonly<Record<string, number>>;

const FIRST_LINE = 5;

const replace = (deletedRegion: Region, text?: string) => ({
  deletedRegion,
  ...(text === undefined ? {} : { insertedContent: { text } }),
});

const find = (content: string, replacements: readonly object[], uri = 'src/app.js', isShortened = false) => {
  const endLine = FIRST_LINE + content.split('\n').length - 1;
  const fixes = [{ artifactChanges: [{ artifactLocation: { uri }, replacements }] }];
  const log = buildSarif({ results: [{ line: FIRST_LINE, endLine, more: { fixes } }] });
  const paths = { top: '/work', root: '/work', workspace: '/work', exists: () => false };
  const [finding] = readSarif(log, { ...paths, name: 'scan.sarif' }).findings;
  if (finding === undefined) throw new RangeError('no finding');
  const code = { content, isShortened, excerpt: undefined };
  const evaluated: EvaluatedFinding = { finding, code, fingerprint: 'f', isNew: undefined, status: { kind: 'fails' } };
  return findReplacement(evaluated);
};

describe('a replacement', () => {
  it.each<[string, string, readonly object[], string]>([
    ['part of a line', 'eval(x);', [replace({ startLine: 5, startColumn: 1, endColumn: 5 }, 'parse')], 'parse(x);\n'],
    ['a whole line', 'a\nb', [replace({ startLine: 6 }, 'c')], 'a\nc\n'],
    ['several lines', 'a\nb\nc', [replace({ startLine: 5, endLine: 6, endColumn: 2 }, 'x')], 'x\nc\n'],
    ['an insertion', 'a', [replace({ startLine: 5, startColumn: 2, endColumn: 2 }, ' // b')], 'a // b\n'],
    ['more lines', 'a', [replace({ startLine: 5, startColumn: 1, endColumn: 1 }, 'b\n')], 'b\na\n'],
    ['a removal of all lines', 'a\nb', [replace({ startLine: 5, endLine: 7, endColumn: 1 })], ''],
    [
      'two parts in any order',
      'one two',
      [
        replace({ startLine: 5, startColumn: 1, endColumn: 4 }, '1'),
        replace({ startLine: 5, startColumn: 5, endColumn: 8 }, '2'),
      ],
      '1 2\n',
    ],
  ])('of %s is applied to the lines', (_, content, replacements, expected) => {
    expect(find(content, replacements)).toBe(expected);
  });

  it.each<[string, string, readonly object[]]>([
    ['before the finding', 'a', [replace({ startLine: 4 }, 'b')]],
    ['after the finding', 'a', [replace({ startLine: 6, endLine: 6, endColumn: 2 }, 'b')]],
    ['beyond the end of a line', 'a', [replace({ startLine: 5, startColumn: 9, endColumn: 10 }, 'b')]],
    ['by offset', 'a', [{ deletedRegion: { charOffset: 0, charLength: 1 }, insertedContent: { text: 'b' } }]],
    ['that joins the next line', 'a', [replace({ startLine: 5, startColumn: 2, endLine: 6, endColumn: 1 }, ' ')]],
    ['that changes nothing', 'a', [replace({ startLine: 5 }, 'a')]],
    ['with overlapping parts', 'abc', [replace({ startLine: 5 }, 'x'), replace({ startLine: 5, startColumn: 2 }, 'y')]],
    ['with invisible characters', 'a', [replace({ startLine: 5 }, 'a\u202eb')]],
    ['in lines with characters of two units', '😀 a', [replace({ startLine: 5, startColumn: 3, endColumn: 4 }, 'b')]],
  ])('%s is not suggested', (_, content, replacements) => {
    expect(find(content, replacements)).toBeUndefined();
  });

  it('in another file, or of shortened code, is not suggested', () => {
    expect(find('a', [replace({ startLine: 5 }, 'b')], 'src/other.js')).toBeUndefined();
    expect(find('a', [replace({ startLine: 5 }, 'b')], 'src/app.js', true)).toBeUndefined();
  });
});

it.each([
  ['a\n', '```suggestion\na\n```'],
  ['', '```suggestion\n```'],
  ['```js\n', '````suggestion\n```js\n````'],
])('the block of %j has a longer fence', (text, expected) => {
  expect(renderSuggestion(text)).toBe(expected);
});
