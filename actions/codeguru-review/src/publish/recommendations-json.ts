import type { Severity } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from '../gate/evaluate-finding.js';

const CLI_SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
  // The CLI knows no word for what nobody has ranked; a harmless one would be a guess.
  none: 'High',
};

/**
 * Findings in the shape of the AWS CodeGuru CLI's `recommendations.json`: `.[] | select(.severity=="Critical")` goes on
 * to work. Those that are excepted are left out, as the CLI leaves out what its ignore file names.
 */
export const toRecommendations = (evaluatedFindings: readonly EvaluatedFinding[]): readonly object[] =>
  evaluatedFindings
    .filter(({ status }) => status.kind !== 'ignored')
    .map(({ finding: { id, rule, severity, category, message, location }, fingerprint }) => ({
      filePath: location?.file,
      recommendationId: id ?? fingerprint,
      startLine: location?.startLine,
      endLine: location?.endLine,
      description: message,
      recommendationCategory: category === '' ? undefined : category,
      ruleMetadata: {
        ruleId: rule.id,
        ruleName: rule.name,
        longDescription: rule.description === '' ? undefined : rule.description,
        ruleTags: rule.tags,
      },
      severity: CLI_SEVERITIES[severity],
    }));
