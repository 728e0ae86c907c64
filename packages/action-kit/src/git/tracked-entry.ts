/** What git tracks at a path from the top of the checkout. */
export interface TrackedEntry {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  /** The name of its content. */
  readonly object: string;
}

// Windows and macOS take names for the same that git tells apart.
const foldCase = (path: string): string => path.normalize('NFC').toLowerCase();

/**
 * What decides about the content of a path: the path itself, or a link or submodule that leads to it. Undefined where
 * git tracks neither, so that no commit can have brought it.
 */
export const findTrackedEntry = (entries: readonly TrackedEntry[], path: string): TrackedEntry | undefined => {
  const foldedPath = foldCase(path);
  return entries.find((entry) => {
    const entryPath = foldCase(entry.path);
    return entryPath === foldedPath || (entry.kind !== 'file' && foldedPath.startsWith(`${entryPath}/`));
  });
};
