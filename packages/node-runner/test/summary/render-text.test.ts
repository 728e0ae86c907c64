import {
  bold,
  code,
  codeBlock,
  details,
  heading,
  joinBlocks,
  link,
  list,
  md,
  raw,
  table,
} from '@aws-delivery/action-kit/report/markdown';
import { describe, expect, it } from '@jest/globals';
import { renderSummaryText } from '../../src/summary/render-text.js';

describe('renderSummaryText', () => {
  it.each([
    ['a heading', heading(2, md`✅ ${'shop_1: #2 <b>'}`), '✅ shop_1: #2 <b>'],
    ['escapes and zero-width spaces', md`${'s3://bucket/a_b*c @team #3'}`, 's3://bucket/a_b*c @team #3'],
    ['bold text and code', md`${bold('a|b')} is ${code('x_y')}`, 'a|b is x_y'],
    ['code with a column separator', code('a|b'), 'a|b'],
    ['a link', link('Console', 'https://e.example/?a=1&b=2'), 'Console (https://e.example/?a=1&b=2)'],
    ['a list', list(['one', md`${bold('two')}\n`]), '- one\n- two'],
    ['a code block', codeBlock('+ a\n- b', 'diff'), '  + a\n  - b'],
    ['a diagram', joinBlocks(raw('before'), codeBlock('gantt', 'mermaid'), raw('after')), 'before\n\nafter'],
    ['a collapsed section', details('2 <findings>', raw('body')), '2 <findings>\n\nbody'],
  ])('renders %s', (_, { markdown }, text) => {
    expect(renderSummaryText(markdown)).toBe(text);
  });

  it('aligns tables and keeps line breaks of cells on one line', () => {
    const { markdown } = table({
      header: ['Name', 'State'],
      rows: [
        [code('shop'), 'ok'],
        ['a|b', 'one\ntwo'],
      ],
    });
    expect(renderSummaryText(markdown)).toBe('Name  State\n----  --------\nshop  ok\na|b   one; two');
  });

  it('limits the lines and names the option for the whole summary', () => {
    const { markdown } = list(Array.from({ length: 600 }, (_, index) => `item ${index}`));
    const lines = renderSummaryText(markdown).split('\n');
    expect(lines).toHaveLength(501);
    expect(lines.at(-1)).toBe('(100 more lines: write the whole summary to a file with --summary)');
  });

  it('neutralises workflow commands', () => {
    expect(renderSummaryText('##vso[task.complete]')).not.toContain('##vso[');
  });
});
