import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { root } from '../../../../scripts/command.mjs';
import { writeFindingsReports } from '../../src/report/findings-reports.js';

const string = (maxLength = 1_000_000) => ({ type: 'string', minLength: 1, maxLength });
const object = (properties: object, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const tool = object({ id: string(), name: string(), version: string(), vendor: object({ name: string() }) });
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' };
const url = { type: 'string', pattern: '^(https?|ftp)://.+' };

/** The rules of sast-report-format.json 15.0.7 that concern the fields of our reports. */
const sastRules = object({
  version: { const: '15.0.7' },
  scan: object({
    type: { const: 'sast' },
    status: { enum: ['success', 'failure'] },
    start_time: time,
    end_time: time,
    analyzer: tool,
    scanner: tool,
  }),
  vulnerabilities: {
    type: 'array',
    items: object({
      id: string(),
      name: string(255),
      description: string(1_048_576),
      severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] },
      identifiers: {
        type: 'array',
        minItems: 1,
        items: object({ type: string(), name: string(), value: string(), url }, ['type', 'name', 'value']),
      },
      location: object({ file: string(), start_line: { type: 'number' }, end_line: { type: 'number' } }, ['file']),
    }),
  },
});

/** The rules of GitLab's Code Quality report. */
const codeQualityRules = {
  type: 'array',
  items: object({
    description: string(),
    check_name: string(),
    fingerprint: string(),
    severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
    location: object({ path: string(), lines: object({ begin: { type: 'integer', minimum: 1 } }) }),
  }),
};

const directory = mkdtempSync(join(tmpdir(), 'reports-'));
afterAll(() => rmSync(directory, { recursive: true }));

const writeReports = (sarif: string): { readonly codeQuality: unknown; readonly sast: unknown } => {
  const [codeQuality, sast] = [join(directory, 'new', 'cq.json'), join(directory, 'new', 'sast.json')];
  const times = { started: Date.UTC(2030, 0, 2, 3, 4, 5, 678), ended: Date.UTC(2030, 0, 2, 3, 5) };
  writeFindingsReports(sarif, root, { codeQuality, sast }, times);
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  return { codeQuality: read(codeQuality), sast: read(sast) };
};

describe('writeFindingsReports', () => {
  const ajv = new Ajv({ allErrors: true });

  it.each(['cfn-lint', 'semgrep'])('writes reports of %s that match the schemas of GitLab', (name) => {
    const { codeQuality, sast } = writeReports(
      join(root, 'packages', 'findings', 'test', 'sarif', 'scanners', `${name}.sarif`),
    );
    for (const [rules, report] of [
      [sastRules, sast],
      [codeQualityRules, codeQuality],
    ] as const) {
      ajv.validate(rules, report);
      expect(ajv.errors).toBeNull();
    }
    expect(codeQuality).not.toEqual([]);
    expect(sast).not.toHaveProperty('vulnerabilities', []);
  });

  it('reports rule, severity, location and fingerprint, and omits suppressed findings and those without a location', () => {
    const location = { physicalLocation: { artifactLocation: { uri: 'a.py' }, region: { startLine: 3, endLine: 4 } } };
    const result = (ruleId: string, extra: object) => ({ ruleId, level: 'error', message: { text: 'bad' }, ...extra });
    const results = [
      result('R1', {
        locations: [location],
        properties: { severity: 'critical' },
        partialFingerprints: { 'awsDelivery/v1': 'f:1' },
      }),
      result('R2', { locations: [location], suppressions: [{ kind: 'external', justification: 'known' }] }),
      result('R3', {}),
    ];
    const rules = [{ id: 'R1', name: 'Rule one', helpUri: 'https://example.com/R1' }];
    const log = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Scanner', rules } }, results }] };
    const sarif = join(directory, 'log.sarif');
    writeFileSync(sarif, JSON.stringify(log));
    const { codeQuality, sast } = writeReports(sarif);
    const fingerprint = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(codeQuality).toEqual([
      {
        description: 'bad',
        check_name: 'Scanner: R1',
        fingerprint,
        severity: 'blocker',
        location: { path: 'a.py', lines: { begin: 3 } },
      },
    ]);
    expect(sast).toMatchObject({
      scan: { start_time: '2030-01-02T03:04:05', end_time: '2030-01-02T03:05:00', status: 'success' },
      vulnerabilities: [
        {
          id: fingerprint,
          name: 'Rule one',
          severity: 'Critical',
          identifiers: [{ type: 'Scanner_rule_id', name: 'Scanner: R1', value: 'R1', url: 'https://example.com/R1' }],
          location: { file: 'a.py', start_line: 3, end_line: 4 },
        },
      ],
    });
  });
});
