import type { Finding } from '@aws-delivery/findings/finding';
import { severityOf } from '@aws-delivery/findings/severity';
import type { Finding as InspectorFinding } from '@aws-sdk/client-inspector2';
import { pathInside } from './recommendation.js';

export const INSPECTOR = 'Amazon Inspector';

const locationOf = ({ codeVulnerabilityDetails: details }: InspectorFinding): Finding['location'] => {
  const { filePath, startLine = 0, endLine } = details?.filePath ?? {};
  const file = pathInside(filePath);
  if (file === undefined) return undefined;
  return startLine > 0 ? { file, startLine, endLine: Math.max(startLine, endLine ?? startLine) } : { file };
};

/** What kind of thing was found, in place of CodeGuru Reviewer's category. */
const CATEGORIES: Readonly<Record<string, string>> = {
  CODE_VULNERABILITY: 'SecurityIssues',
  PACKAGE_VULNERABILITY: 'VulnerablePackages',
};

/** Inspector's finding as ours. A package's vulnerability is about no line. */
export const findingOf = (found: InspectorFinding): Finding => {
  const { codeVulnerabilityDetails: code, packageVulnerabilityDetails: dependency, remediation } = found;
  const id = code?.ruleId ?? code?.detectorId ?? dependency?.vulnerabilityId ?? found.type ?? 'unnamed';
  const advice = remediation?.recommendation?.text;
  return {
    source: INSPECTOR,
    id: found.findingArn,
    rule: {
      id,
      name: found.title ?? code?.detectorName ?? id,
      description: advice ?? '',
      help: code?.referenceUrls?.[0] ?? dependency?.sourceUrl ?? remediation?.recommendation?.Url,
      tags: [...(code?.cwes ?? []), ...(code?.detectorTags ?? [])],
    },
    // A word that nobody knows is unranked, and fails unless nothing does.
    severity: severityOf(found.severity ?? '') ?? 'none',
    category: CATEGORIES[found.type ?? ''] ?? '',
    message: found.description ?? found.title ?? id,
    location: locationOf(found),
    fingerprints: {},
    suppression: undefined,
  };
};
