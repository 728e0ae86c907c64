import type { Budget, Unit } from './budget.js';

/** A measured value and its budget. */
export interface Figure {
  readonly label: string;
  readonly unit: Unit;
  readonly value: number;
  /** The value that the budget is relative to, and its name. */
  readonly reference?: { readonly name: string; readonly value: number };
  readonly budget: Budget;
}

/** A measurement that is not possible on this machine. */
export interface SkippedFigure {
  readonly label: string;
  readonly reason: string;
}

/** The environment of the benchmarks. */
export interface BenchmarkContext {
  /** The checkout. */
  readonly root: string;
  /** A temporary directory. */
  readonly directory: string;
  /** The AWS CLI's executable; undefined where it is not installed. */
  readonly awsCli: string | undefined;
  /** Executables of other registry clients and of `docker-registry`, by name; undefined where one is not installed. */
  readonly programs: Readonly<Record<string, string | undefined>>;
  /** Reports progress. */
  readonly log: (line: string) => void;
}

/** A set of measurements. */
export interface Benchmark {
  /** The name by which it is selected: arguments of `npm run bench` are prefixes of names. */
  readonly name: string;
  readonly measure: (context: BenchmarkContext) => Promise<readonly (Figure | SkippedFigure)[]>;
}

/** The median; of an even number of values, the upper one. Throws Error for no values. */
export const computeMedian = (values: readonly number[]): number => {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
};
