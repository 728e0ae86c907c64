import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Checkout } from '../../actions/codeguru-review/test/helpers/checkout.js';
import { sarif } from '../../actions/codeguru-review/test/helpers/sarif.js';

const run = promisify(execFile);

/** .ci/run installs it; on a user's machine the look at the page is skipped. */
const isRequired = process.env['CI'] === 'true' && process.platform === 'linux';
const hasBrowser = isRequired || spawnSync('chromium', ['--version']).error === undefined;
if (!hasBrowser) console.warn('skipped, since chromium is not installed: the look at the page of a review');

/** The chunks of a kind in a PNG file. */
const chunksOf = (png: Buffer, kind: string): Buffer => {
  const found: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === kind)
      found.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return Buffer.concat(found);
};

/** The colour in the upper left corner, which no filter of PNG changes. */
const cornerOf = (file: string): string =>
  `#${inflateSync(chunksOf(readFileSync(file), 'IDAT')).toString('hex', 1, 4)}`;

(hasBrowser ? describe : describe.skip)('the page of a review, in a browser', () => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end();
  });
  let folder: string;
  let checkout: Checkout;
  let page: string;

  const browse = async (file: string, ...options: readonly string[]): Promise<string> => {
    const common = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}`];
    const { stdout } = await run('chromium', [...common, ...options, pathToFileURL(file).href], { maxBuffer: 1e8 });
    return stdout;
  };

  /** What would call itself owned, or call home, were it more than text. */
  const payloads = (address: string): readonly string[] => [
    `<script>document.title = 'owned'</script>`,
    `<img src="${address}/image" onerror="document.title = 'owned'">`,
    `</li></p></details></style></title><svg onload="document.title = 'owned'">`,
    `"><iframe src="${address}/frame"></iframe><link rel="stylesheet" href="${address}/style">`,
    `<meta http-equiv="refresh" content="0;url=${address}/refresh"><base href="${address}/">`,
    `' onfocus='document.title = "owned"' autofocus='`,
  ];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'page-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const listening = server.address();
    const texts = payloads(`http://127.0.0.1:${typeof listening === 'object' ? listening?.port : ''}`);
    checkout = new Checkout();
    checkout.commit({ 'src/app.js': `${texts.join('\n')}\n` });
    const rules = texts.map((text, index) => ({
      id: `${index}${text}`,
      name: text,
      helpUri: `javascript:document.title='owned'//${text}`,
      fullDescription: { text },
      properties: { tags: [text] },
    }));
    const results = texts.flatMap((message, index) => [
      { rule: `${index}${message}`, line: index + 1, message },
      { rule: `${index}${message}`, file: `src/${message}.js`, message, more: { properties: { category: message } } },
    ]);
    checkout.write('scan.sarif', sarif({ rules, results, scanner: texts.join('') }));
    const { outputs } = await checkout.run();
    page = outputs['html-file'] ?? '';
  });
  afterAll(() => {
    server.close();
    checkout.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs nothing of a finding, and asks nobody for anything', async () => {
    const shown = await browse(page, '--dump-dom');
    expect(shown).toContain('<title>Code review: blocked</title>');
    expect(shown).not.toMatch(/<(?:script|img|svg|iframe|link|base)\b|href="javascript/iu);
    expect(asked).toEqual([]);
  }, 60_000);

  it('would be seen to run something, if it did', async () => {
    const [script, image] = readFileSync(join(checkout.folder, 'src/app.js'), 'utf8').split('\n');
    const bare = checkout.write('bare.html', `<title>x</title>${script}${image}`);
    expect(await browse(bare, '--dump-dom')).toContain('<title>owned</title>');
    expect(asked).toContain('/image');
  }, 60_000);

  it.each([
    ['light', 1, '#f6f7f9'],
    ['dark', 0, '#12161c'],
  ])(
    'follows the reader’s scheme: %s',
    async (name, scheme, ground) => {
      const picture = join(folder, `${name}.png`);
      await browse(page, `--blink-settings=preferredColorScheme=${scheme}`, `--screenshot=${picture}`);
      expect(cornerOf(picture)).toBe(ground);
    },
    60_000,
  );
});
