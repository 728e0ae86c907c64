import { describe, expect, it } from '@jest/globals';
import {
  bold,
  code,
  codeBlock,
  details,
  escapeHtml,
  escapeMarkdown,
  heading,
  joinBlocks,
  LIMITS,
  link,
  list,
  md,
  raw,
  table,
  truncateMarkdown,
} from '../../src/report/markdown.js';

describe('escapeMarkdown', () => {
  it.each([
    ['a column separator', 'a|b', 'a&#124;b'],
    ['an escaped column separator', 'a\\|b', 'a\\\\&#124;b'],
    ['a new line', 'a\nb', 'a<br>b'],
    ['a paragraph', 'a\r\n\r\n  # b', 'a<br># b'],
    ['HTML', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['an HTML comment', '<!-- x -->', '&lt;!-- x --&gt;'],
    ['an entity', '&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['a link', '[x](javascript:alert(1))', '\\[x\\](javascript:alert(1))'],
    ['an image', '![x](https://e.example/p.png)', '!\\[x\\](https:&#8203;//e.example/p.png)'],
    ['a bare address', 'see https://e.example', 'see https:&#8203;//e.example'],
    ['a www address', 'www.e.example', 'www&#8203;.e.example'],
    ['a mention', '@octocat and @org/team', '@&#8203;octocat and @&#8203;org/team'],
    ['an e-mail address', 'a@b.example', 'a@&#8203;b.example'],
    ['an issue reference', 'fixes #12, GH-12', 'fixes #&#8203;12, GH-&#8203;12'],
    ['emphasis', '**a** _b_ ~~c~~', '\\*\\*a\\*\\* \\_b\\_ \\~\\~c\\~\\~'],
    ['code', '`a`', '\\`a\\`'],
    ['a formula', '$x^2$', '\\$x\\^2\\$'],
    ['a heading', '# a', '\\# a'],
    ['a list item', '- a', '\\- a'],
    ['a numbered item', '1. a', '1\\. a'],
    ['a rule', '---', '\\---'],
    ['a quick action of GitLab', '/close', '\\/close'],
    ['an indented quick action', '  /merge', ' \\/merge'],
    ['a quote', '> a', '&gt; a'],
    ['a footnote', '[^1]', '\\[\\^1\\]'],
    ['indented code', '    a', ' a'],
    ['an indented list item', '  - a', ' \\- a'],
    ['an indented numbered item', '  1. a', ' 1\\. a'],
    ['spaces around text', ' × 3 ', ' × 3 '],
    ['a tab before text', '\ta', ' a'],
    ['blank text', '  ', ' '],
    ['line ends around text', '\n a \n', 'a'],
    ['a line end alone', '\n', ''],
    ['a backslash at the end', 'a\\', 'a\\\\'],
  ])('escapes %s', (_, text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it.each(['AWS::S3::Bucket', 'arn:aws:iam::123456789012:role/x', 'CREATE-COMPLETE (2 of 3), 50 %'])(
    'stays readable: %s',
    (text) => {
      expect(escapeMarkdown(text)).toBe(text);
    },
  );

  it('is applied to strings in the template, not to Markdown', () => {
    expect(md`**${'a*b'}** is ${code('x')} ${3} times`.markdown).toBe('**a\\*b** is `x` 3 times');
  });
});

describe('escapeHtml', () => {
  it('escapes tags and quotes', () => {
    expect(escapeHtml(`"><script>alert('x')</script>&\u0000`)).toBe(
      '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;',
    );
  });

  it.each([
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
    ['"', '&quot;'],
    ["'", '&#39;'],
  ])('escapes %s alone', (character, expected) => {
    expect(escapeHtml(`a${character}b`)).toBe(`a${expected}b`);
  });
});

describe('inline functions', () => {
  it.each([
    ['plain', 'shop', '`shop`'],
    ['backticks inside', 'a``b', '```a``b```'],
    ['a backtick at an end', '`a', '`` `a ``'],
    ['a new line', 'a\nb', '`a b`'],
    ['a column separator', 'a|b*', '<code>a&#124;b\\*</code>'],
    ['nothing', ' ', ''],
  ])('format code with %s', (_, text, markdown) => {
    expect(code(text).markdown).toBe(markdown);
  });

  it.each([
    ['https://e.example/a_(b)?x=1&copy;=2', '[t](https://e.example/a_%28b%29?x=1&amp;copy;=2)'],
    ['https://e.example/a b|c', '[t](https://e.example/a%20b%7cc)'],
    ['javascript:alert(1)', 't'],
    ['data:text/html,x', 't'],
    ['//e.example', 't'],
    ['not an address', 't'],
  ])('link %s only for http and https', (address, markdown) => {
    expect(link('t', address).markdown).toBe(markdown);
  });

  it('escape the text of a link', () => {
    expect(link('a](https://evil.example)[', 'https://e.example/').markdown).toBe(
      '[a\\](https:&#8203;//evil.example)\\[](https://e.example/)',
    );
  });

  it('format bold text, and nothing for an empty one', () => {
    expect(bold('a*').markdown).toBe('**a\\***');
    expect(bold(' a ').markdown).toBe('**a**');
    expect(bold('').markdown).toBe('');
  });
});

describe('block functions', () => {
  it('escape table cells and pad short rows', () => {
    const { markdown } = table({ header: ['Name', 'State'], rows: [['a|b\nc', code('x')], ['d']] });
    expect(markdown).toBe('| Name | State |\n| --- | --- |\n| a&#124;b<br>c | `x` |\n| d |  |');
  });

  it('fence text with more backticks than it contains', () => {
    expect(codeBlock('a\n````\n</details>', 'json').markdown).toBe('`````json\na\n````\n</details>\n`````');
    expect(codeBlock('plain\n\n').markdown).toBe('```\nplain\n```');
  });

  it('escape the title of a collapsed section', () => {
    expect(details('a <b>\nc', raw('body')).markdown).toBe(
      '<details>\n<summary>a &lt;b&gt; c</summary>\n\nbody\n\n</details>',
    );
  });

  it('join blocks without empty ones', () => {
    expect(joinBlocks(heading(2, 'A_b'), raw(''), list(['- x', md`**y**`]), raw(' \n')).markdown).toBe(
      '## A\\_b\n\n- \\- x\n- **y**',
    );
  });
});

describe('truncateMarkdown', () => {
  const small = { size: 300, measure: (text: string) => text.length };
  const rows = Array.from({ length: 100 }, (_, index) => [`row ${index}`, '東京']);
  const long = table({ header: ['Name', 'State'], rows });

  it('does not change Markdown within the limit', () => {
    expect(truncateMarkdown('short', small)).toBe('short');
  });

  it('truncates a table at a row and reports the number of missing lines', () => {
    const lines = truncateMarkdown(long.markdown, small).split('\n');
    const shown = lines.filter((line) => line.startsWith('| row'));
    expect(shown.length).toBeGreaterThan(5);
    for (const line of shown) expect(line).toMatch(/^\| row \d+ \| 東京 \|$/u);
    expect(lines.at(-1)).toBe(`_Truncated at the size limit: ${100 - shown.length} more lines._`);
  });

  it.each([
    ['an open fence', codeBlock('x\n'.repeat(300)), '```'],
    ['an open longer fence', codeBlock(`\`\`\`\n${'x\n'.repeat(300)}`), '````'],
    ['an open collapsed section', details('t', long), '</details>'],
  ])('closes %s', (_, block, closing) => {
    const lines = truncateMarkdown(block.markdown, small).split('\n');
    expect(lines.at(-3)).toBe(closing);
  });

  it('ignores tags inside a fence', () => {
    const cut = truncateMarkdown(codeBlock(`<details>\n${'x\n'.repeat(300)}`).markdown, small);
    expect(cut).not.toContain('</details>');
  });

  it.each([0, 1, 7, 100, 300])('never exceeds the limit of a summary in bytes or of a comment (%d)', (extra) => {
    const name = '東京'.repeat(20 + extra);
    const wide = details('t', table({ header: ['Name'], rows: Array.from({ length: 20_000 }, () => [name]) }));
    for (const limit of [LIMITS.summary, LIMITS.comment]) {
      const cut = truncateMarkdown(wide.markdown, limit);
      expect(limit.measure(cut)).toBeLessThanOrEqual(limit.size);
      expect(limit.measure(cut)).toBeGreaterThan(limit.size - 2 * limit.measure(name) - 400);
    }
  });
});
