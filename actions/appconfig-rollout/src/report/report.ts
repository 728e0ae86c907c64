import type { Annotation, Report } from '@aws-delivery/action-kit/host/run-action';
import type { Definition, Outputs } from '../../action.js';
import { formatProfileKey } from '../desired/desired-profile.js';
import type { Result } from '../result.js';
import { countResults } from '../rollout/progress.js';
import { getRevertDeadline, type ProfileResult } from '../run-record.js';
import { renderSummary } from './summary.js';
import { getVerdict } from './verdict.js';

const formatTime = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

const toDeploymentOutput = (result: ProfileResult) => {
  const { tenant, environment, profile, state, reason, version, label, deployment, percentage } = result;
  return {
    tenant,
    environment,
    profile,
    state,
    reason,
    version,
    label,
    deployment,
    percentage,
    startedAt: formatTime(result.startedAt),
    endedAt: formatTime(result.endedAt),
    revertibleUntil: formatTime(getRevertDeadline(result)),
  };
};

const buildOutputs = ({ record: { results } }: Result): Outputs => ({
  deployments: results.map(toDeploymentOutput),
  ...countResults(results),
  versions: Object.fromEntries(
    results.flatMap((result) => (result.version === undefined ? [] : [[formatProfileKey(result), result.version]])),
  ),
});

const buildAnnotations = ({ outcome, record }: Result): readonly Annotation[] =>
  (outcome.kind === 'invalid' ? outcome.issues : record.issues).map(({ message, file, line }) => ({
    level: 'error',
    message,
    file,
    ...(line === undefined ? {} : { startLine: line }),
  }));

export const buildReport = (result: Result): Report<Definition> => {
  const verdict = getVerdict(result);
  return {
    verdict,
    outputs: buildOutputs(result),
    summary: renderSummary(result, verdict).markdown,
    annotations: buildAnnotations(result),
  };
};
