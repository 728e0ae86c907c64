import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';

// DescribeAlarms takes at most 100 names and answers at most 100 alarms.
const MOST_NAMES = 100;

const nameIn = (alarm: string): string => /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/s.exec(alarm)?.[1] ?? alarm;

/** Those of the alarms that are in ALARM. One that is not there is an error: it would never go off. */
export const ringingAlarms = async (
  client: CloudWatchClient,
  alarms: readonly string[],
): Promise<readonly string[]> => {
  const names = [...new Set(alarms.map(nameIn))];
  const states = new Map<string | undefined, string | undefined>();
  for (let from = 0; from < names.length; from += MOST_NAMES) {
    const answer = await client.send(
      new DescribeAlarmsCommand({
        AlarmNames: names.slice(from, from + MOST_NAMES),
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: MOST_NAMES,
      }),
    );
    for (const alarm of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]) {
      states.set(alarm.AlarmName, alarm.StateValue);
    }
  }
  const missing = names.find((name) => !states.has(name));
  if (missing === undefined) return names.filter((name) => states.get(name) === 'ALARM');
  throw new DeliveryError(
    'not-found',
    `input 'probe-alarms': there is no alarm '${missing}' in this account and Region: check the name`,
  );
};
