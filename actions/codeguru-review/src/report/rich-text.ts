import { type Html, html, renderLink } from '@aws-delivery/action-kit/report/html';
import {
  bold,
  code,
  codeBlock,
  joinBlocks,
  link,
  type Markdown,
  md,
  raw,
} from '@aws-delivery/action-kit/report/markdown';

/** Part of a line of untrusted Markdown. HTML, images and other markup stay text. */
type Inline =
  | { readonly kind: 'text' | 'code' | 'strong'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly target: string };

type Block =
  | { readonly kind: 'paragraph'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string };

/** Longer texts are cut. */
const MAX_LENGTH = 20_000;

const LINK_OR_STRONG =
  /!?\[((?:[^[\]\\\n]|\\.)*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)|\*\*([^*\s](?:[^*\n]*[^*\s])?)\*\*/gu;

const unescapeLabel = (label: string): string => label.replace(/\\([[\]\\])/gu, '$1');

const parseLinks = (text: string): readonly Inline[] => {
  const inlines: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK_OR_STRONG)) {
    const [whole, label = '', target = '', strong] = match;
    inlines.push({ kind: 'text', text: text.slice(end, match.index) });
    if (strong !== undefined) inlines.push({ kind: 'strong', text: strong });
    else if (whole.startsWith('!')) inlines.push({ kind: 'text', text: unescapeLabel(label) });
    else inlines.push({ kind: 'link', text: unescapeLabel(label), target });
    end = match.index + whole.length;
  }
  inlines.push({ kind: 'text', text: text.slice(end) });
  return inlines.filter((inline) => inline.text !== '');
};

/** Parses code spans, which end with as many backticks as they begin with; the rest may have links. */
const parseInlines = (text: string): readonly Inline[] => {
  if (!/[`[*]/u.test(text)) return [{ kind: 'text', text }];
  const inlines: Inline[] = [];
  const runs = [...text.matchAll(/`+/gu)];
  let end = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const opening = runs[index];
    if (opening === undefined || opening.index < end) continue;
    const closingIndex = runs.findIndex((run, other) => other > index && run[0].length === opening[0].length);
    const closing = runs[closingIndex];
    if (closing === undefined) continue;
    inlines.push(...parseLinks(text.slice(end, opening.index)));
    inlines.push({ kind: 'code', text: text.slice(opening.index + opening[0].length, closing.index).trim() });
    end = closing.index + closing[0].length;
  }
  return [...inlines, ...parseLinks(text.slice(end))];
};

/** Splits at fenced code blocks; an open one ends with the text. */
const parseBlocks = (text: string): readonly Block[] => {
  const parts = text.slice(0, MAX_LENGTH).split(/^[ \t]*(?:`{3,}|~{3,})[^`\n]*$/mu);
  return parts.flatMap((part, index): readonly Block[] => {
    const content = part.replace(/^\n+/u, '').trimEnd();
    if (content === '') return [];
    return [index % 2 === 1 ? { kind: 'code', text: content } : { kind: 'paragraph', inlines: parseInlines(content) }];
  });
};

/** Address of a link; undefined to show its text only. */
export type ResolveLink = (target: string) => string | undefined;

const toInlineMarkdown = (inline: Inline, resolveLink: ResolveLink): Markdown => {
  switch (inline.kind) {
    case 'code':
      return code(inline.text);
    case 'strong':
      return bold(inline.text);
    case 'link': {
      const url = resolveLink(inline.target);
      return url === undefined ? md`${inline.text}` : link(inline.text, url);
    }
    case 'text':
      return md`${inline.text}`;
  }
};

/** Untrusted Markdown as Markdown with links, code and strong text only. */
export const renderRichMarkdown = (text: string, resolveLink: ResolveLink): Markdown =>
  joinBlocks(
    ...parseBlocks(text).map((block) =>
      block.kind === 'code'
        ? codeBlock(block.text)
        : raw(block.inlines.map((inline) => toInlineMarkdown(inline, resolveLink).markdown).join('')),
    ),
  );

const toInlineHtml = (inline: Inline, resolveLink: ResolveLink): Html => {
  switch (inline.kind) {
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'strong':
      return html`<strong>${inline.text}</strong>`;
    case 'link':
      return renderLink(inline.text, resolveLink(inline.target));
    case 'text':
      return html`${inline.text}`;
  }
};

/** Untrusted Markdown as HTML with links, code and strong text only, in elements of a class. */
export const renderRichHtml = (text: string, className: string, resolveLink: ResolveLink): Html =>
  html`${parseBlocks(text).map((block) =>
    block.kind === 'code'
      ? html`<pre class="${className}">${block.text}</pre>`
      : html`<p class="${className}">${block.inlines.map((inline) => toInlineHtml(inline, resolveLink))}</p>`,
  )}`;
