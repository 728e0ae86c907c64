import type { Finding } from '@aws-delivery/findings/finding';
import { parseSeverity } from '@aws-delivery/findings/severity';
import type { Finding as InspectorFinding } from '@aws-sdk/client-inspector2';
import { toRepositoryPath } from '../repository-path.js';

export const INSPECTOR_NAME = 'Amazon Inspector';

const toLocation = ({ codeVulnerabilityDetails: details }: InspectorFinding): Finding['location'] => {
  const { filePath, startLine = 0, endLine } = details?.filePath ?? {};
  const file = toRepositoryPath(filePath);
  if (file === undefined) return undefined;
  return startLine > 0 ? { file, startLine, endLine: Math.max(startLine, endLine ?? startLine) } : { file };
};

/** Category by Inspector's finding type; `SecurityIssues` is CodeGuru Reviewer's category. */
const CATEGORIES: Readonly<Record<string, string>> = {
  CODE_VULNERABILITY: 'SecurityIssues',
  PACKAGE_VULNERABILITY: 'VulnerablePackages',
};

/** Converts Inspector's finding. A package vulnerability has no location. */
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
    // An unknown severity is unranked, and an unranked finding fails at every threshold but `none`.
    severity: parseSeverity(inspectorFinding.severity ?? '') ?? 'none',
    category: CATEGORIES[inspectorFinding.type ?? ''] ?? '',
    message: inspectorFinding.description ?? inspectorFinding.title ?? id,
    location: toLocation(inspectorFinding),
    fingerprints: {},
    suppression: undefined,
  };
};
