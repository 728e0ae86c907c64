import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openPage } from './browser.js';

/** Inserted before `</head>`: writes the height of the page to its title. */
const MEASURE = `<script>addEventListener('load', () => {
  document.title = 'height=' + Math.ceil(document.body.getBoundingClientRect().height);
});</script>`;

export interface PictureOptions {
  readonly width: number;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
  /** Where a long page is cut off; default: nowhere. */
  readonly maxHeight?: number;
  /** Path of the PNG file. */
  readonly path: string;
}

/** Makes a picture of a page. Throws if the page cannot be measured. */
export const takePicture = async (
  page: string,
  { width, scale, maxHeight = Number.POSITIVE_INFINITY, path }: PictureOptions,
): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'picture-'));
  try {
    const file = join(directory, 'page.html');
    const withoutPolicy = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/u, '');
    writeFileSync(file, withoutPolicy.replace('</head>', `${MEASURE}</head>`));
    const open = (...args: readonly string[]): Promise<string> =>
      openPage(pathToFileURL(file).href, { profile: join(directory, 'profile'), args });
    const [, height] =
      /<title>height=(\d+)<\/title>/u.exec(await open(`--window-size=${width},800`, '--dump-dom')) ?? [];
    if (height === undefined) throw new Error('the page could not be measured');
    await open(
      '--hide-scrollbars',
      `--window-size=${width},${Math.min(Number(height), maxHeight)}`,
      `--force-device-scale-factor=${scale}`,
      `--screenshot=${path}`,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Makes a picture of the demo's report, without comments and calls at its end. */
export const takeReportPicture = (report: string, path: string): Promise<void> =>
  takePicture(readFileSync(report, 'utf8'), { width: 1100, scale: 1, maxHeight: 2000, path });
