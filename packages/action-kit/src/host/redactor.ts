import { escapeHtml, escapeMarkdown } from '../report/markdown.js';

/**
 * Replaces secrets in output that the host does not mask: comments, SARIF, HTML, JSON. Also finds secrets encoded for
 * JSON, URLs, HTML, Markdown and base64.
 */
export interface Redactor {
  /** Adds a secret with its lines and encoded forms. */
  add(secret: string): void;
  /** The text with `***` in place of each secret. */
  redact(text: string): string;
}

/** Shorter values are not redacted: replacing every `1` or `yes` would destroy a report. The log still masks them. */
const MIN_SECRET_LENGTH = 4;

const MASK = '***';

const encodeJson = (value: string): string => JSON.stringify(value).slice(1, -1);

const encodeUrl = (value: string): string => encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd'));

/**
 * The parts of a secret's base64 that do not depend on adjacent bytes, for offsets 0, 1 and 2 in a three-byte group.
 * Forms shorter than 8 characters are dropped, since they match by chance.
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

/** Merges adjacent and overlapping spans, so that no part of a secret remains next to another. */
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

/** A redactor for the given secrets; more can be added later. */
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
