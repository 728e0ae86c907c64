import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';

// DescribeAlarms takes at most 100 names and answers at most 100 alarms.
const MOST_NAMES = 100;

const nameIn = (alarm: string): string => /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/s.exec(alarm)?.[1] ?? alarm;

type State = Pick<MetricAlarm, 'AlarmArn' | 'AlarmName' | 'StateValue'>;

// By name alone, the alarm of another account or Region would be taken for one of the same name here.
const isMeant = (given: string, { AlarmArn, AlarmName }: State): boolean =>
  given.startsWith('arn:') ? given === AlarmArn : given === AlarmName;

/** Those of the alarms that are in ALARM. One that is not there is an error: it would never go off. */
export const ringingAlarms = async (
  client: CloudWatchClient,
  alarms: readonly string[],
): Promise<readonly string[]> => {
  const names = [...new Set(alarms.map(nameIn))];
  const states: State[] = [];
  for (let from = 0; from < names.length; from += MOST_NAMES) {
    const answer = await client.send(
      new DescribeAlarmsCommand({
        AlarmNames: names.slice(from, from + MOST_NAMES),
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: MOST_NAMES,
      }),
    );
    states.push(...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? []));
  }
  const missing = alarms.find((given) => !states.some((state) => isMeant(given, state)));
  if (missing === undefined) {
    return states.flatMap(({ AlarmName: name = '', StateValue }) => (StateValue === 'ALARM' ? [name] : []));
  }
  throw new DeliveryError(
    'not-found',
    `input 'probe-alarms': there is no alarm '${missing}' in this account and Region: check the name`,
  );
};
