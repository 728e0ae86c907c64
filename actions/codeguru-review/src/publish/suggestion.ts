import { sanitize } from '@aws-delivery/action-kit/util/sanitize';
import type { SourceLocation } from '@aws-delivery/findings/finding';
import { getPlace, keepResult } from '@aws-delivery/findings/sarif/source-details';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';

type Fix = NonNullable<ReturnType<typeof keepResult>['fixes']>[number];
type Replacement = Fix['artifactChanges'][number]['replacements'][number];

/** A part of the text to replace, from `start` up to but not including `end`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The lines of a finding; each ends with a line feed. */
interface Lines {
  readonly first: number;
  readonly texts: readonly string[];
}

/** The offset of a line and column (both from 1) in the lines; undefined outside of them. */
const toOffset = ({ first, texts }: Lines, line: number, column: number): number | undefined => {
  const index = line - first;
  const text = index === texts.length ? '' : texts[index];
  if (text === undefined || column < 1 || column > Math.max(1, text.length)) return undefined;
  return texts.slice(0, index).join('').length + column - 1;
};

/** Only regions by line and column are supported. Without columns, a region has whole lines without their line end. */
const toEdit = ({ deletedRegion, insertedContent }: Replacement, lines: Lines): Edit | undefined => {
  const { startLine, startColumn = 1, endLine = startLine, endColumn } = deletedRegion;
  if (startLine === undefined || endLine === undefined) return undefined;
  const start = toOffset(lines, startLine, startColumn);
  const end = toOffset(lines, endLine, endColumn ?? lines.texts[endLine - lines.first]?.length ?? 0);
  if (start === undefined || end === undefined || end < start) return undefined;
  return { start, end, text: insertedContent?.text ?? '' };
};

const applyEdits = (text: string, edits: readonly Edit[]): string | undefined => {
  let result = text;
  let limit = text.length;
  for (const edit of edits.toSorted((left, right) => right.start - left.start)) {
    if (edit.end > limit) return undefined;
    result = `${result.slice(0, edit.start)}${edit.text}${result.slice(edit.end)}`;
    limit = edit.start;
  }
  return result;
};

/** Columns may be counted in other units, and GitHub would show less than is committed. */
const isPlain = (text: string): boolean => sanitize(text) === text && [...text].length === text.length;

/** Whether the text has whole lines: GitHub replaces lines only. */
const hasWholeLines = (text: string): boolean => text === '' || text.endsWith('\n');

const applyFix = ({ artifactChanges }: Fix, { file }: SourceLocation, lines: Lines): string | undefined => {
  const [change, ...others] = artifactChanges;
  if (change === undefined || others.length > 0) return undefined;
  if (getPlace({ physicalLocation: { artifactLocation: change.artifactLocation } })?.file !== file) return undefined;
  const edits = change.replacements.map((replacement) => toEdit(replacement, lines));
  const known = edits.filter((edit) => edit !== undefined);
  const original = lines.texts.join('');
  const text = known.length === edits.length ? applyEdits(original, known) : undefined;
  if (text === undefined || text === original || !hasWholeLines(text)) return undefined;
  return isPlain(original) && isPlain(text) ? text : undefined;
};

/**
 * The text that a finding's lines have after its scanner's first fix that changes nothing else, with line ends; empty if
 * the lines are removed, and undefined without such a fix.
 */
export const findReplacement = ({ finding, code }: EvaluatedFinding): string | undefined => {
  const { location, origin } = finding;
  const { startLine, endLine = startLine } = location ?? {};
  if (origin === undefined || location === undefined || startLine === undefined || endLine === undefined)
    return undefined;
  const texts = code?.content.split('\n').map((line) => `${line}\n`) ?? [];
  // The code may be shortened, or end before the finding.
  if (texts.length !== endLine - startLine + 1 || code?.isShortened === true) return undefined;
  const { fixes = [] } = keepResult(origin, origin.readResult(), ['fixes']);
  return fixes.map((fix) => applyFix(fix, location, { first: startLine, texts })).find((text) => text !== undefined);
};

/** A suggestion block, whose fence is longer than any run of backticks in the text. */
export const renderSuggestion = (text: string): string => {
  let fence = '```';
  while (text.includes(fence)) fence += '`';
  return `${fence}suggestion\n${text}${fence}`;
};
