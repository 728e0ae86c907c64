import { FINGERPRINT_NAME } from '../fingerprint.js';
import { compareSeverities, parseSeverity, type Severity } from '../severity.js';
import type { RuleIndex } from './rule-index.js';
import type { SarifLevel, SarifResult, SarifRule, SarifRun } from './schema.js';

// The ranges of GitHub's code scanning for `security-severity`.
const classifyScore = (score: number): Severity | undefined => {
  if (!(score > 0) || score > 10) return undefined;
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
};

/** A property as text; some scanners write scores as numbers. Empty if it is missing. */
export const getProperty = (bag: Readonly<Record<string, unknown>> | undefined, name: string): string => {
  const value = bag?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** A severity as a word; undefined for words that rank nothing, such as `unknown`. */
const parseWord = (word: string): Severity | undefined => {
  const severity = parseSeverity(word);
  return severity === 'none' ? undefined : severity;
};

/** The property `security-severity` as a score or as a word; undefined if it is missing or out of range. */
const parseSecuritySeverity = (bag: SarifRule['properties']): Severity | undefined => {
  const value = getProperty(bag, 'security-severity').trim();
  if (value === '') return undefined;
  return Number.isNaN(Number(value)) ? parseWord(value) : classifyScore(Number(value));
};

/** Levels that invocations configure for rules, by the index of the invocation (SARIF 3.20.5). */
export type LevelOverrides = readonly ReadonlyMap<SarifRule, SarifLevel>[];

const LEVELS: readonly SarifLevel[] = ['none', 'note', 'warning', 'error'];

const getHigherLevel = (left: SarifLevel | undefined, right: SarifLevel): SarifLevel =>
  left === undefined || LEVELS.indexOf(right) > LEVELS.indexOf(left) ? right : left;

/** Reads `ruleConfigurationOverrides` of all invocations. */
export const readLevelOverrides = ({ invocations = [] }: SarifRun, rules: RuleIndex): LevelOverrides =>
  invocations.map(({ ruleConfigurationOverrides = [] }) => {
    const levels = new Map<SarifRule, SarifLevel>();
    for (const { descriptor, configuration } of ruleConfigurationOverrides) {
      const level = configuration?.level;
      if (level === undefined) continue;
      for (const rule of rules.findByReference(descriptor ?? {}))
        levels.set(rule, getHigherLevel(levels.get(rule), level));
    }
    return levels;
  });

/** The level that the result's invocation configures; without a stated invocation, the highest of all invocations. */
const findOverride = (result: SarifResult, rule: SarifRule, overrides: LevelOverrides): SarifLevel | undefined => {
  const ownOverrides = overrides[result.provenance?.invocationIndex ?? -1];
  return (ownOverrides === undefined ? overrides : [ownOverrides])
    .flatMap((levels) => levels.get(rule) ?? [])
    .reduce<SarifLevel | undefined>(getHigherLevel, undefined);
};

const KIND_SEVERITIES: Readonly<Partial<Record<NonNullable<SarifResult['kind']>, Severity>>> = {
  informational: 'info',
  open: 'medium',
  review: 'medium',
};

/** The tool's own property `severity`, used only if SARIF's properties are missing. */
const parseToolSeverity = (result: SarifResult, rule: SarifRule | undefined): Severity | undefined =>
  parseWord(getProperty(result.properties, 'severity')) ??
  parseWord(getProperty(rule?.properties, 'severity')) ??
  parseWord(getProperty(rule?.properties, 'problem.severity'));

/** The severity that `write-sarif` recorded; undefined for results of other tools. */
const parseOwnSeverity = ({ partialFingerprints = {}, properties }: SarifResult): Severity | undefined =>
  FINGERPRINT_NAME in partialFingerprints ? parseSeverity(getProperty(properties, 'severity')) : undefined;

const determineRuleSeverity = (
  result: SarifResult,
  rule: SarifRule | undefined,
  overrides: LevelOverrides,
): Severity => {
  const scored = parseSecuritySeverity(rule?.properties) ?? parseSecuritySeverity(result.properties);
  if (scored !== undefined) return scored;
  const byKind = result.kind === undefined ? undefined : KIND_SEVERITIES[result.kind];
  const configured =
    rule === undefined ? undefined : (findOverride(result, rule, overrides) ?? rule.defaultConfiguration?.level);
  const level = result.level ?? (byKind === undefined ? configured : undefined);
  // The level "none" means that the result has not been ranked.
  if (level === 'none') return byKind ?? 'none';
  if (level !== undefined) return parseSeverity(level) ?? 'medium';
  // Without a level it is a warning (SARIF 3.27.10).
  return byKind ?? parseToolSeverity(result, rule) ?? 'medium';
};

/** Sorts the more serious first. An unranked result may be critical. */
const compareBySeriousness = (left: Severity, right: Severity): number => {
  const toRank = (severity: Severity): Severity => (severity === 'none' ? 'critical' : severity);
  return compareSeverities(toRank(left), toRank(right));
};

/** A result's rule and severity. */
export interface RankedRule {
  /** Undefined if the run does not describe the rule. */
  readonly rule: SarifRule | undefined;
  readonly severity: Severity;
}

/**
 * The severity of a result as code scanning shows it, in this order: `security-severity` of the rule, then of the
 * result, as a score or as a word; `level` of the result; `ruleConfigurationOverrides`; the rule's default
 * configuration; the tool's own property `severity`; medium. Of several rules that may be meant, the most severe one is
 * used. Results written by `write-sarif` keep the severity that is recorded in them.
 */
export const rankResult = (result: SarifResult, rules: readonly SarifRule[], overrides: LevelOverrides): RankedRule => {
  const candidates = rules.length === 0 ? [undefined] : rules;
  const [worst] = candidates
    .map((rule) => ({ rule, severity: determineRuleSeverity(result, rule, overrides) }))
    .sort((left, right) => compareBySeriousness(left.severity, right.severity));
  const severity = parseOwnSeverity(result) ?? worst?.severity ?? 'medium';
  return { rule: worst?.rule, severity };
};
