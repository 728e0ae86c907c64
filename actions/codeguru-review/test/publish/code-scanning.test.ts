import { gunzipSync } from 'node:zlib';
import type { Finding } from '@aws-delivery/findings/finding';
import type { Severity } from '@aws-delivery/findings/severity';
import { describe, expect, it } from '@jest/globals';
import type { EvaluatedFinding } from '../../src/gate/evaluate-findings.js';
import { renderUpload, UPLOAD_LIMITS } from '../../src/publish/code-scanning.js';
import type { Result } from '../../src/result.js';

const createFinding = (source: string, severity: Severity, message: string): EvaluatedFinding => {
  const finding: Finding = {
    source,
    id: undefined,
    rule: { id: message, name: message, description: '', help: undefined, tags: [] },
    severity,
    category: '',
    message,
    location: { file: 'a.js', startLine: 1 },
    fingerprints: {},
    suppression: undefined,
  };
  return { finding, fingerprint: message, code: undefined, isNew: undefined, status: { kind: 'fails' } };
};

/** Random text, which gzip cannot compress. */
const createNoise = (): string => Array.from({ length: 500 }, () => Math.random().toString(36).slice(2)).join('');

const render = async (evaluatedFindings: readonly EvaluatedFinding[], limits: Partial<typeof UPLOAD_LIMITS>) => {
  const codeHost = {
    repositoryUrl: undefined,
    commit: undefined,
    prefix: '',
    workflowFile: undefined,
    runUrl: undefined,
  };
  const result = { evaluatedFindings, sourceResults: [], codeHost, request: { reportName: {} } } as unknown as Result;
  const { sarif, dropped } = await renderUpload(result, (content) => content, { ...UPLOAD_LIMITS, ...limits });
  const { runs } = JSON.parse(gunzipSync(sarif).toString());
  const retained = runs.map(
    (run: { results: readonly { message: { text: string } }[]; tool: { driver: { rules: [] } } }) => [
      run.results.map(({ message }) => message.text),
      run.tool.driver.rules.length,
    ],
  );
  return { retained, dropped, size: sarif.length };
};

const findings = [
  createFinding('A', 'critical', 'worst'),
  createFinding('B', 'high', 'bad'),
  createFinding('A', 'medium', 'medium'),
  createFinding('A', 'low', 'least'),
];

describe('an upload', () => {
  it('within the limits has all findings', async () => {
    const { retained, dropped } = await render(findings, {});
    expect([retained, dropped]).toEqual([
      [
        [['worst', 'medium', 'least'], 3],
        [['bad'], 1],
      ],
      0,
    ]);
  });

  it('drops the least severe results of a run, and their rules', async () => {
    const { retained, dropped } = await render(findings, { resultsPerRun: 2 });
    expect([retained, dropped]).toEqual([
      [
        [['worst', 'medium'], 2],
        [['bad'], 1],
      ],
      1,
    ]);
  });

  it('drops the runs with the least severe results', async () => {
    const { retained, dropped } = await render(findings, { runs: 1 });
    expect([retained, dropped]).toEqual([[[['worst', 'medium', 'least'], 3]], 1]);
  });

  it('drops the least severe results until it fits', async () => {
    const large = [
      findings[0],
      ...Array.from({ length: 50 }, (_, index) => createFinding('A', 'low', `${index} ${createNoise()}`)),
    ];
    const bytes = 100_000;
    const { retained, dropped, size } = await render(
      large.filter((each) => each !== undefined),
      { bytes },
    );
    expect(size).toBeLessThanOrEqual(bytes);
    expect(dropped).toBeGreaterThan(10);
    expect(retained[0]?.[0]).toContain('worst');
  });
});
