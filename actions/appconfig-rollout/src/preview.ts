import type { AppConfig } from './appconfig.js';
import { type Content, deployedContent, meaningOf } from './content.js';
import { type Difference, differencesOf, textDifferences } from './difference.js';
import type { Outcome } from './outcome.js';
import { type EnvironmentPlan, readDeployed, type Step } from './plan.js';

const between = (before: Content | undefined, after: Content): readonly Difference[] => {
  if (before === undefined) return differencesOf(undefined, meaningOf(after));
  if (before.format === 'text' || after.format === 'text') return textDifferences(before.text, after.text);
  const differences = differencesOf(meaningOf(before), meaningOf(after));
  if (differences.length > 0) return differences;
  // Their values are alike, and their texts say more than that.
  if (before.digest !== after.digest) return textDifferences(before.text, after.text);
  if (before.contentType === after.contentType) return [];
  return [{ kind: 'changed', path: 'content type', before: before.contentType, after: after.contentType }];
};

/** What a step would change, key by key. Reads what is deployed. */
export const differencesOfStep = async (
  appConfig: AppConfig,
  { application }: EnvironmentPlan,
  { target, deployed, decision, sourceVersion }: Step,
): Promise<readonly Difference[]> => {
  if (decision === 'unchanged') return [];
  if (target.wanted.kind === 'elsewhere') {
    const [before, after] = [deployed?.version, sourceVersion];
    return differencesOf(before, after);
  }
  const isKnown = deployed !== undefined && application !== undefined;
  const there = isKnown ? await readDeployed(appConfig, application.id, deployed) : undefined;
  const before = there === undefined ? undefined : deployedContent(there.text, there.contentType, target.type);
  return between(before, target.wanted.content);
};

/** What a plan says of a step before anything is done. */
export const plannedOutcome = (
  { target, deployed, decision, running }: Step,
  state: 'planned' | 'waiting',
): Outcome => ({
  tenant: target.tenant,
  environment: target.environment,
  profile: target.profile,
  state: decision === 'unchanged' ? 'unchanged' : state,
  version: deployed?.version,
  label: deployed?.label,
  reason: running === undefined ? undefined : `deployment ${running.number} of it is under way (${running.state})`,
  ...(target.wanted.kind === 'hosted' ? { file: target.wanted.file, template: target.wanted.template } : {}),
});
