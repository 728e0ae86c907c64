import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { getPartition } from '@aws-delivery/aws/region';
import { diagnose, isRetryable } from '../operation/failure-class.js';
import { formatCause, RootCauseFinder } from '../operation/root-cause.js';
import { isStackLevelEvent, readEvents, type StackEvent } from '../operation/stack-events.js';
import type { OperationRun } from './operation.js';
import type { FailureGroup, StackSetContext } from './result.js';
import type { CellResult } from './result-matrix.js';
import type { Instance } from './stack-set.js';

interface HintRule {
  readonly pattern: RegExp;
  readonly hint: string;
}

const hintRules: readonly HintRule[] = [
  {
    pattern: /trusted access|ActivateOrganizationsAccess|organizations access/iu,
    hint: 'Activate trusted access for stack sets in the management account.',
  },
  {
    pattern: /delegated admin|ListDelegatedAdministrators/iu,
    hint: 'Register the account as a delegated administrator, or grant organizations:ListDelegatedAdministrators to the role.',
  },
  {
    pattern: /ExecutionRole|execution role|should have '.{1,200}' role|not authorized to perform: sts:AssumeRole/iu,
    hint: 'Create the execution role in the account, with a trust policy for the administration role.',
  },
  { pattern: /account gate/iu, hint: 'Check the account gate function AWSCloudFormationStackSetAccountGate.' },
  { pattern: /suspended/iu, hint: 'Reactivate the account, or remove it from the targets.' },
];

/** The hint for a reason that CloudFormation reports for a stack set or an instance. */
export const findHint = (reason: string): string =>
  hintRules.find(({ pattern }) => pattern.test(reason))?.hint ?? diagnose(reason).hint;

const formatPlace = ({ account, region }: Pick<CellResult, 'account' | 'region'>): string => `${account}/${region}`;

const INOPERABLE_HINT = 'Delete the instance with retain-stacks: true, remove its stack, then deploy again.';

interface Failure {
  readonly place: string;
  readonly reason: string;
  readonly hint: string;
}

/** The latest result of each instance counts: a retry replaces an earlier failure. */
export const listFailedResults = (operations: readonly OperationRun[]): readonly CellResult[] => {
  const latest = new Map(
    operations.flatMap(({ results }) => results).map((result) => [formatPlace(result), result] as const),
  );
  return [...latest.values()].filter(({ status }) => status !== 'SUCCEEDED');
};

/** Groups equal failures, so that one missing role in a hundred accounts is one row. */
export const groupFailures = (
  results: readonly CellResult[],
  instances: readonly Instance[],
): readonly FailureGroup[] => {
  const failed = results.map((result): Failure => {
    const cancelled = 'Cancelled, since more instances failed than the tolerance allows.';
    const gated = result.gate === 'FAILED' ? `Account gate failed: ${result.reason}` : result.reason;
    const unexplained = result.status === 'FAILED' ? 'no reason given' : `no final result (${result.status})`;
    const reason = gated || (result.status === 'CANCELLED' ? cancelled : unexplained);
    const hint = result.status === 'CANCELLED' ? 'Correct the other failures, then run mode: retry.' : findHint(reason);
    return { place: formatPlace(result), reason, hint };
  });
  const inoperable = instances
    .filter(({ status }) => status === 'INOPERABLE')
    .map((instance): Failure => {
      const reason = `INOPERABLE${instance.reason === '' ? '' : `: ${instance.reason}`}`;
      return { place: formatPlace(instance), reason, hint: INOPERABLE_HINT };
    });
  return [...groupBy([...failed, ...inoperable], ({ reason, hint }) => `${reason}\0${hint}`).values()].map((group) => {
    const { reason, hint } = group[0] ?? { reason: '', hint: '' };
    return {
      reason,
      hint,
      isTransient: isRetryable(diagnose(reason)),
      places: group.map(({ place }) => place),
      causes: [],
    };
  });
};

/** Stacks that are read for each group of equal failures: they have equal causes in general. */
const INVESTIGATED_PER_GROUP = 2;
const INVESTIGATED_GROUPS = 10;
const INVESTIGATION_CONCURRENCY = 4;
/** Events of the failed operation; earlier operations are not read. */
const MAX_EVENTS = 300;

/** Whether an event is the first one of an operation that was not a rollback. */
const isFirstEvent = (event: StackEvent | undefined): boolean =>
  event !== undefined && isStackLevelEvent(event) && /^(?:CREATE|UPDATE|DELETE)_IN_PROGRESS$/u.test(event.status);

const readCauses = async (
  { services, request, record }: StackSetContext,
  place: string,
): Promise<readonly string[]> => {
  const instance = record.instances.find((candidate) => formatPlace(candidate) === place);
  if (instance?.stackId === undefined || request.investigateRoleName === undefined) return [];
  try {
    const { account, region, stackId } = instance;
    const arn = `arn:${getPartition(region)}:iam::${account}:role/${request.investigateRoleName}`;
    const { cloudFormation: client } = services.connect({
      region,
      role: { arn, sessionName: 'cloudformation-deploy' },
    });
    const events: StackEvent[] = [];
    const isOld = (): boolean => events.length >= MAX_EVENTS || isFirstEvent(events.at(-1));
    for await (const event of readEvents(client, stackId, isOld)) events.push(event);
    const causes = await new RootCauseFinder(client).findInStack(stackId, events.toReversed());
    return causes.map(formatCause);
  } catch (error) {
    return [`the events of ${place} cannot be read: ${errorMessage(error)}`];
  }
};

/** Groups the failures of a run. With `investigate-role-name`, the failed stacks' own events are read as well. */
export const explainFailures = async (context: StackSetContext): Promise<readonly FailureGroup[]> => {
  const { record, request } = context;
  const groups = groupFailures(listFailedResults(record.operations), request.mode === 'delete' ? [] : record.instances);
  if (request.investigateRoleName === undefined) return groups;
  return mapConcurrent(groups, INVESTIGATION_CONCURRENCY, async (group) => {
    if (groups.indexOf(group) >= INVESTIGATED_GROUPS) return group;
    const causes = await Promise.all(
      group.places.slice(0, INVESTIGATED_PER_GROUP).map((place) => readCauses(context, place)),
    );
    return { ...group, causes: [...new Set(causes.flat())] };
  });
};
