import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The browser for tests of reports and for pictures. */
export const BROWSER = 'chromium';

const MAX_OUTPUT_BYTES = 1e8;

export interface BrowserOptions {
  /** Chromium's profile directory. */
  readonly profile: string;
  /** Chromium's arguments, such as `--dump-dom` or `--screenshot=<file>`. */
  readonly args: readonly string[];
}

/** Opens a page in headless Chromium. Returns its standard output: the DOM with `--dump-dom`. */
export const openPage = async (url: string, { profile, args }: BrowserOptions): Promise<string> => {
  const common = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`];
  const { stdout } = await promisify(execFile)(BROWSER, [...common, ...args, url], { maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
};
