import type { Log, ReportingDescriptor, Result, Run, Location as SarifPlace } from 'sarif';
import type { Finding, Rule } from './finding.js';
import { FINGERPRINT } from './fingerprint.js';
import { compareSeverities, type Severity } from './severity.js';

/** A finding as it is written. */
export interface Written {
  readonly finding: Finding;
  readonly fingerprint: string;
  /** In comparison with a baseline; undefined where there was none to compare with. */
  readonly state: 'new' | 'unchanged' | undefined;
  /** Why it does not count; undefined where it does. */
  readonly ignored: string | undefined;
}

export interface WriterOptions {
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

const isSecurity = (findings: readonly Finding[]): boolean =>
  findings.some(({ category, rule }) => category === 'SecurityIssues' || rule.tags.includes('security'));

const worstOf = (findings: readonly Finding[]): Severity =>
  findings.map(({ severity }) => severity).sort(compareSeverities)[0] ?? 'none';

const isAddress = (text: string | undefined): text is string =>
  text !== undefined && URL.canParse(text) && /^https?:/iu.test(text);

const descriptorOf = (rule: Rule, findings: readonly Finding[]): ReportingDescriptor => {
  const security = isSecurity(findings);
  const worst = worstOf(findings);
  const score = security ? SCORES[worst] : undefined;
  return {
    id: rule.id,
    // A name that only repeats the id is none (SARIF 3.49.7).
    ...(rule.name === rule.id ? {} : { name: rule.name }),
    shortDescription: { text: rule.name || rule.id },
    // Code scanning wants both of every rule.
    fullDescription: { text: rule.description || rule.name || rule.id },
    help: { text: rule.description || rule.name || rule.id },
    ...(isAddress(rule.help) ? { helpUri: new URL(rule.help).href } : {}),
    defaultConfiguration: { level: LEVELS[worst] },
    properties: {
      tags: [...new Set([...rule.tags, ...(security ? ['security'] : [])])],
      ...(score === undefined ? {} : { 'security-severity': score }),
    },
  };
};

const uriOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** GitHub's code scanning refuses a whole file for one result without a physical location. */
const artifactPlace = (artifact: string): SarifPlace => ({
  physicalLocation: { artifactLocation: { uri: uriOf(artifact) }, region: { startLine: 1 } },
  logicalLocations: [{ fullyQualifiedName: artifact, kind: 'module' }],
});

const placeOf = ({ location, artifact }: Finding): SarifPlace[] => {
  if (location === undefined) return artifact === undefined ? [] : [artifactPlace(artifact)];
  const { file, ...region } = location;
  const uri = uriOf(file);
  return [
    {
      physicalLocation: {
        artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
        ...(region.startLine === undefined ? {} : { region }),
      },
    },
  ];
};

const resultOf = ({ finding, fingerprint, state, ignored }: Written, ruleIndex: number): Result => ({
  ruleId: finding.rule.id,
  ruleIndex,
  level: LEVELS[finding.severity],
  message: { text: finding.message },
  locations: placeOf(finding),
  partialFingerprints: { ...finding.fingerprints, [FINGERPRINT]: fingerprint },
  ...(state === undefined ? {} : { baselineState: state }),
  suppressions: ignored === undefined ? [] : [{ kind: 'external', status: 'accepted', justification: ignored }],
  properties: {
    severity: finding.severity,
    ...(finding.category === '' ? {} : { category: finding.category }),
    ...(finding.id === undefined ? {} : { recommendationId: finding.id }),
  },
});

const groupBy = <T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
};

const runOf = (source: string, written: readonly Written[], { category, commit }: WriterOptions): Run => {
  const rules = [...groupBy(written, ({ finding }) => finding.rule.id)];
  const indexes = new Map(rules.map(([id], index) => [id, index]));
  return {
    tool: {
      driver: {
        name: source,
        rules: rules.flatMap(([, group]) => {
          const findings = group.map(({ finding }) => finding);
          return findings.slice(0, 1).map(({ rule }) => descriptorOf(rule, findings));
        }),
      },
    },
    automationDetails: { id: `${category}/${source}/` },
    columnKind: 'utf16CodeUnits',
    ...(commit === undefined ? {} : { properties: { commit } }),
    results: written.map((each) => resultOf(each, indexes.get(each.finding.rule.id) ?? -1)),
  };
};

/**
 * A SARIF 2.1.0 log: a run for each scanner, severities in the terms by which GitHub shows them, fingerprints that
 * survive moved lines.
 * @param sources scanners that found nothing get a run as well: it says that they looked
 */
export const writeSarif = (written: readonly Written[], sources: readonly string[], options: WriterOptions): Log => {
  const groups = groupBy(written, ({ finding }) => finding.source);
  const names = [...new Set([...sources, ...groups.keys()])];
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: names.map((name) => runOf(name, groups.get(name) ?? [], options)),
  };
};
