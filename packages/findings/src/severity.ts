/**
 * How bad a finding is, worst first. `none` is a finding its source has not ranked (ECR's UNDEFINED, Inspector's
 * UNTRIAGED); as a threshold it is the one that nothing reaches.
 */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info', 'none'] as const;

export type Severity = (typeof SEVERITIES)[number];

// The words of CodeGuru Reviewer, ECR basic scanning, Inspector and SARIF besides our own.
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

/**
 * The severity that a service's word means, in any case. Undefined for a word that nobody here knows: what that means
 * is the caller's to say, and it is never "harmless".
 */
export const parseSeverity = (word: string): Severity | undefined => {
  const normalized = word.trim().toLowerCase();
  if (isSeverity(normalized)) return normalized;
  return Object.hasOwn(SEVERITY_ALIASES, normalized) ? SEVERITY_ALIASES[normalized] : undefined;
};

/** The severity in words for people. */
export const formatSeverity = (severity: Severity): string => (severity === 'none' ? 'unranked' : severity);

/** Orders the worst first: negative when `left` is worse. */
export const compareSeverities = (left: Severity, right: Severity): number =>
  SEVERITIES.indexOf(left) - SEVERITIES.indexOf(right);

/** Is the severity at the threshold or above? Nothing reaches the threshold `none`, and an unranked finding none. */
export const isAtLeast = (severity: Severity, threshold: Severity): boolean =>
  severity !== 'none' && threshold !== 'none' && compareSeverities(severity, threshold) <= 0;

/** Does a finding fail where those from the threshold on do? An unranked one may be anything: unless nothing does. */
export const shouldFail = (severity: Severity, threshold: Severity): boolean =>
  severity === 'none' ? threshold !== 'none' : isAtLeast(severity, threshold);

/** How many there are of each severity, zeros included. */
export const countSeverities = (severities: readonly Severity[]): Readonly<Record<Severity, number>> => {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0, none: 0 };
  for (const severity of severities) counts[severity] += 1;
  return counts;
};
