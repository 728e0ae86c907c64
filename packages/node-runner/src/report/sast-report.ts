import { VERSION } from '@aws-delivery/action-kit/util/version';
import type { Finding } from '@aws-delivery/findings/finding';
import type { Severity } from '@aws-delivery/findings/severity';
import { computeFingerprint } from './fingerprint.js';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
  none: 'Unknown',
};

/** Version of GitLab's schema sast-report-format.json (repository security-report-schemas). */
const SCHEMA_VERSION = '15.0.7';

/** Maximum lengths of the schema in characters. */
const MAX_LENGTHS = { name: 255, description: 1_048_576 };

/** 2030-01-02T03:04:05, in UTC without an offset, as the schema requires. */
const formatTime = (time: number): string => new Date(time).toISOString().slice(0, 19);

const buildLink = (help: string | undefined): object =>
  help !== undefined && /^https?:\/\/./.test(help) ? { url: help } : {};

const buildVulnerability = (finding: Finding): object => {
  const { location, message, rule, severity, source } = finding;
  const lines = { start_line: location?.startLine, end_line: location?.endLine };
  return {
    id: computeFingerprint(finding),
    name: (rule.name || rule.id).slice(0, MAX_LENGTHS.name),
    description: message.slice(0, MAX_LENGTHS.description),
    severity: SEVERITIES[severity],
    identifiers: [
      { type: `${source}_rule_id`, name: `${source}: ${rule.id}`, value: rule.id, ...buildLink(rule.help) },
    ],
    location: { file: location?.file ?? '', ...(location?.startLine === undefined ? {} : lines) },
  };
};

/** Milliseconds since the epoch. */
export interface ScanTimes {
  readonly started: number;
  readonly ended: number;
}

/** GitLab's SAST report of the findings with a location. */
export const buildSastReport = (findings: readonly Finding[], { started, ended }: ScanTimes): object => {
  const tool = { version: VERSION, vendor: { name: 'AWS Delivery Actions' } };
  return {
    version: SCHEMA_VERSION,
    scan: {
      type: 'sast',
      status: 'success',
      start_time: formatTime(started),
      end_time: formatTime(ended),
      analyzer: { id: 'codeguru-review', name: 'AWS Delivery: code review gate', ...tool },
      scanner: { id: 'codeguru-review', name: 'AWS Delivery: code review gate', ...tool },
    },
    vulnerabilities: findings.filter(({ location }) => location !== undefined).map(buildVulnerability),
  };
};
