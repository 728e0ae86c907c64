import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { encodePath } from '@aws-delivery/action-kit/util/path';
import type { MultiformatMessageString, ReportingDescriptor, Result, Run, Location as SarifLocation } from 'sarif';
import type { Finding } from '../finding.js';
import { FINGERPRINT_NAME } from '../fingerprint.js';
import { LazyList, renderJson } from '../report/render-json.js';
import { compareSeverities, type Severity } from '../severity.js';
import type { SarifResult } from './schema.js';
import { keepDriver, keepMessage, keepResult, keepRule, keepRun } from './source-details.js';
import { PLACEHOLDER_PROPERTY, WRITER_PROPERTY } from './writer-property.js';

/** A finding with its data for the report. */
export interface ReportedFinding {
  readonly finding: Finding;
  readonly fingerprint: string;
  /** Compared with the baseline; undefined if nothing was compared. */
  readonly isNew?: boolean | undefined;
  /** An `ignored` finding has a reason. */
  readonly status: { readonly kind: string; readonly reason?: string };
}

export interface SarifWriterOptions {
  /** Category of a scanner's run, which keeps analyses of the same commit apart in code scanning. */
  readonly category: (source: string) => string;
  /** The scanned commit. */
  readonly commit: string | undefined;
  /** Name of the action, so that it does not read its own report. */
  readonly writtenBy: string;
  /** File that stands for the location of findings without one; they have no location if it is undefined. */
  readonly placeholder?: string | undefined;
}

const hasText = (message: MultiformatMessageString | undefined): message is MultiformatMessageString =>
  message?.text !== undefined && message.text.trim() !== '';

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

/** GitHub's limit for one rule. */
const MAX_TAGS = 20;

/** The score of the rule, or the middle of its severity's range: code scanning only accepts numbers. */
const getScore = (properties: Readonly<Record<string, unknown>>, worst: Severity): string | undefined => {
  const own = properties['security-severity'];
  const number = typeof own === 'number' || typeof own === 'string' ? Number(own) : Number.NaN;
  return number > 0 && number <= 10 ? String(own) : SCORES[worst];
};

const toDescriptor = (findings: readonly Finding[]): ReportingDescriptor[] => {
  const [first] = findings;
  if (first === undefined) return [];
  const { rule, origin } = first;
  const retained = keepRule(origin);
  const properties = origin?.rule?.properties ?? {};
  const worst = getWorstSeverity(findings);
  const security = isSecurityRule(findings) || properties['security-severity'] !== undefined;
  const score = security ? getScore(properties, worst) : undefined;
  const { 'security-severity': _, tags, ...others } = properties;
  const fallback = { text: rule.description || rule.name || rule.id };
  return [
    {
      ...retained,
      id: rule.id,
      // A name must not repeat the id (SARIF 3.49.7).
      ...(rule.name === rule.id ? {} : { name: rule.name }),
      // Code scanning requires these three for every rule.
      shortDescription: hasText(retained.shortDescription) ? retained.shortDescription : { text: rule.name || rule.id },
      fullDescription: hasText(retained.fullDescription) ? retained.fullDescription : fallback,
      help: hasText(retained.help) ? retained.help : fallback,
      ...(isHttpUrl(rule.help) ? { helpUri: new URL(rule.help).href } : {}),
      defaultConfiguration: { level: LEVELS[worst] },
      properties: {
        ...others,
        tags: [...new Set([...(security ? ['security'] : []), ...rule.tags])].slice(0, MAX_TAGS),
        ...(score === undefined ? {} : { 'security-severity': score }),
      },
    },
  ];
};

/** GitHub's code scanning rejects the whole file if one result has no physical location. */
const toArtifactLocation = (artifact: string): SarifLocation => ({
  physicalLocation: { artifactLocation: { uri: encodePath(artifact) }, region: { startLine: 1 } },
  logicalLocations: [{ fullyQualifiedName: artifact, kind: 'module' }],
});

/** Logical locations and annotations of a scanner's location. */
const keepLocation = ({ origin }: Finding, result: SarifResult | undefined): SarifLocation => {
  const parts = Object.keys(result?.locations?.[0] ?? {});
  if (parts.every((part) => part === 'physicalLocation')) return {};
  const { locations } = keepResult(origin, result, ['locations']);
  const { physicalLocation, ...others } = locations?.[0] ?? {};
  return others;
};

const toLocations = (
  finding: Finding,
  result: SarifResult | undefined,
  placeholder: string | undefined,
): SarifLocation[] => {
  const { location, artifact } = finding;
  if (location === undefined) {
    if (artifact !== undefined) return [toArtifactLocation(artifact)];
    return placeholder === undefined ? [] : [toPlaceholderLocation(placeholder)];
  }
  const { file, ...region } = location;
  const artifactLocation = { uri: encodePath(file), uriBaseId: '%SRCROOT%' };
  // Code scanning requires a line.
  const physicalLocation = { artifactLocation, region: { startLine: 1, ...region } };
  return [{ ...keepLocation(finding, result), physicalLocation }];
};

const toPlaceholderLocation = (file: string): SarifLocation => ({
  physicalLocation: { artifactLocation: { uri: encodePath(file), uriBaseId: '%SRCROOT%' }, region: { startLine: 1 } },
});

const toResult = (
  { finding, fingerprint, isNew, status }: ReportedFinding,
  ruleIndex: number,
  { placeholder }: SarifWriterOptions,
): Result => {
  const hasPlaceholder = finding.location === undefined && finding.artifact === undefined && placeholder !== undefined;
  const original = finding.origin?.readResult();
  const { tags, ...properties } = original?.properties ?? {};
  const justification = status.kind === 'ignored' ? status.reason : undefined;
  return {
    ...keepResult(finding.origin, original),
    ruleId: finding.rule.id,
    ruleIndex,
    level: LEVELS[finding.severity],
    message: keepMessage(finding.origin, original, finding.message),
    locations: toLocations(finding, original, placeholder),
    partialFingerprints: { ...finding.fingerprints, [FINGERPRINT_NAME]: fingerprint },
    ...(isNew === undefined ? {} : { baselineState: isNew ? 'new' : 'unchanged' }),
    suppressions: justification === undefined ? [] : [{ kind: 'external', status: 'accepted', justification }],
    properties: {
      ...properties,
      severity: finding.severity,
      ...(finding.category === '' ? {} : { category: finding.category }),
      ...(finding.id === undefined ? {} : { recommendationId: finding.id }),
      ...(hasPlaceholder ? { [PLACEHOLDER_PROPERTY]: true } : {}),
    },
  };
};

type WrittenRun = Omit<Run, 'results'> & { readonly results: LazyList };

function* createResults(
  reportedFindings: readonly ReportedFinding[],
  ruleIndexes: ReadonlyMap<string, number>,
  options: SarifWriterOptions,
): Generator<Result> {
  for (const each of reportedFindings) yield toResult(each, ruleIndexes.get(each.finding.rule.id) ?? -1, options);
}

const toRun = (
  source: string,
  reportedFindings: readonly ReportedFinding[],
  options: SarifWriterOptions,
): WrittenRun => {
  const { category, commit } = options;
  const rules = [...groupBy(reportedFindings, ({ finding }) => finding.rule.id)];
  const indexes = new Map(rules.map(([id], index) => [id, index]));
  const originalRuns = [...new Set(reportedFindings.flatMap(({ finding }) => finding.origin?.run ?? []))];
  const { extensions, run } = keepRun(originalRuns);
  return {
    ...run,
    tool: {
      driver: {
        ...keepDriver(originalRuns[0]),
        name: source,
        rules: rules.flatMap(([, group]) => toDescriptor(group.map(({ finding }) => finding))),
      },
      ...(extensions.length === 0 ? {} : { extensions }),
    },
    automationDetails: { id: `${category(source)}/` },
    columnKind: 'utf16CodeUnits',
    ...(commit === undefined ? {} : { properties: { commit } }),
    results: new LazyList(createResults(reportedFindings, indexes, options)),
  };
};

/**
 * Renders a SARIF 2.1.0 log with one run per scanner, severities that GitHub displays, and fingerprints that do not
 * change when lines move. The text comes in pieces: results are created when they are written.
 * @param sources names of all scanners; one without findings gets an empty run
 */
export const renderSarif = (
  reportedFindings: readonly ReportedFinding[],
  sources: readonly string[],
  options: SarifWriterOptions,
): Iterable<string> => {
  const groups = groupBy(reportedFindings, ({ finding }) => finding.source);
  const names = [...new Set([...sources, ...groups.keys()])];
  const log = {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: new LazyList(names.map((name) => toRun(name, groups.get(name) ?? [], options))),
    properties: { [WRITER_PROPERTY]: options.writtenBy },
  };
  return renderJson(log, 1);
};
