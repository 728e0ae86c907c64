import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { encodePath } from '@aws-delivery/action-kit/util/path';
import type { Log, ReportingDescriptor, Result, Run, Location as SarifLocation } from 'sarif';
import type { Finding, Rule } from '../finding.js';
import { FINGERPRINT_NAME } from '../fingerprint.js';
import { compareSeverities, type Severity } from '../severity.js';

/** A finding as it is written. */
export interface ReportedFinding {
  readonly finding: Finding;
  readonly fingerprint: string;
  /** In comparison with a baseline; undefined where there was none to compare with. */
  readonly state: 'new' | 'unchanged' | undefined;
  /** Why it does not count; undefined where it does. */
  readonly ignored: string | undefined;
}

export interface SarifWriterOptions {
  /** What tells this analysis from others of the same commit: the action, and what the scanner looked at. */
  readonly category: string;
  /** Commit that was looked at. */
  readonly commit: string | undefined;
}

const LEVELS: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
  // Nobody knows how bad it is, so nobody may take it for harmless.
  none: 'error',
};

// The middle of the ranges by which GitHub's code scanning names severities of security rules.
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
    // A name that only repeats the id is none (SARIF 3.49.7).
    ...(rule.name === rule.id ? {} : { name: rule.name }),
    shortDescription: { text: rule.name || rule.id },
    // Code scanning wants both of every rule.
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

/** GitHub's code scanning refuses a whole file for one result without a physical location. */
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
 * A SARIF 2.1.0 log: a run for each scanner, severities in the terms by which GitHub shows them, fingerprints that
 * survive moved lines.
 * @param sources scanners that found nothing get a run as well: it says that they looked
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
  };
};
