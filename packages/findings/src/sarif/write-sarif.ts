import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { encodePath } from '@aws-delivery/action-kit/util/path';
import type { Log, ReportingDescriptor, Result, Run, Location as SarifLocation } from 'sarif';
import type { Finding, Rule } from '../finding.js';
import { FINGERPRINT_NAME } from '../fingerprint.js';
import { compareSeverities, type Severity } from '../severity.js';
import { WRITER_PROPERTY } from './writer-property.js';

/** A finding with its data for the report. */
export interface ReportedFinding {
  readonly finding: Finding;
  readonly fingerprint: string;
  /** Compared with the baseline; undefined if nothing was compared. */
  readonly state: 'new' | 'unchanged' | undefined;
  /** Reason why it is ignored; undefined if it is not. */
  readonly ignored: string | undefined;
}

export interface SarifWriterOptions {
  /** Distinguishes analyses of the same commit: the action, and the scanned target. */
  readonly category: string;
  /** The scanned commit. */
  readonly commit: string | undefined;
  /** Name of the action, so that it does not read its own report. */
  readonly writtenBy: string;
}

const LEVELS: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
  // An unranked finding may be critical.
  none: 'error',
};

// The middle of the ranges that GitHub's code scanning has for severities of security rules.
const SCORES: Readonly<Partial<Record<Severity, string>>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

const isSecurityRule = (findings: readonly Finding[]): boolean =>
  findings.some(({ category, rule }) => category === 'SecurityIssues' || rule.tags.includes('security'));

const getWorstSeverity = (findings: readonly Finding[]): Severity =>
  findings.map(({ severity }) => severity).sort(compareSeverities)[0] ?? 'none';

const isHttpUrl = (value: string | undefined): value is string =>
  value !== undefined && URL.canParse(value) && /^https?:/iu.test(value);

const toDescriptor = (rule: Rule, findings: readonly Finding[]): ReportingDescriptor => {
  const security = isSecurityRule(findings);
  const worst = getWorstSeverity(findings);
  const score = security ? SCORES[worst] : undefined;
  return {
    id: rule.id,
    // A name must not repeat the id (SARIF 3.49.7).
    ...(rule.name === rule.id ? {} : { name: rule.name }),
    shortDescription: { text: rule.name || rule.id },
    // Code scanning requires both for every rule.
    fullDescription: { text: rule.description || rule.name || rule.id },
    help: { text: rule.description || rule.name || rule.id },
    ...(isHttpUrl(rule.help) ? { helpUri: new URL(rule.help).href } : {}),
    defaultConfiguration: { level: LEVELS[worst] },
    properties: {
      tags: [...new Set([...rule.tags, ...(security ? ['security'] : [])])],
      ...(score === undefined ? {} : { 'security-severity': score }),
    },
  };
};

/** GitHub's code scanning rejects the whole file if one result has no physical location. */
const toArtifactLocation = (artifact: string): SarifLocation => ({
  physicalLocation: { artifactLocation: { uri: encodePath(artifact) }, region: { startLine: 1 } },
  logicalLocations: [{ fullyQualifiedName: artifact, kind: 'module' }],
});

const toLocations = ({ location, artifact }: Finding): SarifLocation[] => {
  if (location === undefined) return artifact === undefined ? [] : [toArtifactLocation(artifact)];
  const { file, ...region } = location;
  const uri = encodePath(file);
  return [
    {
      physicalLocation: {
        artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
        ...(region.startLine === undefined ? {} : { region }),
      },
    },
  ];
};

const toResult = ({ finding, fingerprint, state, ignored }: ReportedFinding, ruleIndex: number): Result => ({
  ruleId: finding.rule.id,
  ruleIndex,
  level: LEVELS[finding.severity],
  message: { text: finding.message },
  locations: toLocations(finding),
  partialFingerprints: { ...finding.fingerprints, [FINGERPRINT_NAME]: fingerprint },
  ...(state === undefined ? {} : { baselineState: state }),
  suppressions: ignored === undefined ? [] : [{ kind: 'external', status: 'accepted', justification: ignored }],
  properties: {
    severity: finding.severity,
    ...(finding.category === '' ? {} : { category: finding.category }),
    ...(finding.id === undefined ? {} : { recommendationId: finding.id }),
  },
});

const toRun = (
  source: string,
  reportedFindings: readonly ReportedFinding[],
  { category, commit }: SarifWriterOptions,
): Run => {
  const rules = [...groupBy(reportedFindings, ({ finding }) => finding.rule.id)];
  const indexes = new Map(rules.map(([id], index) => [id, index]));
  return {
    tool: {
      driver: {
        name: source,
        rules: rules.flatMap(([, group]) => {
          const findings = group.map(({ finding }) => finding);
          return findings.slice(0, 1).map(({ rule }) => toDescriptor(rule, findings));
        }),
      },
    },
    automationDetails: { id: `${category}/${source}/` },
    columnKind: 'utf16CodeUnits',
    ...(commit === undefined ? {} : { properties: { commit } }),
    results: reportedFindings.map((each) => toResult(each, indexes.get(each.finding.rule.id) ?? -1)),
  };
};

/**
 * Creates a SARIF 2.1.0 log with one run per scanner, severities that GitHub displays, and fingerprints that do not
 * change when lines move.
 * @param sources names of all scanners; one without findings gets an empty run
 */
export const writeSarif = (
  reportedFindings: readonly ReportedFinding[],
  sources: readonly string[],
  options: SarifWriterOptions,
): Log => {
  const groups = groupBy(reportedFindings, ({ finding }) => finding.source);
  const names = [...new Set([...sources, ...groups.keys()])];
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: names.map((name) => toRun(name, groups.get(name) ?? [], options)),
    properties: { [WRITER_PROPERTY]: options.writtenBy },
  };
};
