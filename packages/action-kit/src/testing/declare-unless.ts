/** A function that declares a test or a group of tests, as jest's `it` and `describe` do. */
interface Declare {
  (title: string, body: () => void): void;
  readonly skip: (title: string, body: () => void) => void;
}

/**
 * Declares tests, or skips them where there is an obstacle. The obstacle becomes part of the title, from which the
 * test run lists the reasons of skipped tests.
 * @param obstacle why the tests cannot run on this machine; undefined where they can
 */
export const declareUnless = (
  obstacle: string | undefined,
  declare: Declare,
): ((title: string, body: () => void) => void) =>
  obstacle === undefined ? declare : (title, body) => declare.skip(`${title} (skipped: ${obstacle})`, body);

/** The obstacle of tests whose subject does not exist on Windows: signals, file modes, POSIX shells. */
export const WINDOWS_OBSTACLE = process.platform === 'win32' ? 'not supported on Windows' : undefined;
