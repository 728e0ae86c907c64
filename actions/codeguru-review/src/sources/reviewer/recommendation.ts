import type { Finding } from '@aws-delivery/findings/finding';
import { parseSeverity } from '@aws-delivery/findings/severity';
import type { RecommendationSummary } from '@aws-sdk/client-codeguru-reviewer';
import { toRepositoryPath } from '../repository-path.js';

export const REVIEWER_NAME = 'Amazon CodeGuru Reviewer';

const toLocation = (
  { FilePath, StartLine, EndLine }: RecommendationSummary,
  pathPrefix: string,
): Finding['location'] => {
  const path = toRepositoryPath(FilePath);
  if (path === undefined) return undefined;
  const file = `${pathPrefix}${path}`;
  const start = StartLine !== undefined && StartLine > 0 ? StartLine : undefined;
  return start === undefined ? { file } : { file, startLine: start, endLine: Math.max(start, EndLine ?? start) };
};

/** A recommendation for the path `.` is about the whole review and is not a finding, as in the AWS CodeGuru CLI. */
export const isFinding = ({ FilePath }: RecommendationSummary): boolean => FilePath !== '.';

/**
 * Converts a recommendation, whose description is Markdown.
 * @param pathPrefix directory that its path is relative to, below the top of the checkout
 */
export const toFinding = (recommendation: RecommendationSummary, pathPrefix = ''): Finding => {
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
    // An unknown severity is unranked, and an unranked finding fails at every threshold but `none`.
    severity: parseSeverity(Severity ?? '') ?? 'none',
    category: RecommendationCategory ?? '',
    ...(Description === undefined ? {} : { markup: Description }),
    message: Description ?? RuleMetadata.ShortDescription ?? id,
    location: toLocation(recommendation, pathPrefix),
    fingerprints: {},
    suppression: undefined,
  };
};
