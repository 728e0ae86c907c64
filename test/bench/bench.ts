import type { Bar, Unit } from './bar.js';

/** What was measured, and what it is held to. */
export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly ours: number;
  /** What ours is compared with: its name and value. */
  readonly other?: { readonly name: string; readonly value: number };
  readonly bar: Bar;
}

/** A measurement that this machine cannot make. */
export interface Skipped {
  readonly what: string;
  readonly skipped: string;
}

/** What benches are given. */
export interface Ground {
  /** The checkout. */
  readonly root: string;
  /** A folder that is removed afterwards. */
  readonly folder: string;
  /** The AWS CLI; undefined where it is not installed. */
  readonly awsCli: string | undefined;
  /** Says how far it is. */
  readonly say: (line: string) => void;
}

/** One question, answered by measuring. */
export interface Bench {
  /** What it is chosen by; a choice is the beginning of names. */
  readonly name: string;
  readonly measure: (ground: Ground) => Promise<readonly (Figure | Skipped)[]>;
}

/** The value in the middle; of two, the greater. Throws where there is none. */
export const median = (values: readonly number[]): number => {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
};
