import { type Limit, truncateMarkdown } from '@aws-delivery/action-kit/report/markdown';
import { sanitizeLog } from '@aws-delivery/action-kit/util/sanitize';
import { lexer, type Token, type Tokens } from 'marked';

/** Markdown beyond this size is cut before it is parsed. */
const MAX_SOURCE: Limit = { size: 256 * 1024, measure: (text) => text.length };

/** Lines of a summary in a log; a file has all of them. */
const MAX_LINES = 500;

/** Columns of a table are padded up to this width; longer cells stay complete. */
const MAX_COLUMN_WIDTH = 48;

const NAMED_ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

const decodeEntities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|([a-z]{2,4}));/gu, (entity, number: string | undefined, name: string | undefined) => {
    if (name !== undefined) return NAMED_ENTITIES[name] ?? entity;
    const codePoint = Number(number);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : entity;
  });

/** Text of HTML: tags are removed, `<br>` separates lines. */
const stripTags = (html: string): string =>
  decodeEntities(html.replace(/<br\s{0,9}\/?>/giu, '\n').replace(/<[^<>]*>/gu, ''));

const renderLink = ({ href, tokens }: Tokens.Link): string => {
  const text = renderInline(tokens);
  const url = decodeEntities(href);
  return text === url ? url : `${text} (${url})`;
};

const hasTokens = (token: Token): token is Token & { readonly tokens: Token[] } =>
  'tokens' in token && Array.isArray(token.tokens);

const isLink = (token: Token): token is Tokens.Link => token.type === 'link';

const renderInlineToken = (token: Token): string => {
  if (isLink(token)) return renderLink(token);
  if (token.type === 'br') return '\n';
  if (token.type === 'html') return stripTags(token.raw);
  if (token.type === 'escape' || token.type === 'codespan') return decodeEntities(token.text);
  if (hasTokens(token)) return renderInline(token.tokens);
  return decodeEntities('text' in token ? String(token.text) : token.raw);
};

const renderInline = (tokens: readonly Token[] | undefined): string => (tokens ?? []).map(renderInlineToken).join('');

const isTable = (token: Token): token is Tokens.Table => token.type === 'table';
const isList = (token: Token): token is Tokens.List => token.type === 'list';
const isCode = (token: Token): token is Tokens.Code => token.type === 'code';

const indent = (text: string, first: string): string =>
  `${first}${text.replaceAll('\n', `\n${' '.repeat(first.length)}`)}`;

const renderTable = ({ header, rows }: Tokens.Table): string => {
  const cells = [header, ...rows].map((row) =>
    row.map(({ tokens }) => renderInline(tokens).trim().replaceAll('\n', '; ')),
  );
  const widths = header.map((_, column) =>
    Math.min(MAX_COLUMN_WIDTH, Math.max(...cells.map((row) => row[column]?.length ?? 0))),
  );
  const rule = widths.map((width) => '-'.repeat(width));
  const [head = [], ...body] = cells;
  return [head, rule, ...body]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const renderCode = ({ text, lang }: Tokens.Code): string => (lang === 'mermaid' ? '' : indent(text, '  '));

const renderList = ({ items, ordered, start }: Tokens.List): string =>
  items
    .map((item, index) => indent(renderBlocks(item.tokens, '\n'), ordered ? `${Number(start) + index}. ` : '- '))
    .join('\n');

const renderBlock = (token: Token): string => {
  if (isTable(token)) return renderTable(token);
  if (isList(token)) return renderList(token);
  if (isCode(token)) return renderCode(token);
  if (token.type === 'html') return stripTags(token.raw).trim();
  if (token.type === 'space' || token.type === 'hr') return '';
  return hasTokens(token) ? renderInline(token.tokens).trim() : decodeEntities(token.raw).trim();
};

const renderBlocks = (tokens: readonly Token[], separator = '\n\n'): string =>
  tokens
    .map(renderBlock)
    .filter((block) => block !== '')
    .join(separator);

const limitLines = (text: string): string => {
  const lines = text.split('\n');
  if (lines.length <= MAX_LINES) return text;
  const missing = lines.length - MAX_LINES;
  return [
    ...lines.slice(0, MAX_LINES),
    `(${missing} more lines: write the whole summary to a file with --summary)`,
  ].join('\n');
};

/**
 * A Markdown summary as text for a log: tables are aligned, escapes and HTML are resolved, diagrams are omitted. At most
 * 500 lines, without workflow commands.
 */
export const renderSummaryText = (markdown: string): string =>
  sanitizeLog(limitLines(renderBlocks(lexer(truncateMarkdown(markdown, MAX_SOURCE), { gfm: true }))));
