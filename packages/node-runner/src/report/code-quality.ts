import type { Finding } from '@aws-delivery/findings/finding';
import type { Severity } from '@aws-delivery/findings/severity';
import { computeFingerprint } from './fingerprint.js';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
  none: 'minor',
};

/**
 * GitLab's Code Quality report, which shows findings on the lines of a merge request. Findings without a location are
 * omitted.
 * See https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export const buildCodeQualityReport = (findings: readonly Finding[]): object =>
  findings.flatMap((finding) => {
    const { location, message, rule, severity, source } = finding;
    if (location === undefined) return [];
    return {
      description: message,
      check_name: `${source}: ${rule.id}`,
      fingerprint: computeFingerprint(finding),
      severity: SEVERITIES[severity],
      location: { path: location.file, lines: { begin: location.startLine ?? 1 } },
    };
  });
