import { pluralize } from '@aws-delivery/action-kit/util/format';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import type { CompleteRun } from './external-properties.js';
import { renderMessage } from './message.js';
import { RuleIndex } from './rule-index.js';
import type { SarifNotification, SarifRun } from './schema.js';

const MAX_NOTIFICATION_LENGTH = 300;

/** The tool's name, for messages. */
export const getToolName = ({ tool }: SarifRun): string => toSingleLine(tool.driver.name);

const formatNotification = (notification: SarifNotification, descriptors: RuleIndex, run: SarifRun): string => {
  const [descriptor] = descriptors.findByReference(notification.descriptor ?? {});
  const text = renderMessage(notification.message, descriptor, run);
  return text || notification.message?.id || notification.descriptor?.id || 'no message';
};

/** Messages of the run's notifications at a level; without a level, a notification is a warning (SARIF 3.58.6). */
export const listNotifications = (run: SarifRun, notificationLevel: 'error' | 'warning'): readonly string[] => {
  const descriptors = new RuleIndex(run, 'notifications');
  return (run.invocations ?? [])
    .flatMap(({ toolExecutionNotifications = [], toolConfigurationNotifications = [] }) => [
      ...toolExecutionNotifications,
      ...toolConfigurationNotifications,
    ])
    .filter(({ level = 'warning' }) => level === notificationLevel)
    .map((notification) => toSingleLine(formatNotification(notification, descriptors, run), MAX_NOTIFICATION_LENGTH));
};

const formatErrors = (run: SarifRun): string | undefined => {
  const [error, ...more] = listNotifications(run, 'error');
  if (error === undefined) return undefined;
  return `${error}${more.length === 0 ? '' : ` (and ${pluralize(more.length, 'more error')})`}`;
};

const hasResults = ({ results }: SarifRun): boolean => results !== undefined && results !== null;

/** Whether the scanner reports success for all its invocations, so that a run without results is a clean one. */
const reportsSuccess = ({ invocations = [] }: SarifRun): boolean =>
  invocations.length > 0 && invocations.every(({ executionSuccessful }) => executionSuccessful);

const describeGap = ({ run, missing }: CompleteRun): string | undefined => {
  const error = formatErrors(run);
  if (run.invocations?.some(({ executionSuccessful }) => !executionSuccessful) === true)
    return `reported that its run failed${error === undefined ? '; see its log' : `: ${error}`}`;
  if (missing.length > 0) return `stores its ${missing.join(', ')} in external files, which are not supported`;
  // A scanner that reports an error may have skipped files, even if it reports success.
  if (error !== undefined) return `reported an error: ${error}`;
  // A run without results may only describe rules (SARIF 3.14.23).
  return hasResults(run) || reportsSuccess(run) ? undefined : "has no 'results' property, so no analysis was run";
};

/** Why the findings of a run may be incomplete; undefined if they are complete. */
export const findGap = (completeRun: CompleteRun): string | undefined => {
  const gap = describeGap(completeRun);
  return gap === undefined ? undefined : `${getToolName(completeRun.run)} ${gap}`;
};

/** A notice about a successful run without a list of results. */
export const findNotice = (completeRun: CompleteRun): string | undefined => {
  const { run } = completeRun;
  if (hasResults(run) || describeGap(completeRun) !== undefined) return undefined;
  return `${getToolName(run)} reported a successful run but wrote no 'results' property, which is treated as no findings. To be sure, configure the scanner to write an empty list, or check its log.`;
};
