import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { browserObstacle, openPage } from './browser.js';

const run = promisify(execFile);
const root = process.cwd();
const getDemoFile = (name: string): string => join(root, '.demo', name);

describe('the demo', () => {
  let log = '';

  beforeAll(async () => {
    ({ stdout: log } = await run(process.execPath, ['scripts/demo.mjs'], { cwd: root, maxBuffer: 1e8 }));
  }, 300_000);

  it('delivers with all six actions after an explained failure', () => {
    expect(log).toContain(
      'As expected: the first delivery failed because of a wrong parameter, and the second one resumed and completed it.',
    );
    expect(log).toContain("Value '0' at 'shardCount' failed to satisfy constraint");
    const services = new Set(
      readFileSync(getDemoFile('calls.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).service),
    );
    expect([...services]).toEqual(
      expect.arrayContaining(['sts', 'codeguru-reviewer', 'health', 'ecr', 'cloudformation', 'appconfig']),
    );
  });

  it('lets the pull request write only what its preview needs', () => {
    const calls = readFileSync(getDemoFile('calls.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('role/preview') || line.includes('assumed-role/preview'))
      .map((line) => JSON.parse(line));
    const writes = calls.filter(({ write }) => write).map(({ operation }) => operation);
    expect(calls.length).toBeGreaterThan(0);
    expect(new Set(writes)).toEqual(
      new Set(['PutObject', 'CreateCodeReview', 'CreateChangeSet', 'DeleteChangeSet', 'DeleteStack', 'DeleteObject']),
    );
  });

  it('makes no call that is denied', () => {
    expect(log).toMatch(/\d+ calls, 0 denied/u);
  });
});

declareUnless(browserObstacle, describe)('the demo’s page in a browser', () => {
  let directory: string;
  const url = pathToFileURL(getDemoFile('index.html')).href;
  const browse = (...args: readonly string[]): Promise<string> => openPage(url, { profile: directory, args });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'page-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('shows every step of every run, with the failure expanded', async () => {
    const page = await browse('--dump-dom');
    for (const name of [
      'Review code',
      'Preview stack changes',
      'Check AWS Health',
      'Push image',
      'Deploy data stack',
      'Roll out configuration',
      'Verify deployment',
    ]) {
      expect(page).toContain(`<span class="name">${name}</span>`);
    }
    expect(page).toMatch(/<details class="failure" open="">.*Deploy data stack/u);
    expect(page).toContain('class="gantt"');
    expect(page).toContain('Comments on the pull request');
    expect(page).toContain('ticket-shop preview: 4 changes to deploy');
    expect(page).not.toContain('<script');
  }, 60_000);

  it.each([390, 1280])(
    'has no horizontal scrolling at a width of %i px, with all details open',
    async (width) => {
      const measure = `<script>addEventListener('load', () => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      const isScrolled = (element) => element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX !== 'visible';
      const wide = [document.documentElement, ...document.querySelectorAll('main *')].filter(isScrolled);
      document.body.innerHTML = 'innerWidth=' + innerWidth + ' wide=[' + wide.map(({ className }) => className) + ']';
    });</script></head>`;
      const page = readFileSync(getDemoFile('index.html'), 'utf8')
        .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/u, '')
        .replace('</head>', measure);
      const quoted = page.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      const frame = join(directory, 'frame.html');
      // The window has a minimum width; a frame does not.
      await writeFile(
        frame,
        `<iframe style="width: ${width}px; border: 0" srcdoc="${quoted}"></iframe>
       <script>addEventListener('load', () => { document.title = frames[0].document.body.textContent; });</script>`,
      );
      const options = { profile: directory, args: ['--virtual-time-budget=5000', '--dump-dom'] };
      expect(await openPage(pathToFileURL(frame).href, options)).toContain(
        `<title>innerWidth=${width} wide=[]</title>`,
      );
    },
    60_000,
  );

  it.each(['--blink-settings=preferredColorScheme=0', '--blink-settings=preferredColorScheme=1'])(
    'is rendered in both colour schemes (%s)',
    async (scheme) => {
      const picture = join(directory, 'page.png');
      await browse(scheme, '--window-size=1200,2400', `--screenshot=${picture}`);
      // A screenshot of an empty page of this size has less than 20 kB.
      expect(statSync(picture).size).toBeGreaterThan(60_000);
    },
    60_000,
  );
});
