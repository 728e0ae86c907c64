/** A section's settings, in the order they are written. */
export type Settings = Readonly<Record<string, string>>;

const HEADER = /^[ \t]*\[([^\]\r\n]*)\]/u;

/** Blanks around and within a header do not count: `[ profile  dev ]` is `profile dev`. */
const headerIn = (line: string): string | undefined => HEADER.exec(line)?.[1]?.trim().replaceAll(/\s+/gu, ' ');

interface Span {
  readonly start: number;
  readonly end: number;
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];

/** Where a section stands, in lines: from its header up to the next one. */
const spanOf = (lines: readonly string[], name: string): Span | undefined => {
  const start = lines.findIndex((line) => headerIn(line) === name);
  if (start === -1) return undefined;
  const next = lines.findIndex((line, index) => index > start && headerIn(line) !== undefined);
  return { start, end: next === -1 ? lines.length : next };
};

/** The text of a section, header included; undefined where there is none. */
export const sectionIn = (text: string, name: string): string | undefined => {
  const lines = linesOf(text);
  const span = spanOf(lines, name);
  return span === undefined ? undefined : lines.slice(span.start, span.end).join('');
};

/** The text without the section; everything else stays as it is, to the byte. */
export const withoutSection = (text: string, name: string): string => {
  const lines = linesOf(text);
  const span = spanOf(lines, name);
  return span === undefined ? text : [...lines.slice(0, span.start), ...lines.slice(span.end)].join('');
};

/** The text with the section's own text in its place, or at the end. */
export const withSection = (text: string, name: string, section: string): string => {
  const lines = linesOf(text);
  const span = spanOf(lines, name);
  if (span !== undefined) return [...lines.slice(0, span.start), section, ...lines.slice(span.end)].join('');
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${section}`;
};

/** A section as text. Values are ours and hold no line ends. */
export const sectionText = (name: string, settings: Settings): string =>
  [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`), ''].join('\n');
