/**
 * Severities, worst first. For a finding, `none` means that its source has not ranked it (ECR's UNDEFINED, Inspector's
 * UNTRIAGED); as a threshold, `none` is never reached.
 */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info', 'none'] as const;

export type Severity = (typeof SEVERITIES)[number];

// Other terms of CodeGuru Reviewer, ECR basic scanning, Inspector and SARIF.
const SEVERITY_ALIASES: Readonly<Record<string, Severity>> = {
  informational: 'info',
  note: 'info',
  warning: 'medium',
  error: 'high',
  moderate: 'medium',
  important: 'high',
  negligible: 'info',
  undefined: 'none',
  untriaged: 'none',
  unknown: 'none',
};

const isSeverity = (word: string): word is Severity => SEVERITIES.some((severity) => severity === word);

/** Parses a service's term, ignoring case. Undefined for an unknown term, which callers must not treat as harmless. */
export const parseSeverity = (word: string): Severity | undefined => {
  const normalized = word.trim().toLowerCase();
  if (isSeverity(normalized)) return normalized;
  return Object.hasOwn(SEVERITY_ALIASES, normalized) ? SEVERITY_ALIASES[normalized] : undefined;
};

/** Formats a severity for display. */
export const formatSeverity = (severity: Severity): string => (severity === 'none' ? 'unranked' : severity);

/** Sorts the worst first: negative if `left` is worse. */
export const compareSeverities = (left: Severity, right: Severity): number =>
  SEVERITIES.indexOf(left) - SEVERITIES.indexOf(right);

/** Whether a severity is at or above the threshold. Always false for the threshold `none` and for unranked findings. */
export const isAtLeast = (severity: Severity, threshold: Severity): boolean =>
  severity !== 'none' && threshold !== 'none' && compareSeverities(severity, threshold) <= 0;

/** Whether a finding fails at a threshold. Unranked findings may be critical, so they fail at all but `none`. */
export const shouldFail = (severity: Severity, threshold: Severity): boolean =>
  severity === 'none' ? threshold !== 'none' : isAtLeast(severity, threshold);

/** Counts per severity, including zeros. */
export const countSeverities = (severities: readonly Severity[]): Readonly<Record<Severity, number>> => {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0, none: 0 };
  for (const severity of severities) counts[severity] += 1;
  return counts;
};
