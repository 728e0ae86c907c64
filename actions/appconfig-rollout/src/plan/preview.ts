import { logList } from '@aws-delivery/action-kit/host/log';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import type { AppConfig } from '../appconfig/client.js';
import { formatProfileName } from '../desired/desired-profile.js';
import type { Content } from '../desired/documents/content.js';
import { parseDocuments } from '../desired/documents/document.js';
import type { Token } from '../desired/documents/token.js';
import type { RunContext } from '../run-context.js';
import { readDeployedContent } from './deployed-content.js';
import { compareLines, compareText, compareTokens, type Difference, formatDifference } from './difference.js';
import { createPlannedResult } from './plan-report.js';
import type { EnvironmentPlan, ProfilePlan } from './rollout-plan.js';

const DIFF_CONCURRENCY = 16;

const parseContent = ({ text, format }: Content): readonly Token[] =>
  format === 'text' ? [] : parseDocuments(text, format).map(({ root }) => root);

const compareDocuments = (before: readonly Token[], after: readonly Token[]): readonly Difference[] => {
  const count = Math.max(before.length, after.length);
  return Array.from({ length: count }, (_, index) =>
    compareTokens(before[index], after[index], count > 1 ? `document ${index + 1}` : ''),
  ).flat();
};

const compareContents = (before: Content | undefined, after: Content): readonly Difference[] => {
  if (before === undefined)
    return after.format === 'text'
      ? compareText(undefined, JSON.stringify(after.text))
      : compareDocuments([], parseContent(after));
  if (before.format === 'text' || after.format === 'text') return compareLines(before.text, after.text);
  const typeChange: readonly Difference[] =
    before.contentType === after.contentType
      ? []
      : [{ kind: 'changed', path: 'content type', before: before.contentType, after: after.contentType }];
  const differences = compareDocuments(parseContent(before), parseContent(after));
  if (differences.length > 0 || typeChange.length > 0) return [...typeChange, ...differences];
  return before.digest === after.digest ? [] : compareLines(before.text, after.text);
};

/** Compares a desired profile with the deployed version, key by key; an external source by its version. */
const compareProfile = async (
  appConfig: AppConfig,
  { application }: EnvironmentPlan,
  { desired, deployed, decision, sourceVersion }: ProfilePlan,
): Promise<readonly Difference[]> => {
  if (decision !== 'deploy') return [];
  if (desired.source.kind === 'external') return compareText(deployed?.version, sourceVersion);
  const before =
    deployed === undefined || application === undefined
      ? undefined
      : await readDeployedContent(appConfig, application.id, deployed, desired.type);
  return compareContents(before, desired.source.content);
};

/** Records and logs what a rollout would change. */
export const previewDifferences = async (
  { appConfig, record, log }: RunContext,
  plans: readonly EnvironmentPlan[],
): Promise<void> => {
  const profiles = plans.flatMap((plan) => plan.profiles.map((profilePlan) => ({ plan, profilePlan })));
  await mapConcurrent(profiles, DIFF_CONCURRENCY, async ({ plan, profilePlan }) => {
    const differences = await compareProfile(appConfig, plan, profilePlan);
    record.set({ ...createPlannedResult(profilePlan, 'planned'), differences });
  });
  const lines = record.results.flatMap((result) => {
    if (result.state === 'failed') return [];
    const decision = result.state === 'unchanged' ? 'unchanged' : 'would be deployed';
    const differences = (result.differences ?? []).map((difference) => `  ${formatDifference(difference)}`);
    return [`${formatProfileName(result)}: ${decision}`, ...differences];
  });
  logList(log, lines);
};
