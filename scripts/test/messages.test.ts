import { describe, expect, it } from '@jest/globals';
import { listMessages, readMessages } from '../check/messages.mjs';
import { findMessageIssues } from '../check/prose.mjs';

const readTexts = (source: string): string[] => readMessages('src/a.ts', source).map(({ text }) => text);

describe('the list of messages', () => {
  it('reads a literal, a template and a concatenation as one text each, with the names of inserted values', () => {
    const source = `
const hint = 'correct the ARN';
const label = \`bucket \${name} in \${location.region} (\${count + 1})\`;
log.info('one part ' + \`and \${another}\`);
`;
    expect(readTexts(source)).toEqual([
      'correct the ARN',
      'bucket {name} in {location.region} ({…})',
      'one part and {another}',
    ]);
  });

  it('reads texts within inserted values', () => {
    expect(readTexts("log.info(`${count === 0 ? 'no findings' : `${count} new findings`}: done`);")).toEqual([
      '{…}: done',
      'no findings',
      '{count} new findings',
    ]);
  });

  it('names what a text is for, and its line', () => {
    const source = `// A comment with ünicode.
export const input = { help: 'The name of the stack.' };

throw new DeliveryError('not-found', \`stack \${name} not found\`);
log.warning('the stack exists');
`;
    expect(readMessages('src/a.ts', source)).toEqual([
      { file: 'src/a.ts', line: 2, code: 'help', text: 'The name of the stack.' },
      { file: 'src/a.ts', line: 4, code: 'error not-found', text: 'stack {name} not found' },
      { file: 'src/a.ts', line: 5, code: 'warning', text: 'the stack exists' },
    ]);
  });

  it.each([
    ['a single word', "const kind = 'stack';"],
    ['an import', "import { a } from 'some module';"],
    ['a type', "type Kind = 'one kind' | 'another kind';"],
    ['a pattern', "const pattern = new RegExp('one or two');"],
    ['a style sheet', "const rules = '.a { color: red; } .b { color: blue; }';"],
    ['a comment', '// one comment\n/* another comment */'],
  ])('leaves out %s', (_, source) => {
    expect(readTexts(source)).toEqual([]);
  });

  it('lists the texts below a path of the checkout', async () => {
    const messages = await listMessages(['actions/health-gate/action.ts']);
    expect(messages.map(({ code }) => code)).toEqual(expect.arrayContaining(['title', 'description']));
    expect(new Set(messages.map(({ file }) => file))).toEqual(new Set(['actions/health-gate/action.ts']));
  });
});

describe('the prose of messages', () => {
  it('finds an expression, with the place of the text in the source', async () => {
    const messages = readMessages('src/a.ts', "\nfail('the first text');\nfail(`${name} is no ARN`);");
    expect(await findMessageIssues(messages)).toEqual(['src/a.ts:3: no => not a in "{name} is no ARN"']);
  });

  it('ignores the names of inserted values and code between backticks', async () => {
    expect(await findMessageIssues(readMessages('src/a.ts', 'fail(`${folder} and \\`folder\\` match`);'))).toEqual([]);
  });

  it.each(['<!-- marker: {subject}', 'before <!-- marker', '<pre class=x> code', '<?xml version', '``` block of code'])(
    'reads the texts after one that opens a block: %s',
    async (text) => {
      const messages = [text, 'the first text', 'the name is no ARN'].map((each, index) => ({
        file: 'src/a.ts',
        line: index + 1,
        code: 'info',
        text: each,
      }));
      expect(await findMessageIssues(messages)).toEqual(['src/a.ts:3: no => not a in "the name is no ARN"']);
    },
  );

  it('accepts sentences of AWS that are repeated word for word', async () => {
    const messages = readMessages(
      'src/a.ts',
      "fail('Roles may not be assumed by root accounts.');\nfail('it may not run');",
    );
    expect(await findMessageIssues(messages)).toEqual(['src/a.ts:2: may not => must not in "it may not run"']);
  });
});
