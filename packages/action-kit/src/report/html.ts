import { escapeHtml } from './markdown.js';

/** HTML source. Plain strings are untrusted and escaped; only values returned by `html` are inserted as HTML. */
export interface Html {
  readonly html: string;
}

type Content = string | number | Html | readonly Html[];

const toHtml = (content: Content): string => {
  if (typeof content === 'string' || typeof content === 'number') return escapeHtml(String(content));
  return 'html' in content ? content.html : content.map(({ html: each }) => each).join('');
};

/** Tagged template: the literal parts are HTML, interpolated texts are escaped, also for attributes in quotes. */
export const html = (literals: TemplateStringsArray, ...contents: readonly Content[]): Html => {
  let text = '';
  for (const [index, literal] of literals.entries()) text += literal + toHtml(contents[index] ?? '');
  return { html: text };
};

export const EMPTY_HTML: Html = { html: '' };

/** A link for `https:` and `http:` URLs; otherwise the text alone. */
export const renderLink = (text: string, target: string | undefined): Html => {
  const url = target !== undefined && URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) return html`${text}`;
  return html`<a href="${url.href}" rel="noopener noreferrer nofollow">${text}</a>`;
};
