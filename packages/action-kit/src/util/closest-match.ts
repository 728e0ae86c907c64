/** Damerau-Levenshtein distance: insertions, deletions, replacements and swaps of adjacent letters. */
const computeDistance = (left: string, right: string): number => {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: right.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[right.length] ?? 0;
};

export interface ClosestMatch {
  readonly name: string;
  readonly distance: number;
}

/** The closest name within two edits or a third of the word's length; undefined when none is. Case-insensitive. */
export const suggestClosest = (word: string, names: readonly string[]): ClosestMatch | undefined => {
  const [best] = names
    .map((name) => ({ name, distance: computeDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best : undefined;
};
