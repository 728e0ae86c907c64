import type { Budget, Unit } from './budget.js';

/** What was measured, and what it is held to. */
export interface Figure {
  readonly label: string;
  readonly unit: Unit;
  readonly value: number;
  /** What ours is compared with: its name and value. */
  readonly reference?: { readonly name: string; readonly value: number };
  readonly budget: Budget;
}

/** A measurement that this machine cannot make. */
export interface SkippedFigure {
  readonly label: string;
  readonly reason: string;
}

/** What benches are given. */
export interface BenchmarkContext {
  /** The checkout. */
  readonly root: string;
  /** A folder that is removed afterwards. */
  readonly directory: string;
  /** The AWS CLI; undefined where it is not installed. */
  readonly awsCli: string | undefined;
  /** Says how far it is. */
  readonly log: (line: string) => void;
}

/** One question, answered by measuring. */
export interface Benchmark {
  /** What it is chosen by; a choice is the beginning of names. */
  readonly name: string;
  readonly measure: (context: BenchmarkContext) => Promise<readonly (Figure | SkippedFigure)[]>;
}

/** The value in the middle; of two, the greater. Throws where there is none. */
export const computeMedian = (values: readonly number[]): number => {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
};
