import type { Command } from './command.js';

/** A message of a step, perhaps on a line of a file. Lines and columns count from 1. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title: string | undefined;
  /** Relative to the workspace where it lies in it, with forward slashes. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly endLine: number | undefined;
  readonly column: number | undefined;
  readonly endColumn: number | undefined;
}

type Place = Pick<Annotation, 'line' | 'endLine' | 'column' | 'endColumn'>;

const nowhere: Place = { line: undefined, endLine: undefined, column: undefined, endColumn: undefined };

/** What GitHub makes of odd places (actions/runner `ValidateLinesAndColumns`): it drops what makes no sense. */
const soundPlace = (given: Place): Place => {
  const { line = given.endLine, column = given.endColumn } = given;
  const { endLine = line, endColumn = column } = given;
  if (line === undefined || endLine === undefined || endLine < line) return nowhere;
  const lines = { ...nowhere, line, endLine: given.endLine };
  if (column === undefined || endColumn === undefined || endLine !== line || endColumn < column) return lines;
  return { ...lines, column, endColumn: given.endColumn };
};

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

const relativeTo = (workspace: string, file: string): string => {
  const slashed = file.replaceAll('\\', '/');
  const prefix = `${workspace.replaceAll('\\', '/')}/`;
  return slashed.startsWith(prefix) ? slashed.slice(prefix.length) : slashed;
};

/** A message without a place, such as the runner's own. */
export const plainAnnotation = (level: Annotation['level'], message: string): Annotation => ({
  level,
  message,
  title: undefined,
  file: undefined,
  ...nowhere,
});

/**
 * The annotation an error, warning or notice command asks for.
 * @param workspace the folder that files are shown relative to
 */
export const annotationOf = (level: Annotation['level'], command: Command, workspace: string): Annotation => {
  const { title, file, line, endLine, col, endColumn } = command.properties;
  const place = {
    line: numberIn(line),
    endLine: numberIn(endLine),
    column: numberIn(col),
    endColumn: numberIn(endColumn),
  };
  return {
    ...plainAnnotation(level, command.data),
    title,
    file: file === undefined ? undefined : relativeTo(workspace, file),
    ...soundPlace(place),
  };
};
