import { pluralize } from '../util/format.js';
import { sanitize, toSingleLine } from '../util/sanitize.js';

/**
 * Markdown for summaries and comments. Plain strings are untrusted and escaped; only values returned by this module's
 * functions are inserted as Markdown.
 */
export interface Markdown {
  readonly markdown: string;
}

/** Text to escape, or Markdown to insert unchanged. */
export type Content = string | number | Markdown;

/** Marks a string as Markdown. Not for untrusted text. */
export const raw = (markdown: string): Markdown => ({ markdown });

/** Escapes text for HTML content and for attributes in single or double quotes. */
export const escapeHtml = (text: string): string => {
  const clean = sanitize(text);
  if (!/[&<>"']/u.test(clean)) return clean;
  return clean
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
};

// GitHub finds mentions, references and URLs in the rendered text, where escapes have no effect; a zero-width space
// inside them prevents it.
const neutraliseReferences = (text: string): string =>
  text
    .replace(/#(?=\p{N})/gu, '#&#8203;')
    .replace(/@(?=[\p{L}\p{N}])/gu, '@&#8203;')
    .replace(/\bGH-(?=\d)/giu, (found) => `${found}&#8203;`)
    .replace(/:(?=\/\/)/gu, ':&#8203;')
    .replace(/www(?=\.)/giu, (found) => `${found}&#8203;`);

/** Blank lines and the indentation of lines are removed; white space around the text becomes one space. */
const normaliseWhitespace = (text: string): string => {
  const lines = text.split('\n').map((line) => line.trim());
  const joined = lines.filter((line) => line !== '').join('\n');
  const before = /^[^\S\n]/u.test(text) ? ' ' : '';
  const after = joined !== '' && /[^\S\n]$/u.test(text) ? ' ' : '';
  return before + joined + after;
};

/**
 * Escapes untrusted text as inline Markdown for paragraphs, list items and table cells: no markup, HTML, mention,
 * reference, link, table column or line break results from it. A space at either end is kept.
 */
export const escapeMarkdown = (text: string): string =>
  neutraliseReferences(
    normaliseWhitespace(sanitize(text))
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/[\\`*_[\]~$^]/gu, '\\$&')
      .replace(/^( ?\d{1,9})([.)])/u, '$1\\$2')
      // A line that begins with a slash is a quick action on GitLab, and a command for bots of other hosts.
      .replace(/^( ?)([-+=#/])/u, '$1\\$2'),
  )
    .replaceAll('|', '&#124;')
    .replaceAll('\n', '<br>');

const toMarkdown = (content: Content): string =>
  typeof content === 'object' ? content.markdown : escapeMarkdown(String(content));

/** Tagged template: the literal parts are Markdown, interpolated strings are escaped. */
export const md = (literals: TemplateStringsArray, ...contents: readonly Content[]): Markdown =>
  raw(literals.map((literal, index) => literal + toMarkdown(contents[index] ?? '')).join(''));

const findLongestRun = (text: string, character: '`' | '~'): number =>
  Math.max(0, ...(text.match(character === '`' ? /`+/gu : /~+/gu) ?? []).map((run) => run.length));

/** Untrusted text as inline code, also in a table cell. */
export const code = (text: string): Markdown => {
  const line = toSingleLine(text);
  if (line === '') return raw('');
  // In a table, a code span cannot contain a column separator, and escapes have no effect inside it.
  if (line.includes('|')) return raw(`<code>${escapeMarkdown(line)}</code>`);
  const ticks = '`'.repeat(findLongestRun(line, '`') + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return raw(ticks + pad + line + pad + ticks);
};

/** A link for `https:` and `http:` URLs; otherwise the text alone. */
export const link = (text: string, target: string): Markdown => {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) return raw(escapeMarkdown(text));
  const href = url.href
    .replace(/[()<>[\]\\`|'"]/gu, (found) => `%${found.charCodeAt(0).toString(16)}`)
    .replaceAll('&', '&amp;');
  return raw(`[${escapeMarkdown(text)}](${href})`);
};

export const bold = (content: Content): Markdown => {
  // Emphasis does not start or end with white space.
  const source = toMarkdown(content).trim();
  return raw(source === '' ? '' : `**${source}**`);
};

export const heading = (level: 2 | 3 | 4, content: Content): Markdown =>
  raw(`${'#'.repeat(level)} ${toMarkdown(content)}`);

export const list = (items: readonly Content[]): Markdown =>
  raw(items.map((item) => `- ${toMarkdown(item)}`).join('\n'));

export interface Table {
  readonly header: readonly Content[];
  readonly rows: readonly (readonly Content[])[];
}

/** A table. Markdown in cells must be inline; rows shorter than the header are padded. */
export const table = ({ header, rows }: Table): Markdown => {
  const renderRow = (cells: readonly Content[]): string =>
    `| ${header.map((_, column) => toMarkdown(cells[column] ?? '')).join(' | ')} |`;
  const rule = `|${header.map(() => ' --- |').join('')}`;
  return raw([renderRow(header), rule, ...rows.map(renderRow)].join('\n'));
};

const trimLineEnds = (text: string): string => {
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return text.slice(0, end);
};

/** Untrusted text as a fenced code block; the fence is longer than any run of backticks in the text. */
export const codeBlock = (text: string, language = ''): Markdown => {
  const body = trimLineEnds(sanitize(text));
  const ticks = '`'.repeat(Math.max(3, findLongestRun(body, '`') + 1));
  return raw(`${ticks}${language}\n${body}\n${ticks}`);
};

/** A collapsed section with a title. */
export const details = (title: Content, body: Markdown): Markdown => {
  const summary = typeof title === 'object' ? title.markdown : escapeHtml(toSingleLine(String(title)));
  return raw(`<details>\n<summary>${summary}</summary>\n\n${body.markdown}\n\n</details>`);
};

/** Joins blocks with blank lines and drops empty ones. */
export const joinBlocks = (...blocks: readonly Markdown[]): Markdown =>
  raw(
    blocks
      .map(({ markdown }) => markdown.trim())
      .filter((block) => block !== '')
      .join('\n\n'),
  );

/** Sizes above which hosts reject Markdown. */
export const LIMITS = {
  /** A job summary: 1 MiB of UTF-8 per step, less room for the line end after it. */
  summary: { size: 1024 * 1024 - 16, measure: (text: string): number => Buffer.byteLength(text, 'utf8') },
  /** A comment: 65,536 characters. */
  comment: { size: 65_536, measure: (text: string): number => text.length },
} as const;

export type Limit = (typeof LIMITS)[keyof typeof LIMITS];

/** Tracks the open fence and the open `<details>` over lines of Markdown. */
class OpenBlocks {
  private openFence: string | undefined;
  private openDetails = 0;

  read(line: string): void {
    const [, ticks, rest = ''] = /^(`{3,})(.*)$/u.exec(line) ?? [];
    if (this.openFence !== undefined) {
      if (ticks !== undefined && ticks.length >= this.openFence.length && rest.trim() === '')
        this.openFence = undefined;
    } else if (ticks !== undefined) this.openFence = ticks;
    else if (line === '<details>') this.openDetails += 1;
    else if (line === '</details>') this.openDetails -= 1;
  }

  get closing(): string {
    return (this.openFence === undefined ? '' : `\n${this.openFence}`) + '\n\n</details>'.repeat(this.openDetails);
  }
}

/**
 * Truncates Markdown at a line to fit the limit, closes open fences and `<details>`, and appends a notice with the number
 * of missing lines.
 */
export const truncateMarkdown = (markdown: string, { size, measure }: Limit): string => {
  if (measure(markdown) <= size) return markdown;
  const lines = markdown.split('\n');
  const renderNotice = (missing: number): string =>
    `\n\n_Truncated at the size limit: ${pluralize(missing, 'more line')}._`;
  const open = new OpenBlocks();
  let lineCount = 0;
  let end = '';
  let used = measure(renderNotice(lines.length));
  for (const line of lines) {
    used += measure(line) + 1;
    open.read(line);
    if (used + measure(open.closing) > size) break;
    lineCount += 1;
    end = open.closing;
  }
  return lines.slice(0, lineCount).join('\n') + end + renderNotice(lines.length - lineCount);
};
