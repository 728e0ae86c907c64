/** What git tracks at a path from the top of the checkout. */
export interface Tracked {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  /** The name of its content. */
  readonly object: string;
}

// Windows and macOS take names for the same that git tells apart.
const fold = (path: string): string => path.normalize('NFC').toLowerCase();

/**
 * What decides about the content of a path: the path itself, or a link or submodule that leads to it. Undefined where
 * git tracks neither, so that no commit can have brought it.
 */
export const trackedAt = (tracked: readonly Tracked[], path: string): Tracked | undefined => {
  const wanted = fold(path);
  return tracked.find((entry) => {
    const own = fold(entry.path);
    return own === wanted || (entry.kind !== 'file' && wanted.startsWith(`${own}/`));
  });
};
