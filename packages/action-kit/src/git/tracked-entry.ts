/** An entry of the git index. */
export interface TrackedEntry {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  /** Object id of its content. */
  readonly object: string;
}

// Windows and macOS do not distinguish all names that git does.
const foldCase = (path: string): string => path.normalize('NFC').toLowerCase();

/**
 * Finds the entry that determines the content of a path: the path itself, or a link or submodule that contains it.
 * Undefined if none is tracked, so that no commit can have added the file.
 */
export const findTrackedEntry = (entries: readonly TrackedEntry[], path: string): TrackedEntry | undefined => {
  const foldedPath = foldCase(path);
  return entries.find((entry) => {
    const entryPath = foldCase(entry.path);
    return entryPath === foldedPath || (entry.kind !== 'file' && foldedPath.startsWith(`${entryPath}/`));
  });
};
