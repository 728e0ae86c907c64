import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateSync } from 'node:zlib';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Checkout } from '../../actions/codeguru-review/test/checkout.js';
import { buildSarif } from '../../actions/codeguru-review/test/sarif-log.js';
import { browserObstacle, openPage } from './browser.js';

/** The concatenated data of a PNG file's chunks of one type. */
const readChunks = (png: Buffer, kind: string): Buffer => {
  const found: Buffer[] = [];
  for (let offset = 8; offset < png.length; offset += png.readUInt32BE(offset) + 12) {
    if (png.toString('latin1', offset + 4, offset + 8) === kind)
      found.push(png.subarray(offset + 8, offset + 8 + png.readUInt32BE(offset)));
  }
  return Buffer.concat(found);
};

/** The colour of the upper left pixel, which PNG's filters do not change. */
const readCornerColour = (file: string): string =>
  `#${inflateSync(readChunks(readFileSync(file), 'IDAT')).toString('hex', 1, 4)}`;

declareUnless(browserObstacle, describe)('the HTML report of a review in a browser', () => {
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    response.end();
  });
  let directory: string;
  let checkout: Checkout;
  let report: string;

  const browse = (file: string, ...args: readonly string[]): Promise<string> =>
    openPage(pathToFileURL(file).href, { profile: directory, args });

  /** Texts that would set the title to `owned` or send a request if the report did not escape them. */
  const buildPayloads = (url: string): readonly string[] => [
    `<script>document.title = 'owned'</script>`,
    `<img src="${url}/image" onerror="document.title = 'owned'">`,
    `</li></p></details></style></title><svg onload="document.title = 'owned'">`,
    `"><iframe src="${url}/frame"></iframe><link rel="stylesheet" href="${url}/style">`,
    `<meta http-equiv="refresh" content="0;url=${url}/refresh"><base href="${url}/">`,
    `' onfocus='document.title = "owned"' autofocus='`,
  ];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'page-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const serverAddress = server.address();
    const payloadTexts = buildPayloads(
      `http://127.0.0.1:${typeof serverAddress === 'object' ? serverAddress?.port : ''}`,
    );
    checkout = new Checkout();
    checkout.commit({ 'src/app.js': `${payloadTexts.join('\n')}\n` });
    const rules = payloadTexts.map((payload, index) => ({
      id: `${index}${payload}`,
      name: payload,
      helpUri: `javascript:document.title='owned'//${payload}`,
      fullDescription: { text: payload },
      properties: { tags: [payload] },
    }));
    const results = payloadTexts.flatMap((message, index) => [
      { rule: `${index}${message}`, line: index + 1, message },
      { rule: `${index}${message}`, file: `src/${message}.js`, message, more: { properties: { category: message } } },
    ]);
    checkout.write('scan.sarif', buildSarif({ rules, results, scanner: payloadTexts.join('') }));
    const { outputs } = await checkout.run();
    report = outputs['html-file'] ?? '';
  });
  afterAll(() => {
    server.close();
    checkout.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it('runs no script from a finding, and sends no request', async () => {
    const shown = await browse(report, '--dump-dom');
    expect(shown).toContain('<title>Code review: blocked</title>');
    expect(shown).not.toMatch(/<(?:img|svg|iframe|link|base)\b|href="javascript/iu);
    expect(shown.match(/<script\b/giu)).toHaveLength(2);
    expect(shown).toContain('>12 of 12 findings<');
    expect(requests).toEqual([]);
  }, 60_000);

  it('creates rows as they come into view, and shows what its index leads to', async () => {
    const results = Array.from({ length: 2000 }, (_, index) => ({
      line: 1,
      rule: `r${index}`,
      level: index === 0 ? ('note' as const) : ('error' as const),
    }));
    const large = new Checkout();
    large.write('scan.sarif', buildSarif({ results }));
    const { href } = pathToFileURL((await large.run()).outputs['html-file'] ?? '');
    const options = { profile: directory, args: ['--dump-dom'] };
    const whole = await openPage(href, options);
    const info = await openPage(`${href}#severity=info`, options);
    large.remove();
    expect(whole).toContain('>2000 of 2000 findings<');
    expect(whole.match(/<details\b/gu)?.length).toBeLessThan(500);
    expect(info).toContain('>1 of 2000 findings<');
  }, 60_000);

  it('detects scripts and requests in an unescaped page', async () => {
    const [script, image] = readFileSync(join(checkout.directory, 'src/app.js'), 'utf8').split('\n');
    const bare = checkout.write('bare.html', `<title>x</title>${script}${image}`);
    expect(await browse(bare, '--dump-dom')).toContain('<title>owned</title>');
    expect(requests).toContain('/image');
  }, 60_000);

  it.each([
    ['light', 1, '#f6f7f9'],
    ['dark', 0, '#12161c'],
  ])(
    'follows the browser’s colour scheme: %s',
    async (name, scheme, background) => {
      const picture = join(directory, `${name}.png`);
      await browse(report, `--blink-settings=preferredColorScheme=${scheme}`, `--screenshot=${picture}`);
      expect(readCornerColour(picture)).toBe(background);
    },
    60_000,
  );
});
