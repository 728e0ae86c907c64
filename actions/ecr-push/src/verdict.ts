import { countText } from '@aws-delivery/action-kit/count-text';
import { textOf } from '@aws-delivery/action-kit/error';
import { failed, passed, type Verdict } from '@aws-delivery/action-kit/run';
import type { Delivery, Result } from './result.js';

const failedOf = ({ deliveries }: Result) =>
  deliveries.flatMap(({ outcome, ...delivery }) =>
    outcome.kind === 'failed' ? [{ ...delivery, error: outcome.error }] : [],
  );

const countOf = (
  deliveries: readonly Delivery[],
  kind: Delivery['outcome']['kind'],
  word: string,
): readonly string[] => {
  const number = deliveries.filter(({ outcome }) => outcome.kind === kind).length;
  return number === 0 ? [] : [`${number} ${word}`];
};

/** How it ended, in a few words of our own. */
export const headlineOf = ({ request, deliveries, logins }: Result): string => {
  if (request.kind === 'login') return `logged in to ${logins.map(({ host }) => host).join(', ')}`;
  if (deliveries.length === 0) return 'nothing to push: no folder has changed';
  const parts = [
    ...countOf(deliveries, 'pushed', 'pushed'),
    ...countOf(deliveries, 'unchanged', 'unchanged'),
    ...countOf(deliveries, 'kept', 'kept as they are'),
    ...countOf(deliveries, 'pulled', 'pulled'),
    ...countOf(deliveries, 'present', 'there'),
    ...countOf(deliveries, 'absent', 'not there'),
    ...countOf(deliveries, 'failed', 'failed'),
  ];
  return `${countText(deliveries.length, 'image')}: ${parts.join(', ')}`;
};

/** What the scan gate holds against the step. */
const objectionsOf = ({ scan }: Result): readonly string[] =>
  scan?.decision.step === 'fail' ? [`scan gate ${scan.decision.gate}: ${scan.decision.reason}`] : [];

/** Whether the step passes: every image that failed is named, then what the scan gate has to say. */
export const verdictOf = (result: Result): Verdict => {
  const all = failedOf(result);
  const objections = objectionsOf(result);
  if (all.length === 0) return objections.length === 0 ? passed : failed(objections.join('; '));
  const reasons = all.map(({ order, login, error }) => `${login.host}/${order.repository}: ${textOf(error)}`);
  const isAlone = all.length === result.deliveries.length && all.length === 1;
  return failed(isAlone ? textOf(all[0]?.error) : [...reasons, ...objections].join('; '));
};
