import { type Annotation, failed, passed, type Report, type Verdict } from '@aws-delivery/action-kit/host/run-action';
import type { Definition, Outputs } from '../../action.js';
import { report } from '../report/report.js';
import { getFailureReason } from '../report/verdict.js';
import type { Result } from '../result.js';
import {
  describeRun,
  formatStacksHeadline,
  getStackState,
  isFailedRun,
  renderStackChanges,
  renderStacksSummary,
} from './render-stacks.js';
import type { StackRun, StacksResult } from './stacks-result.js';

const listResults = ({ runs }: StacksResult): readonly Result[] =>
  runs.flatMap(({ outcome }) => (outcome.kind === 'finished' ? [outcome.result] : []));

/** Outputs of the action for one stack; names of stack outputs have no hyphen, and are in `stack-outputs`. */
const buildStackResult = (run: StackRun): Readonly<Record<string, unknown>> => {
  const { outcome } = run;
  const reason = outcome.kind === 'finished' ? getFailureReason(outcome.result) : describeRun(run);
  const outputs = outcome.kind === 'finished' ? Object.entries(report(outcome.result).outputs) : [];
  return {
    result: getStackState(run),
    ...(reason === undefined ? {} : { reason }),
    ...Object.fromEntries(outputs.filter(([name, value]) => name.includes('-') && value !== undefined)),
  };
};

/** Outputs of the step that summarize those of its stacks. */
const buildTotals = (result: StacksResult): Outputs => {
  const results = listResults(result);
  const outputs = results.map((stackResult) => report(stackResult).outputs);
  const changes = results.flatMap(({ record }) => record.changeSet?.changes ?? []);
  const drifts = outputs.map((stackOutputs) => stackOutputs['drift-status']).filter((status) => status !== undefined);
  const rootCause = outputs.map((stackOutputs) => stackOutputs['root-cause']).find((cause) => cause !== undefined);
  const hasChangeSets = outputs.some((stackOutputs) => stackOutputs['has-changes'] !== undefined);
  return {
    ...(hasChangeSets
      ? {
          'has-changes': outputs.some((stackOutputs) => stackOutputs['has-changes'] === true),
          'changes-count': changes.length,
          'changes-markdown': renderStackChanges(result).markdown,
        }
      : {}),
    ...(drifts.length === 0
      ? {}
      : { 'drift-status': drifts.every((status) => status === 'IN_SYNC') ? 'IN_SYNC' : 'DRIFTED' }),
    ...(rootCause === undefined ? {} : { 'root-cause': rootCause }),
    'retry-count': results.reduce((sum, { record }) => sum + record.retries.length, 0),
    'was-resumed': results.some(({ record }) => record.wasResumed),
  };
};

const getStacksVerdict = (result: StacksResult): Verdict => {
  const failures = result.runs.filter((run) => isFailedRun(run, result));
  if (failures.length === 0) return passed;
  const reasons = failures.map((run) => {
    const reason = run.outcome.kind === 'finished' ? getFailureReason(run.outcome.result) : undefined;
    return `${run.name}: ${reason ?? describeRun(run)}`;
  });
  return failed(`${formatStacksHeadline(result)}. ${reasons.join('; ')}`);
};

const createAnnotations = (result: StacksResult): readonly Annotation[] =>
  listResults(result).flatMap((stackResult) => report(stackResult).annotations ?? []);

/** Verdict, outputs, summary and annotations of several stacks. */
export const reportStacks = (result: StacksResult): Report<Definition> => ({
  verdict: getStacksVerdict(result),
  outputs: {
    ...buildTotals(result),
    'stack-results': Object.fromEntries(result.runs.map((run) => [run.name, buildStackResult(run)])),
  },
  summary: renderStacksSummary(result).markdown,
  annotations: createAnnotations(result),
});
