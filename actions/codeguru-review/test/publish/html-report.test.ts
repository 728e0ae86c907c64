import { createHash } from 'node:crypto';
import { readSarif } from '@aws-delivery/findings/sarif/read-sarif';
import { describe, expect, it } from '@jest/globals';
import type { EvaluatedFinding } from '../../src/gate/evaluate-findings.js';
import { renderHtmlReport } from '../../src/publish/html-report.js';
import { SCRIPT } from '../../src/publish/report-script.js';
import type { Result } from '../../src/result.js';
import { buildSarif, type ResultInput } from '../sarif-log.js';

const evaluate = (results: readonly ResultInput[]): readonly EvaluatedFinding[] => {
  const paths = { top: '/work', root: '/work', workspace: '/work', exists: () => false };
  return readSarif(buildSarif({ results }), { ...paths, name: 'scan.sarif' }).findings.map((finding, index) => {
    return { finding, fingerprint: `f:${index}`, code: undefined, isNew: undefined, status: { kind: 'fails' } };
  });
};

const render = (results: readonly ResultInput[]): string =>
  [
    ...renderHtmlReport({
      evaluatedFindings: evaluate(results),
      sourceResults: [{ scanners: ['Scanner'], notices: ['Scanner wrote no results'] }],
      decision: { verdict: 'blocked', step: 'fail', reason: 'failing' },
      codeHost: { repositoryUrl: 'https://github.test/octocat/shop', commit: 'abc', prefix: '' },
      newCount: undefined,
      endedAt: 0,
    } as unknown as Result),
  ].join('');

const readData = (page: string) =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/su.exec(page)?.[1] ?? '');

describe('the page', () => {
  const many = Array.from({ length: 600 }, (_, index) => ({ rule: `r${index % 7}`, file: `src/${index % 11}.js` }));

  it('has the 500 most severe findings without scripts, and all for the script', () => {
    const page = render(many);
    const [plain = ''] = page.split('<script');
    expect(plain.match(/class="where"/gu)).toHaveLength(500);
    expect(plain).toContain('The 500 most severe of 600 findings');
    expect(readData(page).rows).toHaveLength(600);
  });

  it('leads from tiles and index to the findings, also without scripts', () => {
    const page = render(many);
    const targets = [...page.matchAll(/href="#([^"]+)"/gu)].map(([, id]) => id);
    expect(targets).toHaveLength(1 + 11 + 7);
    for (const id of targets) expect(page.split(` id="${id}"`)).toHaveLength(2);
  });

  it('allows its own script only', () => {
    const hash = createHash('sha256').update(SCRIPT).digest('base64');
    const page = render(many);
    expect(page).toContain(`script-src &#39;sha256-${hash}&#39;;`);
    expect(page).toContain(`<script>${SCRIPT}</script>`);
  });

  it('cannot be left by a text of a finding', () => {
    const message = '</script><script>alert(1)</script>';
    const page = render([{ message }]);
    expect(page.match(/<script/gu)).toHaveLength(2);
    expect(readData(page).rows[0].t).toContain(message);
  });

  it('has the steps of code flows', () => {
    const location = (uri: string, startLine: number, text: string) => ({
      location: {
        physicalLocation: { artifactLocation: { uri }, region: { startLine } },
        message: { text },
      },
    });
    const codeFlows = [
      { threadFlows: [{ locations: [location('src/a.js', 3, 'input'), location('src/b.js', 4, 'sink')] }] },
    ];
    const [plain = ''] = render([{ more: { codeFlows } }]).split('<script');
    expect(plain).toContain('Code flow (2 steps)');
    expect(plain).toMatch(/blob\/abc\/src\/a\.js#L3"[^>]*>src\/a\.js:3<\/a> input<\/li><li><a [^>]*b\.js#L4/u);
  });

  it('shows notices of sources', () => {
    expect(render(many)).toContain('Scanner wrote no results');
  });
});
