import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkout } from '../../actions/codeguru-review/test/checkout.js';
import { buildSarif, type ResultInput } from '../../actions/codeguru-review/test/sarif-log.js';
import { browserObstacle } from './browser.js';
import { BrowserPage } from './browser-page.js';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TIMEOUT_MS = 120_000;

const LEVELS = ['error', 'warning', 'note'] as const;

const buildResults = (count: number): readonly ResultInput[] =>
  Array.from({ length: count }, (_, index) => ({
    file: `src/module-${index % 100}.js`,
    line: 1 + (index % 500),
    rule: `rule-${index % 50}`,
    level: LEVELS[index % 3] ?? 'note',
    message: `Use \`parse\` in place of eval, number ${index}`,
  }));

const buildStep = (uri: string, startLine: number, text: string) => ({
  location: { physicalLocation: { artifactLocation: { uri }, region: { startLine } }, message: { text } },
});

declareUnless(browserObstacle, describe)('the HTML report of a review', () => {
  let checkout: Checkout;
  let profile: string;
  let page: BrowserPage | undefined;
  beforeEach(() => {
    checkout = new Checkout();
    profile = mkdtempSync(join(tmpdir(), 'page-'));
  });
  afterEach(async () => {
    await page?.close();
    page = undefined;
    checkout.remove();
    rmSync(profile, { recursive: true, force: true });
  });

  const open = async (results: readonly ResultInput[]): Promise<BrowserPage> => {
    checkout.write('scan.sarif', buildSarif({ results }));
    const { outputs } = await checkout.run();
    page = await BrowserPage.open(pathToFileURL(outputs['html-file'] ?? '').href, profile);
    return page;
  };

  it.each([
    [0, 100],
    [1, 200],
    [10_000, 5000],
  ])(
    'with %d findings has no accessibility violation and few elements',
    async (count, maxElements) => {
      const report = await open(buildResults(count));
      await report.evaluate(AXE);
      const violations = await report.evaluate(
        `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
      );
      expect(violations).toEqual([]);
      expect(await report.evaluate('document.querySelectorAll("*").length')).toBeLessThan(maxElements);
    },
    TIMEOUT_MS,
  );

  it(
    'has a checker that finds violations',
    async () => {
      const report = await open(buildResults(1));
      await report.evaluate(AXE);
      await report.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')`);
      expect(
        await report.evaluate('axe.run(document).then(({ violations }) => violations.map(({ id }) => id))'),
      ).toContain('button-name');
    },
    TIMEOUT_MS,
  );

  it(
    'steps through code flows',
    async () => {
      const steps = [buildStep('a.js', 3, 'input'), buildStep('b.js', 4, 'passed on'), buildStep('c.js', 5, 'sink')];
      const report = await open([{ more: { codeFlows: [{ threadFlows: [{ locations: steps }] }] } }]);
      const click = (label: string) =>
        report.evaluate(`(() => {
        const flow = document.querySelector('.flow');
        flow.open = true;
        const button = [...flow.querySelectorAll('button')].find(({ textContent }) => textContent === '${label}');
        if (button.checkVisibility()) button.click();
        return [...flow.querySelectorAll('[aria-current=step]')].map(({ textContent }) => textContent.trim());
      })()`);
      const [next, previous] = ['Next step', 'Previous step'];
      const shown = [];
      for (const label of [previous, next, next, next, previous]) shown.push(await click(label));
      expect(shown).toEqual([
        ['a.js:3 input'],
        ['b.js:4 passed on'],
        ['c.js:5 sink'],
        ['c.js:5 sink'],
        ['b.js:4 passed on'],
      ]);
    },
    TIMEOUT_MS,
  );
});
