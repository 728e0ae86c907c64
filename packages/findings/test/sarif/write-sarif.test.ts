import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import draft04 from 'ajv-draft-04';
import type { Log } from 'sarif';
import { matchBaseline } from '../../src/baseline.js';
import { compareFindings, type Finding } from '../../src/finding.js';
import { computeFingerprints } from '../../src/fingerprint.js';
import { type ReportedFinding, renderSarif } from '../../src/sarif/write-sarif.js';
import { buildLog, createArtifactFinding, type Json, ROOT, read, readFinding, readScan } from './sarif-log.js';

const schema: Json = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const validate = new draft04.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

const writeLog = (...parameters: Parameters<typeof renderSarif>): Log =>
  JSON.parse([...renderSarif(...parameters)].join(''));

describe('a written log', () => {
  const names = ['eslint', 'semgrep', 'cfn-lint'];
  const findings = names.flatMap((name) => readScan(name).findings).sort(compareFindings);
  const fingerprints = computeFingerprints(findings, () => undefined);
  const reportedFindings = findings.map((finding, index): ReportedFinding => {
    return {
      finding,
      fingerprint: fingerprints[index] ?? '',
      isNew: index % 2 === 0,
      status: index === 0 ? { kind: 'ignored', reason: 'known' } : { kind: 'fails' },
    };
  });
  const options = {
    category: (source: string) => `codeguru-review/${source}`,
    writtenBy: 'codeguru-review',
    commit: 'abc',
  };
  const whole = writeLog(reportedFindings, ['Silent'], options);

  it('is valid against the official schema', () => {
    expect(validate(JSON.parse(JSON.stringify(whole))) ? [] : validate.errors).toEqual([]);
    expect(validate({ version: '2.1.0' })).toBe(false);
  });

  it('has a run for each scanner, including one without findings', () => {
    expect(whole.runs.map(({ tool, results }) => [tool.driver.name, results?.length]).sort()).toEqual([
      ['ESLint', 5],
      ['Semgrep OSS', 2],
      ['Silent', 0],
      ['cfn-lint', 2],
    ]);
  });

  it('has a security score only for security rules', () => {
    const scores = whole.runs.map(({ tool }) =>
      tool.driver.rules?.map(({ properties }) => properties?.['security-severity']),
    );
    expect(scores.flat().filter((score) => score !== undefined)).toEqual(['8.0']);
  });

  it('is read back unchanged', () => {
    const again = read(JSON.stringify(whole)).findings.toSorted(compareFindings);
    const summarize = ({ source, rule, severity, message, location }: Finding) => [
      source,
      rule.id,
      severity,
      message,
      location,
    ];
    expect(again.map(summarize)).toEqual(findings.map(summarize));
    const fingerprinted = findings.map((finding, index) => ({ finding, fingerprint: fingerprints[index] }));
    expect(matchBaseline(fingerprinted, again).size).toBe(findings.length);
  });
});

describe('the source of a finding', () => {
  const location = (uri: string, more: Json = {}) => ({
    physicalLocation: { artifactLocation: { uri, ...more }, region: { startLine: 3 } },
  });
  const source = {
    tool: {
      driver: {
        name: 'CodeQL',
        semanticVersion: '2.20.0',
        rules: [
          {
            id: 'js/xss',
            shortDescription: { text: 'XSS' },
            help: { text: 'Escape it', markdown: '**Escape** it' },
            relationships: [{ target: { id: 'CWE-79', index: 0, toolComponent: { name: 'CWE', index: 0 } } }],
            properties: { tags: ['security'], precision: 'high', 'security-severity': '7.8' },
          },
        ],
      },
      extensions: [{ name: 'codeql/javascript-queries', semanticVersion: '1.2.0', rules: [] }],
    },
    taxonomies: [{ name: 'CWE', taxa: [{ id: 'CWE-79' }] }],
    artifacts: [{ location: { uri: 'src/input.js' } }],
    threadFlowLocations: [{ location: location('', { uri: undefined, index: 0 }) }],
    results: [
      {
        ruleId: 'js/xss',
        message: { text: 'tainted by [input](1)' },
        locations: [location('src/app.js')],
        relatedLocations: [{ id: 1, ...location(`file://${ROOT}/src/input.js`) }],
        codeFlows: [{ threadFlows: [{ locations: [{ index: 0 }, { location: location('src/app.js') }] }] }],
        taxa: [{ id: 'CWE-79', index: 0, toolComponent: { name: 'CWE', index: 0 } }],
      },
    ],
  };
  const { findings } = read(JSON.stringify({ version: '2.1.0', runs: [source] }));
  const write = (all = findings) =>
    writeLog(
      all.map((finding) => ({ finding, fingerprint: 'f:1', status: { kind: 'fails' } })),
      [],
      { category: () => 'review', writtenBy: 'codeguru-review', commit: undefined, placeholder: '.' },
    );
  const [run] = write().runs;

  it('keeps code flows and related locations, with paths relative to the checkout', () => {
    const artifactLocation = { uri: 'src/input.js', uriBaseId: '%SRCROOT%' };
    expect(run?.results?.[0]).toMatchObject({
      message: { text: 'tainted by [input](1)' },
      relatedLocations: [{ id: 1, physicalLocation: { artifactLocation } }],
      codeFlows: [{ threadFlows: [{ locations: [{ location: { physicalLocation: { artifactLocation } } }, {}] }] }],
      taxa: [{ id: 'CWE-79', toolComponent: { name: 'CWE' } }],
    });
  });

  it.each([
    ['/opt/tool/a b.js', 'file:///opt/tool/a%20b.js'],
    ['file:///C:/tool/a.js', 'file:///C:/tool/a.js'],
    ['https://tool.test/a.js', 'https://tool.test/a.js'],
  ])('keeps the related location %s, which is outside of the checkout', (uri, expected) => {
    const [finding] = read(buildLog({ relatedLocations: [location(uri)] })).findings;
    const [result] = write(finding === undefined ? [] : [finding]).runs[0]?.results ?? [];
    expect(result?.relatedLocations?.[0]?.physicalLocation?.artifactLocation).toEqual({ uri: expected });
  });

  it.each(['', 'javascript:alert(1)'])('drops the help URI %j, which is not a page', (helpUri) => {
    const { findings: found } = read(buildLog({ ruleId: 'a' }, { rules: [{ id: 'a', helpUri }] }));
    expect(write(found).runs[0]?.tool.driver.rules?.[0]).not.toHaveProperty('helpUri');
  });

  it('keeps versions, help texts, taxonomies and properties', () => {
    expect(run).toMatchObject({
      tool: {
        driver: {
          semanticVersion: '2.20.0',
          rules: [
            {
              help: { markdown: '**Escape** it' },
              relationships: [{ target: { id: 'CWE-79', toolComponent: { name: 'CWE' } } }],
              properties: { precision: 'high', 'security-severity': '7.8' },
            },
          ],
        },
        extensions: [{ name: 'codeql/javascript-queries', semanticVersion: '1.2.0' }],
      },
      taxonomies: [{ name: 'CWE' }],
    });
    expect(JSON.stringify(run)).not.toContain('"index":0');
  });

  it('makes a valid log', () => {
    expect(validate(JSON.parse(JSON.stringify(write()))) ? [] : validate.errors).toEqual([]);
  });

  it('replaces a severity in words, which code scanning does not accept, with a score', () => {
    const rules = [{ id: 'r', properties: { 'security-severity': 'CRITICAL' } }];
    const [written] = write(read(buildLog({ ruleId: 'r' }, { rules })).findings).runs;
    expect(written?.tool.driver.rules?.[0]?.properties?.['security-severity']).toBe('9.5');
  });

  it('without a location has a placeholder that is no location when the log is read', () => {
    const log = write(read(buildLog()).findings);
    expect(log.runs[0]?.results?.[0]?.locations).toHaveLength(1);
    expect(readFinding(JSON.stringify(log)).location).toBeUndefined();
  });
});

describe('a finding in an image', () => {
  it('has a physical location, which code scanning requires for every result', () => {
    const finding = createArtifactFinding('123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app');
    const reportedFinding = { finding, fingerprint: 'f:1', status: { kind: 'fails' } };
    const log = writeLog([reportedFinding], [], {
      category: (source: string) => `ecr-push/${source}`,
      writtenBy: 'codeguru-review',
      commit: undefined,
    });
    expect(validate(JSON.parse(JSON.stringify(log))) ? [] : validate.errors).toEqual([]);
    expect(log.runs[0]?.results?.[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app' },
          region: { startLine: 1 },
        },
        logicalLocations: [
          { fullyQualifiedName: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app', kind: 'module' },
        ],
      },
    ]);
  });

  it('has an encoded colon in its URI, so that the host is not read as a scheme', () => {
    const reportedFinding = {
      finding: createArtifactFinding('localhost:5000/app'),
      fingerprint: 'f:1',
      status: { kind: 'fails' },
    };
    const [run] = writeLog([reportedFinding], [], {
      category: (source: string) => `ecr-push/${source}`,
      writtenBy: 'codeguru-review',
      commit: undefined,
    }).runs;
    expect(run?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('localhost%3A5000/app');
  });
});
