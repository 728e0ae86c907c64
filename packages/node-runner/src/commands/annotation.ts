import type { WorkflowCommand } from './workflow-command.js';

/** A message of a step with an optional source location. Lines and columns count from 1. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title: string | undefined;
  /** With forward slashes; relative to the workspace if it is inside. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly endLine: number | undefined;
  readonly column: number | undefined;
  readonly endColumn: number | undefined;
}

type SourceRange = Pick<Annotation, 'line' | 'endLine' | 'column' | 'endColumn'>;

const NO_RANGE: SourceRange = { line: undefined, endLine: undefined, column: undefined, endColumn: undefined };

/** Drops inconsistent lines and columns as GitHub does (actions/runner `ValidateLinesAndColumns`). */
const normalizeRange = (range: SourceRange): SourceRange => {
  const { line = range.endLine, column = range.endColumn } = range;
  const { endLine = line, endColumn = column } = range;
  if (line === undefined || endLine === undefined || endLine < line) return NO_RANGE;
  const lines = { ...NO_RANGE, line, endLine: range.endLine };
  if (column === undefined || endColumn === undefined || endLine !== line || endColumn < column) return lines;
  return { ...lines, column, endColumn: range.endColumn };
};

const parseNumber = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;

const toRelativePath = (workspace: string, file: string): string => {
  const normalized = file.replaceAll('\\', '/');
  const prefix = `${workspace.replaceAll('\\', '/')}/`;
  return normalized.startsWith(prefix) ? normalized.slice(prefix.length) : normalized;
};

/** A message without a location, for example of the runner itself. */
export const createAnnotation = (level: Annotation['level'], message: string): Annotation => ({
  level,
  message,
  title: undefined,
  file: undefined,
  ...NO_RANGE,
});

/**
 * Converts an error, warning or notice command.
 * @param workspace the directory to which file paths are made relative
 */
export const parseAnnotation = (
  level: Annotation['level'],
  command: WorkflowCommand,
  workspace: string,
): Annotation => {
  const { title, file, line, endLine, col, endColumn } = command.properties;
  const range = {
    line: parseNumber(line),
    endLine: parseNumber(endLine),
    column: parseNumber(col),
    endColumn: parseNumber(endColumn),
  };
  return {
    ...createAnnotation(level, command.data),
    title,
    file: file === undefined ? undefined : toRelativePath(workspace, file),
    ...normalizeRange(range),
  };
};
