import type { Finding } from '@aws-delivery/findings/finding';
import { parseSeverity } from '@aws-delivery/findings/severity';
import type { RecommendationSummary } from '@aws-sdk/client-codeguru-reviewer';

export const REVIEWER_NAME = 'Amazon CodeGuru Reviewer';

/** A path as AWS gives it: from the root of the repository. One that leaves it is no place. */
export const toRepositoryPath = (path: string | undefined): string | undefined => {
  const normalized = path?.replaceAll('\\', '/').replace(/^(?:\.?\/)+/u, '');
  return normalized === undefined || normalized === '' || normalized.split('/').includes('..') ? undefined : normalized;
};

const toLocation = ({ FilePath, StartLine, EndLine }: RecommendationSummary): Finding['location'] => {
  const file = toRepositoryPath(FilePath);
  if (file === undefined) return undefined;
  const start = StartLine !== undefined && StartLine > 0 ? StartLine : undefined;
  return start === undefined ? { file } : { file, startLine: start, endLine: Math.max(start, EndLine ?? start) };
};

/** A recommendation about no file is about the whole review, and is no finding, as in the CLI. */
export const isFinding = ({ FilePath }: RecommendationSummary): boolean => FilePath !== '.';

/** A recommendation as a finding. Its description is Markdown. */
export const toFinding = (recommendation: RecommendationSummary): Finding => {
  const { RecommendationId, Description, RecommendationCategory, RuleMetadata = {}, Severity } = recommendation;
  const id = RuleMetadata.RuleId ?? RecommendationCategory ?? 'unnamed';
  return {
    source: REVIEWER_NAME,
    id: RecommendationId,
    rule: {
      id,
      name: RuleMetadata.RuleName ?? RuleMetadata.ShortDescription ?? id,
      description: RuleMetadata.LongDescription ?? RuleMetadata.ShortDescription ?? '',
      help: undefined,
      tags: RuleMetadata.RuleTags ?? [],
    },
    // A word that nobody knows is unranked, and fails unless nothing does.
    severity: parseSeverity(Severity ?? '') ?? 'none',
    category: RecommendationCategory ?? '',
    message: Description ?? RuleMetadata.ShortDescription ?? id,
    location: toLocation(recommendation),
    fingerprints: {},
    suppression: undefined,
  };
};
