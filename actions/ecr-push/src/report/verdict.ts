import { failed, passed, type Verdict } from '@aws-delivery/action-kit/host/run-action';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import type { PushResult } from '../push/push-result.js';
import type { Result } from '../result.js';

const listFailures = ({ pushes }: Result) =>
  pushes.flatMap(({ outcome, ...push }) => (outcome.kind === 'failed' ? [{ ...push, error: outcome.error }] : []));

const formatCount = (
  pushes: readonly PushResult[],
  kind: PushResult['outcome']['kind'],
  label: string,
): readonly string[] => {
  const count = pushes.filter(({ outcome }) => outcome.kind === kind).length;
  return count === 0 ? [] : [`${count} ${label}`];
};

const formatGate = ({ scan }: Result): readonly string[] =>
  scan === undefined || scan.decision.verdict === 'passed' ? [] : [`scan gate ${scan.decision.verdict}`];

/** One line about the run: `2 images: 1 pushed, 1 unchanged, scan gate blocked`. */
export const formatHeadline = (result: Result): string => {
  const { request, pushes, logins } = result;
  if (request.kind === 'login') return `logged in to ${logins.map(({ host }) => host).join(', ')}`;
  if (pushes.length === 0) return 'nothing to push, no directory changed';
  const parts = [
    ...formatCount(pushes, 'pushed', 'pushed'),
    ...formatCount(pushes, 'untagged', 'not tagged'),
    ...formatCount(pushes, 'unchanged', 'unchanged'),
    ...formatCount(pushes, 'kept', 'kept'),
    ...formatCount(pushes, 'pulled', 'pulled'),
    ...formatCount(pushes, 'present', 'present'),
    ...formatCount(pushes, 'absent', 'not found'),
    ...formatCount(pushes, 'failed', 'failed'),
    ...formatGate(result),
  ];
  return `${pluralize(pushes.length, 'image')}: ${parts.join(', ')}`;
};

const listGateFailures = ({ scan, pushes }: Result): readonly string[] => {
  if (scan?.decision.step === 'fail') return [`scan gate ${scan.decision.verdict}: ${scan.decision.reason}`];
  const untagged = pushes.filter(({ outcome }) => outcome.kind === 'untagged');
  return untagged.map(({ spec }) => `${spec.repository}: ${spec.tags.join(', ')} not set after the scan`);
};

/** Fails the step with the errors of failed images and the scan gate's reason. */
export const getVerdict = (result: Result): Verdict => {
  const failures = listFailures(result);
  const gateFailures = listGateFailures(result);
  if (failures.length === 0) return gateFailures.length === 0 ? passed : failed(gateFailures.join('; '));
  const reasons = failures.map(({ spec, login, error }) => `${login.host}/${spec.repository}: ${errorMessage(error)}`);
  const isOnlyImage = failures.length === result.pushes.length && failures.length === 1;
  return failed(isOnlyImage ? errorMessage(failures[0]?.error) : [...reasons, ...gateFailures].join('; '));
};
