import { describe, expect, it } from '@jest/globals';
import { renderRichHtml, renderRichMarkdown } from '../../src/report/rich-text.js';

const resolve = (target: string) => (target === '1' ? 'https://code.test/a.js' : target);

describe('untrusted Markdown', () => {
  it.each([
    [
      'a [b](https://c.test/d_(e)) c',
      'a [b](https://c.test/d_%28e%29) c',
      '<p class="m">a <a href="https://c.test/d_(e)"',
    ],
    ['see [here](1)', 'see [here](https://code.test/a.js)', '<a href="https://code.test/a.js"'],
    ['[x](javascript:alert)', 'x', '<p class="m">x</p>'],
    ['![x](https://evil.test/a.png)', 'x', '<p class="m">x</p>'],
    ['use `a<b>` or ``c`d``', 'use `a<b>` or ``c`d``', 'use <code>a&lt;b&gt;</code> or <code>c`d</code>'],
    ['**strong** text', '**strong** text', '<strong>strong</strong> text'],
    ['<img src=x onerror=y>', '&lt;img src=x onerror=y&gt;', '&lt;img src=x onerror=y&gt;'],
    ['open ` backtick', 'open \\` backtick', 'open ` backtick'],
    ['a\n```js\n<b>\n```\nc', 'a\n\n```\n<b>\n```\n\nc', '<pre class="m">&lt;b&gt;</pre>'],
  ])('%j', (text, markdown, html) => {
    expect(renderRichMarkdown(text, resolve).markdown).toBe(markdown);
    expect(renderRichHtml(text, 'm', resolve).html).toContain(html);
  });

  it.each(['[', '`a', '**a', '[a]('])('of many %s is parsed', (part) => {
    expect(renderRichMarkdown(part.repeat(5000), resolve).markdown.length).toBeGreaterThan(5000);
  });
});
