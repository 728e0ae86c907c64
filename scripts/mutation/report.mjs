/**
 * The part of Stryker's report that is read here (mutation-testing-report-schema).
 * @typedef {{ status: string, mutatorName: string, replacement?: string, location: { start: Position, end: Position } }} Mutant
 * @typedef {{ line: number, column: number }} Position
 * @typedef {{ files: Record<string, { source: string, mutants: Mutant[] }> }} Report
 */

const DETECTED = new Set(['Killed', 'Timeout']);
const UNDETECTED = new Set(['Survived', 'NoCoverage']);

/**
 * The part of the valid mutants that a test detects.
 * @param {Report} report
 * @returns {{ detected: number, valid: number, score: number }} `score` in percent; 100 without mutants
 */
export const computeScore = ({ files }) => {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const detected = statuses.filter((status) => DETECTED.has(status)).length;
  const valid = detected + statuses.filter((status) => UNDETECTED.has(status)).length;
  return { detected, valid, score: valid === 0 ? 100 : (100 * detected) / valid };
};

/** The text between two positions, on one line. @param {string} source @param {Mutant['location']} location */
const readSource = (source, { start, end }) => {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  const cut = lines.map((line, index) =>
    line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined),
  );
  return cut.join(' ').replace(/\s+/gu, ' ');
};

/**
 * Lists the mutants that no test detects, each as `file:line: source => replacement`.
 * @param {Report} report
 */
export const listSurvivors = ({ files }) =>
  Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => UNDETECTED.has(status))
      .map(
        ({ location, replacement, status, mutatorName }) =>
          `${file}:${location.start.line}: ${readSource(source, location)} => ${replacement ?? mutatorName}${status === 'NoCoverage' ? ' (no test runs it)' : ''}`,
      ),
  );
