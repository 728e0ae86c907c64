import { parseSeverity, type Severity } from '../severity.js';
import type { SarifResult, SarifRule } from './schema.js';

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

const KIND_SEVERITIES: Readonly<Partial<Record<NonNullable<SarifResult['kind']>, Severity>>> = {
  informational: 'info',
  open: 'medium',
  review: 'medium',
};

/**
 * The severity of a result, in this order: the property `severity` (of this action and others), the score
 * `security-severity` of the result or its rule, its kind, its level.
 */
export const determineSeverity = (result: SarifResult, descriptor: SarifRule | undefined): Severity => {
  const explicitSeverity = parseSeverity(getProperty(result.properties, 'severity'));
  if (explicitSeverity !== undefined && explicitSeverity !== 'none') return explicitSeverity;
  const scores = [result.properties, descriptor?.properties].map((bag) => getProperty(bag, 'security-severity'));
  const scored = scores.flatMap((score) => (score === '' ? [] : (classifyScore(Number(score)) ?? []))).at(0);
  if (scored !== undefined) return scored;
  const byKind = result.kind === undefined ? undefined : KIND_SEVERITIES[result.kind];
  const level = result.level ?? (byKind === undefined ? descriptor?.defaultConfiguration?.level : undefined);
  // Without a level it is a warning (SARIF 3.27.10); the level "none" means that it has not been ranked.
  if (level === undefined || level === 'none') return byKind ?? level ?? 'medium';
  return parseSeverity(level) ?? 'medium';
};
