import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import draft04 from 'ajv-draft-04';
import { matchBaseline } from '../../src/baseline.js';
import { compareFindings, type Finding } from '../../src/finding.js';
import { computeFingerprints } from '../../src/fingerprint.js';
import { type ReportedFinding, writeSarif } from '../../src/sarif/write-sarif.js';
import { createArtifactFinding, type Json, read, readScan } from './sarif-log.js';

const schema: Json = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const validate = new draft04.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

describe('a written log', () => {
  const names = ['eslint', 'semgrep', 'cfn-lint'];
  const findings = names.flatMap((name) => readScan(name).findings).sort(compareFindings);
  const fingerprints = computeFingerprints(findings, () => undefined);
  const reportedFindings = findings.map((finding, index): ReportedFinding => {
    return {
      finding,
      fingerprint: fingerprints[index] ?? '',
      state: index % 2 === 0 ? 'new' : 'unchanged',
      ignored: index === 0 ? 'known' : undefined,
    };
  });
  const options = { category: 'codeguru-review', writtenBy: 'codeguru-review', commit: 'abc' };
  const whole = writeSarif(reportedFindings, ['Silent'], options);

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

describe('a finding in an image', () => {
  it('has a physical location, which code scanning requires for every result', () => {
    const finding = createArtifactFinding('123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app');
    const reportedFinding = { finding, fingerprint: 'f:1', state: undefined, ignored: undefined };
    const log = writeSarif([reportedFinding], [], {
      category: 'ecr-push',
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
      state: undefined,
      ignored: undefined,
    };
    const [run] = writeSarif([reportedFinding], [], {
      category: 'ecr-push',
      writtenBy: 'codeguru-review',
      commit: undefined,
    }).runs;
    expect(run?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('localhost%3A5000/app');
  });
});
