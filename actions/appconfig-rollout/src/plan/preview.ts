import type { AppConfig } from '../appconfig/client.js';
import { type Content, parseContentValue, parseDeployedContent } from '../desired/documents/content.js';
import type { ProfileResult } from '../run-record.js';
import { compareLines, compareValues, type Difference } from './difference.js';
import { type EnvironmentPlan, type ProfilePlan, readDeployedVersion } from './rollout-plan.js';

const compareContents = (before: Content | undefined, after: Content): readonly Difference[] => {
  if (before === undefined) return compareValues(undefined, parseContentValue(after));
  if (before.format === 'text' || after.format === 'text') return compareLines(before.text, after.text);
  const differences = compareValues(parseContentValue(before), parseContentValue(after));
  if (differences.length > 0) return differences;
  // Their values are alike, and their texts say more than that.
  if (before.digest !== after.digest) return compareLines(before.text, after.text);
  if (before.contentType === after.contentType) return [];
  return [{ kind: 'changed', path: 'content type', before: before.contentType, after: after.contentType }];
};

/** What a step would change, key by key. Reads what is deployed. */
export const compareProfile = async (
  appConfig: AppConfig,
  { application }: EnvironmentPlan,
  { desired, deployed, decision, sourceVersion }: ProfilePlan,
): Promise<readonly Difference[]> => {
  if (decision === 'unchanged') return [];
  if (desired.source.kind === 'external') {
    const [before, after] = [deployed?.version, sourceVersion];
    return compareValues(before, after);
  }
  const isKnown = deployed !== undefined && application !== undefined;
  const deployedVersion = isKnown ? await readDeployedVersion(appConfig, application.id, deployed) : undefined;
  const before =
    deployedVersion === undefined
      ? undefined
      : parseDeployedContent(deployedVersion.text, deployedVersion.contentType, desired.type);
  return compareContents(before, desired.source.content);
};

/** What a plan says of a step before anything is done. */
export const createPlannedResult = (
  { desired, deployed, decision, running }: ProfilePlan,
  state: 'planned' | 'waiting',
): ProfileResult => ({
  tenant: desired.tenant,
  environment: desired.environment,
  profile: desired.profile,
  state: decision === 'unchanged' ? 'unchanged' : state,
  version: deployed?.version,
  label: deployed?.label,
  reason: running === undefined ? undefined : `deployment ${running.number} of it is under way (${running.state})`,
  ...(desired.source.kind === 'hosted' ? { file: desired.source.file, template: desired.source.template } : {}),
});
