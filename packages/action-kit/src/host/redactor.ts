import { escapeHtml, escapeMarkdown } from '../report/markdown.js';

/**
 * Replaces secrets in whatever leaves the action other than by the log and summary, which the host masks itself:
 * comments, SARIF, HTML, JSON. Secrets are also found in the forms that JSON, URLs, HTML, Markdown and base64 give them.
 */
export interface Redactor {
  /** Adds a secret, with the forms in which it may turn up. */
  add(secret: string): void;
  /** The text with `***` wherever a secret stood. */
  redact(text: string): string;
}

/**
 * Shorter values are left alone: replacing every `1` or `yes` of a report hides nothing and destroys the report.
 * GitHub's runner masks them in the log all the same.
 */
export const MIN_SECRET_LENGTH = 4;

const MASK = '***';

const encodeJson = (value: string): string => JSON.stringify(value).slice(1, -1);

const encodeUrl = (value: string): string => encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd'));

/**
 * The parts of a secret's base64 that do not depend on what stands before or after it in the encoded text: a value at
 * offset 0, 1 or 2 of a three-byte group. Short remains are dropped, they would match by chance.
 */
const encodeBase64Variants = (value: string): string[] =>
  [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value, 'utf8')]);
    const encoded = bytes.toString('base64').replaceAll('=', '');
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    const form = encoded.slice(first, last);
    const urlSafe = form.replaceAll('+', '-').replaceAll('/', '_');
    return form.length < 8 ? [] : [form, urlSafe];
  });

const splitSecret = (secret: string): string[] => {
  const lines = secret.split(/\r?\n|\r/u).map((line) => line.trim());
  return [secret, secret.trim(), ...lines].filter((part) => part.length >= MIN_SECRET_LENGTH);
};

const listForms = (part: string): string[] => {
  const json = encodeJson(part);
  const url = encodeUrl(part);
  const form = url.replaceAll('%20', '+');
  const escaped = [escapeHtml(part), escapeMarkdown(part)];
  return [part, json, encodeJson(json), url, url.toLowerCase(), form, ...escaped, ...encodeBase64Variants(part)];
};

interface Span {
  readonly start: number;
  readonly end: number;
}

const findSpans = (text: string, form: string): Span[] => {
  const spans: Span[] = [];
  for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
    spans.push({ start, end: start + form.length });
  }
  return spans;
};

/** Spans that touch or overlap become one: a secret that contains or follows another leaves no remains behind. */
const mergeSpans = (spans: readonly Span[]): Span[] => {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return merged;
};

const maskSpans = (text: string, spans: readonly Span[]): string => {
  let clean = '';
  let from = 0;
  for (const { start, end } of spans) {
    clean += text.slice(from, start) + MASK;
    from = end;
  }
  return clean + text.slice(from);
};

/** A redactor that knows the given secrets; more can be added while it is in use. */
export const createRedactor = (secrets: Iterable<string> = []): Redactor => {
  const forms = new Set<string>();
  const add = (secret: string): void => {
    for (const form of splitSecret(secret).flatMap(listForms)) forms.add(form);
  };
  for (const secret of secrets) add(secret);
  const redact = (text: string): string =>
    maskSpans(text, mergeSpans([...forms].flatMap((form) => findSpans(text, form))));
  return { add, redact };
};
