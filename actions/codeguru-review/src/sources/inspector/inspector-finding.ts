import type { Finding } from '@aws-delivery/findings/finding';
import { parseSeverity } from '@aws-delivery/findings/severity';
import type { Finding as InspectorFinding } from '@aws-sdk/client-inspector2';
import { toRepositoryPath } from '../reviewer/recommendation.js';

export const INSPECTOR_NAME = 'Amazon Inspector';

const toLocation = ({ codeVulnerabilityDetails: details }: InspectorFinding): Finding['location'] => {
  const { filePath, startLine = 0, endLine } = details?.filePath ?? {};
  const file = toRepositoryPath(filePath);
  if (file === undefined) return undefined;
  return startLine > 0 ? { file, startLine, endLine: Math.max(startLine, endLine ?? startLine) } : { file };
};

/** What kind of thing was found, in place of CodeGuru Reviewer's category. */
const CATEGORIES: Readonly<Record<string, string>> = {
  CODE_VULNERABILITY: 'SecurityIssues',
  PACKAGE_VULNERABILITY: 'VulnerablePackages',
};

/** Inspector's finding as ours. A package's vulnerability is about no line. */
export const toFinding = (inspectorFinding: InspectorFinding): Finding => {
  const { codeVulnerabilityDetails: code, packageVulnerabilityDetails: dependency, remediation } = inspectorFinding;
  const id = code?.ruleId ?? code?.detectorId ?? dependency?.vulnerabilityId ?? inspectorFinding.type ?? 'unnamed';
  const advice = remediation?.recommendation?.text;
  return {
    source: INSPECTOR_NAME,
    id: inspectorFinding.findingArn,
    rule: {
      id,
      name: inspectorFinding.title ?? code?.detectorName ?? id,
      description: advice ?? '',
      help: code?.referenceUrls?.[0] ?? dependency?.sourceUrl ?? remediation?.recommendation?.Url,
      tags: [...(code?.cwes ?? []), ...(code?.detectorTags ?? [])],
    },
    // A word that nobody knows is unranked, and fails unless nothing does.
    severity: parseSeverity(inspectorFinding.severity ?? '') ?? 'none',
    category: CATEGORIES[inspectorFinding.type ?? ''] ?? '',
    message: inspectorFinding.description ?? inspectorFinding.title ?? id,
    location: toLocation(inspectorFinding),
    fingerprints: {},
    suppression: undefined,
  };
};
