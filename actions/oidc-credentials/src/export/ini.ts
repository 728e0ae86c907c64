const HEADER = /^[ \t]*\[([^\]\r\n]*)\]/u;

/** Name of a section header, with normalised blanks: `[ profile  dev ]` is `profile dev`. */
const parseHeader = (line: string): string | undefined => HEADER.exec(line)?.[1]?.trim().replaceAll(/\s+/gu, ' ');

interface LineRange {
  readonly start: number;
  readonly end: number;
}

const splitLines = (content: string): readonly string[] => content.match(/[^\n]*\n|[^\n]+$/gu) ?? [];

/** Lines of a section: from its header up to the next one. */
const locateSection = (lines: readonly string[], name: string): LineRange | undefined => {
  const start = lines.findIndex((line) => parseHeader(line) === name);
  if (start === -1) return undefined;
  const nextHeader = lines.findIndex((line, index) => index > start && parseHeader(line) !== undefined);
  return { start, end: nextHeader === -1 ? lines.length : nextHeader };
};

/** Text of a section including its header; undefined without such a section. */
export const findSection = (content: string, name: string): string | undefined => {
  const lines = splitLines(content);
  const range = locateSection(lines, name);
  return range === undefined ? undefined : lines.slice(range.start, range.end).join('');
};

/** Removes a section; all other bytes stay unchanged. */
export const removeSection = (content: string, name: string): string => {
  const lines = splitLines(content);
  const range = locateSection(lines, name);
  return range === undefined ? content : [...lines.slice(0, range.start), ...lines.slice(range.end)].join('');
};

/** Replaces a section by another text, or appends that at the end. */
export const replaceSection = (content: string, name: string, section: string): string => {
  const lines = splitLines(content);
  const range = locateSection(lines, name);
  if (range !== undefined) return [...lines.slice(0, range.start), section, ...lines.slice(range.end)].join('');
  return `${content}${content === '' || content.endsWith('\n') ? '' : '\n'}${section}`;
};
